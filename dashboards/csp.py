"""Which inline scripts and styles Dash needs, as hashes for the Content-Security-Policy.

Scripts: Dash computes their hashes itself. Styles: the bundles insert a fixed set of style
elements; their hashes stand in `style-hashes.txt`, which tests/dashboards/test_browser.py compares
with what a browser sees.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from dash import Dash

_STYLE_HASHES = Path(__file__).parent / "style-hashes.txt"


@cache
def style_hashes() -> tuple[str, ...]:
    """Return the sources that allow the bundles' style elements: "'sha256-…'"."""
    lines = _STYLE_HASHES.read_text("utf-8").splitlines()
    return tuple(f"'{line}'" for line in lines if line and not line.startswith("#"))


_scripts: WeakKeyDictionary[Dash, tuple[str, ...]] = WeakKeyDictionary()


def script_hashes(app: Dash) -> tuple[str, ...]:
    """Return the sources that allow Dash's inline scripts, complete with the first page served.

    Dash adds its scripts before it answers the first request that the guard lets pass; until
    then nothing is kept.
    """
    if app in _scripts:
        return _scripts[app]
    found = tuple(dict.fromkeys(app.csp_hashes()))
    if app.callback_map:
        _scripts[app] = found
    return found
