"""Pages without content: why there is none and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, back_to_overview, notice
from dashboards.components.rounds import chooser
from dashboards.paths import address
from tracker.core.german import shortened
from tracker.publication.queries.published import Publication

_ECHO_LIMIT = 40


def nothing_published() -> Component:
    """Return the page before the first publication."""
    return notice(
        "Noch keine Runde veröffentlicht",
        [
            html.P(
                "Hier stehen Ergebnisse, sobald die koordinierende Stelle die erste "
                "Berichtsrunde veröffentlicht hat. Bis dahin ist nichts zu tun."
            )
        ],
    )


def unknown_round(asked: str, rounds: Sequence[Publication], action: str) -> Component:
    """Return the answer to a round that is not published."""
    return notice(
        "Diese Runde ist nicht veröffentlicht",
        [
            html.P(
                f"Zur Angabe „{shortened(asked, _ECHO_LIMIT)}“ in der Adresse gibt es keine "
                "veröffentlichte Runde. Bitte wählen Sie eine aus der Liste."
            ),
            chooser(action, rounds, rounds[0].period),
        ],
    )


def unknown_measure(asked: str) -> Component:
    """Return the answer to a measure that no published round knows."""
    return notice(
        "Diese Maßnahme gibt es nicht",
        [
            html.P(
                f"In den veröffentlichten Runden gibt es keine Maßnahme „"
                f"{shortened(asked, _ECHO_LIMIT)}“. Maßnahmen heißen zum Beispiel 3.2. Bitte "
                "wählen Sie eine aus der Liste."
            ),
            html.P(html.A("Alle Maßnahmen", href=address("massnahmen"), className="link")),
        ],
        level=2,
    )


def not_in_round(code: str, label: str, others: Sequence[Child]) -> Component:
    """Return the answer to a measure that the chosen round did not have."""
    return notice(
        f"Maßnahme {code} fehlt in {label}",
        [
            html.P("Die Fassung des Konzepts dieser Runde enthält die Maßnahme nicht. "),
            html.P(["Sie steht in: ", *others]),
        ],
        level=2,
    )


def unknown_page() -> Component:
    """Return the answer to an address that is no page."""
    return notice(
        "Diese Seite gibt es nicht",
        [
            html.P("Bitte prüfen Sie die Adresse, oder beginnen Sie beim Überblick."),
            html.P(back_to_overview(None)),
        ],
    )
