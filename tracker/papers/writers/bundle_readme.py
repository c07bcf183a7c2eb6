"""The Quartalsmappe: everything about a round in one zip, with hashes and a German LIESMICH.

The same round gives the same bytes: entries in one order, one date (the publication's), no
attribute of the machine that made it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.papers.rules.files import zipped
from tracker.publication.reading.model import Cover

MANIFEST = "MANIFEST.json"
SUMS = "SHA256SUMS"
README = "LIESMICH.txt"
_FORMAT = "integrationskonzept-controlling/mappe/1"


@dataclass(frozen=True)
class BundleFile:
    """A file of the Quartalsmappe; `description` says in German what it is."""

    path: str
    mimetype: str
    description: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def bundle(files: Sequence[BundleFile], *, cover: Cover) -> bytes:
    """Return the zip of these files with manifest, hashes and LIESMICH."""
    manifest = _manifest(files, cover)
    described = (
        BundleFile(README, "text/plain", "diese Übersicht", _readme(files, cover)),
        BundleFile(MANIFEST, "application/json", "die Liste für Programme", manifest),
        *files,
    )
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in described)
    return zipped(
        [*((file.path, file.content) for file in described), (SUMS, sums.encode("utf-8"))],
        on=cover.published_on,
    )


def _manifest(files: Sequence[BundleFile], cover: Cover) -> bytes:
    facts: dict[str, Any] = {
        "format": _FORMAT,
        "title": f"{cover.title}, {cover.round}",
        "city": cover.city,
        "as_of": cover.as_of.isoformat(),
        "version": cover.version,
        "published_on": cover.published_on.isoformat(),
        "snapshot_sha256": cover.sha256,
        "demonstration": bool(cover.demonstration),
        "files": [
            {
                "path": file.path,
                "description": file.description,
                "media_type": file.mimetype,
                "bytes": len(file.content),
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _readme(files: Sequence[BundleFile], cover: Cover) -> bytes:
    width = max(len(file.path) for file in files)
    listed = "\n".join(f"  {file.path:<{width}}  {file.description}" for file in files)
    parts = [
        f"Quartalsmappe\n{cover.title}\n{cover.round}, {cover.city}",
        cover.demonstration,
        (
            f"Stichtag: {cover.as_of:%d.%m.%Y}\n"
            f"Fassung: {cover.version}, veröffentlicht am {cover.published_on:%d.%m.%Y}\n"
            f"Herausgegeben von: {cover.office}\n"
            f"Prüfsumme der veröffentlichten Daten (SHA-256):\n  {cover.sha256}"
        ),
        f"Diese Fassung korrigiert eine frühere. Grund: {cover.reason}" if cover.reason else "",
        f"Was ist enthalten?\n{listed}",
        (
            "Alle Dateien zeigen dieselben Zahlen: die der veröffentlichten Fassung. Die Vorlage "
            "ist ein Entwurf.\nStellen, die noch einzutragen sind, sind darin gekennzeichnet."
        ),
        (
            f"Sind die Dateien unverändert?\n  {SUMS} enthält die Prüfsumme jeder Datei. Unter "
            f"Linux und macOS prüft sie\n    sha256sum -c {SUMS}\n  unter Windows zeigt\n    "
            "certutil -hashfile DATEI SHA256\n  die Prüfsumme einer Datei zum Vergleichen.\n"
            f"  {MANIFEST} enthält dieselbe Liste für Programme."
        ),
        (
            "Lizenz der offenen Daten (Ordner daten): Datenlizenz Deutschland – Namensnennung – "
            f"Version 2.0\n  https://www.govdata.de/dl-de/by-2-0\n  Namensnennung: {cover.city}, "
            f"{cover.office}"
        ),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    # Windows' own editor shows line breaks and umlauts right with these.
    return text.replace("\n", "\r\n").encode("utf-8-sig")
