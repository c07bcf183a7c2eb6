"""The form above a page: round, compared round, filters. Native controls, state in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboards import donors
from dashboards.components.basic import Child, aria, choices, hidden
from dashboards.selection import (
    AND,
    COMPARED,
    FULFILLED,
    GROUPED,
    LOOKED_FOR,
    NOT_ASKED,
    NOT_DETERMINED,
    NOT_REPORTED,
    NOTHING_NAMED,
    ROUND,
    SPAN,
    Selection,
)
from tracker.core.text import alphabetical
from tracker.publication.reading import sentences
from tracker.publication.reading.words import Json, Words
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import TROUBLED

LABELS = {
    "feld": "Handlungsfeld",
    "ziel": "Ziel",
    "stand": "Umsetzungsstand",
    "verlauf": "Verlauf",
    "aenderung": "Veränderung",
    "neu": "Neu seit der Vergleichsrunde",
    "institution": "Institution",
    "grundsatz": "Grundsatz des Leitbilds",
    "kurzfristig": "Kurzfristig umsetzbar",
    "kompetenz": "Kommunale Handlungskompetenz",
    "meldung": "Rücklauf",
    "angabe": "Angaben zu",
    "geber": "Fördermittel von",
}
_RETURNED = {
    "erwartet": "Meldung erbeten",
    "eingegangen": "Meldung eingegangen",
    "in_der_frist": "in der Frist eingegangen",
    "angenommen": "Meldung angenommen",
    "offen": "nicht eingegangen",
    "befreit": "befreit",
    "nicht_erwartet": "keine Meldung erbeten",
}
Options = Mapping[str, str]
# What can be chosen, and what is.
Offered = tuple[Options, str]


def options(facet: str, overview: Json, meta: Json) -> Options:
    words = Words.of(meta["definitions"])
    undetermined = {NOT_DETERMINED: words.not_determined}
    match facet:
        case "feld":
            return {item["code"]: item["name"] for item in overview["fields"]}
        case "ziel":
            numbers = dict.fromkeys(item["goal"] for item in overview["measures"])
            return {number: f"Ziel {number}" for number in numbers}
        case "stand":
            known = {code: item.label for code, item in words.implementation.items()}
            return known | {NOT_REPORTED: words.no_report.label}
        case "verlauf" | "neu":
            return _courses(words, news=facet == "neu")
        case "aenderung":
            return {kind.value: words.change[kind.value].label for kind in Change}
        case "institution":
            # Some full names are longer than a phone is wide.
            names = {
                item["key"]: item["short_name"] or item["name"] for item in meta["institutions"]
            }
            return (
                dict(sorted(names.items(), key=lambda item: alphabetical(item[1]))) | undetermined
            )
        case "grundsatz":
            return {item["key"]: item["name"] for item in meta["principles"]}
        case "kurzfristig":
            return {**words.choices["short_term"], **undetermined}
        case "kompetenz":
            return {**words.choices["competence"], **undetermined}
    others = {
        "meldung": _RETURNED,
        "angabe": _named(words),
        "geber": donors.names(overview["measures"]),
    }
    return others[facet]


def _named(words: Words) -> Options:
    """Return what a measure may have said something about, each unit by itself."""
    people, staff = words.choices["participant_unit"], words.choices["staff_unit"]
    fields = words.report_fields
    units = {code: f"{fields['participants']}: {unit}" for code, unit in people.items()}
    units |= {code: f"{fields['staff']}: {unit}" for code, unit in staff.items()}
    said = ("events", "cost_planned", "cost_actual", "funding")
    return {
        **units,
        **{key: fields[key] for key in said},
        "municipal_funding": "Laufende städtische Förderung",
        NOTHING_NAMED: "keine Angabe zu Wirkung oder Mitteln",
    }


def _courses(words: Words, *, news: bool) -> Options:
    """Return every Verlauf a measure may have, or what it can newly have become."""
    if news:
        known = {code: item.label for code, item in words.course.items() if code in TROUBLED}
        return known | {FULFILLED: words.fulfilled}
    known = {code: item.label for code, item in words.course.items()}
    more = {NOT_ASKED: words.course_not_asked.label, NOT_REPORTED: words.no_report.label}
    return known | more


def form(
    *,
    action: str,
    state: Selection,
    rounds: Offered,
    others: Offered,
    facets: Mapping[str, Options],
    known: Mapping[str, Options],
    compares: bool = True,
) -> Component:
    """Return the form; what is chosen is named below it and can be taken back one by one.

    `rounds` can be shown, `others` be compared with; a page that does not compare keeps the choice
    for the next one. `facets` have a control here; `known` are the words of those chosen, also of
    others.
    """
    own = [_select(ROUND, "Berichtsrunde", *rounds)]
    if compares:
        own.append(_select(COMPARED, "Vergleich mit", *others))
    narrowing = [
        _select(name, LABELS[name], {"": "alle"} | dict(values), (*state.chosen(name), "")[0])
        for name, values in facets.items()
        if not _is_kept(name, state, facets)
    ]
    parts: list[Child] = [
        html.Div(own, className="filters__row"),
        html.Button("Anzeigen", type="submit"),
    ]
    if narrowing:
        number = f" ({state.count})" if state.count else ""
        parts.append(
            html.Details(
                [html.Summary(f"Filter{number}"), html.Div(narrowing, className="filters__row")],
                className="folded",
            )
        )
    parts += [
        _kept(name, state.chosen(name)) for name in state.facets if _is_kept(name, state, facets)
    ]
    others_kept = {
        COMPARED: None if compares else state.compared,
        SPAN: state.span,
        LOOKED_FOR: state.looked_for,
        GROUPED: state.grouped,
    }
    parts += [_kept(name, (value,)) for name, value in others_kept.items() if value]
    return html.Div(
        [
            html.Form(parts, method="get", action=action, className="filters"),
            *_chips(action, state, known),
        ]
    )


def _is_kept(name: str, state: Selection, facets: Mapping[str, Options]) -> bool:
    """Return whether a facet has no control of its own here but must not be forgotten."""
    chosen = state.chosen(name)
    return name not in facets or len(chosen) > 1 or not set(chosen) <= set(facets[name])


def _kept(name: str, values: Sequence[str]) -> Component:
    # Dash has no hidden input; a select that is not shown sends its value just the same.
    return html.Span(
        [html.Select([html.Option(value, value=value)], name=name) for value in values], hidden=True
    )


def _select(name: str, label: str, values: Options, chosen: str) -> Component:
    return html.Div(
        [
            html.Label(label, htmlFor=f"filter-{name}"),
            html.Select(choices(values, chosen), name=name, id=f"filter-{name}"),
        ],
        className="filters__field",
    )


def _chips(action: str, state: Selection, words_of: Mapping[str, Options]) -> list[Component]:
    if not state.count:
        return []
    entries = []
    for name, values in state.facets.items():
        known = words_of.get(name, {})
        words = " oder ".join(
            " und ".join(known.get(part, part) for part in value.split(AND)) for value in values
        )
        entries.append(
            html.Li(
                html.A(
                    [
                        f"{LABELS[name]}: {words} ",
                        html.Span("✕", **aria(hidden="true")),
                        hidden(" Filter entfernen"),
                    ],
                    href=f"{action}{state.without(name).query()}",
                    className="chip",
                )
            )
        )
    plain = f"{action}{replace(state, facets={}).query()}"
    reset = html.A("Alle Filter entfernen", href=plain, className="link")
    entries.append(html.Li(reset, className="no-print"))
    chips = html.Ul(entries, className="chips", **aria(label="Gesetzte Filter"))
    if not state.selects_reporters:
        return [chips]
    return [chips, html.P(sentences.REPORTERS_ONLY, className="facts")]
