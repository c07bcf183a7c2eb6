"""The seed files as values: what `seed/data` may hold, checked with file, line and remedy.

The keys are explained in German at the head of each file; the shape is written down once, here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from seed.nodes import SeedFileError, YamlBlock, open_file, refuse_duplicates
from tracker.concept.models import IndicatorKind, InstitutionKind, MeasureKind
from tracker.concept.rules.facts import IndicatorFact
from tracker.core.problems import problem_text
from tracker.core.settings import SettingGroup
from tracker.core.text import natural_order
from tracker.instance.rules.setting_values import names_of, problems

DEFAULT_FOLDER = Path(__file__).parent / "data"


class Operator(StrEnum):
    """How a value compares with the number that the resolution names; words are safe in YAML."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    EXACTLY = "exactly"


# The comparison signs that the database keeps.
SIGN = {Operator.AT_LEAST: ">=", Operator.MORE_THAN: ">", Operator.EXACTLY: "="}


@dataclass(frozen=True)
class MeasureEntry:
    """A Maßnahme; `display_text` equals `text` where nothing had to be corrected."""

    code: str
    kind: MeasureKind
    text: str
    display_text: str
    notes: tuple[str, ...]
    indicators: tuple[IndicatorFact, ...]


@dataclass(frozen=True)
class GoalEntry:
    code: str
    title: str
    title_annex2: str
    notes: tuple[str, ...]
    measures: tuple[MeasureEntry, ...]


@dataclass(frozen=True)
class FieldEntry:
    code: str
    name: str
    goals: tuple[GoalEntry, ...]


@dataclass(frozen=True)
class ConceptEntry:
    key: str
    title: str
    city: str
    resolved_on: date
    source: str
    edition_number: int
    edition_title: str
    valid_from: date
    prioritised: bool
    principles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InstitutionEntry:
    key: str
    name: str
    short_name: str
    kind: InstitutionKind
    source: str


@dataclass(frozen=True)
class SeedFiles:
    concept: ConceptEntry
    fields: tuple[FieldEntry, ...]
    institutions: tuple[InstitutionEntry, ...]
    settings: Mapping[str, str]


def read_files(folder: Path = DEFAULT_FOLDER) -> SeedFiles:
    """Read and check the whole folder.

    Raises SeedFileError with a German message for the first mistake found.
    """
    return SeedFiles(
        concept=_concept(open_file(folder / "concept.yaml")),
        fields=_fields(folder / "fields"),
        institutions=_institutions(open_file(folder / "institutions.yaml")),
        settings=read_settings(folder),
    )


def read_settings(folder: Path = DEFAULT_FOLDER) -> Mapping[str, str]:
    """Return what the instance begins with, by name; nothing where there is no such file.

    Raises SeedFileError for a name or a value that cannot be set.
    """
    file = folder / "settings.yaml"
    if not file.exists():
        return {}
    entry = open_file(file).only(*(name for group in SettingGroup for name in names_of(group)))
    values = {
        name: "\n".join(entry.texts(name)) if name == "districts" else entry.text(name)
        for name in entry.values
    }
    for problem in problems(values):
        what = f"„{problem.field}“ kann so nicht gesetzt werden."
        raise entry.error(what, problem_text(problem), at=problem.field)
    return values


def _concept(entry: YamlBlock) -> ConceptEntry:
    entry.only("key", "title", "city", "resolved_on", "source", "edition", "principles")
    edition = entry.entry("edition").only("number", "title", "valid_from", "prioritised")
    principles = [
        principle.only("key", "name") for principle in entry.entries_required("principles")
    ]
    refuse_duplicates((principle, "key", principle.text("key")) for principle in principles)
    # With 40 characters behind it, it is the key of a SeedRecord.
    key = entry.text("key", longest=79)
    if re.fullmatch("[a-z][a-z0-9-]*", key) is None:
        raise entry.error(
            f"„{key}“ kann nicht in Adressen stehen.",
            "Bitte nur Kleinbuchstaben ohne Umlaute, Ziffern und Bindestriche schreiben, "
            "vorn einen Buchstaben.",
            at="key",
        )
    return ConceptEntry(
        key=key,
        title=entry.text("title", longest=300),
        city=entry.text("city", longest=120),
        resolved_on=entry.day("resolved_on"),
        source=entry.text("source"),
        edition_number=edition.whole_number("number"),
        edition_title=edition.text("title", longest=300),
        valid_from=edition.day("valid_from"),
        prioritised=edition.flag("prioritised"),
        principles=tuple(
            (principle.text("key", longest=40), principle.text("name", longest=200))
            for principle in principles
        ),
    )


