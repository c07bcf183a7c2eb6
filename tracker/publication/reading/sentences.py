"""German reading sentences about a published round, right for none, one and many.

They state numbers that were computed and compute none themselves. `since` is the label of the
round compared with ("Q2/2026"), `later` says that it is a later one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tracker.core.german import counted, every, listed, opening, plural, share, some
from tracker.publication.reading.model_values import Count, Mark, Spread
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import DistributionRecord, PreviousRecord
from tracker.publication.rules.snapshot_figures import RUNNING, running
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.status import Course

NOTHING_REPORTABLE = "Es gibt keine Maßnahme, über die berichtet wird"
NOT_COMPARABLE = "Eine frühere veröffentlichte Runde zum Vergleichen gab es nicht."
REPORTERS_ONLY = (
    "Der Filter fragt nach Angaben aus Meldungen: Maßnahmen ohne Meldung gehören nicht zur Auswahl."
)
# Among which measures the silent are counted.
WHOLE, CHOSEN, EXTRACT = "insgesamt", "in der Auswahl", "im Auszug"


def measures(count: int) -> str:
    """Return "keine Maßnahme", "1 Maßnahme", "3 Maßnahmen"."""
    return counted(count, "Maßnahme", "Maßnahmen") if count else "keine Maßnahme"


def of_measures(total: int) -> str:
    """Return the measures after "von": "1 Maßnahme", "57 Maßnahmen"."""
    return f"{total} {plural(total, 'Maßnahme', 'Maßnahmen')}"


def some_measures(count: int, total: int, *, dative: bool = False) -> str:
    """Return "1 von 57 Maßnahmen", "keine von 57", "alle 57"; of one "keine", "die eine".

    After "zu" and "in" `dative`: "keiner", "der einen".
    """
    none, only, whole = ("keiner", "der einen", "en") if dative else ("keine", "die eine", "e")
    return share(count, total, "Maßnahme", "Maßnahmen", none=none, only=only, whole=whole)


def compared(since: str, *, later: bool = False) -> str:
    """Return "seit Q2/2026"; "gegenüber Q4/2026" for a later round."""
    return f"{'gegenüber' if later else 'seit'} {since}"


def corrected_since(label: str, version: int) -> str:
    """Return what a published comparison says whose earlier round was corrected afterwards."""
    return (
        f"{label} wurde nach dieser Veröffentlichung berichtigt. Diese Seite vergleicht mit der "
        f"Fassung {version}, die damals galt."
    )


def since(previous: PreviousRecord | None) -> str:
    """Return what opens comparisons with a document's `previous`, "" for none."""
    return "" if previous is None else compared(previous["label"], later=is_later(previous))


def is_later(previous: PreviousRecord | None) -> bool:
    return bool(previous and previous.get("later"))


# Where the measures stand


def of_reported(count: int, reported: int, total: int, *, among: str = WHOLE) -> str:
    """Return "25 von 30 gemeldeten Maßnahmen (57 insgesamt)": never without the silent."""
    if count == 0:
        return f"keine ({coverage(reported, total)})"
    which = share(count, reported, "gemeldete Maßnahme", "gemeldeten Maßnahmen", whole="e")
    return f"{which} ({total} {among})"


def running_or_fulfilled(counts: DistributionRecord, *, among: str = WHOLE) -> str:
    """Return the answer to "where do we stand?", without its full stop."""
    if counts["total"] == 0:
        return NOTHING_REPORTABLE
    of = of_reported(running(counts), counts["reported"], counts["total"], among=among)
    return f"Als laufend oder erfüllt gemeldet: {of}"


def added(named: Iterable[tuple[str, Iterable[Count]]], codes: Collection[str]) -> str:
    """Return "Q1/2026: 2 in Umsetzung + 1 umgesetzt = 3; Q2/2026: 2 in Umsetzung + …"."""
    rounds = [
        (name, [line for line in counts if line.mark.code in codes]) for name, counts in named
    ]
    return "; ".join(
        f"{name}: {' + '.join(f'{line.count} {line.mark.label}' for line in parts)} = "
        f"{sum(line.count for line in parts)}"
        for name, parts in rounds
    )


