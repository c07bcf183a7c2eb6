"""The totals that a finished paper prints: in its tables and in its sentences.

Texts are squeezed, because lines and hyphens depend on the layout. A total is told by its name in
`totals.py`, as often as the paper says it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import html

from tests.papers import docx_text
from tests.papers.pdf_text import squeezed
from tests.papers.totals import EARLIER, PROPOSALS, RUNNING, WHOLE, Key

Printed = Iterator[tuple[Key, str]]
Rows = list[list[str]]


def docx_content(data: bytes) -> tuple[list[Rows], str]:
    """The tables of a DOCX, the head first, and its text with a line per paragraph."""

    def told(element: Any) -> str:
        return squeezed("".join(part.text or "" for part in element.iter(qn("w:t"))))

    tables = [
        [[told(cell) for cell in line.iter(qn("w:tc"))] for line in table.iter(qn("w:tr"))]
        for table in docx_text.tables(data)
    ]
    body = docx_text.opened(data).element.body
    return tables, "\n".join(told(item) for item in body.iter(qn("w:p")))


def html_content(page: str) -> tuple[list[Rows], str]:
    """The tables of a page, the head first, and its text with a line per element."""
    root = html.document_fromstring(page)
    tables = [
        [[squeezed(cell.text_content()) for cell in row] for row in table.iter("tr")]
        for table in root.iter("table")
    ]
    return tables, "\n".join(squeezed(text) for text in root.itertext())


def of_paper(tables: list[Rows], text: str) -> Printed:
    """What a paper prints; texts squeezed, because lines and hyphens depend on the layout."""
    yield from of_sentences(text)
    for head, *rows in tables:
        match head:
            case ["Umsetzungsstand" | "Rücklauf" as kind, "Maßnahmen" | "Meldungen"]:
                yield from (((kind, label), value) for label, value in rows)
            case ["Verlauf", "Maßnahmen"]:
                for label, value in rows:
                    yield ("Verlauf" if "von" in value else "ohneVerlauf", label), value
            case ["Veränderung", "Maßnahmen", "Nr."]:
                yield from ((("Veränderung", label), value) for label, value, _ in rows)
            case ["Angabe", *others] if "dieseRunde" in others:
                now = head.index("dieseRunde")
                yield from ((("Wirkung", row[0]), row[now]) for row in rows)
            case ["Geber", *_]:
                yield from ((("Geber", donor), "|".join(told)) for donor, *told in rows)
            case ["Handlungsfeld", *_]:
                yield from _by_field(head, rows)


def _by_field(head: list[str], rows: Rows) -> Printed:
    if head[1] == "Plan":
        for name, plan, spent, known in rows:
            yield ("Kosten", name, "Plan"), plan + known
            yield ("Kosten", name, "Ist"), spent + known
        return
    kind = "Wirkung"
    if head[1] == "erwartet":
        kind = "Rücklauf"
    elif head[-1] == "Maßnahmen":
        kind = "Handlungsfeld"
    for name, *values in rows:
        shown = WHOLE if name == "gesamt" else name
        for label, value in zip(head[1:], values, strict=True):
            yield (kind, shown, label), value


def of_sentences(text: str) -> Printed:
    """What the sentences of report, Vorlage and front page count; each line of it is squeezed."""
    total = "0"
    silent = (
        r"Zu(allen|dereinen|keinerder|(?:\d+)von)(\d*)Maßnahmen?liegtk?einegeprüfteMeldungvor"
        r"(?:;(zu(\d+)davonist)?einältererStand)?"
    )
    for told, of, *carried in re.findall(silent, text):
        total = of or "1"
        missing = {"allen": 0, "dereinen": 0, "keinerder": int(total)}
        count = missing[told] if told in missing else int(told.removesuffix("von"))
        yield ("Meldungen", "gemeldet"), f"{int(total) - count}von{total}"
        earlier = carried[1] or ("1" if "einältererStandistbekannt" in text else "0")
        yield ("Meldungen", squeezed(EARLIER)), earlier
    for told in re.findall(r"(\d+)Steuerungsvorschl(?:ag|äge)lieg", text):
        yield ("Beschlusspunkte", PROPOSALS), told
    if "EsliegtkeinSteuerungsvorschlagvor" in text:
        yield ("Beschlusspunkte", PROPOSALS), "0"
    counted = r"gemeldet:(?:alle)?(\d+|keine|dieeine|beide)"
    for told in re.findall(rf"Als{squeezed(RUNNING)}{counted}", text):
        yield ("Kopf", squeezed(RUNNING)), _count(told)
    for course, told in re.findall(rf"Als(kritisch|gefährdet){counted}", text):
        yield ("Verlauf", WHOLE, course), _count(told)
    for told in re.findall(r"Gegenüber[^:.]*:([^.]*)\.", text):
        for count, kind in re.findall(r"(\d+)([^,\d]+?)(?=,\d|und\d|$)", told):
            yield ("Veränderung", kind), count
    yield from _of_returns(text)


def _of_returns(text: str) -> Printed:
    """What the sentences about the Rücklauf count: in words for none, one and all."""
    of = r"(?:von)?(\d*)(?:erwarteten)?Meldung(?:en)?"
    came = r"(Dieeineerwartete|Keine|Alle|\d+)" + of + r"(?:ist|sind)(nicht)?eingegangen"
    for told, number, not_yet in re.findall(came, text):
        yield ("Rücklauf", "Rücklauf"), _share(told, number, no=bool(not_yet))
    timely = r"(Dieeineerwartete|Keine|Alle|\d+)" + of + r"kam(?:en)?(nicht)?inderFrist"
    for told, number, not_then in re.findall(timely, text):
        yield ("Rücklauf", "Termintreue"), _share(told, number, no=bool(not_then))
    if "IndieserRundewurdekeineMeldungerwartet" in text:
        yield ("Rücklauf", "Rücklauf"), "0von0"
    for told in re.findall(r"Auf(\d+)Meldung(?:en)?wurdeverzichtet", text):
        yield ("Rücklauf", "befreit"), told


def _share(told: str, number: str, *, no: bool) -> str:
    total = number or "1"
    count = {"Keine": "0", "Alle": total, "Dieeineerwartete": "0" if no else "1"}
    return f"{count.get(told, told)}von{total}"


def _count(told: str) -> str:
    return {"dieeine": "1", "beide": "2"}.get(told, "0" if told.startswith(("k", "K")) else told)


def of_vorlage(tables: list[Rows], text: str) -> Printed:
    """What the Vorlage prints: its sentences, and the lists that it names measures in."""
    yield from of_sentences(text)
    for head, *rows in tables:
        match head:
            case ["Veränderung", "Maßnahmen", "Nr."]:
                yield from ((("Veränderung", label), value) for label, value, _ in rows)
            case ["Nr.", "Maßnahme", "federführend", "Stand", "Verlauf"]:
                for course, count in Counter(row[4] for row in rows).items():
                    yield ("Verlauf", WHOLE, course), str(count)
            case ["Nr.", "Maßnahme", "Steuerungsvorschlag", "Begründung"]:
                yield ("Beschlusspunkte", PROPOSALS), str(len(rows))
