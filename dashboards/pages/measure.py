"""Maßnahme: the wording of the council, then all published rounds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    lines,
    measure_path,
    pairs,
    section,
    standing,
)
from dashboards.components.rounds import Round, chooser, demonstration
from dashboards.components.trail import Step, trail
from dashboards.content.words import Json, Words, day, euro
from dashboards.pages import measure_history
from dashboards.pages.measure_value import change, disagreement
from dashboards.paths import PREFIX
from dashboards.shelf import Past

_SOURCE = "Wortlaut nach Anlage 3 des Ratsbeschlusses (dort: Maßnahmevorschlag)"


@dataclass(frozen=True)
class Neighbours:
    """The measures before and after this one in the order of the concept."""

    before: str | None
    after: str | None


def content(
    *, past: Sequence[Past], shown: Past, rounds: Sequence[Round], neighbours: Neighbours
) -> list[Component]:
    """Return the page; `past` are all rounds that know the measure, newest first."""
    measure = shown.payload["measure"]
    period = shown.payload["round"]["period"]
    parts: list[Component] = [
        _trail(shown.payload, period),
        _head(shown, rounds),
        html.Blockquote(html.P(measure["text"]), className="wording"),
        html.P(f"{_SOURCE}.", className="muted"),
        *_shown_text(measure),
    ]
    if measure["reportable"]:
        parts += [
            section(f"Stand: {shown.payload['round']['long_label']}", _now(shown), name="jetzt"),
            section("Alle Runden nebeneinander", measure_history.history(past), name="verlauf"),
        ]
    else:
        parts.append(html.P("Querverweis: Über diesen Eintrag wird nicht berichtet."))
    parts += [
        section("Zuständigkeit", [_responsibility(measure, shown.words)], name="zustaendig"),
        section(
            "Ziffer 5 des Ratsbeschlusses", [_ziff5(measure["ziff5"], shown.words)], name="ziffer5"
        ),
        *_notes(measure),
        _turn(neighbours, period),
    ]
    return parts


def _trail(payload: Json, period: str) -> Component:
    field, goal = payload["field"], payload["goal"]
    query = f"?runde={period}"
    return trail(
        [
            Step("Konzept", f"{PREFIX}felder{query}"),
            Step(
                f"Handlungsfeld {field['position']}: {field['name']}",
                f"{PREFIX}feld/{field['position']}{query}",
            ),
            Step(
                f"Ziel {goal['number']}: {goal['title']}", f"{PREFIX}ziel/{goal['number']}{query}"
            ),
            Step(f"Maßnahme {payload['measure']['code']}"),
        ]
    )


def _head(shown: Past, rounds: Sequence[Round]) -> Component:
    measure, round_ = shown.payload["measure"], shown.payload["round"]
    return html.Div(
        [
            html.Div(
                [
                    html.H1(f"Maßnahme {measure['code']}"),
                    *demonstration(shown.payload["demonstration"]),
                ]
            ),
            chooser(measure_path(measure["code"]), rounds, round_["period"]),
        ],
        className="page-head",
    )


def _shown_text(measure: Json) -> list[Component]:
    if measure["display_text"] == measure["text"]:
        return []
    return [html.P([html.Strong("Lesefassung: "), measure["display_text"]])]


def _now(shown: Past) -> list[Child]:
    """Return what stands in the chosen round: value, change, self-report and dissent."""
    measure, words, round_ = shown.payload["measure"], shown.words, shown.payload["round"]
    told: list[Child] = [html.P(standing(words, measure["value"]), className="standing")]
    carried = measure["carried"]
    if measure["value"] is None and carried is not None:
        told.append(
            html.P(
                [f"Zuletzt bekannt aus {carried['label']}: ", *standing(words, carried)],
                className="carried",
            )
        )
    previous = shown.payload["previous"]
    if previous is not None and (moved := change(measure, words, since=previous["label"])):
        told.append(html.P(moved))
    told += disagreement(measure, words)
    told += _said(measure)
    told.append(
        html.P(
            f"Stichtag {day(round_['as_of'])}, Fassung {round_['version']}. Alle weiteren Angaben "
            "der Meldung stehen in der Tabelle darunter.",
            className="muted",
        )
    )
    return told


def _said(measure: Json) -> list[Child]:
    """Return what a reader asks first: why, what is proposed, what was achieved."""
    report = measure["report"]
    if report is None:
        return []
    asked = (
        ("Begründung", "reason"),
        ("Steuerungsvorschlag", "consequence"),
        ("Was wurde erreicht?", "achieved"),
    )
    entries = [(name, lines(report[key])) for name, key in asked if report[key]]
    return [pairs(entries)] if entries else []


def _responsibility(measure: Json, words: Words) -> Component:
    lead, partners = measure["lead"], measure["partners"]
    named = words.choices["responsibility"]
    listed: Child = html.Ul([html.Li(item["name"]) for item in partners], className="plain")
    return pairs(
        [
            (named["lead"], lead["name"] if lead else words.not_determined),
            (named["partner"], listed if partners else words.not_determined),
        ]
    )


def _ziff5(item: Json, words: Words) -> Component:
    made = item["concretisation"]
    by = ", ".join(part for part in (made["office"], day(made["on"]) if made["on"] else "") if part)
    funding = item["municipal_funding"]
    return pairs(
        [
            (
                "Kommunale Handlungskompetenz",
                _with(words.choice("competence", item["competence"]), item["competence_reason"]),
            ),
            ("Kurzfristig umsetzbar", words.choice("short_term", item["short_term"])),
            (
                "Konkretisierung aus Sicht der Fachverwaltung",
                [*lines(made["text"]), f" ({by})" if by else ""]
                if made["text"]
                else words.not_determined,
            ),
            (
                "Laufende städtische Förderung",
                _with(euro(funding), item["municipal_funding_period"]),
            ),
        ]
    )


def _with(text: str, more: str) -> list[Child]:
    """Return a value and, on a line of its own, what belongs to it."""
    return [text, html.Div(more)] if more else [text]


def _notes(measure: Json) -> list[Component]:
    if not measure["notes"]:
        return []
    notes = html.Ul([html.Li(note) for note in measure["notes"]])
    return [section("Redaktionelle Anmerkungen", [notes], name="anmerkungen")]


def _turn(neighbours: Neighbours, period: str) -> Component:
    entries = []
    for code, text, rel in (
        (neighbours.before, "Vorige Maßnahme", "arrow-left"),
        (neighbours.after, "Nächste Maßnahme", "arrow-right"),
    ):
        if code is not None:
            entries.append(
                html.Li(
                    html.A(
                        f"{text}: {code}", href=measure_path(code, period), className=f"link {rel}"
                    )
                )
            )
    return html.Nav(html.Ul(entries), className="turn", **aria(label="Weitere Maßnahmen"))