def half(fields: Iterable[tuple[str, DistributionRecord]], words: Words) -> str:
    """Return when a Handlungsfeld counts as ahead, and the numbers of each."""
    first, *others = (words.implementation[state].label for state in RUNNING)
    numbers = (f"{name} {running(counts)} von {counts['total']}" for name, counts in fields)
    return (
        "Rechenweg: Ein Handlungsfeld zählt, wenn von seinen Maßnahmen, über die berichtet wird, "
        f"mindestens die Hälfte {first}, {' oder '.join(others)} ist: {'; '.join(numbers)}."
    )


def coverage(count: int, total: int) -> str:
    """Return "49 von 57 Maßnahmen gemeldet"."""
    if total == 0:
        return "Hierüber wird nicht berichtet"
    if total == 1:
        return f"{some_measures(count, total)} gemeldet"
    return f"{count} von {of_measures(total)} gemeldet"


def covered(count: int, total: int) -> str:
    """Return the same as a sentence of its own."""
    return f"{opening(coverage(count, total))}."


def reported(count: int, total: int, *, as_of: str) -> str:
    """Return the coverage a chart rests on, with the Stichtag."""
    return f"{opening(coverage(count, total))}, Stichtag {as_of}."


def most_frequent(spread: Spread, *, among: str = WHOLE) -> str:
    """Return the sentence that reads a distribution: what is most frequent, what is missing."""
    stands = [item for item in spread.counts[:-1] if item.count]
    if spread.total == 0 or not stands:
        return missing(spread.total - spread.reported, spread.total, 0)
    most = max(item.count for item in stands)
    names = [f"„{item.mark.label}“" for item in stands if item.count == most]
    verb, each = plural(len(names), "ist", "sind"), plural(len(names), "", "je ")
    of = of_reported(most, spread.reported, spread.total, among=among)
    return f"Am häufigsten {verb} {listed(names)} gemeldet: {each}{of}."


def field(distribution: DistributionRecord, words: Words) -> str:
    """Return the sentence above the table of a Handlungsfeld: reported, and what is troubled."""
    troubled_ = [
        f"{distribution['courses'][course]} {words.course[course].label}"
        for course in ("critical", "at_risk")
        if distribution["courses"][course]
    ]
    text = opening(coverage(distribution["reported"], distribution["total"]))
    return f"{text}, davon {listed(troubled_)}." if troubled_ else f"{text}."


def as_planned(counts: DistributionRecord, words: Words, *, among: str = WHOLE) -> str:
    """Return how many of the measures with a Verlauf are reported to run as planned."""
    label, asked = words.course[Course.ON_TRACK.value].label, sum(counts["courses"].values())
    planned, total = counts["courses"][Course.ON_TRACK.value], counts["total"]
    if asked == 0:
        return f"Ein Verlauf ist zu keiner Maßnahme gemeldet ({total} {among})"
    # "keine Maßnahme mit Angabe" would deny the one that there is.
    which = some_measures(planned, asked)
    if not planned and asked == 1:
        which = "nicht die eine Maßnahme"
    return f"Als {label} gemeldet: {which} mit Angabe zum Verlauf ({total} {among})"


def fields_ahead(count: int, total: int) -> str:
    """Return in how many Handlungsfelder half are reported to run or to be fulfilled."""
    if total == 0:
        return "Es gibt kein Handlungsfeld"
    half = "ist mindestens die Hälfte der Maßnahmen als laufend oder erfüllt gemeldet"
    return f"{in_fields(count, total)} {half}"


def in_fields(count: int, total: int) -> str:
    if count == 0:
        return "In keinem Handlungsfeld"
    names = ("Handlungsfeld", "Handlungsfeldern")
    return f"In {share(count, total, *names, none='keinem', only='dem einen', whole='en')}"


# What needs attention


