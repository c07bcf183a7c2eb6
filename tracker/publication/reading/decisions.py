"""What asks for a decision in a round, since when, and where earlier ones stand today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.german import counted, every, opening, plural, some
from tracker.publication.reading import sentences
from tracker.publication.reading.measure import ESTABLISHED
from tracker.publication.reading.model_values import Standing
from tracker.publication.reading.table import Column, Kind, Row, Table
from tracker.publication.reading.words import Words, lead_of
from tracker.publication.rules import decisions as rules
from tracker.publication.rules.decisions import Asking, Outcome, Since
from tracker.publication.rules.document import (
    AnyMeasure,
    DecisionRecord,
    Document,
    OverviewMeasure,
    OverviewPart,
    ValueRecord,
)
from tracker.publication.rules.snapshot_figures import reviewed_reason
from tracker.publication.rules.snapshot_json import read_value
from tracker.publication.words import OUTCOME
from tracker.reporting.rules.status import TROUBLED

NOW, BEFORE = "beschlusspunkte", "fruehere-beschlusspunkte"
NOT_RECORDED = (
    "Was beschlossen wurde, steht nicht in den Meldungen. Gezeigt wird, wo die Maßnahme damals "
    "stand und wo sie heute steht."
)
HOW_COUNTED = (
    "Gezählt werden die Maßnahmen mit einem Steuerungsvorschlag in der angenommenen Meldung "
    "dieser Runde. „Seit …“ nennt die erste von mehreren Runden in Folge, in denen zur "
    "Maßnahme ein Steuerungsvorschlag vorlag; sein Wortlaut kann sich geändert haben. Eine Runde "
    "ohne Vorschlag oder ohne Meldung unterbricht die Folge."
)
_NO_EARLIER = "Vor dieser Runde ist keine veröffentlicht; frühere Beschlusspunkte gibt es nicht."


@dataclass(frozen=True)
class Decision:
    """A Steuerungsvorschlag of an accepted report; `field` is a Handlungsfeld's name.

    `value` and `standing` are those of the round it was made in; `since` says since when it is
    asked for, None where earlier rounds were not looked through.
    """

    code: str
    display_text: str
    field_code: str
    field: str
    lead: str
    value: ValueRecord
    standing: Standing
    reason: str
    consequence: str
    has_dissent: bool
    since: Since | None = None


@dataclass(frozen=True)
class Past:
    """A decision asked for earlier, last in the round `label`, and no longer; `now` its value."""

    asked: Decision
    label: str
    now: ValueRecord | None
    outcome: Outcome


@dataclass(frozen=True)
class Decisions:
    """The decisions of a selection; `rounds` is how many earlier rounds were looked through.

    `without` are the codes of troubled measures that no decision is asked for.
    """

    points: tuple[Decision, ...]
    past: tuple[Past, ...]
    rounds: int
    total: int
    here: str
    without: tuple[str, ...]


def decisions_of(
    round_: Document | OverviewPart,
    words: Words,
    *,
    codes: Collection[str] | None = None,
    since: Mapping[str, Since] | None = None,
) -> tuple[Decision, ...]:
    """Return the decisions of a document or of the Überblick's part, of all or of these `codes`."""
    measures = {item["code"]: item for item in round_["measures"]}
    fields = {item["code"]: item["name"] for item in round_["fields"]}
    return tuple(
        _decision(line, measures[line["code"]], fields, words, (since or {}).get(line["code"]))
        for line in round_["decisions"]
        if codes is None or line["code"] in codes
    )


def _decision(
    line: DecisionRecord,
    measure: AnyMeasure,
    fields: Mapping[str, str],
    words: Words,
    since: Since | None,
) -> Decision:
    return Decision(
        code=line["code"],
        display_text=measure["display_text"],
        field_code=measure["field"],
        field=fields[measure["field"]],
        lead=lead_of(measure, words),
        value=line["value"],
        standing=words.standing(line["value"]),
        reason=_reason(line["reason"], reviewed_reason(measure)),
        consequence=line["consequence"],
        has_dissent=bool(measure["dissent"]),
        since=since,
    )


