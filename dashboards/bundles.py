"""The scripts and styles of the dashboards in few files, each compressed once.

Dash names a file per library and per asset; a page that asked for each of them would need some
thirty requests. Here they are put together: what only charts need beside plotly.js, Dash's own
scripts, our scripts, our styles. Every address carries a version, so browsers keep them for ever.
"""

from __future__ import annotations

import hashlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dash.fingerprint import check_fingerprint

from dashboards.compressed import Kept
from dashboards.paths import PREFIX

# Chunks that a script loads later are looked for beside it: where Dash would serve it.
CHARTS = f"{PREFIX}_dash-component-suites/dash/dcc/_charts.js"
# Dash looks for the name of its renderer in every page it sends.
SCRIPTS = f"{PREFIX}_dash-component-suites/dash/dcc/_dash-renderer-and-all.js"
OWN = f"{PREFIX}_own.js"
STYLE = f"{PREFIX}_style.css"
_JS, _CSS = "text/javascript", "text/css"
# We draw tables in HTML; Dash loads its DataTable on every page.
_UNUSED = ("/dash_table/",)
_FOR_CHARTS = ("/dcc/dash_core_components-shared.",)
# The part of dcc that draws: without it here, a page would ask for it after all others.
_GRAPH = ("dash", "dcc/async-graph.js")
_ADDRESS = re.compile(r'(?:src|href)="([^"]+)"')
_SUITE = re.compile(rf"{PREFIX}_dash-component-suites/(\w+)/([^?\s]+)")
# A second of work for each process, for a tenth less over the wire than the quality below.
_QUALITY = 10


@dataclass(frozen=True)
class Bundle:
    """A file that is made of others: where it is, which version, what it is."""

    path: str
    version: str
    kept: Kept

    @property
    def address(self) -> str:
        return f"{self.path}?v={self.version}"


def bundles(scripts: str, assets: Path) -> dict[str, Bundle]:
    """Return all bundles by their path.

    `scripts` are the lines by which Dash names its scripts, `assets` is the folder of ours.
    """
    named = [found.groups() for found in _SUITE.finditer(" ".join(_ADDRESS.findall(scripts)))]
    charts: list[tuple[str, ...]] = [_GRAPH]
    base: list[tuple[str, ...]] = []
    for package, path in named:
        if any(part in f"/{package}/{path}" for part in _UNUSED):
            continue
        into = charts if any(part in f"/{path}" for part in _FOR_CHARTS) else base
        into.append((package, path))
    made = (
        _bundle(CHARTS, _JS, map(_of_dash, charts)),
        _bundle(SCRIPTS, _JS, map(_of_dash, base)),
        _bundle(OWN, _JS, (path.read_bytes() for path in sorted(assets.glob("*.js")))),
        _bundle(STYLE, _CSS, (path.read_bytes() for path in _styles(assets))),
    )
    return {item.path: item for item in made}


def head(found: Mapping[str, Bundle]) -> str:
    """Return what a page's head names: our styles."""
    return f'<link rel="stylesheet" href="{found[STYLE].address}">'


def foot(found: Mapping[str, Bundle], *, plotly: str | None) -> str:
    """Return the scripts of a page, in the order they need; `plotly` where it has charts.

    plotly.js stands before Dash's scripts: where it is already there, Dash does not fetch all of
    it. Should another page draw after all, Dash fetches both by itself.
    """
    paths = (SCRIPTS, OWN) if plotly is None else (CHARTS, SCRIPTS, OWN)
    addresses = [*([] if plotly is None else [plotly]), *(found[path].address for path in paths)]
    return "\n".join(f'<script src="{address}"></script>' for address in addresses)


def _styles(assets: Path) -> list[Path]:
    """Return our style sheets; what all pages share comes before what one page adds."""
    return sorted(assets.glob("*.css"), key=lambda path: (path.stem != "dashboards", path.name))


def _of_dash(named: tuple[str, ...]) -> bytes:
    package, path = named
    plain = check_fingerprint(path)[0]  # type: ignore[no-untyped-call]
    data = pkgutil.get_data(package, plain)
    if data is None:
        raise FileNotFoundError(f"{package} has no file {path}")
    return data


def _bundle(path: str, mimetype: str, parts: Iterable[bytes]) -> Bundle:
    # A line of its own ends a comment; the semicolon ends a statement that a file leaves open.
    data = (b"\n;\n" if mimetype == _JS else b"\n").join(parts)
    return Bundle(path, _version(data), Kept(data, mimetype, _QUALITY))


def _version(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=6).hexdigest()
