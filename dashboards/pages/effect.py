"""Wirkung und Mittel: whom the measures reached, what they cost, who pays; units never mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, Children, code_links, mark, measure_link, section
from dashboards.components.bullets import bullets
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.table import csv_link, folded, numbers, table
from dashboards.donors import key as donor_key
from dashboards.figures import amounts
from dashboards.figures.amounts import Amount
from dashboards.pages.view import Page, View
from dashboards.selection import AND, FACETS, NOTHING_NAMED
from tracker.core.german import UNKNOWN, day, opening, shortened
from tracker.core.periods import Period
from tracker.publication.reading import effect_tables
from tracker.publication.reading import sentences_effect as sentences
from tracker.publication.reading.effect import BOTH, PEOPLE, STAFF, Effect, EffectLine, Reported
from tracker.publication.reading.model_values import Money, Quantity
from tracker.publication.reading.table import Table, page_table, written_cells
from tracker.publication.rules import effect as rules
from tracker.publication.rules.snapshot_parts import EFFECT
from tracker.reporting.rules.content import ParticipantUnit

_LIST = "massnahmen"
_TEXT_LIMIT = 110
# Only who names both can be compared.
_BOTH = f"cost_planned{AND}cost_actual"
# Only to lead to its file: its rows are made when somebody asks for it.
_EACH_MEASURE = page_table(effect_tables.BY_MEASURE, "Angaben je Maßnahme", (), ())
_PER_ROUND = "Addiert werden die gemeldeten Werte dieser Runde; was fehlt, zählt nicht als 0."


def figures(view: View) -> Effect:
    """Return the figures over the selected measures, in this round and in its year."""
    reportable = [measure for measure in view.chosen if measure["reportable"]]
    keys = {measure["key"] for measure in reportable}
    past = view.reader.past(view.publication)
    known = {publication.period: publication for publication in (view.publication, *past)}
    rounds = [known[key] for key in rules.rounds_of_year(known, until=view.publication.period)]
    before = view.earlier
    read = rounds if before is None or before in rounds else [*rounds, before]
    lines = {
        publication: [measure for measure in part["measures"] if measure["key"] in keys]
        for publication, part in zip(read, view.reader.parts(read, EFFECT), strict=True)
    }
    return Effect(
        Reported(
            words=view.words,
            label=view.label,
            year=Period.parse(view.publication.period).year,
            fields=view.overview["fields"],
            measures=reportable,
            now=lines[view.publication],
            compared=None if before is None else (view.reader.label(before), lines[before]),
            rounds=[(view.reader.label(one), lines[one]) for one in rounds],
        )
    )


def content(view: View) -> list[Component]:
    """Return the page over the measures that the address selects."""
    effect = figures(view)
    if not effect.reported.now:
        return [
            html.P(
                "Zu dieser Auswahl gehört keine Maßnahme, über die berichtet wird. Nehmen Sie "
                "einen Filter heraus, um mehr zu sehen.",
                className="reading",
            )
        ]
    shown = _Shown(view, effect)
    return [
        section("Das Wichtigste", shown.first(), name="wichtig"),
        section("Wen die Maßnahmen erreichen", shown.people(), name="teilnehmende"),
        section("Veranstaltungen und Personal", shown.work(), name="personal"),
        section("Was sie kosten", shown.costs(), name="kosten"),
        section("Wer sie fördert", shown.funding(), name="foerderung"),
        section("Kennzahlen gegen Ziel", shown.targets(), name="kennzahlen"),
    ]


def tables(view: View) -> Mapping[str, Table]:
    effect = figures(view)
    if not effect.reported.now:
        return {}
    made = [
        effect_tables.summary(effect),
        *(effect_tables.people_by_field(effect, unit) for unit in _units(effect)),
        effect_tables.work_by_field(effect),
        effect_tables.costs(effect),
        effect_tables.over_plan(effect),
        effect_tables.donors(effect),
        effect_tables.funding_by_field(effect),
        effect_tables.ended(effect),
        effect_tables.municipal_by_field(effect),
        effect_tables.indicators(effect),
        effect_tables.by_measure(effect),
    ]
    return {table.key: table for table in made}


def _units(effect: Effect) -> list[ParticipantUnit]:
    """Return the units of Teilnehmende that were reported in this round."""
    return [
        ParticipantUnit(line.key) for line in effect.lines if line.key in PEOPLE and line.now.count
    ]


@dataclass(frozen=True)
class _Shown:
    """One view and its figures as content; each public method is one section."""

    view: View
    effect: Effect

    def first(self) -> list[Child]:
        """Return what to know first, then every figure in one table."""
        costs, period = self.effect.compared_costs, self.view.name
        entries: list[list[Child]] = []
        if costs.over:
            over = f"{sentences.over_plan(costs)}: "
            entries.append([mark("triangle"), html.Div([over, *code_links(costs.over, period)])])
        silence = mark("question" if self.effect.silent else "dash")
        entries.append([silence, html.Div(self._silence())])
        return [
            html.Ul([html.Li(entry) for entry in entries], className="exceptions"),
            self._summary(),
            html.P(
                f"{self.effect.note} Die Spalte „mit Angabe“ führt zu den Maßnahmen, die dazu "
                "etwas gemeldet haben, auch eine Gruppe unter 5; was, steht auf ihrer Seite.",
                className="muted",
            ),
            self._csv(_EACH_MEASURE, text="Angaben je Maßnahme als CSV"),
        ]

    def _silence(self) -> list[Child]:
        silent, total = self.effect.silent, len(self.effect.reported.now)
        shown: list[Child] = [sentences.silent(len(silent), total, self.view.label)]
        if silent and len(silent) < total:
            shown.append(
                explained(
                    self.view.meta,
                    "effect_silent",
                    counted=(
                        "Gezählt sind Maßnahmen, deren Meldung zu Teilnehmenden, Veranstaltungen, "
                        "Personal, Kosten und Fördermitteln nichts sagt, und Maßnahmen ohne "
                        "Meldung, soweit auch keine laufende städtische Förderung festgehalten "
                        f"ist: {len(silent)} von {total}."
                    ),
                    codes=silent,
                    period=self.view.name,
                    href=self._listing(NOTHING_NAMED),
                )
            )
        return shown

    def _summary(self) -> Component:
        """Return every figure once; n of N leads to the n."""
        made = effect_tables.summary(self.effect)
        before = [self.effect.before] if self.effect.before else []
        rows: list[list[Children]] = []
        for line in self.effect.first_lines:
            named = _BOTH if line.key.endswith(BOTH) else line.key
            link = html.A(line.now.known, href=self._listing(named), className="link")
            earlier = [line.before.text] if line.before else []
            of_year = line.year.text if line.year and line.rounds else "–"
            rows.append([line.label, *earlier, line.now.text, link, of_year, line.year_rounds])
        label = self.view.label
        head = ["Angabe", *before, label, "mit Angabe", self.effect.year, "aus Runden"]
        drawn = table(made.name, head, rows, wide=True, class_name="amounts")
        return html.Div([drawn, self._csv(made)])

    def people(self) -> list[Child]:
        """Return one chart per unit that was reported."""
        units = _units(self.effect)
        if not units:
            label = self.view.label
            return [_sentence(f"In {label} hat keine Maßnahme Teilnehmende gemeldet.")]
        return [self._people(unit) for unit in units]

    def _people(self, unit: ParticipantUnit) -> Component:
        line = self.effect.by_key[unit.value]
        word = self.view.words.choice("participant_unit", unit.value)
        now = line.now
        named = f"{opening(sentences.named(now.count, now.total))}."
        return self._chart(
            sentences.people_of(word, now.text, known=now.value is not None),
            f"{named}{sentences.left_out(now.hidden)} {self._of_year(line)}".rstrip(),
            self._bars(unit.value),
            self._by_field(effect_tables.people_by_field(self.effect, unit), unit.value),
            self._explain(
                f"{_PER_ROUND} {named} Gruppen unter 5 werden nicht veröffentlicht und sind in "
                "keiner Summe enthalten, damit sie sich nicht zurückrechnen lassen; „mindestens“ "
                "sagt, dass eine fehlt.",
                now.codes,
                unit.value,
            ),
        )

    def work(self) -> list[Child]:
        """Return Veranstaltungen and Personal; a table says more than bars of a few events."""
        sentence = sentences.events(rules.events(self.effect.reported.now))
        staff = [line for line in self.effect.lines if line.key in STAFF and line.now.count]
        lines = [self.effect.by_key["events"], *staff]
        named = [line.key for line in lines]
        wanted = {code for line in lines for code in line.now.codes}
        codes = [line["code"] for line in self.effect.reported.now if line["code"] in wanted]
        return [
            _sentence(f"{sentence} {self._of_year(lines[0])}".rstrip()),
            self._explain(f"{_PER_ROUND} {sentence}", codes, *named),
            self._by_field(effect_tables.work_by_field(self.effect), *named),
        ]

    def _of_year(self, line: EffectLine) -> str:
        reported = self.effect.reported
        value = line.year.text if line.year else ""
        return sentences.year_so_far(reported.year, value, line.rounds, len(reported.rounds))

    def costs(self) -> list[Child]:
        """Return Plan and Ist of the measures that name both."""
        costs = self.effect.compared_costs
        rows: list[list[Children]] = []
        bars = []
        for (position, name, _), part in zip(
            self.effect.groups, self.effect.costs[1:], strict=True
        ):
            href = self._listing(_BOTH, field=position)
            plan, spent = part.planned, part.actual
            both = f"{spent.text} von {plan.text}" if part.planned.count else UNKNOWN
            bars.append(Amount(name, both, _length(spent), _length(plan), href))
            rows.append(
                [html.A(name, href=href, className="link"), plan.text, spent.text, plan.known]
            )
        caption = "Kosten je Handlungsfeld: Maßnahmen mit Plan und Ist"
        head = ("Handlungsfeld", "Plan", "Ist", "mit Plan und Ist")
        drawn = table(caption, head, rows, wide=True, class_name="amounts")
        return [
            self._chart(
                sentences.over_plan(costs),
                self.effect.costs_sentence,
                bars,
                folded(caption, html.Div([drawn, self._csv(effect_tables.costs(self.effect))])),
                self._explain(
                    "Verglichen werden nur Maßnahmen, die in dieser Runde Plan und Ist nennen: "
                    f"{len(costs.planned.codes)} von {costs.planned.total}.",
                    costs.planned.codes,
                    _BOTH,
                ),
                legend=True,
            ),
            *self._over_plan(),
        ]

    def _over_plan(self) -> list[Child]:
        """Return by how much each measure is over its plan, the most first."""
        made, period = effect_tables.over_plan(self.effect), self.view.name
        if not made.rows:
            return []
        cells: list[list[Children]] = [
            [measure_link(code, period), shortened(text, _TEXT_LIMIT), *amounts_]
            for code, text, *amounts_ in written_cells(made)
        ]
        drawn = self._numbers(made, cells, class_name="amounts over-plan")
        return [folded(f"{made.title} ({len(made.rows)})", drawn)]

    def funding(self) -> list[Child]:
        """Return Fördermittel by Geber and by Handlungsfeld, and what the city pays itself."""
        municipal = self._by_group(
            "Laufende städtische Förderung (Ziff. 5)",
            self.effect.municipal_sentence,
            effect_tables.municipal_by_field(self.effect),
            "municipal_funding",
        )
        if not self.effect.donors:
            return [_sentence(self.effect.funding_sentence), *self._ended(), municipal]
        by_field = self._by_group(
            "Bekannte Fördermittel nach Handlungsfeldern",
            self.effect.funding_sentence,
            effect_tables.funding_by_field(self.effect),
            "funding",
        )
        return [self._by_donor(), by_field, *self._ended(), municipal]

    def _ended(self) -> list[Child]:
        """Return the Förderungen that are over and in no sum."""
        made, period = effect_tables.ended(self.effect), self.view.name
        cells: list[list[Children]] = [
            [measure_link(code, period), *rest] for code, *rest in written_cells(made)
        ]
        if not cells:
            return []
        return [folded(f"{made.title} ({len(cells)})", self._numbers(made, cells))]

    def _by_donor(self) -> Component:
        made, period = effect_tables.donors(self.effect), self.view.name
        bars = []
        cells: list[list[Children]] = []
        for donor, row in zip(self.effect.donors, written_cells(made), strict=True):
            state = self.view.state.with_(geber=donor_key(donor.donor))
            href = self.view.href(_LIST, state)
            bars.append(Amount(donor.donor, donor.amount.text, _length(donor.amount), href=href))
            link = html.A(donor.donor, href=href, className="link")
            cells.append([link, *row[1:-1], html.Span(code_links(donor.codes, period))])
        return self._chart(
            sentences.largest(self.effect.by_donor),
            self.effect.funding_sentence,
            bars,
            folded(made.title, self._numbers(made, cells)),
            self._explain(
                "Addiert werden die bekannten Beträge der Förderungen, die in dieser Runde genannt "
                f"sind. {self.effect.funding_sentence} Die Beträge gelten für unterschiedliche "
                "Zeiträume.",
                self.effect.by_key["funding"].now.codes,
                "funding",
            ),
        )

    def _by_group(self, what: str, sentence: str, made: Table, key: str) -> Component:
        """Return the chart of a figure in euro by Handlungsfeld."""
        now = self.effect.by_key[key].now
        rule = (
            "Beträge für verschiedene Zeiträume werden nicht addiert"
            if now.value is None and now.codes
            else "Addiert werden die bekannten Beträge"
        )
        return self._chart(
            f"{what}: {now.text}",
            sentence,
            self._bars(key),
            self._by_field(made, key),
            self._explain(
                f"{rule}; was fehlt, zählt nicht als 0. {sentence}",
                now.codes,
                key,
            ),
        )

    def targets(self) -> list[Child]:
        """Return the Kennzahlen against their targets."""
        view, indicators = self.view, rules.indicators(self.effect.reported.now)
        shown: list[Child] = [_sentence(self.effect.indicators_sentence)]
        if indicators:
            shown += [
                bullets(indicators, view.words, view.name, linked=True),
                self._csv(effect_tables.indicators(self.effect)),
            ]
        return shown

    def _listing(self, *named: str, field: str | None = None) -> str:
        """Return the list of just the measures that said something about one of these."""
        state = self.view.state.with_(angabe=named)
        if field is not None:
            state = state.with_(feld=str(field))
        return self.view.href(_LIST, state)

    def _bars(self, key: str) -> list[Amount]:
        """Return a bar per Handlungsfeld, leading to the measures counted in it."""
        return [
            Amount(name, quantity.text, _length(quantity), href=self._listing(key, field=position))
            for (position, name, _), quantity in zip(
                self.effect.groups, self.effect.of_fields(key), strict=True
            )
        ]

    def _by_field(self, made: Table, *named: str) -> Component:
        """Return a table by Handlungsfeld whose names lead to the measures counted there."""
        cells: list[list[Children]] = [
            [html.A(name, href=self._listing(*named, field=position), className="link"), *row[1:]]
            for (position, name, _), row in zip(
                self.effect.groups, written_cells(made), strict=True
            )
        ]
        return folded(made.title, self._numbers(made, cells))

    def _numbers(
        self, made: Table, cells: Sequence[Sequence[Children]], *, class_name: str = "amounts"
    ) -> Component:
        path, state = self.view.path, self.view.state
        return numbers(made, path=path, state=state, wide=True, class_name=class_name, cells=cells)

    def _csv(self, made: Table, *, text: str = "Tabelle als CSV") -> Component:
        return csv_link(made, path=self.view.path, state=self.view.state, text=text)

    def _chart(
        self,
        title: str,
        sentence: str,
        rows: Sequence[Amount],
        shown: Component,
        explain: Component,
        *,
        legend: bool = False,
    ) -> Component:
        return chart(
            title=title,
            sentence=f"{sentence} Stichtag {day(self.view.overview['round']['as_of'])}.",
            figure=amounts.bars(rows),
            height=amounts.height_of(rows),
            tally=_legend() if legend else None,
            explain=explain,
            table=shown,
        )

    def _explain(self, counted: str, codes: Sequence[str], *named: str) -> Component:
        """Return how the figure came about, with the list of what is counted."""
        return explained(
            self.view.meta,
            "effect",
            counted=counted,
            codes=codes,
            period=self.view.name,
            href=self._listing(*named) if codes else None,
        )


def _sentence(text: str) -> Component:
    return html.P(text, className="reading")


def _legend() -> Component:
    """Return what outline and fill mean."""
    return html.Ul(
        [
            html.Li([html.Span(className="amount-key amount-key--filled"), "Ist"]),
            html.Li([html.Span(className="amount-key"), "Plan"]),
        ],
        className="tally",
    )


def _length(quantity: Quantity) -> float | None:
    """Return a sum as the length of a bar."""
    value = quantity.value.amount if isinstance(quantity.value, Money) else quantity.value
    return None if value is None else float(value)


PAGE = Page(
    path="wirkung",
    title="Wirkung und Mittel",
    nav="Wirkung und Mittel",
    content=content,
    tables=tables,
    facets=FACETS,
    charts=True,
)
