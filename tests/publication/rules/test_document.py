"""The types of a published round say what its JSON Schema says: keys, required, enums, nesting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pytest

from tests.factories_snapshot import documents
from tests.format1 import in_format_1
from tracker.core.canonical import Json
from tracker.papers.writers.to_json import schema_text
from tracker.publication.rules import document as types
from tracker.publication.rules.document import Document
from tracker.publication.rules.formats import lift
from tracker.publication.rules.snapshot_parts import split

SCHEMA: Json = json.loads(schema_text(2))
SCALARS = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
# What a view of a document adds and no published document has.
OF_VIEWS = {"previous.later", "published_sha256"}
# What a part says only of some measures.
OF_SOME = {"reviewed_reason"}
# What a document of format 1 cannot say, and is read as None.
OF_FORMAT_1 = {"concept.in_force_on", "instance.origin"}
# A format is named by its schema alone; what an area adds has a schema of its own.
OF_ITS_OWN = {"format", "sections"}
INSIDE: Json = {list: ("array", "items"), dict: ("object", "additionalProperties")}
PARTS = {
    "meta": types.MetaPart,
    "overview": types.OverviewPart,
    "goals": types.GoalsPart,
    "effect": types.EffectPart,
    "ziff5": types.Ziff5Part,
    "texts": types.TextsPart,
    "measure": types.MeasurePart,
}


def differences(kind: Any, schema: Json, root: Json, path: str = "") -> Iterator[str]:
    """Yield where the type and the schema of a value differ."""
    schema = resolved(schema, root)
    if get_origin(kind) is Annotated:
        inner, codes = get_args(kind)
        yield from coded(inner, set(get_args(codes)), schema, root, path)
    elif get_origin(kind) in (Union, UnionType):
        yield from of_union(get_args(kind), schema, root, path)
    elif get_origin(kind) is Literal:
        if set(get_args(kind)) != enum_of(schema):
            yield f"{path}: {sorted(get_args(kind))} are not {sorted(enum_of(schema))}"
    elif get_origin(kind) in INSIDE:
        name, inside = INSIDE[get_origin(kind)]
        if schema.get("type") != name:
            yield f"{path}: a {name}, not {schema.get('type')}"
        else:
            yield from differences(get_args(kind)[-1], schema[inside], root, f"{path}[]")
    elif is_typeddict(kind):
        yield from of_object(kind, schema, root, path)
    elif SCALARS[kind] != schema.get("type") or enum_of(schema):
        yield f"{path}: {kind.__name__}, not {schema.get('type')} {sorted(enum_of(schema))}"


def resolved(schema: Json, root: Json) -> Json:
    """Return the schema with what it refers to, and what it says more of a key."""
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rsplit("/", 1)[1]
    target = resolved(root["$defs"][name], root)
    own = {key: value for key, value in schema.items() if key != "$ref"}
    properties = target.get("properties", {}) | own.get("properties", {})
    return target | own | ({"properties": properties} if properties else {})


def enum_of(schema: Json) -> set[str]:
    return {schema["const"]} if "const" in schema else set(schema.get("enum", ()))


def of_union(kinds: tuple[Any, ...], schema: Json, root: Json, path: str) -> Iterator[str]:
    """Compare `X | None`, the only union of the format."""
    some, none = kinds
    assert none is NoneType
    if isinstance(schema.get("type"), list):
        choices = [schema | {"type": name} for name in schema["type"]]
    else:
        choices = schema.get("anyOf", [schema])
    given = [item for item in choices if resolved(item, root).get("type") != "null"]
    if len(given) == len(choices):
        yield f"{path}: may not be null"
    if len(given) != 1:
        yield f"{path}: {len(given)} choices beside null"
    for item in given:
        yield from differences(some, item, root, path)


def of_object(kind: Any, schema: Json, root: Json, path: str) -> Iterator[str]:
    hints = get_type_hints(kind, include_extras=True)
    optional = {key for key, hint in hints.items() if get_origin(hint) is NotRequired}
    properties = schema.get("properties", {})
    for key in sorted(hints.keys() ^ properties.keys()):
        if f"{path}.{key}".lstrip(".") not in OF_VIEWS:
            yield f"{path}.{key}: only in the {'type' if key in hints else 'schema'}"
    for key in sorted(hints.keys() & properties.keys()):
        if (key in optional) is (key in schema.get("required", ())):
            yield f"{path}.{key}: required only in one of type and schema"
        named = f"{path}.{key}".lstrip(".")
        inner = key in optional or named in OF_FORMAT_1
        if named not in OF_ITS_OWN:
            hint = get_args(hints[key])[0] if inner else hints[key]
            yield from differences(hint, properties[key], root, named)


def coded(kind: Any, codes: set[str], schema: Json, root: Json, path: str) -> Iterator[str]:
    """Compare a dict with these codes as keys, a mark or a list of marks with them as `code`."""
    if get_origin(kind) is list:
        yield from coded(get_args(kind)[0], codes, schema["items"], root, f"{path}[]")
        return
    schema = resolved(schema, root)
    if is_typeddict(kind):
        named = enum_of(resolved(schema["properties"]["code"], root))
        plain = schema | {"properties": schema["properties"] | {"code": {"type": "string"}}}
        yield from of_object(kind, plain, root, path)
    elif "propertyNames" in schema:
        named = enum_of(resolved(schema["propertyNames"], root))
        yield from differences(get_args(kind)[1], schema["additionalProperties"], root, path)
    else:
        named = set(schema.get("properties", ()))
        if named != set(schema.get("required", ())):
            yield f"{path}: not all codes are required"
        for code, value in schema.get("properties", {}).items():
            yield from differences(get_args(kind)[1], value, root, f"{path}.{code}")
    if named != codes:
        yield f"{path}: {sorted(codes)} are not {sorted(named)}"


def test_the_types_say_what_the_schema_says() -> None:
    assert list(differences(Document, SCHEMA, SCHEMA)) == []


def definition(name: str) -> Callable[[Json], Json]:
    return lambda schema: schema["$defs"][name]


def one_key_more(part: Json) -> None:
    part["properties"]["mood"] = {"type": "string"}
    part["required"].append("mood")


def one_key_less(part: Json) -> None:
    key = part["required"].pop()
    del part["properties"][key]


def not_required(part: Json) -> None:
    part["required"].pop()


def one_value_more(part: Json) -> None:
    part["enum"].append("mood")


def one_value_less(part: Json) -> None:
    part["enum"].pop()


OBJECTS = [name for name, part in SCHEMA["$defs"].items() if "required" in part]
ENUMS = [name for name, part in SCHEMA["$defs"].items() if "enum" in part]


@pytest.mark.parametrize("change", [one_key_more, one_key_less, not_required])
@pytest.mark.parametrize("name", ["", *OBJECTS])
def test_a_key_more_or_less_is_seen(name: str, change: Callable[[Json], None]) -> None:
    schema = deepcopy(SCHEMA)
    change(schema["$defs"][name] if name else schema)
    assert list(differences(Document, schema, schema)) != []


@pytest.mark.parametrize("change", [one_value_more, one_value_less])
@pytest.mark.parametrize("name", ENUMS)
def test_a_value_more_or_less_is_seen(name: str, change: Callable[[Json], None]) -> None:
    schema = deepcopy(SCHEMA)
    change(schema["$defs"][name])
    assert list(differences(Document, schema, schema)) != []


@pytest.mark.parametrize(
    ("name", "key", "other"),
    [
        ("measure", "value", {"$ref": "#/$defs/value"}),
        ("measure", "code", {"$ref": "#/$defs/text_or_null"}),
        ("measure", "dissent", {"type": "string"}),
        ("measure", "notes", {"type": "string"}),
        ("measure", "partners", {"type": "array", "items": {"$ref": "#/$defs/institution"}}),
        ("measure", "reportable", {"type": "integer"}),
        ("goal", "measures", {"type": "array", "items": {"$ref": "#/$defs/count"}}),
        ("change_line", "kind", {"$ref": "#/$defs/change"}),
        ("expected", "state", {"$ref": "#/$defs/report_state"}),
        ("definitions", "no_report", {"$ref": "#/$defs/mark"}),
        ("choices", "district", {"$ref": "#/$defs/name"}),
        ("instance", "name", {"enum": ["Stadt"]}),
    ],
)
def test_another_nesting_is_seen(name: str, key: str, other: Json) -> None:
    schema = deepcopy(SCHEMA)
    schema["$defs"][name]["properties"][key] = other
    assert list(differences(Document, schema, schema)) != []


def misfits(kind: Any, value: Any, path: str) -> Iterator[str]:
    """Yield where a value is not of its type."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from misfits(inner[0], value, path)
        codes = value.keys() if get_origin(inner[0]) is dict else ()
        yield from (f"{path}.{code}" for code in codes if code not in get_args(inner[1]))
    elif origin in (Union, UnionType):
        yield from () if value is None else misfits(inner[0], value, path)
    elif origin is Literal:
        yield from () if value in inner else [f"{path}: {value}"]
    elif origin in (list, dict):
        items = enumerate(value) if origin is list else value.items()
        for key, item in items:
            yield from misfits(inner[-1], item, f"{path}.{key}")
    elif is_typeddict(kind):
        yield from misfit_keys(kind, value, path)
    elif type(value) is not kind:
        yield f"{path}: {value!r} is no {kind.__name__}"


