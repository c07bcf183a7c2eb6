"""The totals in the JSON of a round and on the pages of the dashboards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.papers.totals import (
    EARLIER,
    MUNICIPAL,
    PROPOSALS,
    RUNNING,
    WHOLE,
    Key,
    Share,
    Total,
    number,
)

Read = Iterator[tuple[Key, Total]]
Printed = Iterator[tuple[Key, str]]
Table = list[list[str]]
# So many Umsetzungsstände there are, with "keine Meldung".
_STANDS = 8


def of_figures(document: dict[str, Any]) -> Read:
    """What the figures of a published document say."""
    words = document["definitions"]
    names = {
        kind: {item["code"]: item["label"] for item in words[kind]}
        for kind in ("implementation", "course", "change")
    }
    whole = document["figures"]
    spread = whole["distribution"]
    asked = sum(spread["courses"].values())
    for code, count in spread["courses"].items():
        yield ("Verlauf", names["course"][code]), Share(count, asked)
    yield ("Meldungen", "gemeldet"), Share(spread["reported"], spread["total"])
    yield ("Meldungen", EARLIER), whole["carried"]
    yield ("Beschlusspunkte", PROPOSALS), whole["decisions"]
    yield ("Beschlusspunkte", PROPOSALS), len(document["decisions"])
    if document["previous"] is not None:
        for code, count in whole["changes"].items():
            yield ("Veränderung", names["change"][code]), count
    goals: Counter[Key] = Counter()
    for name, figures in [
        (WHOLE, whole),
        *((field["name"], field["figures"]) for field in document["fields"]),
    ]:
        yield from _figures(name, figures, words)
    for field in document["fields"]:
        for goal in field["goals"]:
            for key, count in _figures(WHOLE, goal["figures"], words):
                if key[0] in ("Handlungsfeld", "Verlauf") and isinstance(count, int):
                    goals[key] += count
    yield from goals.items()


def _figures(name: str, figures: dict[str, Any], words: dict[str, Any]) -> Read:
    spread = figures["distribution"]
    for kind, counts in (("implementation", spread["counts"]), ("course", spread["courses"])):
        for item in words[kind]:
            shown = "Verlauf" if kind == "course" else "Handlungsfeld"
            yield (shown, name, item["label"]), counts[item["code"]]
    yield ("Handlungsfeld", name, words["no_report"]["label"]), spread["no_report"]
    yield ("Verlauf", name, words["course_not_asked"]["label"]), spread["course_not_asked"]
    yield ("Verlauf", name, "gemeldet"), spread["reported"]
    yield ("Handlungsfeld", name, "Maßnahmen"), spread["total"]
    if "returns" not in figures:
        return
    labels = {item["key"]: item["label"] for item in words["figures"]}
    for key in ("completeness", "acceptance", "timeliness"):
        ratio = figures["returns"][key]
        yield ("Rücklauf", name, labels[key]), Share(ratio["count"], ratio["total"])
        percent = None if ratio["percent"] is None else Decimal(ratio["percent"])
        yield ("Prozent", name, labels[key]), percent
    yield ("Rücklauf", name, "erwartet"), figures["returns"]["completeness"]["total"]
    yield ("Rücklauf", name, "befreit"), figures["returns"]["waived"]


def of_dashboards(tables: dict[str, Table], overview: str) -> Printed:
    """What the CSV files of the dashboards say, by page and key, and the front page's text."""
    for label, count, _ in tables["/umsetzungsstand"][1:]:
        yield ("Umsetzungsstand", label), count
    *courses, missing = tables["/verlauf"][1:]
    yield from ((("Verlauf", WHOLE, label), count) for label, count, _ in courses)
    yield ("ohne Verlauf", missing[0]), missing[1]
    words = {"eingegangen": "Rücklauf", "angenommen": "angenommen", "in der Frist": "Termintreue"}
    for label, ratio, share in tables["/ruecklauf"][1:]:
        yield ("Rücklauf", words[label]), ratio
        yield ("Prozent", WHOLE, words[label]), f"{share} %" if share else "–"
    yield from _fields(*tables["/handlungsfelder"])
    yield from _effect_pages({key: rows for key, rows in tables.items() if "wirkung/" in key})
    (_, _, *labels, _), *fields = tables["ruecklauf/ruecklauf-handlungsfelder"]
    for name, expected, *counts, waived in fields:
        yield ("Rücklauf", name, "erwartet"), expected
        yield ("Rücklauf", name, "befreit"), waived
        for label, count in zip(labels[::2], counts[::2], strict=True):
            yield ("Rücklauf", name, label), f"{count} von {expected}"
    # Without any there is no table.
    _, *proposals = tables.get("beschluesse/beschlusspunkte", [[]])
    yield ("Beschlusspunkte", PROPOSALS), str(len(proposals))
    yield from _overview(overview)