def troubled(
    counts: DistributionRecord,
    new: int | None,
    *,
    course: Mark,
    since: str,
    later: bool = False,
    among: str = WHOLE,
) -> str:
    """Return how many measures are reported critical (or at risk), how many of them newly so.

    `new` is None where there is no round to compare with.
    """
    count = counts["courses"][course.code]
    of = of_reported(count, counts["reported"], counts["total"], among=among)
    told = f"Als {course.label} gemeldet: {of}"
    if new is None or count == 0:
        return f"{told}."
    if count == 1:
        return f"{told}, {'' if new else 'nicht '}neu {compared(since, later=later)}."
    return f"{told}, davon {new or 'keine'} neu {compared(since, later=later)}."


def newly_fulfilled(count: int, since: str, *, words: str, later: bool = False) -> str:
    """Return how many measures became `words`, e.g. "umgesetzt oder verstetigt"."""
    return f"{opening(compared(since, later=later))} neu als {words} gemeldet: {measures(count)}."


def missing(count: int, total: int, carried: int) -> str:
    """Return for how many measures there is no report, and for how many an older value."""
    if total == 0:
        return f"{NOTHING_REPORTABLE}."
    if count == 0:
        whom = plural(total, "der einen Maßnahme", f"{every(total, 'en')} Maßnahmen")
        return f"Zu {whom} liegt eine geprüfte Meldung vor."
    start = (
        "Zu der einen Maßnahme liegt keine geprüfte Meldung vor"
        if total == 1
        else f"Zu keiner der {total} Maßnahmen liegt eine geprüfte Meldung vor"
        if count == total
        else f"Zu {count} von {of_measures(total)} liegt keine geprüfte Meldung vor"
    )
    if carried == 0:
        return f"{start}."
    if carried == count == 1:
        return f"{start}; ein älterer Stand ist bekannt, er zählt nicht mit."
    of_them = f"{some(carried, 'keiner', 'einer')} davon"
    if carried == count:
        of_them = every(carried, "en")
    return f"{start}; zu {of_them} ist ein älterer Stand bekannt, der nicht mitzählt."


def proposals(count: int, without: Sequence[str] = ()) -> str:
    """Return how many Steuerungsvorschläge there are, `without` troubled measures (their codes)."""
    told = counted(count, "Steuerungsvorschlag liegt", "Steuerungsvorschläge liegen")
    text = f"{told} vor." if count else "Es liegt kein Steuerungsvorschlag vor."
    return f"{text} {without_proposal(without)}".rstrip()


def established(count: int) -> str:
    """Return of how many measures the established value is counted, not the reported."""
    verb = plural(count, "einer Maßnahme", f"{count} Maßnahmen")
    return f"Bei {verb} zählt der Wert, der nach Prüfung festgestellt ist."


def without_proposal(codes: Sequence[str]) -> str:
    """Return to which troubled measures nothing is proposed; "" for none."""
    if not codes:
        return ""
    return f"Ohne Steuerungsvorschlag: {listed(codes)} (gefährdet oder kritisch)."


def moved(counts: Sequence[tuple[str, int]], since: str | None) -> str:
    """Return what changed: `counts` pairs a word such as "verschlechtert" with its number."""
    if since is None:
        return NOT_COMPARABLE
    told = [f"{count} {word}" for word, count in counts if count]
    if not told:
        return nothing_moved(f"Gegenüber {since}")
    return f"Gegenüber {since}: {listed(told)}."


def nothing_moved(compared: str) -> str:
    """Return that no measure moved; `compared` opens it, e.g. "Gegenüber Q2/2026"."""
    return f"{compared} hat sich bei keiner Maßnahme Stand oder Verlauf geändert."


def not_reported_on(words: Words) -> str:
    """Return what stands in the place of a Querverweis's value."""
    kind = words.choices["measure_kind"]["reference"]
    return f"{kind}: Über diesen Eintrag wird nicht berichtet, er zählt nicht mit."


# What is shown


