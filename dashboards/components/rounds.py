"""Which round is shown: the chooser, the facts of the publication, the way to its exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child
from dashboards.paths import REPORT
from tracker.core.german import day
from tracker.publication.reading.words import Json

_FORMATS = (("pdf", "PDF"), ("xlsx", "Excel (XLSX)"), ("json", "Daten (JSON)"))


class Round(Protocol):
    """A published round as the chooser names it."""

    @property
    def period(self) -> str:
        """Return the key, e.g. "2026-Q3"."""

    @property
    def label(self) -> str:
        """Return the short form, e.g. "Q3/2026"."""


def chooser(action: str, rounds: Sequence[Round], selected: str) -> Component:
    """Return a form that asks for another round; the address keeps the answer."""
    options = [
        html.Option(item.label, value=item.period, selected="selected")
        if item.period == selected
        else html.Option(item.label, value=item.period)
        for item in rounds
    ]
    return html.Form(
        [
            html.Label("Berichtsrunde", htmlFor="runde"),
            html.Div(
                [
                    html.Select(options, name="runde", id="runde"),
                    html.Button("Runde anzeigen", type="submit"),
                ],
                className="chooser__row",
            ),
        ],
        method="get",
        action=action,
        className="chooser",
    )


def publication(round_: Json, since: str | None = None) -> list[Child]:
    """Return the Stichtag, the day and version of the publication, and why it was corrected.

    `since` names the round that it is compared with, on screen and on paper.
    """
    version = round_["version"]
    compared = f" Verglichen mit {since}." if since else ""
    told: list[Child] = [
        html.P(
            f"Stichtag {day(round_['as_of'])}, veröffentlicht am {day(round_['published_on'])}, "
            f"Fassung {version}.{compared}",
            className="facts",
        )
    ]
    if version > 1:
        told.append(
            html.P(
                [
                    html.Strong("Korrigierte Fassung. "),
                    f"Grund: {round_['reason']}",
                ],
                className="facts",
            )
        )
    return told


def demonstration(shown: bool) -> list[Child]:
    """Return the note that the data is invented, for snapshots of a demonstration."""
    if not shown:
        return []
    return [
        html.P(
            [html.Strong("Demonstration. "), "Alle Meldungen und Zahlen sind erfunden."],
            className="demonstration",
        )
    ]


def exports(period: str) -> Component:
    """Return links to the Controllingbericht of the round."""
    return html.Ul(
        [
            html.Li(
                html.A(
                    f"Controllingbericht als {word}",
                    href=f"{REPORT}/{period}.{ending}",
                    className="link",
                )
            )
            for ending, word in _FORMATS
        ],
        className="plain",
    )
