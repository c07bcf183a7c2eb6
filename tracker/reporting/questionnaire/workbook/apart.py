"""An Erhebungsbogen, read in a process of its own: in none of ours is its XML parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tracker.core import apart
from tracker.reporting.questionnaire.workbook.model import (
    Answer,
    Questionnaire,
    Reading,
    SheetProblem,
)
from tracker.reporting.rules.content import from_dict, to_dict

SHOWN_PROBLEMS = 200
_UNREAD = SheetProblem(
    "Die Datei lässt sich nicht lesen: Sie ist viel umfangreicher als ein Erhebungsbogen, oder sie "
    "ist beschädigt.",
    "Bitte laden Sie den Erhebungsbogen neu herunter und tragen Sie Ihre Angaben dort ein.",
)


def read(data: bytes, expected: Questionnaire) -> Reading:
    """Return what `reader.read` says of a file; of many problems only the first.

    Raises Busy where too many files are read at this moment.
    """
    try:
        return _reading(apart.run(read_plain, data, expected), expected)
    except (
        apart.UnfinishedError,
        LookupError,
        AttributeError,
        TypeError,
        ValueError,
        ArithmeticError,
    ):
        return Reading(problems=(_UNREAD,))


def read_plain(data: bytes, expected: Questionnaire) -> dict[str, Any]:
    """Return a reading as JSON can say it."""
    # openpyxl takes longer to load than all pages together.
    from tracker.reporting.questionnaire.workbook import reader

    reading = reader.read(data, expected)
    return {
        "answers": [
            [answer.report_id, answer.version, to_dict(answer.content)]
            for answer in reading.answers
        ],
        "problems": [asdict(problem) for problem in reading.problems[:SHOWN_PROBLEMS]],
        "notes": reading.notes,
        "hidden": max(0, len(reading.problems) - SHOWN_PROBLEMS),
    }


def _reading(said: Mapping[str, Any], expected: Questionnaire) -> Reading:
    """Read it back; raises whatever what is no reading stumbles over."""
    ours = {row.report_id for row in expected.rows}
    if any(report_id not in ours for report_id, _, _ in said["answers"]):
        raise ValueError("an answer to a report that the form is not about")
    return Reading(
        answers=tuple(
            Answer(report_id, int(version), from_dict(content))
            for report_id, version, content in said["answers"]
        ),
        problems=tuple(SheetProblem(**problem) for problem in said["problems"]),
        notes=tuple(said["notes"]),
        hidden=int(said["hidden"]),
    )
