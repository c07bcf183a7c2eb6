"""A measure's published rounds side by side: a strip as picture, then one column per round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    Children,
    aria,
    lines,
    standing,
    word,
)
from dashboards.content import details
from dashboards.pages.measure_value import change, disagreement, overdue, strip
from dashboards.shelf import Past
from tracker.core.german import day
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.document import ReportTextKey

Line = tuple[str, Callable[[Past], Children]]


def history(past: Sequence[Past]) -> list[Child]:
    """Return the strip over time and the table, newest round first."""
    told: list[Child] = [strip(past)]
    if len(past) == 1:
        told.append(
            html.P(
                "Bisher ist nur diese eine Runde veröffentlicht. Weitere kommen hier hinzu.",
                className="muted",
            )
        )
    return [*told, _table(past)]


def _table(past: Sequence[Past]) -> Component:
    bodies = []
    for title, group in _GROUPS:
        rows = [
            row for name, cell in group if (row := _row(name, [cell(item) for item in past], past))
        ]
        if rows:
            head = html.Th(title, colSpan=len(past) + 1, scope="rowgroup", className="group")
            bodies.append(html.Tbody([html.Tr(head), *rows]))
    table = html.Table(
        [
            html.Caption("Meldungen aller veröffentlichten Runden, neueste zuerst"),
            html.Thead(
                html.Tr(
                    [
                        html.Th("Angabe", scope="col"),
                        *(html.Th(item.label, scope="col") for item in past),
                    ]
                )
            ),
            *bodies,
        ],
        className="history",
    )
    return html.Div(
        table,
        className="scroll",
        role="region",
        tabIndex="0",
        **aria(label="Meldungen aller Runden (Tabelle, seitlich verschiebbar)"),
    )


def _row(name: str, cells: Sequence[Children], past: Sequence[Past]) -> Component | None:
    """Return a row; None where no round says anything."""
    if all(cell in (None, "", []) for cell in cells):
        return None
    return html.Tr(
        [
            html.Th(name, scope="row"),
            *(
                html.Td(_kept_together(cell), **_of_round(item))
                for cell, item in zip(cells, past, strict=True)
            ),
        ]
    )


def _kept_together(cell: Children) -> Children:
    if cell in (None, "", []):
        return "–"
    return (
        html.Div(list(cell)) if isinstance(cell, Sequence) and not isinstance(cell, str) else cell
    )


def _of_round(item: Past) -> dict[str, Any]:
    """Name the round in the cell itself, for narrow screens where columns become rows."""
    return {"data-round": item.label}


def _implementation(item: Past) -> Children:
    measure, words = item.payload["measure"], item.words
    if measure["value"] is not None:
        return word(words.implementation[measure["value"]["implementation"]])
    carried = measure["carried"]
    if carried is None:
        return word(words.no_report)
    return [
        word(words.no_report),
        html.Div(
            [f"zuletzt bekannt aus {carried['label']}: ", *standing(words, carried)],
            className="carried",
        ),
    ]


def _course(item: Past) -> Children:
    value, words = item.payload["measure"]["value"], item.words
    if value is None:
        return None
    if value["course"] is None:
        return words.course_not_asked.label
    return word(words.course[value["course"]])


def _change(item: Past) -> Children:
    previous = item.payload["previous"]
    if previous is None:
        return None
    return change(item.payload["measure"], item.words, since=previous["label"])


def _disagreement(item: Past) -> Children:
    return disagreement(item.payload["measure"], item.words)


def _report(item: Past) -> Children:
    return details.how_reported(item.payload["measure"], item.words)


def _text(key: ReportTextKey) -> Callable[[Past], Children]:
    def cell(item: Past) -> Children:
        report = item.payload["measure"]["report"]
        return lines(report[key]) if report else None

    return cell


def _next_step(item: Past) -> Children:
    report = item.payload["measure"]["report"]
    if not report or not (report["next_step"] or report["next_step_on"]):
        return None
    until = f" (bis {day(report['next_step_on'])})" if report["next_step_on"] else ""
    late = details.is_overdue(report["next_step_on"], item.payload["round"]["as_of"])
    return [*lines(report["next_step"]), until, *(overdue() if late else [])]


def _milestones(item: Past) -> Children:
    measure, as_of = item.payload["measure"], item.payload["round"]["as_of"]
    entries = [
        html.Li([told, *(overdue() if late else [])])
        for told, late in details.milestones(measure, as_of=as_of)
    ]
    return html.Ul(entries, className="plain") if entries else None


def _detail(describe: Callable[[Json, Words], list[str]]) -> Callable[[Past], Children]:
    def cell(item: Past) -> Children:
        told = describe(item.payload["measure"], item.words)
        if len(told) < 2:
            return "".join(told)
        return html.Ul([html.Li(line) for line in told], className="plain")

    return cell


def _evidence(item: Past) -> Children:
    report = item.payload["measure"]["report"]
    if not report or not report["evidence_url"]:
        return None
    address = report["evidence_url"]
    # Only what a browser opens as a page; anything else stays text.
    if not address.startswith(("https://", "http://")):
        return lines(address)
    return html.A(address, href=address, className="link", rel="noreferrer")


_GROUPS: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (
        "Stand",
        (
            ("Umsetzungsstand", _implementation),
            ("Verlauf", _course),
            ("Veränderung", _change),
            ("Abweichung", _disagreement),
            ("Meldung", _report),
        ),
    ),
    (
        "Bericht",
        (
            ("Was wurde erreicht?", _text("achieved")),
            ("Nächster Schritt", _next_step),
            ("Begründung", _text("reason")),
            ("Steuerungsvorschlag", _text("consequence")),
            ("Was hat sich geändert?", _text("changed")),
            ("Hindernisse", _text("obstacles")),
            ("Zielgruppe", _text("target_group")),
            ("Stadtbezirk", _detail(details.districts)),
            ("Kooperation mit", _text("partners")),
            ("Kooperation gesucht", _text("cooperation_wanted")),
            ("Meilensteine", _milestones),
            ("Beleg", _evidence),
        ),
    ),
    (
        "Mittel und Wirkung",
        (
            ("Teilnehmende", _detail(details.participants)),
            ("Veranstaltungen", _detail(details.events)),
            ("Personal", _detail(details.staff)),
            ("Kosten (Plan)", _detail(details.planned)),
            ("Kosten (Ist)", _detail(details.actual)),
            ("Fördermittel", _detail(details.funding)),
            ("Kennzahlen", _detail(details.indicators)),
        ),
    ),
)
