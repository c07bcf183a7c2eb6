"""One measure as its sheet says it: what the council wrote, where it stands, what everybody says.

Pages and papers print the same `MeasureSheet`; a page makes one of each published round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from tracker.concept.words import target_in_words
from tracker.core.german import UNKNOWN, day, euro, number, quantity, span
from tracker.core.text import alphabetical
from tracker.publication.reading.basis import occasion_words
from tracker.publication.reading.model_values import Entry, Mark, Paragraphs, Standing, Value
from tracker.publication.reading.words import CROSS_REFERENCE, Words, decimal, money, written
from tracker.publication.reading.words import day as day_of
from tracker.publication.rules.document import (
    ConcretisationRecord,
    Document,
    FieldName,
    FundingRecord,
    GoalTitle,
    IndicatorRecord,
    MeasurePart,
    MeasureRecord,
    ReportRecord,
    Ziff5Record,
)
from tracker.publication.rules.effect import has_ended
from tracker.publication.rules.milestones import Milestone, timeline
from tracker.publication.rules.targets import meets

HIDDEN = "unter 5, nicht veröffentlicht"
NOT_RECEIVED, NOT_ACCEPTED = "nicht eingegangen", "eingegangen, nicht angenommen"
ESTABLISHED = "nach Prüfung festgestellt"
OVERDUE = "überfällig"
KENNZAHL = "Kennzahl: "
MILESTONE = "Meilenstein"
_TextKey = Literal[
    "achieved",
    "changed",
    "obstacles",
    "reason",
    "consequence",
    "target_group",
    "partners",
    "cooperation_wanted",
    "evidence_url",
]
_COSTS: tuple[tuple[int, Literal["cost_planned", "cost_actual"]], ...] = (
    (3, "cost_planned"),
    (4, "cost_actual"),
)
# Texts of a report in the order of a sheet.
TEXTS: tuple[_TextKey, ...] = get_args(_TextKey)


@dataclass(frozen=True)
class MeasureSheet:
    """Everything that is said about one measure; `occasions` say why it is an exception."""

    code: str
    field: str
    goal: str
    text: str
    display_text: str
    reportable: bool
    lead: str
    lead_short: str
    partners: tuple[str, ...]
    before: Standing
    now: Standing
    change: Mark | None
    next_step: str
    next_step_on: date | None
    is_step_overdue: bool
    self_report: Standing | None
    review_reason: str
    dissent: str
    responsibility: tuple[Entry, ...]
    ziff5: tuple[Entry, ...]
    figures: tuple[Entry, ...]
    texts: tuple[Paragraphs, ...]
    notes: tuple[str, ...]
    occasions: tuple[str, ...]


def sheet(
    measure: MeasureRecord,
    *,
    field: FieldName,
    goal: GoalTitle,
    document: Document | MeasurePart,
    words: Words,
) -> MeasureSheet:
    """Return the sheet of a measure; its `report` may be None (keine Meldung).

    `document` is the round, whole or as the measure's part.
    """
    report, reviewed = measure["report"], measure["reviewed"]
    change = measure["change"]
    as_of = document["round"]["as_of"]
    lead = measure["lead"]
    return MeasureSheet(
        code=measure["code"],
        field=field["name"],
        goal=f"{goal['code']} {goal['title']}",
        text=measure["text"],
        display_text=measure["display_text"],
        reportable=measure["reportable"],
        lead=lead["name"] if lead else words.not_determined,
        lead_short=lead["short_name"] if lead else words.not_determined,
        partners=_partners(measure),
        before=_before(measure, document, words),
        now=_now(measure, words),
        change=None if change is None else words.change[change],
        next_step=report["next_step"] if report else "",
        next_step_on=day_of(report["next_step_on"]) if report else None,
        is_step_overdue=is_overdue(report["next_step_on"], as_of) if report else False,
        self_report=words.standing(measure["self_report"]) if reviewed else None,
        review_reason=reviewed["reason"] if reviewed else "",
        dissent=measure["dissent"] or "",
        responsibility=tuple(_responsibility(measure, words)),
        ziff5=tuple(_ziff5(measure["ziff5"], words)),
        figures=(
            *(_figures(report, words, document["round"]["start"]) if report else ()),
            *_indicators(measure, words),
            *(_milestones(report, as_of) if report else ()),
        ),
        texts=tuple(_texts(report, words)) if report else (),
        notes=tuple(measure["notes"]),
        occasions=occasion_words(measure, words),
    )


def sheet_of(part: MeasurePart, words: Words) -> MeasureSheet:
    """Return the sheet of a measure's part of a round."""
    return sheet(
        part["measure"], field=part["field"], goal=part["goal"], document=part, words=words
    )


