"""Handlungsfelder and Ziele of a round with the measures chosen, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.german import share, some, verb_for
from tracker.publication.reading.counts import spread
from tracker.publication.reading.overview import ARROWS, place, places_table
from tracker.publication.reading.sentences import NOT_COMPARABLE, in_fields
from tracker.publication.reading.table import Column, Kind, Row, Table, columns, page_table
from tracker.publication.reading.words import Words, day, lead_of
from tracker.publication.rules.document import (
    ConcretisationRecord,
    FieldRecord,
    GoalRecord,
    GoalsPart,
    OverviewMeasure,
    RoundFiguresRecord,
    TextsMeasure,
)
from tracker.publication.rules.snapshot_figures import running
from tracker.publication.rules.snapshot_views import figures
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course

# What is said where nothing moved, first that applies.
_STILL = (Change.UNCHANGED, Change.NEWLY_REPORTED, Change.NO_LONGER_REPORTED, Change.NOT_REPORTED)


@dataclass(frozen=True)
class Goal:
    """An Oberziel with both wordings; `concretisation` is Ziff. 5 c.

    `measures` are those chosen in the order of the concept, `figures` those over them.
    """

    code: str
    field: str
    title: str
    title_annex2: str
    notes: tuple[str, ...]
    concretisation: ConcretisationRecord
    measures: tuple[OverviewMeasure, ...]
    figures: RoundFiguresRecord

    @property
    def whole(self) -> str:
        """Return of what its measures are all."""
        return "zum Ziel"

    @property
    def name(self) -> str:
        """Return "Ziel 4: Erhöhung …"."""
        return f"Ziel {self.code}: {self.title}"

    @property
    def short_name(self) -> str:
        return f"Ziel {self.code}"


@dataclass(frozen=True)
class Field:
    """A Handlungsfeld with its goals."""

    code: str
    title: str
    goals: tuple[Goal, ...]
    measures: tuple[OverviewMeasure, ...]
    figures: RoundFiguresRecord

    @property
    def whole(self) -> str:
        """Return of what its measures are all."""
        return "im Handlungsfeld"

    @property
    def name(self) -> str:
        """Return "Handlungsfeld 2: Schule"."""
        return field_name(self.code, self.title)

    @property
    def short_name(self) -> str:
        return f"{self.code} {self.title}"


Place = Field | Goal


def field_name(code: str, title: str) -> str:
    """Return "Handlungsfeld 2: Schule"."""
    return f"Handlungsfeld {code}: {title}"


def fields(
    part: GoalsPart, measures: Sequence[OverviewMeasure], *, decisions: Iterable[str]
) -> tuple[Field, ...]:
    """Return all fields; `part` is the snapshot's `goals`, `measures` those chosen.

    `decisions` are the codes of measures with a Steuerungsvorschlag.
    """
    asked = frozenset(decisions)
    return tuple(_field(record, measures, asked) for record in part["fields"])


def _field(
    record: FieldRecord, measures: Sequence[OverviewMeasure], decisions: frozenset[str]
) -> Field:
    own = tuple(measure for measure in measures if measure["field"] == record["code"])
    return Field(
        code=record["code"],
        title=record["name"],
        goals=tuple(_goal(goal, record["code"], own, decisions) for goal in record["goals"]),
        measures=own,
        figures=figures(own, decisions=decisions),
    )


def _goal(
    record: GoalRecord, field: str, measures: Sequence[OverviewMeasure], decisions: frozenset[str]
) -> Goal:
    own = tuple(measure for measure in measures if measure["goal"] == record["code"])
    return Goal(
        code=record["code"],
        field=field,
        title=record["title"],
        title_annex2=record["title_annex2"],
        notes=tuple(record["notes"]),
        concretisation=record["concretisation"],
        measures=own,
        figures=figures(own, decisions=decisions),
    )


def moves(found: Place) -> list[tuple[str, int]]:
    """Return how many measures got worse and better; where none did, the one word that says so.

    Empty where there is no earlier round to compare with.
    """
    counts = found.figures["changes"]
    moved = [(kind.value, counts[kind.value]) for kind in ARROWS if counts[kind.value]]
    if moved:
        return moved
    still = [(kind.value, counts[kind.value]) for kind in _STILL if counts[kind.value]]
    return still[:1]


def with_course(fields: Iterable[Field], course: Course) -> list[tuple[Field, int]]:
    counted = [(field, field.figures["distribution"]["courses"][course.value]) for field in fields]
    return [(field, count) for field, count in counted if count]


def with_change(fields: Iterable[Field], kind: Change) -> list[tuple[Field, int]]:
    counted = [(field, field.figures["changes"][kind.value]) for field in fields]
    return [(field, count) for field, count in counted if count]


def ahead(fields: Iterable[Field]) -> int:
    """Return in how many fields at least half the measures run or are fulfilled."""
    counted = [field.figures["distribution"] for field in fields]
    return sum(2 * running(counts) >= counts["total"] > 0 for counts in counted)


def asked(fields: Iterable[Field]) -> list[Goal]:
    """Return the goals with a measure that could be reported."""
    goals = (goal for field in fields for goal in field.goals)
    return [goal for goal in goals if goal.figures["distribution"]["total"]]


def silent(fields: Iterable[Field]) -> list[Goal]:
    """Return the goals about which nothing was reported although it could have been."""
    return [goal for goal in asked(fields) if not goal.figures["distribution"]["reported"]]


def next_steps(found: Place, texts: Mapping[str, TextsMeasure]) -> dict[str, date | None]:
    """Return by when the next step of each measure is planned; `texts` are those of the round."""
    return {
        measure["code"]: day(texts[measure["code"]]["next_step_on"]) for measure in found.measures
    }


# Tables


def numbers_table(key: str, title: str, found: Sequence[Place], words: Words) -> Table:
    """Return the numbers of places, one row each."""
    return places_table(
        key,
        title,
        columns("Ziel" if key == "ziele" else "Handlungsfeld, Ziel"),
        [place((named.name,), named.figures, words) for named in found],
        whole=spread("", figures(())["distribution"], words),
        arrows=[words.change[kind.value] for kind in ARROWS],
    )


def measures_table(
    title: str,
    measures: Iterable[OverviewMeasure],
    texts: Mapping[str, TextsMeasure],
    words: Words,
    *,
    here: str,
    since: str | None,
) -> Table:
    """Return measures as a sitting reads them; `here` is the round shown."""
    before = columns(f"Stand {since}") if since else ()
    head = (
        *columns("Nr.", "Maßnahme", "federführend"),
        *before,
        *columns(f"Stand {here}", "Veränderung", "nächster Schritt"),
        Column("bis", kind=Kind.DAY),
        *columns("Begründung"),
    )
    rows = tuple(
        _measure(measure, texts[measure["code"]], words, is_compared=bool(since))
        for measure in measures
    )
    return page_table("massnahmen", title, head, rows)


def _measure(
    measure: OverviewMeasure, said: TextsMeasure, words: Words, *, is_compared: bool
) -> Row:
    before = words.value(measure["previous_value"]) if measure["reportable"] else None
    return (
        measure["code"],
        measure["display_text"],
        lead_of(measure, words),
        *((before,) if is_compared else ()),
        _now(measure, words),
        words.change[measure["change"]].label if measure["change"] else None,
        said["report"].get("next_step"),
        day(said["next_step_on"]),
        _reason(said),
    )


def _now(measure: OverviewMeasure, words: Words) -> str:
    if not measure["reportable"]:
        return words.choices["measure_kind"]["reference"]
    if measure["value"] is None and measure["carried"] is not None:
        carried = measure["carried"]
        return f"{words.no_report.label}, zuletzt {words.value(carried)} ({carried['label']})"
    return words.value(measure["value"])


def _reason(said: TextsMeasure) -> str:
    reasons = [said["report"].get("reason", "")]
    if said["reviewed_reason"]:
        reasons.append(f"Festgestellt: {said['reviewed_reason']}")
    if said["dissent"]:
        reasons.append(f"Abweichende Stellungnahme: {said['dissent']}")
    return " ".join(text for text in reasons if text)


# Sentences

DISTRIBUTED = "Ein Balken je Ziel, im Maßstab des Handlungsfelds darüber."
SCALE = (
    "Ein Balken je Handlungsfeld und Ziel, alle im selben Maßstab: gleich lang heißt gleich viele "
    "Maßnahmen."
)
OVERDUE_RULE = "gemeldete nächste Schritte mit Termin, deren Termin vor dem Stichtag liegt"


def fields_with_course(count: int, total: int, *, word: str, basis: str) -> str:
    """Return in how many Handlungsfelder a measure is reported critical (or at risk).

    `basis` names how many measures were reported at all.
    """
    return f"{in_fields(count, total)} ist mindestens eine Maßnahme als {word} gemeldet ({basis})."


def fields_with_change(count: int, total: int, *, word: str, since: str | None) -> str:
    """Return in how many Handlungsfelder a measure got worse; `since` None: nothing to compare."""
    if since is None:
        return NOT_COMPARABLE
    where = in_fields(count, total)
    return f"{where} hat sich gegenüber {since} mindestens eine Maßnahme {word}."


def silent_goals(count: int, total: int) -> str:
    """Return about how many goals nothing was reported."""
    if total == 0:
        return "Es gibt hier kein Ziel, zu dem berichtet wird."
    if count == 0:
        whom = "dem einen Ziel" if total == 1 else f"jedem der {total} Ziele"
        return f"Zu {whom} liegt mindestens eine geprüfte Meldung vor."
    if count == total > 1:
        return f"Zu keinem der {total} Ziele liegt eine geprüfte Meldung vor."
    which = share(count, total, "Ziel", "Zielen", only="dem einen")
    return f"Zu {which} liegt keine geprüfte Meldung vor."


def overdue(count: int, planned: int) -> str:
    """Return how many next steps should have been done by the Stichtag."""
    if planned == 0:
        return "Für keine Maßnahme ist ein Termin des nächsten Schritts angegeben."
    if planned == 1:
        not_ = "" if count else "nicht "
        return f"Der eine Termin für einen nächsten Schritt liegt {not_}vor dem Stichtag."
    which = f"{verb_for(count, 'liegt', 'liegen')} {some(count, 'keiner', 'einer')}"
    return f"Von {planned} Terminen für nächste Schritte {which} vor dem Stichtag."


def coverage(reported: int, total: int, carried: int) -> str:
    """Return "10 von 12 gemeldet, zu 1 ein älterer Stand"; for none that nothing is asked."""
    if total == 0:
        return "hierüber wird nicht berichtet"
    older = f", zu {some(carried, 'keiner', 'einer')} ein älterer Stand" if carried else ""
    return f"{reported} von {total} gemeldet{older}"