def _reason(reported: str, established: str) -> str:
    """Return why a measure is in trouble: of a value that was established both reasons."""
    if not established:
        return reported
    finding = f"{opening(ESTABLISHED)}: {established}"
    return f"{finding}\nAus der Meldung: {reported}" if reported else finding


def over_rounds(
    rounds: Sequence[OverviewPart],
    labels: Sequence[str],
    chosen: Iterable[OverviewMeasure],
    words: Words,
    *,
    selected: bool,
) -> Decisions:
    """Return the decisions for the measures chosen; the last of `rounds` is the one shown.

    `selected` says whether filters narrow the measures; a measure that the round no longer has
    is in no selection.
    """
    newest, asking = rounds[-1], [_asking(*pair) for pair in zip(labels, rounds, strict=True)]
    measures = tuple(chosen)
    keys = _keys(newest)
    since = {
        line["code"]: rules.asked_since(asking, keys[line["code"]]) for line in newest["decisions"]
    }
    values = {item["key"]: item["value"] for item in newest["measures"]}
    wanted = {item["key"] for item in measures}
    last = [
        item
        for item in rules.earlier(asking)
        if item.key in wanted or not (selected or item.key in values)
    ]
    asked_then = {
        (place, _keys(rounds[place])[item.code]): item
        for place in {item.round for item in last}
        for item in decisions_of(rounds[place], words)
    }
    earlier_ = [
        Past(
            asked=asked_then[item.round, item.key],
            label=asking[item.round].label,
            now=values.get(item.key),
            outcome=item.outcome,
        )
        for item in last
    ]
    return Decisions(
        points=decisions_of(newest, words, codes={item["code"] for item in measures}, since=since),
        past=tuple(earlier_),
        rounds=len(rounds) - 1,
        total=len(newest["decisions"]),
        here=labels[-1],
        without=without_proposal(measures, {line["code"] for line in newest["decisions"]}),
    )


def _keys(round_: OverviewPart) -> dict[str, str]:
    return {item["code"]: item["key"] for item in round_["measures"]}


def _asking(label: str, round_: OverviewPart) -> Asking:
    keys = _keys(round_)
    return Asking(
        label=label,
        asked=frozenset(keys[item["code"]] for item in round_["decisions"]),
        values={item["key"]: read_value(item["value"]) for item in round_["measures"]},
    )


def without_proposal(measures: Iterable[AnyMeasure], decided: Collection[str]) -> tuple[str, ...]:
    """Return the troubled measures that no decision is asked for, all by their codes."""
    return tuple(
        item["code"]
        for item in measures
        if item["value"] and item["value"]["course"] in TROUBLED and item["code"] not in decided
    )


def table(points: Sequence[Decision], *, is_over_rounds: bool) -> Table:
    """Return the decisions; `is_over_rounds` adds since when they are asked for."""
    since = (Column("Vorschlag seit", 14), Column("Runden in Folge", 14, Kind.WHOLE))
    return Table(
        NOW,
        "Beschlusspunkte",
        "Beschlusspunkte",
        "Steuerungsvorschläge aus angenommenen Meldungen, die ernstesten zuerst.",
        (
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("Handlungsfeld", 30),
            Column("federführend", 30),
            Column("Umsetzungsstand", 18),
            Column("Verlauf", 14),
            *(since if is_over_rounds else ()),
            Column("Steuerungsvorschlag", 50),
            Column("Begründung", 50),
        ),
        tuple(_row(item) for item in points),
        frozen=2,
    )


def _row(item: Decision) -> Row:
    since = () if item.since is None else (item.since.label, item.since.rounds)
    return (
        item.code,
        item.display_text,
        item.field,
        item.lead,
        *item.standing.labels,
        *since,
        item.consequence,
        item.reason,
    )


