"""Wirkung und Mittel: whom the measures reached, what they cost, who pays; units never mixed."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, Children, code_links, mark, section
from dashboards.components.bullets import bullets
from dashboards.components.explain import explained
from dashboards.components.table import csv_link, numbers
from dashboards.content import effect_summary, effect_tables
from dashboards.content import sentences_effect as sentences
from dashboards.content.effect_data import Data, Group
from dashboards.content.selection import FACETS, NOTHING_NAMED
from dashboards.content.tables import Table
from dashboards.pages import effect_charts
from dashboards.pages.view import Page, View
from tracker.core.periods import Period
from tracker.publication.queries.published import Publication
from tracker.publication.rules import effect
from tracker.publication.rules.snapshot_parts import EFFECT
from tracker.publication.rules.targets import meets


def data(view: View) -> Data:
    """Return the figures' material: the selected measures in this round and in its year."""
    reportable = [item for item in view.chosen if item["reportable"]]
    codes = {item["code"] for item in reportable}
    known = {item.period: item for item in view.shelf.publications}
    periods = effect.rounds_of_year(known, until=view.publication.period)
    rounds = [known[period] for period in periods]
    before = _compared(view)
    read = rounds if before is None else [*rounds, before]
    lines = {
        publication.label: tuple(item for item in part["measures"] if item["code"] in codes)
        for publication, part in zip(read, view.shelf.parts(read, EFFECT), strict=True)
    }
    quarter = lines[view.publication.label]
    field_of = {item["code"]: item["field"] for item in reportable}
    groups = [
        Group(
            field["position"],
            field["name"],
            tuple(item for item in quarter if field_of[item["code"]] == field["position"]),
        )
        for field in view.overview["fields"]
    ]
    return Data(
        quarter=quarter,
        groups=tuple(group for group in groups if group.measures),
        year=tuple((item.label, lines[item.label]) for item in rounds),
        year_number=Period.parse(view.publication.period).year,
        before=None if before is None else (before.label, lines[before.label]),
    )


def _compared(view: View) -> Publication | None:
    """Return the round compared with: the one chosen, else the one before."""
    previous = view.overview["previous"]
    if view.earlier is not None or previous is None:
        return view.earlier
    return view.shelf.find(previous["period"])


def content(view: View) -> list[Component]:
    """Return the page over the measures that the address selects."""
    found = data(view)
    if not found.quarter:
        return [
            html.P(
                "Zu dieser Auswahl gehört keine Maßnahme, über die berichtet wird. Nehmen Sie "
                "einen Filter heraus, um mehr zu sehen.",
                className="reading",
            )
        ]
    charts = effect_charts.Charts(view, found)
    return [
        section("Das Wichtigste", _first(view, found), name="wichtig"),
        section("Wen die Maßnahmen erreichen", charts.people(), name="teilnehmende"),
        section("Veranstaltungen und Personal", charts.work(), name="personal"),
        section("Was sie kosten", charts.costs(), name="kosten"),
        section("Wer sie fördert", charts.funding(), name="foerderung"),
        section("Kennzahlen gegen Ziel", _targets(view, found), name="kennzahlen"),
    ]


def tables(view: View) -> Mapping[str, Table]:
    found = data(view)
    if not found.quarter:
        return {}
    words = view.words
    made = [
        effect_summary.summary(found, words, label=view.publication.label),
        *(
            effect_tables.people_by_field(found, unit, words)
            for unit in effect.participants(found.quarter)
        ),
        effect_tables.work_by_field(found, words),
        effect_tables.costs_by_field(found),
        effect_tables.over_plan(
            found, {item["code"]: item["display_text"] for item in view.chosen}
        ),
        effect_tables.funding_by_donor(found),
        effect_tables.funding_by_field(found),
        effect_tables.municipal_by_field(found),
        effect_tables.indicators(found, words),
        effect_tables.each_measure(found, words),
    ]
    return {table.key: table for table in made}


def _first(view: View, found: Data) -> list[Child]:
    """Return what to know first, then every figure in one table."""
    silent = effect.silent(found.quarter)
    costs = effect.compared_costs(found.quarter)
    period = view.publication.period
    total = len(found.quarter)
    entries: list[list[Child]] = []
    if costs.over:
        told = f"{sentences.over_plan(len(costs.over), len(costs.planned.codes))}: "
        entries.append([mark("triangle"), html.Div([told, *code_links(costs.over, period)])])
    entries.append([mark("question"), html.Div(_silence(view, silent, total))])
    summary = effect_summary.summary(found, view.words, label=view.publication.label)
    return [
        html.Ul([html.Li(entry) for entry in entries], className="exceptions"),
        numbers(
            summary,
            path=view.path,
            state=view.state,
            wide=True,
            class_name="amounts",
            cells=_linked(view, found, summary),
        ),
        html.P(
            "Wer in mehreren Maßnahmen oder Quartalen teilnahm, ist mehrfach gezählt. Personal in "
            "Vollzeitstellen und Förderungen gelten über das Quartal hinaus und werden darum nicht "
            "über Runden addiert. Geplante Kosten gelten je Quartal und werden nur mit den "
            "tatsächlichen Kosten desselben Quartals verglichen. Die Spalte „mit Angabe“ führt zu "
            "den Maßnahmen, deren Werte addiert sind; was jede angegeben hat, steht auf ihrer "
            "Seite.",
            className="muted",
        ),
        csv_link(
            effect_tables.each_measure(found, view.words),
            path=view.path,
            state=view.state,
            text="Angaben aller Maßnahmen als CSV",
        ),
    ]


def _linked(view: View, found: Data, summary: Table) -> list[list[Children]]:
    """Return the rows of the summary; n of N leads to the n."""
    rows: list[list[Children]] = []
    for row, code in zip(summary.rows, effect_summary.named(found), strict=True):
        name, value, count, *others = ("–" if cell is None else cell for cell in row)
        href = view.href("massnahmen", view.state.with_(angabe=code))
        rows.append([name, value, html.A(count, href=href, className="link"), *others])
    return rows


def _silence(view: View, silent: tuple[str, ...], total: int) -> list[Child]:
    if len(silent) == total:
        return [sentences.nothing_reported(view.publication.label)]
    told: list[Child] = [sentences.silent(len(silent), total)]
    if silent:
        told.append(
            explained(
                view.meta,
                "effect_silent",
                counted=(
                    "Gezählt sind Maßnahmen, deren Meldung zu Teilnehmenden, Veranstaltungen, "
                    "Personal, Kosten und Fördermitteln nichts sagt, und Maßnahmen ohne Meldung: "
                    f"{len(silent)} von {total}."
                ),
                codes=silent,
                period=view.publication.period,
                href=view.href("massnahmen", view.state.with_(angabe=NOTHING_NAMED)),
            )
        )
    return told


def _targets(view: View, found: Data) -> list[Child]:
    indicators = effect.indicators(found.quarter)
    targets = [item for _, item in indicators if item["kind"] == "target"]
    told = [meets(item) for item in targets]
    reported = [met for met in told if met is not None]
    sentence = sentences.targets(sum(reported), len(reported), len(targets))
    shown: list[Child] = [html.P(sentence, className="reading")]
    if indicators:
        shown += [
            bullets(indicators, view.words, view.publication.period, linked=True),
            csv_link(effect_tables.indicators(found, view.words), path=view.path, state=view.state),
        ]
    return shown


PAGE = Page(
    path="wirkung",
    title="Wirkung und Mittel",
    nav="Wirkung und Mittel",
    content=content,
    tables=tables,
    facets=FACETS,
    charts=True,
)