def _fields(folder: Path) -> tuple[FieldEntry, ...]:
    entries = [open_file(file) for file in sorted(folder.glob("*.yaml"))]
    if not entries:
        raise SeedFileError(
            folder,
            1,
            "Der Ordner enthält keine Handlungsfelder.",
            "Bitte die Dateien aus der Auslieferung wiederherstellen.",
        )
    fields = [_field(entry) for entry in entries]
    refuse_duplicates((entry, "number", entry.code("number")) for entry in entries)
    goals = [goal for entry in entries for goal in entry.entries("goals")]
    refuse_duplicates((goal, "number", goal.code("number")) for goal in goals)
    measures = [measure for goal in goals for measure in goal.entries("measures")]
    refuse_duplicates((measure, "code", measure.text("code")) for measure in measures)
    indicators = [entry for measure in measures for entry in measure.entries("indicators")]
    refuse_duplicates((indicator, "key", indicator.text("key")) for indicator in indicators)
    return tuple(sorted(fields, key=lambda field: natural_order(field.code)))


def _field(entry: YamlBlock) -> FieldEntry:
    entry.only("number", "name", "goals")
    return FieldEntry(
        code=entry.code("number"),
        name=entry.text("name", longest=300),
        goals=tuple(_goal(goal) for goal in entry.entries_required("goals")),
    )


def _goal(entry: YamlBlock) -> GoalEntry:
    entry.only("number", "title", "title_annex2", "notes", "measures")
    code = entry.code("number")
    return GoalEntry(
        code=code,
        title=entry.text("title"),
        title_annex2=entry.text("title_annex2"),
        notes=entry.texts("notes"),
        measures=tuple(_measure(measure, code) for measure in entry.entries_required("measures")),
    )


def _measure(entry: YamlBlock, goal: str) -> MeasureEntry:
    entry.only("code", "kind", "text", "display_text", "notes", "indicators")
    code = entry.code("code")
    running = code.removeprefix(goal)
    if running in {"", code} or (goal[-1].isdecimal() and running[0].isdecimal()):
        raise entry.error(
            f"Die Nummer „{code}“ passt nicht zum Ziel {goal}.",
            f'Bitte mit der Nummer des Ziels beginnen, zum Beispiel "{goal}.1".',
            at="code",
        )
    text = entry.text("text")
    return MeasureEntry(
        code=code,
        kind=entry.choice("kind", MeasureKind) if "kind" in entry else MeasureKind.MEASURE,
        text=text,
        display_text=entry.text_or_none("display_text") or text,
        notes=entry.texts("notes"),
        indicators=tuple(_indicators(entry)),
    )


def _indicators(measure: YamlBlock) -> Iterator[IndicatorFact]:
    for entry in measure.entries("indicators"):
        entry.only("key", "name", "kind", "operator", "value", "unit", "per_year", "note")
        yield IndicatorFact(
            key=entry.text("key", longest=40),
            name=entry.text("name", longest=300),
            kind=entry.choice("kind", IndicatorKind),
            operator=SIGN[entry.choice("operator", Operator)],
            target=entry.decimal("value"),
            unit=entry.text("unit", longest=80),
            per_year=entry.flag("per_year"),
            note=entry.text_or_none("note") or "",
        )


def _institutions(top: YamlBlock) -> tuple[InstitutionEntry, ...]:
    top.only("source", "institutions")
    entries = [
        entry.only("key", "name", "short_name", "kind")
        for entry in top.entries_required("institutions")
    ]
    refuse_duplicates((entry, "key", entry.text("key")) for entry in entries)
    return tuple(
        InstitutionEntry(
            key=entry.text("key", longest=80),
            name=entry.text("name", longest=300),
            short_name=entry.text("short_name", longest=80),
            kind=entry.choice("kind", InstitutionKind),
            source=top.text("source", longest=300),
        )
        for entry in entries
    )
