"""The addresses of the dashboards; nothing else writes them down."""

from __future__ import annotations

import re

from tracker.concept.web.current import in_concept
from tracker.web.addresses import DASHBOARDS_OF_CONCEPT

PREFIX = "/dashboards/"
HOME = DASHBOARDS_OF_CONCEPT
PAGES = f"{HOME}<path:path>"
TABLES = f"{HOME}tabellen/<key>.csv"
MARKS = f"{PREFIX}_marks.svg"
CALLBACKS = f"{PREFIX}_dash-update-component"


def address(path: str = "") -> str:
    """Return the address of a page below /dashboards/, in the concept that the request is about."""
    return in_concept(f"{PREFIX}{path}")


def without_concept(path: str) -> tuple[str, str]:
    """Return the key in an address below /dashboards/ ("": it names none), and the address without.

    Dash knows its pages without the concept.
    """
    named = re.fullmatch(HOME.replace("<concept>", "([^/]+)") + "(.*)", path)
    return (named[1], f"{PREFIX}{named[2]}") if named else ("", path)


def report() -> str:
    """Return the address under which the reports of the concept's rounds are downloaded."""
    return in_concept("/ausgaben/bericht")
