"""What is kept of Dash's answers: the same meaning in fewer bytes."""

import json
from typing import Any

import brotli
import pytest

from dashboards.answers import compact
from tests.dashboards.conftest import Visitor, texts

Json = dict[str, Any]


def component(kind: str, **props: Any) -> Json:
    return {"props": props, "type": kind, "namespace": "dash_html_components"}


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "value",
    [
        component("Div", children=["Prüfung", 5, None, component("A", href="/x", children="§ 3")]),
        {"response": {"a": {"children": component("P", children=[])}}, "multi": True},
        component("Graph", figure={"data": [{"type": "bar", "x": [0.1, 1, None]}], "layout": {}}),
        [1.5, "\u2028", {"props": 1, "type": 2}, {"namespace": None, "children": None}],
    ],
)
def test_a_compact_answer_means_the_same(value: Any) -> None:
    assert json.loads(compact(dumped(value))) == value


def test_components_say_first_what_they_are_and_last_what_is_in_them() -> None:
    given = component("Div", children=component("P", children="ü", id="a"), id="b")
    props = '{"id":"b","children":{"type":"P","namespace":"dash_html_components","props":'
    expected = f'{{"type":"Div","namespace":"dash_html_components","props":{props}'
    assert compact(dumped(given)).decode().startswith(expected)


def test_no_children_are_left_out_of_components_only() -> None:
    given = component("Img", children=None, alt="", figure={"children": None})
    assert json.loads(compact(dumped(given)))["props"] == {"alt": "", "figure": {"children": None}}


def test_many_components_take_fewer_bytes() -> None:
    rows = [
        component("Li", children=[component("Span", children=f"Maßnahme {n}", className="code")])
        for n in range(400)
    ]
    given = dumped(component("Ul", children=rows))
    assert len(brotli.compress(compact(given))) < len(brotli.compress(given))


def test_the_filter_names_institutions_shortly_and_in_order(reader: Visitor) -> None:
    [field] = [item for item in reader.content().all("Select") if item.get("name") == "institution"]
    first, *names, last = texts(field["children"])
    assert (first, last) == ("alle", "nicht festgelegt")
    assert {"Jugendamt", "VHS", "AWO Bielefeld"} <= set(names)
    assert names == sorted(names, key=str.casefold)
