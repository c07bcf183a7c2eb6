"""What dashboards/dash_internals.py knows of Dash still holds for the installed one."""

import inspect
import json
from typing import Any

import dash
import pytest
from flask import Flask

from dashboards.dash_internals import (
    CONTENT,
    LOCATION,
    ROUTING,
    ROUTING_INPUTS,
    ROUTING_OUTPUTS,
    STORE,
)


@pytest.fixture(scope="module")
def plain() -> dash.Dash:
    """Dash with pages, mounted as ours, after its first request."""
    app = dash.Dash(
        server=Flask("plain"),
        use_pages=True,
        pages_folder="",
        include_pages_meta=False,
        suppress_callback_exceptions=True,
        add_log_handler=False,
    )
    app.layout = dash.page_container
    assert asked(app, "/")
    return app


def asked(app: dash.Dash, path: str) -> bytes:
    response = app.server.test_client().get(path)
    assert response.status_code == 200
    return bytes(response.data)


def ids(places: list[Any]) -> list[dict[str, Any]]:
    return [{"id": place["id"], "property": place["property"]} for place in places]


def test_dash_tells_the_browser_the_routing_callback_that_we_answer(plain: dash.Dash) -> None:
    callbacks = json.loads(asked(plain, "/_dash-dependencies"))
    [routing] = [callback for callback in callbacks if callback["output"] == ROUTING]
    assert ids(routing["inputs"]) == ROUTING_INPUTS
    outputs = [f"{place['id']}.{place['property']}" for place in ROUTING_OUTPUTS]
    assert routing["output"].strip(".").split("...") == outputs


def test_dash_lays_out_the_parts_that_the_routing_callback_uses(plain: dash.Dash) -> None:
    layout = asked(plain, "/_dash-layout").decode()
    assert all(f'"{name}"' in layout for name in (CONTENT, STORE, LOCATION))


def test_dash_wraps_a_function_of_path_and_search(plain: dash.Dash) -> None:
    update = inspect.unwrap(plain.callback_map[ROUTING]["callback"])
    assert list(inspect.signature(update).parameters)[:2] == ["pathname_", "search_"]


def test_dash_hands_its_scripts_config_and_renderer_to_the_frame() -> None:
    parts: dict[str, str] = {}

    class Noting(dash.Dash):
        def interpolate_index(self, **given: str) -> str:  # type: ignore[override]
            parts.update(given)
            return str(super().interpolate_index(**given))

    app = Noting(server=Flask("noting"), add_log_handler=False)
    app.layout = dash.html.P("x")
    asked(app, "/")
    assert 'src="/_dash-component-suites/dash/dcc/' in parts["scripts"]
    assert 'id="_dash-config"' in parts["config"]
    assert 'id="_dash-renderer"' in parts["renderer"]
