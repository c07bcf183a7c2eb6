"""docs/sicherheit.md names every requirement of OWASP ASVS 5.0.0, level 2, and real tests."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs/sicherheit.md").read_text("utf-8")
STATES = {"erfüllt", "teilweise", "offen", "Betrieb", "entfällt"}
# How many requirements of levels 1 and 2 a section has; they are its first ones.
LAST = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| V")
]


def test_every_requirement_stands_in_one_row() -> None:
    wanted = {f"V{section}.{n}" for section, last in LAST.items() for n in range(1, last + 1)}
    named: Counter[str] = Counter()
    for numbers, *_ in ROWS:
        for number in numbers.split(", "):
            # A section where none of it applies stands for all of its requirements.
            named.update(one for one in wanted if one == number or one.startswith(f"{number}."))
            assert number in wanted or number.removeprefix("V") in LAST, number
    assert named == Counter(wanted)


def test_every_row_says_how_it_stands_and_by_what() -> None:
    for numbers, requirement, state, proof in ROWS:
        assert requirement, numbers
        assert state in STATES, numbers
        assert proof or state in {"entfällt", "offen"}, numbers


def test_every_test_and_file_that_is_named_exists() -> None:
    files = re.findall(r"`((?:tests|tracker|dashboards)/[\w/.-]+)(?:::(\w+))?`", TEXT)
    assert len(files) > 100
    for path, name in files:
        assert (ROOT / path).is_file(), path
        assert not name or f"def {name}(" in (ROOT / path).read_text("utf-8"), f"{path}::{name}"
    for way in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (ROOT / "docs" / way).exists(), way
