"""Tables and paragraphs of a PDF out of its tags: as assistive technology walks them.

Poppler tells the tags of a whole report too, but takes half a minute for it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from tests.papers.pdf_text import squeezed

Codes = dict[str, str]
_PARAGRAPHS = ("/P", "/LBody")
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_PART = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)


def pdf_content(pdf: bytes) -> tuple[list[list[list[str]]], str]:
    """Return every table, its head first, and the text with a line per paragraph; all squeezed."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        texts = {page.obj.objgen: dict(_marked(page)) for page in opened.pages}
        root = opened.Root.StructTreeRoot.K
        tables = [
            [["".join(_texts(cell, None, texts)) for cell in _kids(row)] for row in _kids(table)]
            for table in _found(root, ("/Table",))
        ]
        lines = ("".join(_texts(item, None, texts)) for item in _found(root, _PARAGRAPHS))
        return tables, "\n".join(lines)


def _kids(item: Any) -> Iterator[Any]:
    """Return rows of a table or cells of a row; groups of rows are no rows."""
    kids = item.K if isinstance(item.K, pikepdf.Array) else [item.K]
    for kid in kids:
        if kid.S in {"/THead", "/TBody", "/TFoot"}:
            yield from _kids(kid)
        else:
            yield kid


def _found(item: Any, kinds: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(item, pikepdf.Array):
        for kid in item:
            yield from _found(kid, kinds)
    elif isinstance(item, pikepdf.Dictionary) and "/MCID" not in item:
        if item.get("/S") in kinds:
            yield item
        yield from _found(item.get("/K", pikepdf.Array()), kinds)


def _texts(item: Any, page: Any, texts: dict[Any, dict[int, str]]) -> Iterator[str]:
    if isinstance(item, pikepdf.Array):
        for kid in item:
            yield from _texts(kid, page, texts)
    elif isinstance(item, pikepdf.Dictionary):
        page = item.get("/Pg", page)
        if "/MCID" in item:
            yield texts[page.objgen].get(int(item.MCID), "")
        else:
            yield from _texts(item.get("/K", pikepdf.Array()), page, texts)
    else:
        yield texts[page.objgen].get(int(item), "")


def _marked(page: pikepdf.Page) -> Iterator[tuple[int, str]]:
    """Return the text of every marked piece of a page by its number."""
    fonts = {name: _codes(font) for name, font in page.Resources.get("/Font", {}).items()}
    codes: Codes = {}
    open_: list[int | None] = []
    found: dict[int, list[str]] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                told = operands[1] if len(operands) > 1 else None
                numbered = isinstance(told, pikepdf.Dictionary) and "/MCID" in told
                open_.append(int(told.MCID) if numbered else None)
            case "EMC":
                open_.pop()
            case "Tf":
                codes = fonts[str(operands[0])]
            case "Tj" | "TJ":
                number = next((item for item in reversed(open_) if item is not None), None)
                if number is not None:
                    found.setdefault(number, []).append(_decoded(operands[0], codes))
    return ((number, squeezed("".join(parts))) for number, parts in found.items())


def _decoded(shown: Any, codes: Codes) -> str:
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    digits = "".join(bytes(part).hex() for part in parts if isinstance(part, pikepdf.String))
    return "".join(
        codes.get(digits[at : at + 4], "\N{REPLACEMENT CHARACTER}")
        for at in range(0, len(digits), 4)
    )


def _codes(font: Any) -> Codes:
    """Read which text each code of two bytes stands for."""
    codes: Codes = {}
    for kind, lines in _PART.findall(font.ToUnicode.read_bytes()):
        if kind == b"char":
            for code, text in _CHAR.findall(lines):
                codes[code.decode().lower()] = bytes.fromhex(text.decode()).decode("utf-16-be")
        else:
            for first, last, text in _RANGE.findall(lines):
                start = ord(bytes.fromhex(text.decode()).decode("utf-16-be"))
                for at in range(int(first, 16), int(last, 16) + 1):
                    codes[f"{at:04x}"] = chr(start + at - int(first, 16))
    return codes
