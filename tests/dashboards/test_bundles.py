"""Scripts and styles come in few files that hold everything, small, and kept by browsers."""

from __future__ import annotations

import re
from pathlib import Path

import brotli

from dashboards import bundles
from dashboards.app import _ASSETS
from tests.dashboards.conftest import Visitor

NAMED = re.compile(r'(?:src|href)="(/dashboards/_[^"]+|/static/vendor/plotly/[^"]+)"')
DASH = "\n".join(
    f'<script src="/dashboards/_dash-component-suites/dash/{path}"></script>'
    for path in (
        "deps/react@18.v4_4_1m1.3.1.min.js",
        "dcc/dash_core_components-shared.v4_4_1m1.js",
        "html/dash_html_components.v4_4_1m1.min.js",
        "dash_table/bundle.v7_4_1m1.js",
    )
)


def named(reader: Visitor, path: str) -> list[str]:
    """The addresses of bundles in a page, in order."""
    return NAMED.findall(reader.client.get(path).get_data(as_text=True))


def test_a_page_names_few_files_and_only_charts_need_plotly(reader: Visitor) -> None:
    with_charts = [item.partition("?")[0] for item in named(reader, "/dashboards/")]
    assert with_charts == [
        bundles.STYLE,
        "/static/vendor/plotly/plotly-basic.min.js",
        bundles.CHARTS,
        bundles.SCRIPTS,
        bundles.OWN,
    ]
    without = [item.partition("?")[0] for item in named(reader, "/dashboards/suche?q=x")]
    assert without == [bundles.STYLE, bundles.SCRIPTS, bundles.OWN]


def test_bundles_are_compressed_and_kept_by_browsers_under_a_version(reader: Visitor) -> None:
    for address in named(reader, "/dashboards/"):
        assert "?v=" in address
        if address.startswith("/static/"):
            continue  # tests/web/test_assets.py
        sent = reader.client.get(address, headers={"Accept-Encoding": "gzip, deflate, br"})
        assert sent.headers["Content-Encoding"] == "br"
        assert "immutable" in sent.headers["Cache-Control"]
        plain = reader.client.get(address, headers={"Accept-Encoding": "identity"}).data
        assert brotli.decompress(sent.data) == plain


def test_every_script_of_dash_but_its_tables_and_all_of_ours_are_in_a_bundle() -> None:
    found = bundles.bundles(DASH, _ASSETS)
    assert b"react.production" in found[bundles.SCRIPTS].kept.data
    assert b"dash_html_components" in found[bundles.SCRIPTS].kept.data
    assert b"dash_table" not in found[bundles.SCRIPTS].kept.data
    assert b"webpackChunkdash_core_components" in found[bundles.CHARTS].kept.data
    for path in _ASSETS.iterdir():
        into = bundles.OWN if path.suffix == ".js" else bundles.STYLE
        assert path.read_bytes() in found[into].kept.data


def test_another_content_has_another_address(tmp_path: Path) -> None:
    def address(text: str) -> str:
        (tmp_path / "a.css").write_text(text, "utf-8")
        return bundles.bundles("", tmp_path)[bundles.STYLE].address

    assert address("a {}") == address("a {}") != address("b {}")
