"""One measure of the report: what the council wrote, where it stands, what everybody says."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.publication.reading.model import Entry, MeasureSheet, Paragraphs, Standing, Value
from tracker.publication.reading.selection import occasion_words
from tracker.publication.reading.words import (
    CROSS_REFERENCE,
    Json,
    Words,
    day,
    decimal,
    money,
    written,
)

_SIGNS = {">=": "mindestens", ">": "mehr als", "=": "genau", "<": "weniger als", "<=": "höchstens"}
_TEXTS = (
    "achieved",
    "changed",
    "obstacles",
    "reason",
    "consequence",
    "target_group",
    "partners",
    "cooperation_wanted",
    "evidence_url",
)


def sheet(measure: Json, *, field: Json, goal: Json, document: Json, words: Words) -> MeasureSheet:
    """Return the sheet of a measure; `report` of the document may be None (keine Meldung)."""
    report = measure["report"] or {}
    reviewed = measure["reviewed"]
    change = measure["change"]
    as_of = document["round"]["as_of"]
    return MeasureSheet(
        code=measure["code"],
        field=field["name"],
        goal=f"{goal['number']} {goal['title']}",
        text=measure["text"],
        display_text=measure["display_text"],
        reportable=measure["reportable"],
        lead=_name(measure["lead"], words),
        lead_short=(measure["lead"] or {}).get("short_name", words.not_determined),
        partners=tuple(item["name"] for item in measure["partners"]),
        before=_before(measure, document, words),
        now=_now(measure, words),
        change=None if change is None else words.change[change],
        next_step=report.get("next_step", ""),
        next_step_on=day(report.get("next_step_on")),
        is_step_overdue=_is_overdue(report.get("next_step_on"), as_of),
        self_report=words.standing(measure["self_report"]) if reviewed else None,
        review_reason=reviewed["reason"] if reviewed else "",
        dissent=measure["dissent"] or "",
        responsibility=tuple(_responsibility(measure, words)),
        ziff5=tuple(_ziff5(measure["ziff5"], words)),
        figures=(*_figures(report, words), *_indicators(measure), *_milestones(report, as_of)),
        texts=tuple(
            Paragraphs(words.field(name), report[name])
            for name in _TEXTS
            if report.get(name, "").strip()
        ),
        notes=tuple(measure["notes"]),
        occasions=occasion_words(measure, words),
    )


def _name(institution: Json | None, words: Words) -> str:
    return words.not_determined if institution is None else institution["name"]


def _before(measure: Json, document: Json, words: Words) -> Standing:
    if not measure["reportable"]:
        return Standing(CROSS_REFERENCE)
    if document["previous"] is None:
        return Standing(words.no_report, None, "keine Vorrunde")
    return words.standing(measure["previous_value"])


def _now(measure: Json, words: Words) -> Standing:
    """Return the value of this round; without one, say what is known and since when."""
    if not measure["reportable"]:
        return Standing(CROSS_REFERENCE)
    if measure["value"] is not None:
        return words.standing(
            measure["value"], note="vom KI festgestellt" if measure["reviewed"] else ""
        )
    notes = []
    expected, carried = measure["expected"], measure["carried"]
    if expected is not None and expected["state"] in ("waived", "returned"):
        notes.append({"waived": "befreit", "returned": "in Klärung"}[expected["state"]])
    if carried is not None:
        stand = words.implementation[carried["implementation"]].label
        notes.append(f"zuletzt {carried['label']}: {stand}")
    return words.standing(None, note="; ".join(notes))


def _responsibility(measure: Json, words: Words) -> Iterator[Entry]:
    yield Entry("federführend", _name(measure["lead"], words))
    if measure["partners"]:
        yield Entry("beteiligt", ", ".join(item["name"] for item in measure["partners"]))
    expected = measure["expected"]
    if expected is None:
        if measure["reportable"]:
            yield Entry("Meldung", "nicht angefordert, noch keine federführende Institution")
        return
    state = words.report_state[expected["state"]].label
    if expected["punctuality"] is not None and expected["first_submitted_on"] is not None:
        state += f", {words.punctuality[expected['punctuality']].label}"
    if expected["on_behalf"]:
        state += ", vom KI im Auftrag abgegeben"
    if measure["unchanged_confirmed"]:
        state += ", unverändert bestätigt"
    yield Entry("Meldung", state)
    if expected["waived_reason"]:
        yield Entry("befreit, weil", expected["waived_reason"])


def _ziff5(item: Json, words: Words) -> Iterator[Entry]:
    competence = words.choice("competence", item["competence"])
    if item["competence_reason"]:
        competence += f" ({item['competence_reason']})"
    yield Entry("Handlungskompetenz", competence)
    yield Entry("kurzfristig umsetzbar", words.choice("short_term", item["short_term"]))
    yield Entry("Konkretisierung", concretisation(item["concretisation"], words))
    amount = item["municipal_funding"]
    funding = "nicht bekannt" if amount is None else written(money(amount))
    if item["municipal_funding_period"]:
        funding += f" ({item['municipal_funding_period']})"
    yield Entry("städtische Förderung", funding)


def concretisation(item: Json, words: Words) -> str:
    """Return the Fachverwaltung's text with office and day."""
    if not item["text"]:
        return words.not_determined
    source = ", ".join(part for part in (item["office"], written(day(item["on"]))) if part != "–")
    return f"{item['text']} ({source})" if source else item["text"]


