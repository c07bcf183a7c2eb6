"""The CSV files: what German offices open by a double click, and what programs read."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings

from tests.factories_snapshot import documents
from tests.papers.odd_rounds import ODD_ROUNDS, TEXTS, OddRound, with_text
from tests.papers.office import converted
from tests.papers.round_strategies import rounds
from tracker.core.german import euro
from tracker.papers.tables import tables
from tracker.papers.writers.to_csv import csv_files, to_csv_zip
from tracker.publication.reading.content import report
from tracker.publication.reading.csv_file import to_csv
from tracker.publication.reading.model import Money, Report
from tracker.publication.reading.table import Column, Kind, Table
from tracker.publication.rules.snapshot import build

Rows = list[dict[str, str]]


@cache
def full() -> Report:
    made = documents(3, goals=6)
    return report(made[-1], history=tuple(made[:-1]))


def read(found: Report) -> dict[str, Rows]:
    """All files as a program reads them, by the key of their table."""
    return {
        table.key: list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), ""), delimiter=";"))
        for table, (_, content) in zip(tables(found), csv_files(found), strict=True)
    }


def test_the_files_are_made_as_german_offices_open_them() -> None:
    for table, (name, content) in zip(tables(full()), csv_files(full()), strict=True):
        assert content.startswith(b"\xef\xbb\xbf"), name
        assert content.endswith(b"\r\n"), name
        assert ";" in content.decode("utf-8-sig").split("\r\n")[0], name
        assert content.count(b"\r\n") == 1 + len(table.rows), name


def test_every_table_has_its_file_in_order() -> None:
    names = [name for name, _ in csv_files(full())]
    assert names == sorted(names)
    assert names[:3] == [
        "00-inhalt-demonstration.csv",
        "01-ueberblick-demonstration.csv",
        "02-handlungsfelder-demonstration.csv",
    ]
    assert len(names) == len(tables(full()))
    assert all(name.isascii() for name in names)


def test_rows_and_columns_are_those_of_the_tables() -> None:
    found = read(full())
    for table in tables(full()):
        assert len(found[table.key]) == len(table.rows), table.key
        for row in found[table.key]:
            assert len(row) == len(table.columns) + 1
            assert row["Demonstration"] == "Angaben erfunden"


def test_numbers_and_days_are_german() -> None:
    found = read(full())
    costs = {row["Kosten (Ist) in Euro"] for row in found["meldungen"]}
    assert costs == {"", "3750,50"}
    assert {row["bis"] for row in found["meldungen"]} == {"15.02.2027"}
    percents = {row["Prozent"] for row in found["ueberblick"]} - {""}
    assert percents
    assert all("," in value and "." not in value for value in percents)
    people = {row["Teilnehmende (Personen)"] for row in found["meldungen"]}
    assert people == {"12", "48", "120", "unter 5, nicht veröffentlicht"}


def test_codes_stay_texts() -> None:
    """Without the apostrophe 1.1 would be the 1st of January, and 1.10 the same as 1.1."""
    assert [row["Nr."] for row in read(full())["massnahmen"]][:2] == ["'1.1", "'1.2"]
    for table in read(full()).values():
        for row in table:
            assert not row.get("Nr.", "")[:1].isdigit()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd()", "'=cmd()"),
        ("+49 521 51-0", "'+49 521 51-0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\ufeff=1+1", "'=1+1"),
        ("a\x00b", "ab"),
        ("3.10", "'3.10"),
        ("1-2", "'1-2"),
        ("05711", "'05711"),
        ("3E1", "'3E1"),
        ("1 + 1 = 2", "1 + 1 = 2"),
        ("5 %", "'5 %"),
        ("(5)", "'(5)"),
        ("1,5E3", "'1,5E3"),
        ("1 250", "'1 250"),
        ("3 1/2", "'3 1/2"),
        ("TRUE", "'TRUE"),
        ("Wahr", "'Wahr"),
        ("(nicht) wahr", "(nicht) wahr"),
        ("Mai 2027", "'Mai 2027"),
        ("1. Sept.", "'1. Sept."),
        ("3 Kurse", "3 Kurse"),
        ("Mai", "Mai"),
        ("2 Maikäfer", "2 Maikäfer"),
        ("Q3/2026", "Q3/2026"),
        ("A.1", "A.1"),
        ("– ein Strich", "– ein Strich"),
        ("'schon geschützt", "'schon geschützt"),
        ('sagt "ja"; und nein', 'sagt "ja"; und nein'),
        ("zwei\r\nZeilen", "zwei\nZeilen"),
    ],
)
def test_a_text_is_never_a_formula_and_stays_readable(text: str, shown: str) -> None:
    found = read(report(build(with_text(text))))
    assert found["massnahmen"][0]["Maßnahme"] == shown
    assert found["meldungen"][0]["Was wurde erreicht?"] == shown


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_every_text_survives(text: str) -> None:
    shown = read(report(build(with_text(text))))["meldungen"][0]["Hindernisse"]
    assert shown.removeprefix("'") == text


def test_no_cell_of_any_file_begins_like_a_formula() -> None:
    """Numbers below 0 would be the exception; there are none."""
    for odd in ODD_ROUNDS:
        for rows in read(report(odd.document())).values():
            for row in rows:
                starts = {value.lstrip()[:1] for value in row.values()}
                assert not starts & set("=+-@"), (odd.name, row)


@pytest.mark.parametrize("odd", ODD_ROUNDS, ids=lambda odd: odd.name)
def test_odd_rounds_are_read_again_as_they_are(odd: OddRound) -> None:
    found = report(odd.document())
    again = read(found)
    assert {key: len(rows) for key, rows in again.items()} == {
        table.key: len(table.rows) for table in tables(found)
    }


@pytest.mark.office
def test_a_spreadsheet_reads_codes_as_texts_and_numbers_as_numbers(
    soffice_path: str, tmp_path: Path
) -> None:
    wanted = {"massnahmen", "mittel-massnahmen"}
    files = {name: content for name, content in csv_files(full()) if name[3:-18] in wanted}
    assert len(files) == len(wanted)
    # Semicolons, quotes, UTF-8, German numbers.
    source = "CSV:59,34,76,1,,1031"
    for content in converted(
        soffice_path, files, to="xlsx", folder=tmp_path, source=source
    ).values():
        head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.values
        codes = {row[head.index("Nr.")] for row in rows}
        assert {"'1.1", "'1.2"} <= codes
        if "Kosten (Ist) in Euro" in head:
            costs = [row[head.index("Kosten (Ist) in Euro")] for row in rows]
            assert 3750.5 in costs


def test_only_a_demonstration_is_marked() -> None:
    found = report(next(item for item in ODD_ROUNDS if item.name == "no demonstration").document())
    assert not any("demonstration" in name for name, _ in csv_files(found))
    assert all("Demonstration" not in row for row in read(found)["massnahmen"])


def test_the_zip_holds_the_files_and_is_the_same_every_time() -> None:
    content = to_csv_zip(full())
    assert content == to_csv_zip(full())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [(name, archive.read(name)) for name in archive.namelist()] == list(
            csv_files(full())
        )
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 11, 2)}


def number(text: str) -> Decimal | None:
    plain = text.replace(",", ".")
    return Decimal(plain) if plain.replace(".", "").isdigit() else None


@given(rounds())
@settings(max_examples=8, deadline=None)
def test_the_columns_add_up_to_the_printed_totals_in_any_round(document: dict) -> None:  # type: ignore[type-arg]
    found = report(document)
    files = read(found)
    for line in (*found.summary.spread.counts, *found.summary.spread.courses):
        for key in ("handlungsfelder", "ziele"):
            assert sum(int(row[line.mark.label]) for row in files[key]) == line.count
    heads = {
        table.key: {column.name: column.kind for column in table.columns} for table in tables(found)
    }
    for key in ("mittel-handlungsfelder", "mittel-massnahmen"):
        for line in found.effect.lines:
            money = heads[key][line.label] is Kind.MONEY
            name = f"{line.label} in Euro" if money else line.label
            values = [number(row[name]) for row in files[key]]
            given_ = [value for value in values if value is not None]
            whole = line.now.value
            expected = whole.amount if isinstance(whole, Money) else whole
            assert (sum(given_) if given_ else None) == expected, (key, line.label)
    overview = {(row["Frage"], row["Wert"]): row["Anzahl"] for row in files["ueberblick"]}
    assert overview["Meldungen", "gemeldet"] == str(found.summary.spread.reported)
    for ratio in found.summary.returns:
        assert overview["Rücklauf", ratio.label] == str(ratio.count)


@pytest.mark.parametrize(
    ("amount", "shown"), [("0.125", "0,13"), ("0.124", "0,12"), ("2.345", "2,35"), ("7", "7,00")]
)
def test_half_a_cent_is_rounded_up_wherever_it_is_given_out(amount: str, shown: str) -> None:
    assert euro(amount) == f"{shown} €"
    money = Table("", "", "", "", (Column("", kind=Kind.MONEY),), ((Money(Decimal(amount)),),))
    assert to_csv(money, invented=False).decode().split()[-1] == shown