def misfit_keys(kind: Any, value: Any, path: str) -> Iterator[str]:
    hints = get_type_hints(kind, include_extras=True)
    optional = {key for key, hint in hints.items() if get_origin(hint) is NotRequired}
    wanted = {key: hints[key] for key in hints.keys() - optional}
    wanted |= {key: get_args(hints[key])[0] for key in OF_SOME & optional & value.keys()}
    yield from (f"{path}.{key}: key" for key in sorted(wanted.keys() ^ value.keys()))
    for key in wanted.keys() & value.keys():
        yield from misfits(wanted[key], value[key], f"{path}.{key}")


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("read", [dict, lambda document: lift(in_format_1(document))])
def test_every_part_of_a_document_has_the_type_of_its_kind(
    number: int, read: Callable[[Json], Json]
) -> None:
    found = read(documents(3)[number])
    found.pop("published_sha256", None)
    assert list(misfits(Document, found, "document")) == []
    parts = split(found)
    assert {part.kind for part in parts} == set(PARTS)
    for part in parts:
        assert list(misfits(PARTS[part.kind], part.payload, part.kind)) == []


def test_a_key_that_no_type_names_is_seen() -> None:
    assert list(misfits(types.FieldName, {"code": 1, "key": "1", "mood": "x"}, "field")) == [
        "field.mood: key",
        "field.name: key",
        "field.code: 1 is no str",
    ]
