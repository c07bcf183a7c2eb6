"""Rücklauf: who could report, how much came in, how much in time; nobody is ranked."""

from __future__ import annotations

from tracker.publication.reading.counts import ratios
from tracker.publication.reading.model import Returns, ReturnsRow
from tracker.publication.reading.sections.selection import Selection
from tracker.publication.reading.sentences import measures
from tracker.publication.reading.table import Table, listing
from tracker.publication.reading.words import Json, Words, day, written


def returns(selection: Selection) -> Returns:
    """Return the section over the selected measures."""
    shown, words = selection.shown, selection.words
    whole = _row("insgesamt", shown["figures"]["returns"], words)
    return Returns(
        sentences=_sentences(whole, selection),
        whole=whole,
        fields=tuple(
            _row(item["name"], item["figures"]["returns"], words) for item in shown["fields"]
        ),
        rounds=tuple(
            _row(
                item["round"]["label"],
                selection.figures_of(item)["returns"],
                Words.of(item["definitions"]),
            )
            for item in selection.rounds
        ),
        waivers=_waivers(shown),
    )


def _row(name: str, figures: Json, words: Words) -> ReturnsRow:
    return ReturnsRow(
        name=name,
        expected=figures["completeness"]["total"],
        ratios=ratios(figures, words),
        waived=figures["waived"],
    )


def _sentences(whole: ReturnsRow, selection: Selection) -> tuple[str, ...]:
    came, _, timely = whole.ratios
    without = sum(item["expected"] is None for item in selection.reportable)
    due = written(day(selection.shown["round"]["due_on"]))
    found = [
        came_in(came.count, came.total),
        in_time(timely.count, timely.total, due),
        waived(whole.waived),
        without_lead(without),
    ]
    return tuple(sentence for sentence in found if sentence)


def came_in(count: int, total: int) -> str:
    if total == 0:
        return "In dieser Runde wurde keine Meldung erwartet."
    if total == 1:
        return f"Die eine erwartete Meldung ist {'' if count else 'noch nicht '}eingegangen."
    if count == 0:
        return f"Noch keine von {total} erwarteten Meldungen ist eingegangen."
    if count == total:
        return f"Alle {total} erwarteten Meldungen sind eingegangen."
    verb = "ist" if count == 1 else "sind"
    return f"{count} von {total} erwarteten Meldungen {verb} eingegangen."


def in_time(count: int, total: int, due: str) -> str:
    """Return how many of the expected reports came by the day they were due."""
    if total == 0:
        return ""
    when = f"in der Frist (bis {due} oder zur Nachfrist)."
    if total == 1:
        return f"Sie kam {when}" if count else f"Sie kam nicht {when}"
    if count == 0:
        return f"Keine kam {when}"
    if count == total:
        return f"Alle kamen {when}"
    return f"{count} {'kam' if count == 1 else 'kamen'} {when}"


def waived(count: int) -> str:
    """Return on how many reports was waived; "" for none."""
    if count == 0:
        return ""
    if count == 1:
        return "Auf 1 Meldung wurde verzichtet; sie zählt nicht als erwartet."
    return f"Auf {count} Meldungen wurde verzichtet; sie zählen nicht als erwartet."


def without_lead(count: int) -> str:
    """Return for how many measures nobody could be asked; "" for none."""
    if count == 0:
        return ""
    verb = "hatte" if count == 1 else "hatten"
    return (
        f"{measures(count)} {verb} keine federführende Institution, als die Runde eröffnet wurde; "
        "dazu wurde keine Meldung erwartet."
    )


def _waivers(document: Json) -> Table:
    rows = tuple(
        (
            item["code"],
            item["display_text"],
            item["expected"]["institution"]["name"],
            item["expected"]["waived_reason"],
        )
        for item in document["measures"]
        if item["expected"] is not None and item["expected"]["state"] == "waived"
    )
    sentence = waived(len(rows)) or "In dieser Runde wurde auf keine Meldung verzichtet."
    columns = ("Nr.", "Maßnahme", "Institution", "Grund")
    return listing("Befreite Meldungen", sentence, columns, rows)