def _fields(head: list[str], *rows: list[str]) -> Printed:
    """The rows, and what a program adds up below them; the last column names a Verlauf."""
    labels = head[1:-1]
    whole = [str(sum(int(row[at]) for row in rows)) for at in range(1, len(head) - 1)]
    for name, *values in (*rows, [WHOLE, *whole]):
        for at, (label, value) in enumerate(zip(labels, values, strict=False)):
            kind = "Handlungsfeld" if at < _STANDS or label == "Maßnahmen" else "Verlauf"
            yield (kind, name, label), value


def _overview(text: str) -> Printed:
    """What the front page says in sentences."""
    counted = rf"Als {RUNNING} gemeldet: (?:alle )?(\d+|keine|die eine|beide) "
    for told in re.findall(counted, text):
        yield ("Kopf", RUNNING), {"keine": "0", "die eine": "1", "beide": "2"}.get(told, told)
    for count, total in re.findall(r"(\d+) von (\d+) Maßnahmen gemeldet", text):
        yield ("Meldungen", "gemeldet"), f"{count} von {total}"
    for told in re.findall(r"Gegenüber Q\d/\d{4}: ([^.]*)\.", text):
        for count, label in re.findall(r"(\d+) ([^,\d]+?)(?=, \d| und \d|$)", told):
            yield ("Veränderung", label), count


def _effect_pages(tables: dict[str, Table]) -> Printed:
    for key, (head, *rows) in tables.items():
        match key.removeprefix("wirkung/"):
            case "wirkung":
                for label, unit, _before, value, count, total, *_ in rows:
                    shown = _printed(value, euro=unit == "Euro")
                    yield ("Wirkung", label), f"{shown} {count} von {total}"
            case "plan-ist":
                for name, plan, spent, count, total in rows:
                    for kind, value in (("Plan", plan), ("Ist", spent)):
                        added = f"{_printed(value, euro=True)} {count} von {total}"
                        yield ("Kosten", name, kind), added
            case "foerdermittel":
                for donor, amount, *told in rows:
                    yield ("Geber", donor), "|".join((_printed(amount, euro=True), *told))
            case page:
                yield from _by_field(page, head, rows)


def _by_field(page: str, head: list[str], rows: Table) -> Printed:
    """A sum and its "n von N" in every second column; the page says what it is of."""
    kinds = {
        "foerdermittel-handlungsfelder": "Fördermittel",
        "staedtische-foerderung": MUNICIPAL,
        "personal": "Personal: {}",
        "teilnehmende-personen": "Teilnehmende: {}",
        "teilnehmende-faelle": "Teilnehmende: {}",
        "teilnehmende-teilnahmen": "Teilnehmende: {}",
    }
    if page not in kinds:
        return
    for at in range(1, len(head) - 1, 2):
        shown = head[at].removesuffix(" in Euro")
        label = shown if shown == "Veranstaltungen" else kinds[page].format(shown)
        for name, *values in rows:
            value = _printed(values[at - 1], euro=shown != head[at])
            yield ("Wirkung", name, label), f"{value} {values[at]}"


def _printed(cell: str, *, euro: bool) -> str:
    """A number of a file as papers print it; where it is empty nothing is known."""
    if not re.fullmatch(r"\d+(,\d+)?", cell):
        return cell or "nicht bekannt"
    value = Decimal(cell.replace(",", "."))
    text = f"{value:,.2f} €" if euro else number(value)
    return text.translate(str.maketrans(",.", ".,")) if euro else text
