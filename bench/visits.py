"""A person's first visits in Chromium, against their limits."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser as Chromium

from bench import weight
from bench.client import OVERVIEW_ADDRESS, Browser
from bench.results import Limit
from bench.servers import serving

FIRST_VISIT_BYTES, FIRST_VISIT_REQUESTS, SECOND_PAGE_BYTES = 700_000, 20, 50_000
# How many times later than on an empty Dash page the first chart may stand.
FIRST_CHART = 2.5


def page_weight(
    address: str, committee: Browser, *, quick: bool, say: Callable[[str], None]
) -> list[Limit]:
    """Return what two visits weigh and when the first chart stands; nothing without Chromium.

    `say` tells what is measured just now. In a hurry the first chart is left out.
    """
    executable = weight.chromium()
    if executable is None:
        say("Kein Chromium: das Gewicht der Seite wird nicht gemessen (apt-get install chromium).")
        return []
    say("Gewicht der Seite …")
    with weight.watching(executable) as browser:
        person = weight.Watched(browser, address, committee.cookies)
        first, second = person.visits(OVERVIEW_ADDRESS, f"{OVERVIEW_ADDRESS}massnahmen")
        found = [
            Limit("Erster Besuch, Bytes", first.received, FIRST_VISIT_BYTES),
            Limit("Erster Besuch, Anfragen", first.requests, FIRST_VISIT_REQUESTS),
            Limit("Zweite Seite, Bytes", second.received, SECOND_PAGE_BYTES),
        ]
        if not quick:
            say("Erstes Bild …")
            found.append(_first_chart(person, browser, say))
    return found


def _first_chart(person: weight.Watched, browser: Chromium, say: Callable[[str], None]) -> Limit:
    with serving("bench.empty_dash:create") as address:
        empty = weight.Watched(browser, address, {})
        ours, least = (item.seconds_to_chart(path, times=7) for item, path in
                       ((person, OVERVIEW_ADDRESS), (empty, "/")))  # fmt: skip
    say(f"Erstes Bild: {ours:.3f} s, leere Dash-Seite: {least:.3f} s")
    return Limit(
        "Erstes Bild: so viel später als auf einer leeren Dash-Seite", ours / least, FIRST_CHART
    )
