"""The totals of a round, added up plainly from the published document, by what they are called.

A total goes by the words that stand beside it on paper, e.g. ("Umsetzungsstand", "in Umsetzung").
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Json = dict[str, Any]
Key = tuple[str, ...]
ORDER = ["dropped", "deferred", "not_started", "planned", "in_progress", "completed", "established"]
GRAVE: dict[str | None, int] = {None: 0, "on_track": 0, "at_risk": 1, "critical": 2}
# What every Handlungsfeld adds up to.
WHOLE = "Summe"
EARLIER = "Stand aus früherer Runde"
RUNNING = "laufend oder erfüllt"
PROPOSALS = "Steuerungsvorschläge"
MUNICIPAL = "Laufende städtische Förderung"
_HIDDEN = "unter 5, nicht veröffentlicht"


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def number(value: Decimal | int) -> str:
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


@dataclass(frozen=True)
class Share:
    """A "n von N"; `percent` is None of none."""

    count: int
    total: int

    @property
    def percent(self) -> Decimal | None:
        if not self.total:
            return None
        return (Decimal(self.count * 100) / self.total).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def __str__(self) -> str:
        return f"{self.count} von {self.total}"


@dataclass(frozen=True)
class Sum:
    """What `count` of `total` measures named, added up; None: nobody knows."""

    value: Decimal | None
    count: int
    total: int
    hidden: int = 0
    euro: bool = False
    unknown: str = dataclasses.field(default="nicht bekannt", compare=False)

    @property
    def text(self) -> str:
        if self.value is None:
            groups = f"{self.hidden} Gruppen " if self.hidden > 1 else ""
            return f"{groups}{_HIDDEN}" if self.hidden else self.unknown
        if self.euro:
            amount = f"{cents(self.value):,}".translate(str.maketrans(",.", ".,"))
            return f"{amount} €"
        return f"{'mindestens ' if self.hidden else ''}{number(self.value)}"

    def __str__(self) -> str:
        return f"{self.text} {Share(self.count, self.total)}"


@dataclass(frozen=True)
class Donor:
    """What a Geber gives: the known amount, its Förderungen, those without an amount."""

    value: Decimal | None
    lines: int
    unknown: int
    codes: tuple[str, ...]

    def __str__(self) -> str:
        amount = Sum(self.value, 0, 0, euro=True).text
        return f"{amount}|{self.lines}|{self.unknown}|{', '.join(self.codes)}"


Total = int | Decimal | Share | Sum | Donor | None
Totals = dict[Key, Total]


def in_cents(totals: Totals) -> Totals:
    """The totals with their amounts rounded, as CSV files hold them."""
    return {
        key: replace(value, value=cents(value.value))
        if isinstance(value, Sum | Donor) and value.value is not None
        else cents(value)
        if isinstance(value, Decimal) and key[0] == "Wert"
        else value
        for key, value in totals.items()
    }


def plain_change(old: Json | None, new: Json | None) -> str:
    """How a measure changed, written down plainly."""
    if old is None:
        return "not_reported" if new is None else "newly_reported"
    if new is None:
        return "no_longer_reported"
    steps = ORDER.index(new["implementation"]) - ORDER.index(old["implementation"])
    graver = GRAVE[new["course"]] - GRAVE[old["course"]]
    if graver > 0 or steps < 0:
        return "worse"
    return "better" if steps > 0 or graver < 0 else "unchanged"


def plain_totals(document: Json, positions: Iterable[str] = ()) -> Totals:
    """Every total of a round, or of these Handlungsfelder of it."""
    chosen = frozenset(positions) or {item["code"] for item in document["fields"]}
    start = document["round"]["start"]
    measures = [current(item, start) for item in document["measures"] if item["field"] in chosen]
    words = document["definitions"]
    leaves = _leaves(measures)
    found = _standings(leaves, words)
    found |= {("Rücklauf", name): value for name, value in _returns(measures, words)}
    if document["previous"] is not None:
        found |= _changes(leaves, words)
    used = {label for label, _ in _effect(leaves, words)}
    found |= {("Wirkung", label): added for label, added in _effect(leaves, words)}
    for kind, other, compared in zip(("Plan", "Ist"), ("Ist", "Plan"), _costs(leaves), strict=True):
        found["Wirkung", f"Kosten ({kind}), davon mit {other}"] = compared[1]
    found |= {("Angaben", label): added.count for label, added in _effect(leaves, words)}
    found |= _group(WHOLE, measures, words, used)
    for field in document["fields"]:
        if field["code"] in chosen:
            own = [item for item in measures if item["field"] == field["code"]]
            found |= _group(field["name"], own, words, used)
    return found | _donors(leaves)


def current(item: Json, start: str) -> Json:
    """The measure without Förderungen that ended before the round."""
    if not item["report"]:
        return item
    going = [line for line in item["report"]["funding"] if (line["end"] or start) >= start]
    return item | {"report": item["report"] | {"funding": going}}


def _leaves(measures: list[Json]) -> list[Json]:
    return [item for item in measures if item["reportable"]]


def _group(name: str, measures: list[Json], words: Json, used: set[str]) -> Totals:
    """The totals of a Handlungsfeld or of the whole, in the `used` units."""
    leaves = _leaves(measures)
    found: Totals = {}
    found |= {("Handlungsfeld", name, label): count for label, count in _stands(leaves, words)}
    found["Handlungsfeld", name, "Maßnahmen"] = len(leaves)
    found |= {("Verlauf", name, label): count for label, count in _courses(leaves, words)}
    found["Verlauf", name, "gemeldet"] = sum(item["value"] is not None for item in leaves)
    for label, value in _returns(measures, words):
        found["Rücklauf", name, label] = value
        if isinstance(value, Share):
            found["Rücklauf", name, "erwartet"] = value.total
            found["Prozent", name, label] = value.percent
    if leaves or name == WHOLE:
        for label, added in _effect(leaves, words, every=True):
            if label in used:
                if name != WHOLE:
                    found["Wirkung", name, label] = added
                found["Wert", name, label] = added.value
        found |= {("Kosten", name, kind): value for kind, value in _costs(leaves)}
    return found


def _labels(words: Json, kind: str) -> dict[str, str]:
    return {item["code"]: item["label"] for item in words[kind]}


def _stands(leaves: list[Json], words: Json) -> Iterator[tuple[str, int]]:
    counts = Counter(item["value"]["implementation"] for item in leaves if item["value"])
    for code, label in _labels(words, "implementation").items():
        yield label, counts[code]
    yield words["no_report"]["label"], sum(item["value"] is None for item in leaves)


def _courses(leaves: list[Json], words: Json) -> Iterator[tuple[str, int]]:
    """How many run how, and of how many nobody asks that, of those reported."""
    counts = Counter(item["value"]["course"] for item in leaves if item["value"])
    for code, label in _labels(words, "course").items():
        yield label, counts[code]
    yield words["course_not_asked"]["label"], counts[None]


def _standings(leaves: list[Json], words: Json) -> Totals:
    given = [item for item in leaves if item["value"]]
    *courses, (not_asked, without) = _courses(leaves, words)
    asked = len(given) - without
    found: Totals = {("Umsetzungsstand", label): count for label, count in _stands(leaves, words)}
    found["Kopf", RUNNING] = sum(
        item["value"]["implementation"] in ("in_progress", "completed", "established")
        for item in given
    )
    found |= {("Verlauf", label): Share(count, asked) for label, count in courses}
    found["ohne Verlauf", not_asked] = without
    found["ohne Verlauf", words["no_report"]["label"]] = len(leaves) - len(given)
    found["Meldungen", "gemeldet"] = Share(len(given), len(leaves))
    found["Meldungen", EARLIER] = sum(item["carried"] is not None for item in leaves)
    found["Beschlusspunkte", PROPOSALS] = sum(
        bool(item["report"] and item["report"]["consequence"].strip()) for item in leaves
    )
    return found


def _returns(measures: list[Json], words: Json) -> Iterator[tuple[str, Share | int]]:
    every = [item["expected"] for item in measures if item["expected"]]
    asked = [item for item in every if item["state"] != "waived"]
    counts = {
        "completeness": sum(item["first_submitted_on"] is not None for item in asked),
        "acceptance": sum(item["state"] == "accepted" for item in asked),
        "timeliness": sum(item["punctuality"] == "on_time" for item in asked),
    }
    labels = {item["key"]: item["label"] for item in words["figures"]}
    for key, count in counts.items():
        yield labels[key], Share(count, len(asked))
    yield "befreit", len(every) - len(asked)


def _changes(leaves: list[Json], words: Json) -> Totals:
    kinds = Counter(plain_change(item["previous_value"], item["value"]) for item in leaves)
    return {("Veränderung", label): kinds[code] for code, label in _labels(words, "change").items()}


def _added(values: list[Any], total: int, *, euro: bool = False, count: int | None = None) -> Sum:
    given = [Decimal(str(value)) for value in values if value is not None]
    value = sum(given, Decimal(0)) if given else None
    return Sum(value, len(given) if count is None else count, total, euro=euro)


def _effect(leaves: list[Json], words: Json, *, every: bool = False) -> Iterator[tuple[str, Sum]]:
    """Sums by their label; of units only those that somebody used, or `every` one."""
    reports = [item["report"] or {} for item in leaves]
    names, total = words["report_fields"], len(leaves)
    for unit, word in words["choices"]["participant_unit"].items():
        lines = [
            [line for line in report.get("participants", ()) if line["unit"] == unit]
            for report in reports
        ]
        if every or any(lines):
            yield f"{names['participants']}: {word}", _people(lines)
    yield names["events"], _added([report.get("events") for report in reports], total)
    for unit, word in words["choices"]["staff_unit"].items():
        values = [item.get("staff") for item in reports if item.get("staff_unit") == unit]
        if every or any(value is not None for value in values):
            yield f"{names['staff']}: {word}", _added(values, total)
    for key in ("cost_planned", "cost_actual"):
        yield names[key], _added([report.get(key) for report in reports], total, euro=True)
    grants = [report.get("funding", ()) for report in reports]
    amounts = [line["amount"] for lines in grants for line in lines]
    count = sum(any(line["amount"] is not None for line in lines) for lines in grants)
    yield names["funding"], _added(amounts, total, euro=True, count=count)
    yield MUNICIPAL, _municipal([item["ziff5"] for item in leaves])


def _municipal(said: list[Json]) -> Sum:
    """Amounts for different periods have no sum."""
    amounts = [item["municipal_funding"] for item in said]
    paid = [item for item in said if Decimal(item["municipal_funding"] or 0)]
    added = _added(amounts, len(said), euro=True)
    if len({item["municipal_funding_period"] for item in paid}) < 2:
        return added
    return replace(added, value=None, unknown="je Zeitraum, nicht addiert")


def _people(lines: list[list[Json]]) -> Sum:
    every = [line for its in lines for line in its]
    public = [line["count"] for line in every if not line["suppressed"]]
    found = _added(public, len(lines), count=sum(map(bool, lines)))
    return Sum(found.value, found.count, found.total, len(every) - len(public))


def _costs(leaves: list[Json]) -> Iterator[tuple[str, Sum]]:
    reports = [item["report"] or {} for item in leaves]
    both = [
        item
        for item in reports
        if item.get("cost_planned") is not None and item.get("cost_actual") is not None
    ]
    yield "Plan", _added([item["cost_planned"] for item in both], len(leaves), euro=True)
    yield "Ist", _added([item["cost_actual"] for item in both], len(leaves), euro=True)


def _donors(leaves: list[Json]) -> Totals:
    lines: dict[str, list[tuple[str, Any]]] = {}
    for item in leaves:
        for line in (item["report"] or {}).get("funding", ()):
            lines.setdefault(line["donor"], []).append((item["code"], line["amount"]))
    return {
        ("Geber", donor): Donor(
            _added([amount for _, amount in given], 0).value,
            len(given),
            sum(amount is None for _, amount in given),
            tuple(dict.fromkeys(code for code, _ in given)),
        )
        for donor, given in lines.items()
    }
