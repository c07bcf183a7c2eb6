"""Addresses that name a concept: `/konzepte/<key>/…`, on the dashboards `/dashboards/konzepte/…`.

What spans concepts (Startseite, Meine Maßnahmen, Prüfung, Konten …) keeps an address without one.
"""

from __future__ import annotations

from tracker.web.csp import DASHBOARDS

CONCEPT = "/konzepte/<concept>"
DASHBOARDS_OF_CONCEPT = f"{DASHBOARDS}konzepte/<concept>/"


def of_concept(key: str, path: str) -> str:
    """Return the address of a page of a concept; `path` is the one without the concept."""
    if path.startswith(DASHBOARDS):
        return DASHBOARDS_OF_CONCEPT.replace("<concept>", key) + path.removeprefix(DASHBOARDS)
    return CONCEPT.replace("<concept>", key) + path