def _figures(report: Json, words: Words) -> Iterator[Entry]:
    for line in report.get("participants", ()):
        unit = words.choice("participant_unit", line["unit"])
        hidden = "unter 5, nicht veröffentlicht"
        count: Value = hidden if line["suppressed"] else line["count"]
        yield Entry(f"Teilnehmende ({unit})", count)
    if report.get("events") is not None:
        yield Entry(words.field("events"), report["events"], order=1)
    if report.get("staff") is not None:
        unit = words.choice("staff_unit", report["staff_unit"])
        yield Entry(f"{words.field('staff')} ({unit})", decimal(report["staff"]), order=2)
    for order, name in enumerate(("cost_planned", "cost_actual"), 3):
        if report.get(name) is not None:
            yield Entry(words.field(name), money(report[name]), order=order)
    for line in report.get("funding", ()):
        yield Entry(words.field("funding"), _funding(line))
    if report.get("districts"):
        yield Entry(words.field("districts"), words.choice_list("district", report["districts"]))


def _funding(line: Json) -> str:
    amount = "Betrag nicht bekannt" if line["amount"] is None else written(money(line["amount"]))
    start, end = day(line["start"]), day(line["end"])
    period = f"{written(start)} bis {written(end)}" if start or end else ""
    return ", ".join(part for part in (line["donor"], line["programme"], amount, period) if part)


def goal_of(indicator: Json) -> str:
    """Return target or condition of a Kennzahl: "mindestens 4 Veranstaltungen je Jahr"."""
    sign = _SIGNS.get(indicator["operator"], indicator["operator"])
    yearly = " je Jahr" if indicator["per_year"] else ""
    return f"{sign} {written(decimal(indicator['target']))} {indicator['unit']}{yearly}"


def _indicators(measure: Json) -> Iterator[Entry]:
    for item in measure["indicators"]:
        target = goal_of(item)
        if item["kind"] == "condition":
            yield Entry(f"Kennzahl: {item['name']}", f"Bedingung: {target}")
            continue
        value = "keine Angabe" if item["value"] is None else written(decimal(item["value"]))
        total = item["year_sum"]
        summed = "" if total is None else f"; im Jahr bisher {written(decimal(total))}"
        yield Entry(f"Kennzahl: {item['name']}", f"{value}{summed} (Ziel: {target})")


def _is_overdue(due_on: str | None, as_of: str) -> bool:
    """Return whether a day lies before the Stichtag, as on the dashboards."""
    return due_on is not None and due_on < as_of


def _milestones(report: Json, as_of: str) -> Iterator[Entry]:
    for line in report.get("milestones", ()):
        due, done = day(line["due_on"]), day(line["done_on"])
        state = f"erledigt am {written(done)}" if done else "offen"
        planned = f", geplant {written(due)}" if due else ""
        late = ", überfällig" if not done and _is_overdue(line["due_on"], as_of) else ""
        yield Entry("Meilenstein", f"{line['title']}: {state}{planned}{late}")