def table_of_past(found: Decisions, words: Words) -> Table:
    return Table(
        BEFORE,
        "Frühere Beschlusspunkte",
        f"Frühere Beschlusspunkte, Stand {found.here}",
        NOT_RECORDED,
        (
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("Handlungsfeld", 30),
            Column("zuletzt in"),
            Column("Steuerungsvorschlag", 50),
            Column("Stand damals", 24),
            Column(f"Stand {found.here}", 24),
            Column("heute", 24),
        ),
        tuple(
            (
                past.asked.code,
                past.asked.display_text,
                past.asked.field,
                past.label,
                past.asked.consequence,
                words.value(past.asked.value),
                None if past.outcome is Outcome.GONE else words.value(past.now),
                OUTCOME[past.outcome].text,
            )
            for past in found.past
        ),
    )


# Sentences


def now(found: Decisions) -> str:
    """Return how many decisions are asked for, how many of them before, since when."""
    longer_ = [item.since for item in found.points if item.since and item.since.rounds > 1]
    # The longest row began first; ties name the same round.
    oldest = max(longer_, key=lambda item: item.rounds).label if longer_ else ""
    told = (
        asked(len(found.points), found.total),
        longer(len(longer_), len(found.points), oldest=oldest, first_round=not found.rounds),
        sentences.without_proposal(found.without),
    )
    return " ".join(filter(None, told))


def asked(count: int, of: int) -> str:
    if count == of:
        return sentences.proposals(count)
    if of == 1:
        return "Der eine Steuerungsvorschlag dieser Runde entspricht nicht der Auswahl."
    told = f"Von {of} Steuerungsvorschlägen dieser Runde"
    if count == 0:
        return f"{told} entspricht keiner der Auswahl."
    return f"{told} {plural(count, 'entspricht', 'entsprechen')} {count} der Auswahl."


def longer(count: int, of: int, *, oldest: str, first_round: bool) -> str:
    """Return how many of them were asked for before; `oldest` is the round of the oldest one."""
    if of == 0:
        return ""
    if first_round:
        return _NO_EARLIER
    all_ = opening(every(of))
    if count == 0:
        return "Er ist neu in dieser Runde." if of == 1 else f"{all_} sind neu in dieser Runde."
    which = f"Bei {every(of, 'en')}" if count == of else f"Bei {some(count, '', 'einem')} davon"
    begin = "Zur Maßnahme lag" if of == 1 else f"{which} lag zur Maßnahme"
    return (
        f"{begin} schon vor dieser Runde ohne Unterbrechung ein Vorschlag vor, zuerst in {oldest}."
    )


def since_when(item: Since, here: str) -> str:
    """Return since when a decision is asked for; `here` is the round shown."""
    if item.label == here:
        told = f"neu in {here}"
    else:
        told = f"Vorschlag zur Maßnahme seit {item.label} ({item.rounds}. Runde in Folge)"
    if item.before is None:
        return told
    return f"{told}; zuvor schon einmal, zuletzt in {item.before}"


def earlier(count: int, rounds: int, *, selected: bool) -> str:
    """Return for how many measures a decision was asked for earlier and no longer is.

    `rounds` is how many earlier rounds there are.
    """
    if rounds == 0:
        return _NO_EARLIER
    one = f"einer der {rounds} früheren Runden"
    if count == 0:
        where = "in der früheren Runde" if rounds == 1 else f"in {one}"
        chosen = " der Auswahl" if selected else ""
        return (
            f"Es gibt keine Maßnahme{chosen}, zu der {where} ein Steuerungsvorschlag vorlag und "
            "jetzt keiner mehr."
        )
    which = counted(count, "Maßnahme", "Maßnahmen")
    where = "in der früheren Runde" if rounds == 1 else f"in mindestens {one}"
    return f"Zu {which} lag {where} ein Steuerungsvorschlag vor, jetzt nicht mehr."
