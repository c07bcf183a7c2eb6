"""All pages of the dashboards as addresses: a page that is added is tested without being named.

A page whose path has parts needs an example in `PLACES`; the words a page must say can be added in
`WORDS`, else its title is expected.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.pages import routes
from dashboards.pages.view import Page
from dashboards.paths import PREFIX

PLACES = {
    "feld/<nummer>": "feld/9",
    "ziel/<nummer>": "ziel/13",
    "massnahme/<code>": "massnahme/6.4",
}
WORDS = {
    "": "Das braucht Aufmerksamkeit",
    "massnahme/<code>": "Ziffer 5 des Ratsbeschlusses",
    "vorschau": "Zurzeit läuft keine Runde",
    "suche": "Geben Sie oben ein, wonach Sie suchen.",
}
# The queries under which every page has to stand, beside the plain one.
STATES = {
    "the first round": "?runde=2025-Q4",
    "another round compared with": "?vergleich=2025-Q4",
    "filters": "?feld=3&stand=in_progress&runde=2026-Q2",
    "one measure": "?ziel=9",
    "nothing selected": "?feld=1&ziel=16",
    "what is not reported": "?stand=keine_meldung&verlauf=keine_meldung",
    "words looked for": "?q=f%C3%B6rderung",
}


@dataclass(frozen=True)
class Address:
    """A page and the address under which it is opened here."""

    page: Page
    path: str

    @property
    def words(self) -> str:
        """What stands on the page."""
        return WORDS.get(self.page.path, self.page.title)


def _address(page: Page) -> Address:
    path = PLACES.get(page.path, page.path)
    assert "<" not in path, f"tests/dashboards/every_page.py: PLACES lacks {page.path}"
    return Address(page, f"{PREFIX}{path}")


ALL = [_address(page) for page in routes.PAGES]
# What every role may read; the others are for the KI only.
PUBLIC = [item for item in ALL if not item.page.internal]
INTERNAL = [item for item in ALL if item.page.internal]
