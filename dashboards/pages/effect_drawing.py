"""How the charts of Wirkung und Mittel are drawn: bars, tables, explanations and their ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Children
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.table import folded, numbers
from dashboards.content.donors import key
from dashboards.content.effect_data import Data, Group
from dashboards.content.tables import Table
from dashboards.figures import amounts
from dashboards.figures.amounts import Amount
from dashboards.pages.view import View
from tracker.core.german import day

_LIST = "massnahmen"


@dataclass(frozen=True)
class Drawing:
    """One view and its material, and how both become charts."""

    view: View
    data: Data

    def amount(
        self,
        group: Group,
        printed: str,
        value: Decimal | None,
        planned: Decimal | None = None,
        *,
        named: str,
    ) -> Amount:
        """Return the bar of a Handlungsfeld, leading to the measures counted in it."""
        href = self.listing(named, group=group)
        return Amount(group.name, printed, drawn(value), drawn(planned), href)

    def listing(self, *named: str, group: Group | None = None) -> str:
        """Return the list of just the measures that said something about one of these."""
        state = self.view.state.with_(angabe=named)
        if group is not None:
            state = state.with_(feld=str(group.position))
        return self.view.href(_LIST, state)

    def list_of_donor(self, donor: str) -> str:
        return self.view.href(_LIST, self.view.state.with_(geber=key(donor)))

    def chart(
        self,
        title: str,
        sentence: str,
        rows: Sequence[Amount],
        table: Table,
        explain: Component,
        *,
        cells: Sequence[Sequence[Children]] | None = None,
        legend: bool = False,
        named: str = "",
    ) -> Component:
        as_of = day(self.view.overview["round"]["as_of"])
        return chart(
            title=title,
            sentence=f"{sentence} Stichtag {as_of}.",
            figure=amounts.bars(rows),
            height=amounts.height_of(rows),
            tally=_legend() if legend else None,
            explain=explain,
            table=self.numbers(table, cells, named=(named,)),
        )

    def numbers(
        self,
        table: Table,
        cells: Sequence[Sequence[Children]] | None = None,
        *,
        named: tuple[str, ...],
    ) -> Component:
        """Return a table by Handlungsfeld whose names lead to the measures counted there."""
        linked = cells or [
            [html.A(group.name, href=self.listing(*named, group=group), className="link"), *row[1:]]
            for group, row in zip(self.data.groups, table.rows, strict=True)
        ]
        shown = numbers(
            table,
            path=self.view.path,
            state=self.view.state,
            wide=True,
            class_name="amounts",
            cells=linked,
        )
        return folded(table.caption, shown)

    def explain(self, counted: str, codes: Sequence[str], *named: str) -> Component:
        """Return how the figure came about, with the list of what is counted."""
        return explained(
            self.view.meta,
            "effect",
            counted=counted,
            codes=codes,
            period=self.view.publication.period,
            href=self.listing(*named) if codes else None,
        )

    def in_order(self, codes: Sequence[str]) -> list[str]:
        """Return these measures once each, in the order of the concept."""
        wanted = set(codes)
        return [line["code"] for line in self.data.quarter if line["code"] in wanted]


def said(text: str) -> Component:
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


def drawn(value: Decimal | None) -> float | None:
    """Return a sum as the length of a bar."""
    return None if value is None else float(value)
