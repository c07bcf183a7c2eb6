"""Zip files from elsewhere (tables, Word files): what is too much is refused before it is parsed.

How much unpacked text weighs says little: 70 kB can hold a million empty elements, each of which
becomes an object. So signs that begin an element or an attribute are counted in the bare bytes.
There is no limit on how well a file is compressed: honest ones with many formatted cells are
compressed a hundredfold, and all that is unpacked counts.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

_LISTED = b"PK\x01\x02"  # how each line of a zip's list begins
_MARKUP = (".xml", ".rels", ".vml")
# What may stand before the first sign of markup: spaces and, in any encoding, its mark.
_BEFORE = b" \t\r\n\x00\xef\xbb\xbf\xfe\xff"
_DECLARED = re.compile(rb"<\?xml[^<>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"}
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True)
class Limits:
    """What a file may hold: parts, bytes of them all, and in all of them elements.

    An element counts once for its beginning and once for its end; there may be two attributes
    to each.
    """

    parts: int
    unpacked: int
    tags: int


class Fault(StrEnum):
    """Why a file is not read."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    FOREIGN = "foreign"  # entities, or an encoding that hides what is counted


class ArchiveError(Exception):
    """A file that is not read; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def unpacked(
    data: bytes, limits: Limits, *, look: Callable[[Sequence[ZipInfo]], None] = lambda _: None
) -> dict[str, bytes]:
    """Return a file's parts by name; `look` sees their list before anything is unpacked.

    Sizes are those that the file declares; unpacking stops there. Raises ArchiveError.
    """
    if data.count(_LISTED) > limits.parts:
        raise ArchiveError(Fault.TOO_LARGE)
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            look(parts)
            _check(parts, limits)
            return {part.filename: archive.read(part) for part in parts}
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ArchiveError(Fault.DAMAGED) from error


def _check(parts: Sequence[ZipInfo], limits: Limits) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise ArchiveError(Fault.ENCRYPTED)
    names = {part.filename for part in parts}
    packed = {part.compress_type for part in parts}
    # Office files know no other packing; zipfile unpacks the others without a limit.
    if len(names) < len(parts) or not packed <= {ZIP_STORED, ZIP_DEFLATED}:
        raise ArchiveError(Fault.DAMAGED)
    if sum(part.file_size for part in parts) > limits.unpacked:
        raise ArchiveError(Fault.TOO_LARGE)


def check_markup(parts: Mapping[str, bytes], limits: Limits) -> None:
    """Raise ArchiveError for parts that would take too long to parse, or could unfold."""
    for name, part in parts.items():
        if part and (name.lower().endswith(_MARKUP) or part.lstrip(_BEFORE).startswith(b"<")):
            _check_encoding(part)
    # In every part: what a part is called does not say who parses it.
    if _count(parts.values(), b"<") > limits.tags or _count(parts.values(), b"=") > limits.tags:
        raise ArchiveError(Fault.TOO_LARGE)


def _check_encoding(part: bytes) -> None:
    text = part.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(text)
    if b"\x00" in part or (declared and declared[1].lower() not in _ENCODINGS):
        raise ArchiveError(Fault.FOREIGN)
    if any(declaration in part for declaration in _DECLARATIONS):
        raise ArchiveError(Fault.FOREIGN)
    if not text.lstrip().startswith(b"<"):
        raise ArchiveError(Fault.DAMAGED)


def _count(parts: Iterable[bytes], sign: bytes) -> int:
    return sum(part.count(sign) for part in parts)
