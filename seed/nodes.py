"""Reading a YAML file so that every mistake is reported with file, line and remedy.

`open_file` gives the top `YamlBlock` of a file; a block hands out its values by key and type.
Nothing here knows what a concept is: the shape of the files is in `seed.files`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tracker.core.text import is_code

_TEXT, _NUMBER, _FLAG, _NULL = (
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool", "null")
)
_DECIMAL = re.compile(r"\d+(\.\d+)?")
# Ten times as fast; a PyYAML that was built without libyaml has only the other.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Choice = TypeVar("Choice", bound=StrEnum)


class SeedFileError(ValueError):
    """A seed file cannot be used; the German message names file, line and remedy."""

    def __init__(self, file: Path, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{file}, Zeile {line}: {problem} {remedy}")
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class YamlBlock:
    """A block of `key: value` lines; every getter raises SeedFileError for a wrong value."""

    file: Path
    node: Node
    values: dict[str, Node]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def error(self, problem: str, remedy: str, *, at: str | None = None) -> SeedFileError:
        """Return the error for the line of the value `at`, or of the entry itself."""
        return _error(self.file, self.values[at] if at else self.node, problem, remedy)

    def only(self, *known: str) -> YamlBlock:
        """Return the entry; refuse keys outside `known`, which are mostly misspelt ones."""
        for key in self.values:
            if key not in known:
                raise self.error(
                    f"Der Schlüssel „{key}“ ist hier nicht bekannt.",
                    f"Möglich sind: {', '.join(known)}. Bitte Schreibweise und Einrückung prüfen.",
                    at=key,
                )
        return self

    def text(self, key: str, *, longest: int | None = None) -> str:
        """Return a required text on one line, white space collapsed, within its column's width."""
        value = _text(self.file, self._required(key), key)
        if longest is None or len(value) <= longest:
            return value
        raise self.error(
            f"„{key}“ ist mit {len(value)} Zeichen zu lang.",
            f"Bitte auf höchstens {longest} Zeichen kürzen.",
            at=key,
        )

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if key in self.values else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a missing key is an empty list."""
        return tuple(_text(self.file, node, key) for node in self._items(key))

    def whole_number(self, key: str) -> int:
        node = self._required(key)
        if isinstance(node, ScalarNode) and node.tag == _NUMBER and node.value.isdecimal():
            return int(node.value)
        raise self.error(
            f"„{key}“ ist keine ganze Zahl.",
            f"Bitte nur Ziffern ohne Anführungszeichen schreiben, zum Beispiel „{key}: 3“.",
            at=key,
        )

    def code(self, key: str) -> str:
        """Return what numbers a thing of the concept: 3, "A.1", "Ü3"."""
        node = self._required(key)
        if isinstance(node, ScalarNode) and node.tag in {_NUMBER, _TEXT} and is_code(node.value):
            return str(node.value)
        raise self.error(
            f"„{key}“ ist keine Nummer.",
            f'Bitte eine Nummer schreiben, zum Beispiel „{key}: 3“ oder „{key}: "3.1"“: höchstens '
            "20 Buchstaben, Ziffern, Punkte und Bindestriche, mit Punkt in Anführungszeichen.",
            at=key,
        )

    def flag(self, key: str) -> bool:
        """Return whether `key: true` is set; a missing key is false."""
        if key not in self.values:
            return False
        if self.values[key].tag == _FLAG:
            return str(self.values[key].value).lower() in {"true", "yes", "on"}
        raise self.error(
            f"„{key}“ ist weder wahr noch falsch.",
            f"Bitte „{key}: true“ oder „{key}: false“ schreiben.",
            at=key,
        )

    def decimal(self, key: str) -> Decimal:
        """Return a required number, written with a point if it has decimals."""
        node = self._required(key)
        if isinstance(node, ScalarNode) and _DECIMAL.fullmatch(node.value):
            return Decimal(node.value)
        raise self.error(
            f"„{key}“ ist keine Zahl.",
            f"Bitte Ziffern mit Dezimalpunkt schreiben, zum Beispiel „{key}: 12.5“.",
            at=key,
        )

    def day(self, key: str) -> date:
        """Return a required day, written as year-month-day."""
        node = self._required(key)
        try:
            return date.fromisoformat(str(node.value))
        except ValueError:
            raise self.error(
                f"„{key}“ ist kein Datum.",
                f"Bitte als Jahr-Monat-Tag schreiben, zum Beispiel „{key}: 2010-09-23“.",
                at=key,
            ) from None

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        value = self.text(key)
        try:
            return kind(value)
        except ValueError:
            raise self.error(
                f"„{value}“ ist für „{key}“ nicht bekannt.",
                f"Möglich sind: {', '.join(member.value for member in kind)}.",
                at=key,
            ) from None

    def entries(self, key: str) -> Iterator[YamlBlock]:
        """Yield the entries of a list; a missing key is an empty list."""
        for node in self._items(key):
            yield _entry(self.file, node)

    def entry(self, key: str) -> YamlBlock:
        return _entry(self.file, self._required(key))

    def entries_required(self, key: str) -> list[YamlBlock]:
        self._required(key)
        blocks = list(self.entries(key))
        if not blocks:
            raise self.error(
                f"Die Liste „{key}“ ist leer.", "Bitte mindestens einen Eintrag angeben.", at=key
            )
        return blocks

    def _required(self, key: str) -> Node:
        if key not in self.values:
            raise self.error(
                f"Der Schlüssel „{key}“ fehlt in diesem Eintrag.",
                f"Bitte eine Zeile „{key}: …“ ergänzen.",
            )
        return self.values[key]

    def _items(self, key: str) -> list[Node]:
        node = self.values.get(key)
        if node is None:
            return []
        if isinstance(node, SequenceNode):
            return list(node.value)
        raise self.error(
            f"„{key}“ ist keine Liste.",
            "Bitte jeden Eintrag in einer eigenen Zeile mit „- “ beginnen.",
            at=key,
        )


def open_file(file: Path) -> YamlBlock:
    """Return the top entry of a YAML file.

    Raises SeedFileError where the file is missing, not UTF-8, not YAML or not a block of keys.
    """
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=_LOADER)
    except FileNotFoundError:
        raise SeedFileError(
            file, 1, "Die Datei fehlt.", "Bitte aus der Auslieferung wiederherstellen."
        ) from None
    except UnicodeDecodeError:
        raise SeedFileError(
            file,
            1,
            "Die Datei ist nicht als UTF-8 gespeichert.",
            "Bitte im Editor die Zeichenkodierung UTF-8 wählen und neu speichern.",
        ) from None
    except yaml.YAMLError as error:
        raise _syntax_error(file, error) from None
    if root is None:
        raise SeedFileError(
            file, 1, "Die Datei ist leer.", "Bitte aus der Auslieferung wiederherstellen."
        )
    return _entry(file, root)


def refuse_duplicates(entries: Iterable[tuple[YamlBlock, str, object]]) -> None:
    """Refuse a value that an earlier entry has under the same key: (entry, key, value)."""
    first: dict[object, YamlBlock] = {}
    for entry, key, value in entries:
        if value in first:
            earlier = first[value]
            raise entry.error(
                f"„{key}: {value}“ ist doppelt vergeben; der Wert steht schon in "
                f"{earlier.file.name}, Zeile {_line(earlier.values[key])}.",
                "Bitte eine der beiden Stellen ändern.",
                at=key,
            )
        first[value] = entry


def _entry(file: Path, node: Node) -> YamlBlock:
    if not isinstance(node, MappingNode):
        raise _error(
            file,
            node,
            "Hier wird ein Eintrag aus Zeilen der Form „Schlüssel: Wert“ erwartet.",
            "Bitte Doppelpunkt, Leerzeichen und Einrückung prüfen.",
        )
    values: dict[str, Node] = {}
    for key, value in node.value:
        if key.value in values:
            raise _error(
                file,
                key,
                f"Der Schlüssel „{key.value}“ kommt in diesem Eintrag zweimal vor.",
                "Bitte eine der beiden Zeilen entfernen.",
            )
        values[key.value] = value
    return YamlBlock(file, node, values)


def _text(file: Path, node: Node, key: str) -> str:
    if isinstance(node, ScalarNode) and node.tag == _NULL:
        raise _error(
            file, node, f"„{key}“ hat keinen Wert.", "Bitte Text ergänzen oder Zeile entfernen."
        )
    if not isinstance(node, ScalarNode) or node.tag != _TEXT:
        raise _error(
            file,
            node,
            f"„{key}“ ist kein Text.",
            'Bitte in Anführungszeichen setzen ("…") oder nach „>-“ eine Zeile tiefer beginnen.',
        )
    collapsed = " ".join(node.value.split())
    if not collapsed:
        raise _error(file, node, f"„{key}“ ist leer.", "Bitte Text ergänzen oder Zeile entfernen.")
    return collapsed


def _syntax_error(file: Path, error: yaml.YAMLError) -> SeedFileError:
    # A quotation that never ends is noticed at the end of the file; what helps is its beginning.
    unclosed = "quoted scalar" in str(getattr(error, "context", ""))
    mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
    return SeedFileError(
        file,
        mark.line + 1 if mark else 1,
        "Die Datei ist kein gültiges YAML.",
        "Bitte in dieser Zeile und den Zeilen davor Einrückung, Doppelpunkte und Anführungszeichen "
        "prüfen; Text mit Sonderzeichen beginnt am besten nach „>-“ eine Zeile tiefer.",
    )


def _error(file: Path, node: Node, problem: str, remedy: str) -> SeedFileError:
    return SeedFileError(file, _line(node), problem, remedy)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
