"""The numbers and lists of one report in words; what was not given is "nicht bekannt", never 0."""

from __future__ import annotations

from dashboards.content.sentences_effect import HIDDEN
from tracker.core.german import UNKNOWN, day, euro, number, quantity
from tracker.publication.reading.words import Json, Words

_OPERATORS = {">=": "≥", "<=": "≤"}


def how_reported(measure: Json, words: Words) -> str:
    """Return who reported, when, and how; why not where a report was waived or is missing."""
    expected = measure["expected"]
    if expected is None:
        return "keine Meldung erwartet, weil niemand federführend benannt ist"
    name = expected["institution"]["name"]
    if expected["waived_reason"] is not None:
        return f"{name}: befreit – {expected['waived_reason']}"
    if expected["first_submitted_on"] is None:
        return f"{name}: noch keine Meldung"
    told = [f"{name}, abgegeben am {day(expected['first_submitted_on'])}"]
    told.append(words.punctuality[expected["punctuality"]].label)
    if expected["state"] != "accepted":
        told.append(words.report_state[expected["state"]].label)
    if expected["on_behalf"]:
        told.append("vom KI im Auftrag eingetragen")
    if measure["unchanged_confirmed"]:
        told.append(_unchanged(measure["unchanged_streak"]))
    return ", ".join(told)


def _unchanged(streak: int) -> str:
    return (
        f"unverändert bestätigt ({streak}-mal in Folge)" if streak > 1 else "unverändert bestätigt"
    )


def participants(measure: Json, words: Words) -> list[str]:
    """Return one line per unit; groups under 5 are not published."""
    report = measure["report"]
    if report is None:
        return []
    units = words.choices["participant_unit"]
    return [
        f"{units[line['unit']]}: {HIDDEN}"
        if line["suppressed"]
        else f"{number(line['count'], UNKNOWN)} {units[line['unit']]}"
        for line in report["participants"]
    ] or [UNKNOWN]


def events(measure: Json, _words: Words) -> list[str]:
    report = measure["report"]
    return [] if report is None else [number(report["events"], UNKNOWN)]


def staff(measure: Json, words: Words) -> list[str]:
    """Return Personal with its unit."""
    report = measure["report"]
    if report is None:
        return []
    if report["staff"] is None:
        return [UNKNOWN]
    unit = words.choices["staff_unit"].get(report["staff_unit"] or "", "")
    return [f"{number(report['staff'], UNKNOWN)} {unit}".strip()]


def planned(measure: Json, _words: Words) -> list[str]:
    report = measure["report"]
    return [] if report is None else [euro(report["cost_planned"], UNKNOWN)]


def actual(measure: Json, _words: Words) -> list[str]:
    report = measure["report"]
    return [] if report is None else [euro(report["cost_actual"], UNKNOWN)]


def funding(measure: Json, _words: Words) -> list[str]:
    """Return one line per Geber with Programm, amount and period."""
    report = measure["report"]
    if report is None:
        return []
    told = []
    for line in report["funding"]:
        donor = ", ".join(part for part in (line["donor"], line["programme"]) if part)
        when = _between(line["start"], line["end"])
        told.append(f"{donor}: {euro(line['amount'], UNKNOWN)}{f' ({when})' if when else ''}")
    return told


def districts(measure: Json, words: Words) -> list[str]:
    report = measure["report"]
    if report is None:
        return []
    return [words.choice("district", code) for code in report["districts"]]


def is_overdue(due_on: str | None, as_of: str) -> bool:
    """Return whether a day lies before the Stichtag; both "2026-09-30" or no day."""
    return due_on is not None and due_on < as_of


def milestones(measure: Json, *, as_of: str) -> list[tuple[str, bool]]:
    """Return the Meilensteine in words, each with whether it is open and past its day."""
    report = measure["report"]
    if report is None:
        return []
    told = []
    for line in report["milestones"]:
        if line["done_on"]:
            when = f"erledigt am {day(line['done_on'])}"
        else:
            when = f"geplant bis {day(line['due_on'])}" if line["due_on"] else "ohne Termin"
        late = not line["done_on"] and is_overdue(line["due_on"], as_of)
        told.append((f"{line['title']}: {when}", late))
    return told


def indicators(measure: Json, words: Words) -> list[str]:
    """Return value against target, with the running sum of the year where the target is yearly."""
    told = []
    for item in measure["indicators"]:
        text = (
            f"{item['name']}: {number(item['value'], UNKNOWN)} ({_kind(item, words)} {target(item)}"
        )
        if item["per_year"] and item["year_sum"] is not None:
            text = f"{text}, im Jahr bisher {number(item['year_sum'], UNKNOWN)}"
        told.append(f"{text})")
    return told


def target(item: Json) -> str:
    """Return the target or condition of a Kennzahl: "≥ 4 Elternveranstaltungen je Jahr"."""
    operator = _OPERATORS.get(item["operator"], item["operator"])
    goal = f"{operator}\N{NO-BREAK SPACE}{quantity(item['target'], item['unit'])}"
    return f"{goal} je Jahr" if item["per_year"] else goal


def _kind(item: Json, words: Words) -> str:
    return words.choices["indicator_kind"][item["kind"]]


def _between(start: str | None, end: str | None) -> str:
    if start and end:
        return f"{day(start)} bis {day(end)}"
    if start:
        return f"ab {day(start)}"
    return f"bis {day(end)}" if end else ""
