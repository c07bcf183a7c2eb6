"""The head of a measure's page: where it stands on the left, who answers for it on the right."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, lines, pairs, section, standing
from dashboards.content import details
from dashboards.pages.measure_value import change, disagreement, overdue
from tracker.core.german import UNKNOWN, day, euro
from tracker.publication.reading.words import Json, Words

_SOURCE = "Wortlaut nach Anlage 3 des Ratsbeschlusses (dort: Maßnahmevorschlag)"


def wording(measure: Json) -> list[Component]:
    """Return the wording of the council, its source, and a corrected text where there is one."""
    told: list[Component] = [
        html.Blockquote(html.P(measure["text"]), className="wording"),
        html.P(f"{_SOURCE}.", className="muted"),
    ]
    if measure["display_text"] != measure["text"]:
        told.append(html.P([html.Strong("Lesefassung: "), measure["display_text"]]))
    return told


def now(payload: Json, words: Words, *, since: str | None) -> Component:
    """Return what stands in the chosen round: value, change, self-report and dissent."""
    measure, round_ = payload["measure"], payload["round"]
    told: list[Child] = [html.P(standing(words, measure["value"]), className="standing")]
    carried = measure["carried"]
    if measure["value"] is None and carried is not None:
        told.append(
            html.P(
                [f"Zuletzt bekannt aus {carried['label']}: ", *standing(words, carried)],
                className="carried",
            )
        )
    if since is not None and (moved := change(measure, words, since=since)):
        told.append(html.P(moved))
    told += disagreement(measure, words)
    told += _said(measure, round_["as_of"])
    reported = details.how_reported(measure, words)
    told.append(html.P(f"Meldung: {reported}.", className="muted"))
    return section(f"Stand: {round_['long_label']}", told, name="jetzt")


def _said(measure: Json, as_of: str) -> list[Child]:
    """Return what a reader asks first: why, what is proposed, what was achieved, what is next."""
    report = measure["report"]
    if report is None:
        return []
    asked = (
        ("Begründung", "reason"),
        ("Steuerungsvorschlag", "consequence"),
        ("Was wurde erreicht?", "achieved"),
    )
    entries: list[tuple[str, list[Child]]] = [
        (name, lines(report[key])) for name, key in asked if report[key]
    ]
    if report["next_step"] or report["next_step_on"]:
        until = f" (bis {day(report['next_step_on'])})" if report["next_step_on"] else ""
        late = details.is_overdue(report["next_step_on"], as_of)
        step = [*lines(report["next_step"]), until, *(overdue() if late else [])]
        entries.append(("Nächster Schritt", step))
    return [pairs(entries)] if entries else []


def responsibility(measure: Json, words: Words) -> Component:
    lead, partners = measure["lead"], measure["partners"]
    named = words.choices["responsibility"]
    listed: Child = html.Ul([html.Li(item["name"]) for item in partners], className="plain")
    shown = pairs(
        [
            (named["lead"], lead["name"] if lead else words.not_determined),
            (named["partner"], listed if partners else words.not_determined),
        ]
    )
    return section("Zuständigkeit", [shown], name="zustaendig")


def ziff5(measure: Json, words: Words) -> Component:
    """Return the four things that Ziff. 5 of the resolution asks for."""
    item = measure["ziff5"]
    made = item["concretisation"]
    by = ", ".join(part for part in (made["office"], day(made["on"]) if made["on"] else "") if part)
    shown = pairs(
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
                _with(euro(item["municipal_funding"], UNKNOWN), item["municipal_funding_period"]),
            ),
        ]
    )
    return section("Ziffer 5 des Ratsbeschlusses", [shown], name="ziffer5")


def notes(measure: Json) -> list[Component]:
    if not measure["notes"]:
        return []
    listed = html.Ul([html.Li(note) for note in measure["notes"]])
    return [section("Redaktionelle Anmerkungen", [listed], name="anmerkungen")]


def _with(text: str, more: str) -> list[Child]:
    return [text, html.Div(more)] if more else [text]
