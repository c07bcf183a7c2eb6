"""The canonical JSON of a publication and its hash (domain.md 7)."""

import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.canonical import canonical_json, normalise, sha256_of


class Word(StrEnum):
    A = "a"


FORMS = [
    ({"b": 1, "a": {"d": 2, "c": 3}}, '{"a":{"c":3,"d":2},"b":1}\n'),
    ({"Z": 1, "a": 2, "Ä": 3}, '{"Z":1,"a":2,"Ä":3}\n'),  # by code point, in no language's order
    ([3, 1, 2], "[3,1,2]\n"),  # a list keeps its order
    ((1, ("x",)), '[1,["x"]]\n'),
    ({Word.A: Word.A}, '{"a":"a"}\n'),
    ([None, True, False, 0], "[null,true,false,0]\n"),
    ("Zähler*in → 🙂", '"Zähler*in → 🙂"\n'),
    ("zwei\nZeilen", '"zwei\\nZeilen"\n'),
    ({}, "{}\n"),
]


@pytest.mark.parametrize(("document", "text"), FORMS)
def test_a_document_has_this_one_form(document: Any, text: str) -> None:
    assert canonical_json(document) == text


def test_composed_and_decomposed_umlauts_are_the_same_record() -> None:
    document = {"Maßnähme": ["Träger", {"ö": "ü"}]}
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(document, ensure_ascii=False)))
    assert decomposed != document
    assert canonical_json(decomposed) == canonical_json(document)
    assert unicodedata.is_normalized("NFC", canonical_json(decomposed))


@pytest.mark.parametrize(
    "value",
    [0.1, 1.0, float("nan"), Decimal("1.5"), date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC),
     {1, 2}, b"x", object()],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
@pytest.mark.parametrize("place", [lambda x: x, lambda x: [x], lambda x: {"a": {"b": (x,)}}])
def test_what_has_no_single_text_form_is_refused_at_any_depth(value: Any, place: Any) -> None:
    with pytest.raises(TypeError, match="no canonical JSON form"):
        canonical_json(place(value))


@pytest.mark.parametrize(
    "document", [{1: "a", "1": "b"}, {"ö": "a", "o\N{COMBINING DIAERESIS}": "b"}]
)
def test_two_keys_that_become_one_are_refused_instead_of_losing_a_value(document: Any) -> None:
    with pytest.raises(ValueError, match="same key"):
        canonical_json(document)


KEYS = st.sampled_from(["a", "b", "ä", "Ö", "z", "10", "2", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES))
def test_the_hash_does_not_depend_on_the_order_of_keys(document: dict[str, Any]) -> None:
    backwards = dict(reversed(document.items()))
    assert sha256_of(canonical_json(backwards)) == sha256_of(canonical_json(document))


@settings(deadline=None)
@given(VALUES)
def test_reading_the_record_and_writing_it_again_changes_nothing(document: Any) -> None:
    text = canonical_json(document)
    assert json.loads(text) == normalise(document)
    assert canonical_json(json.loads(text)) == text


def test_the_hash_is_the_sha256_of_the_utf8_bytes() -> None:
    assert sha256_of("Maßnahme\n") == sha256("Maßnahme\n".encode()).hexdigest()
    # Known from outside of this program: the SHA-256 of nothing.
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_of("") == empty
    assert sha256_of("a") != sha256_of("b")
