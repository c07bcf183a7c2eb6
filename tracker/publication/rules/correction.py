"""Whether a new version of a published round says anything else than the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.publication.rules.document import Document

# What every new version says otherwise, and what follows from the rest of the document.
_OF_ROUND = {"version", "reason", "label", "opened_on", "closed_on", "published_on"}
_DERIVED = {"round", "corrections", "published_sha256", "figures", "changes", "decisions"}
# What an earlier format did not hold cannot have changed.
_OF_FORMAT = {"instance", "concept", "sections"}
# What the settings or a new release say otherwise: nobody corrected it.
_OF_INSTANCE = {"instance", "definitions", "formula_version", "demonstration"}


def measures_said(document: Document, other: Document) -> dict[str, Mapping[str, Any]]:
    """Return the measures of a version by their keys, to be compared with another version's.

    Format 1 said of a measure that it was not vorrangig where nothing was entered.
    """
    left_out = {"prioritised"} if document["format"] != other["format"] else set()
    return {
        measure["key"]: {key: value for key, value in measure.items() if key not in left_out}
        for measure in document["measures"]
    }


def said(document: Document, other: Document) -> Mapping[str, Any]:
    """Return what a version says apart from being a version: to be compared with another one's."""
    kept = {key: value for key, value in document.items() if key not in _DERIVED | {"format"}}
    round_ = {key: value for key, value in document["round"].items() if key not in _OF_ROUND}
    return kept | {
        "round": round_,
        "fields": [_place(field) for field in document["fields"]],
        "measures": list(measures_said(document, other).values()),
    }


def _place(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Handlungsfeld or Ziel without what is counted in it."""
    kept = {key: value for key, value in record.items() if key != "figures"}
    return kept | {"goals": [_place(goal) for goal in kept.get("goals", ())]}


def differing(before: Document, after: Document) -> tuple[str, ...]:
    """Return the keys of a document under which two versions of a round differ.

    There are none where only what nobody corrects differs.
    """
    there, here = said(before, after), said(after, before)
    left_out = _OF_FORMAT if before["format"] != after["format"] else set()
    keys = tuple(key for key in here if here[key] != there[key] and key not in left_out)
    return () if _OF_INSTANCE.issuperset(keys) else keys
