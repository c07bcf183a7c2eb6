"""Which round is shown: the chooser, the facts of the publication, the way to its exports."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, choices
from dashboards.paths import report
from tracker.core.german import day
from tracker.publication.queries.published import Publication
from tracker.publication.reading import correction
from tracker.publication.rules.document import RoundRecord

_FORMATS = (("pdf", "PDF"), ("xlsx", "Excel (XLSX)"), ("json", "Daten (JSON)"))


def chooser(action: str, rounds: Sequence[Publication], selected: str) -> Component:
    """Return a form that asks for another round; the address keeps the answer."""
    labels = {publication.period: publication.label for publication in rounds}
    return html.Form(
        [
            html.Label("Berichtsrunde", htmlFor="runde"),
            html.Div(
                [
                    html.Select(choices(labels, selected), name="runde", id="runde"),
                    html.Button("Runde anzeigen", type="submit"),
                ],
                className="chooser__row",
            ),
        ],
        method="get",
        action=action,
        className="chooser",
    )


def publication(
    round_: RoundRecord, since: str | None = None, *, what_changed: str = ""
) -> list[Child]:
    """Return the Stichtag, the day and version of the publication, and why it was corrected.

    `since` names the round that it is compared with, on screen and on paper; `what_changed` is
    where a correction says what it changed.
    """
    version = round_["version"]
    compared = f" Verglichen mit {since}." if since else ""
    children: list[Child] = [
        html.P(
            f"Stichtag {day(round_['as_of'])}, veröffentlicht am {day(round_['published_on'])}, "
            f"Fassung {version}.{compared}",
            className="facts",
        )
    ]
    if version > 1:
        children.append(
            html.P(
                [
                    html.Strong("Korrigierte Fassung. "),
                    f"Grund: {round_['reason']} ",
                    html.A(correction.title(version), href=what_changed, className="link"),
                ],
                className="facts",
            )
        )
    return children


def demonstration(shown: bool) -> list[Child]:
    """Return the note that the data is invented, for snapshots of a demonstration."""
    if not shown:
        return []
    words: list[Child] = [
        html.Strong("Demonstration. "),
        "Alle Meldungen und Zahlen sind erfunden.",
    ]
    return [html.P(words, className="demonstration")]


def exports(shown: Publication, *, latest: bool) -> Component:
    """Return the ways to the round's papers; an older version is named."""
    version = "" if latest else f"?fassung={shown.version}"
    return html.Ul(
        [
            html.Li(
                html.A(
                    f"Controllingbericht als {word}",
                    href=f"{report()}/{shown.period}.{ending}{version}",
                    className="link",
                )
            )
            for ending, word in _FORMATS
        ],
        className="plain",
    )
