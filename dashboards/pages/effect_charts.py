"""The charts of Wirkung und Mittel, each with its sentence, explanation and table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, Children, code_links, measure_link
from dashboards.components.table import folded, numbers
from dashboards.content import effect_data, effect_tables
from dashboards.content import sentences_effect as sentences
from dashboards.content.effect_data import Group
from dashboards.content.selection import AND
from dashboards.content.tables import Table
from dashboards.figures.amounts import Amount
from dashboards.pages.effect_drawing import Drawing, drawn, said
from tracker.core.german import UNKNOWN, shortened
from tracker.publication.rules import effect
from tracker.publication.rules.effect import Known
from tracker.reporting.rules.content import ParticipantUnit

_TEXT_LIMIT = 110
# Only who names both can be compared.
_BOTH = f"cost_planned{AND}cost_actual"
_PER_ROUND = "Addiert werden die gemeldeten Werte dieser Runde; was fehlt, zählt nicht als 0."


class Charts(Drawing):
    """The charts of one view; each method returns the content of one section."""

    def people(self) -> list[Child]:
        """Return one chart per unit that was reported."""
        found = effect.participants(self.data.quarter)
        if not found:
            label = self.view.publication.label
            return [said(f"In {label} hat keine Maßnahme Teilnehmende gemeldet.")]
        return [self._people(unit) for unit in found]

    def _people(self, unit: ParticipantUnit) -> Component:
        found = effect.participants(self.data.quarter)[unit]
        word = self.view.words.choices["participant_unit"][unit.value]
        year, rounds = effect_data.people_of_year(self.data, unit)
        so_far = sentences.year_so_far(self.data.year_number, year, rounds, len(self.data.year))
        told = f"{sentences.named(len(found.codes), found.total)}."
        rows = []
        for group in self.data.groups:
            part = effect.participants(group.measures).get(unit)
            printed = UNKNOWN if part is None else sentences.people(part.people)
            shown = None if part is None else part.people.shown
            value = None if shown is None else Decimal(shown)
            rows.append(self.amount(group, printed, value, named=unit.value))
        return self.chart(
            sentences.people_of(word, found.people),
            f"{told}{sentences.left_out(found.people.hidden)} {so_far}".rstrip(),
            rows,
            effect_tables.people_by_field(self.data, unit, self.view.words),
            self.explain(
                f"{_PER_ROUND} {sentences.named(len(found.codes), found.total)}. Gruppen unter 5 "
                "werden nicht veröffentlicht und sind in keiner Summe enthalten, damit sie sich "
                "nicht zurückrechnen lassen; „mindestens“ sagt, dass eine fehlt.",
                found.codes,
                unit.value,
            ),
            named=unit.value,
        )

    def work(self) -> list[Child]:
        """Return Veranstaltungen and Personal; a table says more than bars of a few events."""
        events = effect.events(self.data.quarter)
        year, rounds = effect_data.known_of_year(self.data, effect.events)
        so_far = sentences.year_so_far(
            self.data.year_number, sentences.quantity(year.value), rounds, len(self.data.year)
        )
        told = sentences.events(events)
        table = effect_tables.work_by_field(self.data, self.view.words)
        codes, named = [*events.codes], ["events"]
        for unit, known in effect.staff(self.data.quarter).items():
            codes += known.codes
            named.append(unit.value)
        return [
            said(f"{told} {so_far}".rstrip()),
            self.explain(f"{_PER_ROUND} {told}", self.in_order(codes), *named),
            self.numbers(table, named=tuple(named)),
        ]

    def costs(self) -> list[Child]:
        """Return Plan and Ist of the measures that name both."""
        found = effect.compared_costs(self.data.quarter)
        rows = []
        for group in self.data.groups:
            part = effect.compared_costs(group.measures)
            both = bool(part.planned.codes)
            printed = (
                f"{sentences.amount(part.actual.value)} von {sentences.amount(part.planned.value)}"
                if both
                else UNKNOWN
            )
            rows.append(
                self.amount(group, printed, part.actual.value, part.planned.value, named=_BOTH)
            )
        return [
            self.chart(
                sentences.over_plan(len(found.over), len(found.planned.codes)),
                sentences.planned_and_spent(found.planned, found.actual),
                rows,
                effect_tables.costs_by_field(self.data),
                self.explain(
                    "Verglichen werden nur Maßnahmen, die in dieser Runde Plan und Ist nennen: "
                    f"{len(found.planned.codes)} von {found.planned.total}.",
                    found.planned.codes,
                    _BOTH,
                ),
                legend=True,
                named=_BOTH,
            ),
            *self._over(found.over),
        ]

    def _over(self, codes: Sequence[str]) -> list[Child]:
        """Return by how much each measure is over its plan, the most first."""
        if not codes:
            return []
        texts = {item["code"]: item["display_text"] for item in self.view.chosen}
        table = effect_tables.over_plan(self.data, texts)
        period = self.view.publication.period
        cells: list[list[Children]] = [
            [measure_link(str(code), period), shortened(str(text), _TEXT_LIMIT), *amounts]
            for code, text, *amounts in table.rows
        ]
        shown = numbers(
            table,
            path=self.view.path,
            state=self.view.state,
            wide=True,
            class_name="amounts over-plan",
            cells=cells,
        )
        return [folded(f"{table.caption} ({len(codes)})", shown)]

    def funding(self) -> list[Child]:
        """Return Fördermittel by Geber and by Handlungsfeld, and what the city pays itself."""
        whole = effect.funding(self.data.quarter)
        donors = effect.funding_by_donor(self.data.quarter)
        if not donors:
            return [said(sentences.grants(whole)), self._municipal()]
        return [self._by_donor(donors, whole), self._by_field(whole), self._municipal()]

    def _by_donor(self, donors: Sequence[effect.Grants], whole: effect.Grants) -> Component:
        rows = [
            Amount(
                item.donor,
                sentences.amount(item.known.value),
                drawn(item.known.value),
                href=self.list_of_donor(item.donor),
            )
            for item in donors
        ]
        table = effect_tables.funding_by_donor(self.data)
        period = self.view.publication.period
        cells: list[list[Children]] = [
            [
                html.A(item.donor, href=self.list_of_donor(item.donor), className="link"),
                *row[1:-1],
                html.Span(code_links(item.known.codes, period)),
            ]
            for row, item in zip(table.rows, donors, strict=True)
        ]
        return self.chart(
            sentences.largest(donors),
            sentences.grants(whole),
            rows,
            table,
            self.explain(
                "Addiert werden die bekannten Beträge der Förderungen, die in dieser Runde genannt "
                f"sind. {sentences.grants(whole)} Die Beträge gelten für unterschiedliche "
                "Zeiträume.",
                whole.known.codes,
                "funding",
            ),
            cells=cells,
        )

    def _by_field(self, whole: effect.Grants) -> Component:
        return self._by_group(
            title=sentences.money(whole.known, what="Bekannte Fördermittel aller Handlungsfelder"),
            sentence=sentences.grants(whole),
            figure=lambda group: effect.funding(group.measures).known,
            table=effect_tables.funding_by_field(self.data),
            whole=whole.known,
            named="funding",
        )

    def _municipal(self) -> Component:
        found = effect.municipal_funding(self.data.quarter)
        return self._by_group(
            title=sentences.money(found, what="Laufende städtische Förderung (Ziff. 5)"),
            sentence=sentences.municipal(found),
            figure=lambda group: effect.municipal_funding(group.measures),
            table=effect_tables.municipal_by_field(self.data),
            whole=found,
            named="municipal_funding",
        )

    def _by_group(
        self,
        *,
        title: str,
        sentence: str,
        figure: Callable[[Group], Known],
        table: Table,
        whole: Known,
        named: str,
    ) -> Component:
        rows = []
        for group in self.data.groups:
            value = figure(group).value
            rows.append(self.amount(group, sentences.amount(value), value, named=named))
        counted = f"Addiert werden die bekannten Beträge; was fehlt, zählt nicht als 0. {sentence}"
        explain = self.explain(counted, whole.codes, named)
        return self.chart(title, sentence, rows, table, explain, named=named)
