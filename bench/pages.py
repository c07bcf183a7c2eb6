"""The measured pages, by the request that carries their content."""

from __future__ import annotations

import time
from dataclasses import dataclass

import brotli

from bench.client import OVERVIEW_ADDRESS, Answer, Browser, Request
from dashboards.pages.routes import PAGES
from dashboards.paths import PREFIX

OVERVIEW, MEASURE = "Überblick", "Maßnahme"
_NAMES = {"": OVERVIEW, "massnahme/<code>": MEASURE}
_PLACES = {
    "feld/<nummer>": "feld/3",
    "ziel/<nummer>": "ziel/3",
    "massnahme/<code>": "massnahme/1.1",
}
_QUERIES = {"suche": "?q=sprache"}
# The class of the head that every page of a published round has.
_FRAMED = "page-head"
_WARM_UP = 5


@dataclass(frozen=True)
class Page:
    """A page as one browser asks for it.

    `limit` is the least ratio to the hello-world, `expected` stands in every right answer.
    """

    name: str
    browser: Browser
    request: Request
    expected: str
    limit: float | None = None

    def checked(self) -> Answer:
        """Ask a few times, so that everything is loaded; raises RuntimeError for other content."""
        for _ in range(_WARM_UP):
            answer = self.browser.send(self.request)
        body = brotli.decompress(answer.body) if answer.encoding == "br" else answer.body
        if answer.status != 200 or self.expected not in body.decode("utf-8"):
            raise RuntimeError(f"{self.name}: the answer does not carry the page's content")
        return answer


def pages(committee: Browser, institution: Browser, *, own: int) -> list[Page]:
    """Return the pages that have limits: every page that the committee reads, and the lists."""
    found = [_of_committee(committee, page.path) for page in PAGES if not page.internal]
    own_list = Page(
        f"Meine Maßnahmen ({own} eigene)",
        institution,
        institution.page("/meldungen/"),
        "Meine Maßnahmen",
        limit=0.04,
    )
    return [*found, own_list]


def _of_committee(committee: Browser, path: str) -> Page:
    place = _PLACES.get(path, path)
    if "<" in place:
        raise RuntimeError(f"bench/pages.py: _PLACES has no example of {path}")
    return Page(
        _NAMES.get(path, f"{PREFIX}{place}"),
        committee,
        committee.dashboard(f"{OVERVIEW_ADDRESS}{place}", _QUERIES.get(path, "")),
        _FRAMED,
        limit=0.15 if path == "" else 0.20,
    )


# What no kept answer is ready for, by name: the first visit after a publication, another question.
ANEW = {OVERVIEW: ("", "?"), "Suche": ("suche", "?q=sprache&")}


def made_anew(committee: Browser, name: str, *, times: int) -> list[float]:
    """Return the seconds that a page of `ANEW` takes without a kept answer, one after the other.

    Each address is a new one, so each answer is made from the snapshot; the first one warms up.
    """
    path, query = ANEW[name]
    found = []
    for number in range(times + 1):
        request = committee.dashboard(f"{OVERVIEW_ADDRESS}{path}", f"{query}messung={number}")
        start = time.perf_counter()
        committee.send(request)
        found.append(time.perf_counter() - start)
    return found[1:]