def found(count: int, total: int, counts: DistributionRecord, *, reportable: int) -> str:
    """Return how many measures a filter leaves and, of those reported on, how many did report.

    Of `total` measures `reportable` are reported on: where no Querverweis is left, of these.
    """
    total = reportable if count == counts["total"] else total
    told = f"{count} von {total} Maßnahmen" if total > 1 else "Die eine Maßnahme"
    told = told if count else "Keine Maßnahme entspricht der Auswahl"
    if counts["total"] == 0:
        return f"{told}."
    others = f"; {references(count - counts['total'])}" if count > counts["total"] else ""
    return f"{told}; {coverage(counts['reported'], counts['total'])}{others}."


def references(count: int) -> str:
    """Return why fewer measures are reported on than are shown."""
    return f"über {counted(count, 'Querverweis', 'Querverweise')} wird nicht berichtet"


def selection(count: int, total: int) -> str:
    """Return how many of the measures that are reported on all figures of the page are about."""
    if count == 0:
        return "Zur Auswahl gehört keine Maßnahme, über die berichtet wird."
    told = f"Auswahl: {some_measures(count, total)}."
    return f"{told} Alle Zahlen dieser Seite gelten für die Auswahl."


def extract(names: Sequence[str], total: int) -> str:
    """Return which of all Handlungsfelder a report is about."""
    if len(names) == 1:
        return f"Auszug: nur das Handlungsfeld {names[0]}. Alle Zahlen gelten nur dafür."
    return (
        f"Auszug: {len(names)} von {total} Handlungsfeldern ({'; '.join(names)}). Alle Zahlen "
        "gelten nur für diese."
    )


def exceptions(count: int, total: int) -> str:
    """Return how many measures are listed as exceptions, and what the figures are about."""
    if count == 0:
        return "Nur Ausnahmen: Es gibt keine; die Zahlen zählen alle Maßnahmen."
    verb = plural(count, "ist", "sind")
    told = f"Nur Ausnahmen: {some_measures(count, total)} {verb} einzeln aufgeführt"
    if count == total:
        return f"{told}."
    return f"{told}; die Zahlen zählen auch die {plural(total - count, 'übrige', 'übrigen')}."


def what_an_exception_is(words: Words, previous: PreviousRecord | None) -> str:
    """Return the definition of an exception (`Occasion`)."""
    courses = " oder ".join(words.course[code].label for code in ("at_risk", "critical"))
    worse = words.change["worse"].label
    became = f", die sich {since(previous)} {worse} hat" if previous is not None else ""
    return (
        f"Eine Ausnahme ist eine Maßnahme, deren Verlauf {courses} ist{became}, zu der ein "
        f"{words.field('consequence')} oder {words.no_report.label} vorliegt oder deren Stand "
        "nach der Prüfung anders festgestellt ist als gemeldet."
    )


def exceptions_of_field(count: int, total: int) -> str:
    """Return how many measures of a Handlungsfeld are listed as exceptions."""
    if count == 0:
        return "In diesem Handlungsfeld gibt es keine Ausnahme."
    return f"Aufgeführt: {some_measures(count, total)}."


# The preview of a running round


def preview(label: str, today: str, state: RoundState) -> str:
    """Return what a preview is computed from, and what may still change."""
    told = f"So sähe der Überblick aus, wenn {label} heute ({today}) veröffentlicht würde. "
    if state is RoundState.OPEN:
        return f"{told}Die Runde ist noch offen: Meldungen kommen hinzu, Zahlen ändern sich."
    return f"{told}Die Runde ist geschlossen, aber noch nicht veröffentlicht."


def waiting(count: int) -> str:
    """Return how many reports wait for their review and do not count yet."""
    if count == 0:
        return "Alle abgegebenen Meldungen sind geprüft."
    told = counted(count, "Meldung ist", "Meldungen sind")
    counts = plural(count, "Sie zählt", "Sie zählen")
    return f"{told} abgegeben, aber noch nicht geprüft. {counts} hier als „keine Meldung“."