def _before(measure: MeasureRecord, document: Document | MeasurePart, words: Words) -> Standing:
    if not measure["reportable"]:
        return Standing(CROSS_REFERENCE)
    if document["previous"] is None:
        return Standing(words.no_report, None, "keine Vorrunde")
    return words.standing(measure["previous_value"])


def _now(measure: MeasureRecord, words: Words) -> Standing:
    """Return the value of this round; without one, say what is known and since when."""
    if not measure["reportable"]:
        return Standing(CROSS_REFERENCE)
    value, own = measure["value"], measure["self_report"]
    if value is not None:
        now = words.standing(value)
        if not measure["reviewed"] or own is None:
            return now
        # Who reads it must see which of the two is not what the institution reported.
        found, course = (
            ESTABLISHED if value[key] != own[key] else "" for key in ("implementation", "course")
        )
        return replace(now, note=found, course_note=course)
    notes = []
    expected, carried = measure["expected"], measure["carried"]
    if expected is not None and expected["state"] == "waived":
        notes.append("befreit")
    elif expected is not None and expected["first_submitted_on"] is not None:
        notes.append(NOT_ACCEPTED)
    if carried is not None:
        stand = words.implementation[carried["implementation"]].label
        notes.append(f"zuletzt {carried['label']}: {stand}")
    return words.standing(None, note="; ".join(notes))


def _partners(measure: MeasureRecord) -> tuple[str, ...]:
    return tuple(sorted((partner["name"] for partner in measure["partners"]), key=alphabetical))


def _responsibility(measure: MeasureRecord, words: Words) -> Iterator[Entry]:
    lead, partners = measure["lead"], _partners(measure)
    yield Entry("federführend", lead["name"] if lead else words.not_determined)
    if partners:
        yield Entry("beteiligt", ", ".join(partners))
    if measure["reportable"]:
        yield Entry("Meldung", how_reported(measure, words))


def how_reported(measure: MeasureRecord, words: Words) -> str:
    """Return when and how was reported; why not where a report was waived or is missing."""
    expected = measure["expected"]
    if expected is None:
        return "keine Meldung erbeten, weil niemand federführend benannt ist"
    if expected["waived_reason"] is not None:
        return f"befreit – {expected['waived_reason']}"
    if expected["first_submitted_on"] is None or expected["punctuality"] is None:
        return NOT_RECEIVED
    parts = [
        f"abgegeben am {day(expected['first_submitted_on'])}",
        words.punctuality[expected["punctuality"]].label,
    ]
    if expected["state"] != "accepted":
        parts.append("nicht angenommen")
    if expected["on_behalf"]:
        parts.append("von der koordinierenden Stelle im Auftrag eingetragen")
    if measure["unchanged_confirmed"]:
        streak = measure["unchanged_streak"]
        often = f" ({streak}-mal in Folge)" if streak > 1 else ""
        parts.append(f"unverändert bestätigt{often}")
    return ", ".join(parts)


def _ziff5(ziff5: Ziff5Record, words: Words) -> Iterator[Entry]:
    """Return the four things that Ziff. 5 of the resolution asks for."""
    competence = words.choice("competence", ziff5["competence"])
    yield Entry("Handlungskompetenz", competence, note=ziff5["competence_reason"] or "")
    yield Entry("kurzfristig umsetzbar", words.choice("short_term", ziff5["short_term"]))
    text = ziff5["concretisation"]
    yield Entry(
        "Konkretisierung",
        text["text"] or words.not_determined,
        note=_source(text) if text["text"] else "",
    )
    funding = euro(ziff5["municipal_funding"], UNKNOWN)
    yield Entry("städtische Förderung", funding, note=ziff5["municipal_funding_period"] or "")


def _source(concretisation: ConcretisationRecord) -> str:
    return ", ".join(
        part
        for part in (
            concretisation["office"],
            day(concretisation["on"]) if concretisation["on"] else "",
        )
        if part
    )


def printed(entry: Entry) -> str:
    """Return an entry's value with what stands beside it, on one line."""
    text = f"{written(entry.value)} ({entry.note})" if entry.note else written(entry.value)
    return f"{text}, {OVERDUE}" if entry.is_overdue else text


def _texts(report: ReportRecord, words: Words) -> Iterator[Paragraphs]:
    for key in TEXTS:
        if report[key].strip():
            yield Paragraphs(words.field(key), report[key], key)


def _figures(report: ReportRecord, words: Words, start: str) -> Iterator[Entry]:
    for line in report["participants"]:
        unit = words.choice("participant_unit", line["unit"])
        count: Value = HIDDEN if line["suppressed"] else line["count"]
        yield Entry(f"{words.field('participants')} ({unit})", count)
    if report["events"] is not None:
        yield Entry(words.field("events"), report["events"], order=1)
    if report["staff"] is not None:
        unit = words.choice("staff_unit", report["staff_unit"])
        yield Entry(f"{words.field('staff')} ({unit})", decimal(report["staff"]), order=2)
    for order, name in _COSTS:
        if report[name] is not None:
            yield Entry(words.field(name), money(report[name]), order=order)
    for grant in report["funding"]:
        yield Entry(words.field("funding"), _funding(grant, start), order=5)
    if report["districts"]:
        districts = words.choice_list("district", report["districts"])
        yield Entry(words.field("districts"), districts, order=6)


def _funding(line: FundingRecord, start: str) -> str:
    donor = ", ".join(part for part in (line["donor"], line["programme"]) if part)
    ended = has_ended(line, start)
    when = f"beendet am {day(line['end'])}" if ended else span(line["start"], line["end"])
    return f"{donor}: {euro(line['amount'], UNKNOWN)}{f' ({when})' if when else ''}"


def goal_of(indicator: IndicatorRecord) -> str:
    """Return target or condition of a Kennzahl: "4 Veranstaltungen je Jahr", "mindestens 30 %"."""
    return target_in_words(
        indicator["kind"],
        indicator["operator"],
        indicator["target"],
        indicator["unit"],
        per_year=indicator["per_year"],
    )


def state_of(indicator: IndicatorRecord) -> str:
    """Return whether target or condition is met, "" where nothing was reported."""
    met = meets(indicator)
    if met is None:
        return ""
    if indicator["kind"] == "condition":
        return "erfüllt" if met else "nicht erfüllt"
    return "erreicht" if met else "noch nicht erreicht"


def _indicators(measure: MeasureRecord, words: Words) -> Iterator[Entry]:
    for indicator in measure["indicators"]:
        state = state_of(indicator)
        text = f"{indicator_in_words(indicator, words)}{f' · {state}' if state else ''}"
        yield Entry(f"{KENNZAHL}{indicator['name']}", text, order=7)


def indicator_in_words(indicator: IndicatorRecord, words: Words) -> str:
    """Return value, sum of the year and target; whether it is met says `state_of`."""
    # The goal names what is counted: no plural behind a 1.
    unit = indicator["unit"] if indicator["unit"] == "%" else ""
    value = quantity(indicator["value"], unit) if indicator["value"] else UNKNOWN
    year = f"im Jahr bisher {number(indicator['year_sum'], UNKNOWN)}; "
    kind = words.choice("indicator_kind", indicator["kind"])
    so_far = year if indicator["per_year"] else ""
    return f"in dieser Runde {value}; {so_far}{kind} {goal_of(indicator)}"


def is_overdue(due_on: str | None, as_of: str) -> bool:
    """Return whether a day lies before the Stichtag; both "2026-09-30" or no day."""
    return due_on is not None and due_on < as_of


def milestone_in_words(due_on: str | None, done_on: str | None) -> str:
    """Return "geplant bis 30.09.2026", "erledigt am …, geplant war …", "ohne Termin"."""
    if done_on:
        return f"erledigt am {day(done_on)}{f', geplant war {day(due_on)}' if due_on else ''}"
    return f"geplant bis {day(due_on)}" if due_on else "ohne Termin"


def _milestones(report: ReportRecord, as_of: str) -> Iterator[Entry]:
    for line in report["milestones"]:
        state = milestone_in_words(line["due_on"], line["done_on"])
        late = not line["done_on"] and is_overdue(line["due_on"], as_of)
        yield Entry(MILESTONE, f"{line['title']}: {state}", order=8, is_overdue=late)


def milestones(parts: Sequence[MeasurePart]) -> tuple[Milestone, ...]:
    """Return the Meilensteine over these rounds, oldest first; rounds without a report say none.

    `payloads` are the measure's parts (`snapshot_parts.MEASURE`).
    """
    reports = [part["measure"]["report"] for part in parts]
    return timeline([report["milestones"] for report in reports if report is not None])
