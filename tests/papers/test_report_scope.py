"""A report of chosen fields, of exceptions, compared with another round."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.factories_snapshot import document, documents, sha256
from tests.papers.odd_rounds import ODD_ROUNDS, OddRound
from tracker.core.errors import Invalid
from tracker.publication.reading import returns as rueckblick
from tracker.publication.reading import sentences
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Ratio, Report, ReturnsRow
from tracker.publication.reading.model_sections import Known
from tracker.publication.reading.rounds import NOT_YET
from tracker.publication.reading.scope import EVERYTHING, Scope
from tracker.publication.reading.words import Words
from tracker.publication.rules.facts import MeasureFact, ReportFact
from tracker.reporting.rules.reports import ReportState

Json = dict[str, Any]
EXCEPTIONS = Scope(exceptions_only=True)


@cache
def rounds() -> list[Json]:
    return documents(4)


@cache
def whole() -> Report:
    return report(rounds()[3], history=tuple(rounds()[:3]))


def codes(found: Report) -> list[str]:
    return [sheet.code for field in found.fields for sheet in field.sheets]


def calm(measure: MeasureFact) -> MeasureFact:
    """The measure without a reason to be an exception, but one that nobody asks about."""
    report_ = measure.report
    if report_ is None or report_.content is None or report_.reviewed is not None:
        return replace(measure, reportable=False, report=None)
    content = replace(report_.content, course=None, consequence="")
    return replace(measure, report=replace(report_, content=content))


def test_everything_has_no_note() -> None:
    assert (whole().scope, whole().scope_note) == (EVERYTHING, "")
    assert codes(whole()) == [item["code"] for item in rounds()[3]["measures"]]
    assert {field.listed for field in whole().fields} == {""}


def test_all_fields_by_name_are_everything() -> None:
    every = Scope(fields=frozenset("123456789"))
    assert replace(report(rounds()[3], scope=every), scope=EVERYTHING) == report(rounds()[3])


def test_one_field_says_which() -> None:
    found = report(rounds()[3], scope=Scope(fields=frozenset({"2"})))
    assert found.scope_note == "Auszug: nur das Handlungsfeld Schule. Alle Zahlen gelten nur dafür."
    assert [field.name for field in found.fields] == ["Schule"]
    assert found.summary.spread.total == found.fields[0].spread.total
    assert {row.name for row in found.effect.fields} == {"Schule"}
    assert {line.field for line in found.rounds.lines} == {"Schule"}
    own = set(codes(found))
    assert {line.code for line in found.changes} <= own
    assert {line.code for line in found.decisions} <= own
    assert {row[0] for table in found.data_notes for row in table.rows} <= own
    assert found.cover == whole().cover, "the published document and its hash stay the same"


def test_a_field_over_the_rounds_counts_only_its_measures() -> None:
    history = tuple(rounds()[:3])
    found = report(rounds()[3], scope=Scope(fields=frozenset({"2"})), history=history)
    for place, item in enumerate(rounds()):
        alone = report(item, scope=Scope(fields=frozenset({"2"})))
        assert found.rounds.spreads[place].counts == alone.summary.spread.counts
        assert found.returns.rounds[place].ratios == alone.summary.returns


def test_two_fields_are_named() -> None:
    found = report(rounds()[3], scope=Scope(fields=frozenset({"2", "1"})))
    assert found.scope_note.startswith(
        "Auszug: 2 von 9 Handlungsfeldern (Elementarbereich; Schule)."
    )


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid, match="Ein Handlungsfeld 99 gibt es in Q3/2026 nicht"):
        report(rounds()[3], scope=Scope(fields=frozenset({"99"})))


def test_exceptions_are_listed_and_everything_is_counted() -> None:
    found = report(rounds()[3], scope=EXCEPTIONS)
    assert found.summary == whole().summary
    assert found.effect.lines[0].now == whole().effect.lines[0].now
    assert found.decisions == whole().decisions
    listed = codes(found)
    assert 0 < len(listed) < len(codes(whole()))
    assert f"Nur Ausnahmen: {len(listed)} von 57 Maßnahmen sind einzeln" in found.scope_note
    assert all(sheet.occasions for field in found.fields for sheet in field.sheets)
    for table, full in zip(found.ziff5, whole().ziff5, strict=True):
        assert table.rows == tuple(row for row in full.rows if row[0] in listed)
        listed_too = (
            "Aufgeführt sind nur Ausnahmen."
            if table.rows
            else "Unter den Maßnahmen mit Angabe ist keine Ausnahme."
        )
        assert table.sentence == (f"{full.sentence} {listed_too}" if full.rows else full.sentence)


def test_what_an_exception_is_stands_in_the_words_of_the_document() -> None:
    renamed = {item["code"]: item for item in rounds()[3]["definitions"]["course"]}
    renamed["critical"] = renamed["critical"] | {"label": "bedrohlich"}
    definitions = rounds()[3]["definitions"] | {"course": list(renamed.values())}
    found = report(rounds()[3] | {"definitions": definitions}, scope=EXCEPTIONS)
    assert found.scope_note.endswith(
        "Eine Ausnahme ist eine Maßnahme, deren Verlauf gefährdet oder bedrohlich ist, die sich "
        "seit Q2/2026 verschlechtert hat, zu der ein Steuerungsvorschlag oder keine Meldung "
        "vorliegt oder deren Stand nach der Prüfung anders festgestellt ist als gemeldet."
    )
    told = {word for field in found.fields for sheet in field.sheets for word in sheet.occasions}
    assert "bedrohlich" in told
    assert "kritisch" not in told


def test_without_a_round_before_nothing_can_be_worse() -> None:
    found = report(rounds()[0], scope=EXCEPTIONS)
    assert "verschlechtert" not in found.scope_note
    assert found.since == ""


def test_a_round_without_exceptions_says_so() -> None:
    found = report(document(change=calm), scope=EXCEPTIONS)
    assert codes(found) == []
    assert found.scope_note.startswith("Nur Ausnahmen: Es gibt keine; die Zahlen zählen alle")
    assert {field.listed for field in found.fields} == {
        "In diesem Handlungsfeld gibt es keine Ausnahme."
    }


def test_a_paper_without_sheets_says_so_and_keeps_its_tables() -> None:
    found = report(rounds()[3], scope=Scope(sheets=False))
    assert found.scope_note == "Die Blätter der einzelnen Maßnahmen sind nicht enthalten."
    assert found.fields == report(rounds()[3]).fields


@pytest.mark.parametrize(
    ("count", "total", "opening"),
    [
        (0, 57, "Nur Ausnahmen: Es gibt keine"),
        (1, 1, "Nur Ausnahmen: die eine Maßnahme ist einzeln aufgeführt"),
        (1, 57, "Nur Ausnahmen: 1 von 57 Maßnahmen ist einzeln aufgeführt"),
        (9, 57, "Nur Ausnahmen: 9 von 57 Maßnahmen sind einzeln aufgeführt"),
    ],
)
def test_exceptions_are_counted_in_words(count: int, total: int, opening: str) -> None:
    assert sentences.exceptions(count, total).startswith(opening)


@pytest.mark.parametrize("odd", ODD_ROUNDS, ids=lambda odd: odd.name)
@pytest.mark.parametrize("scope", [EVERYTHING, EXCEPTIONS, Scope(frozenset({"1"}), True, False)])
def test_no_round_is_too_odd_for_any_scope(odd: OddRound, scope: Scope) -> None:
    found = odd.document()
    if not found["fields"]:
        scope = replace(scope, fields=frozenset())
    made = report(found, scope=scope)
    assert made.cover.sha256 == sha256(found)


def test_another_round_takes_the_place_of_the_previous_one() -> None:
    found = report(rounds()[3], compared=rounds()[0])
    assert (found.since, found.cover.previous) == ("seit Q4/2025", "Q4/2025")
    assert found.legends[2].title == "Veränderung gegenüber Q4/2025 („Vorrunde“)"
    assert found.summary.changes_sentence.startswith("Gegenüber Q4/2025: ")
    values = {item["code"]: item["value"] for item in rounds()[0]["measures"]}
    words = Words.of(rounds()[3]["definitions"])
    for field in found.fields:
        for sheet in field.sheets:
            if sheet.reportable:
                assert sheet.before == words.standing(values[sheet.code])


def test_its_own_previous_round_changes_nothing_but_the_legend() -> None:
    history = tuple(rounds()[:3])
    found = report(rounds()[3], compared=rounds()[2], history=history)
    assert replace(found, legends=whole().legends) == whole()


def test_a_later_round_is_no_since() -> None:
    found = report(rounds()[0], compared=rounds()[3])
    assert found.since == "gegenüber Q3/2026"
    assert found.summary.changes_sentence.startswith("Gegenüber Q3/2026: ")


def test_measures_of_only_one_round_are_noted() -> None:
    fewer = rounds()[3] | {"measures": rounds()[3]["measures"][1:]}
    fields = [dict(field) for field in fewer["fields"]]
    first = fields[0]["goals"][0]
    fields[0]["goals"] = [first | {"measures": first["measures"][1:]}, *fields[0]["goals"][1:]]
    found = report(fewer | {"fields": fields}, compared=rounds()[2])
    assert found.data_notes[-1].title == "Nicht in beiden Runden"
    assert [(row[0], row[2]) for row in found.data_notes[-1].rows] == [("1.1", "nur in Q2/2026")]
    later = report(rounds()[2], compared=fewer | {"fields": fields})
    assert [(row[0], row[2]) for row in later.data_notes[-1].rows] == [("1.1", "nur in Q2/2026")]


def test_measures_over_rounds_mark_what_is_carried_and_what_was_not_there() -> None:
    grid = whole().rounds
    assert grid.labels == ("Q4/2025", "Q1/2026", "Q2/2026", "Q3/2026")
    assert grid.sentence == "Dargestellt sind 4 Runden, Q4/2025 bis Q3/2026."
    for line in grid.lines:
        for item, cell in zip(rounds(), line.cells, strict=True):
            measure = next(one for one in item["measures"] if one["code"] == line.code)
            carried = measure["carried"]
            assert (cell.kind is Known.CARRIED) == (carried is not None)
            if carried is not None:
                assert cell.text.startswith(f"keine Meldung, zuletzt {carried['label']}: ")
                assert cell.origin == carried["label"]
    gone = rounds()[1] | {"measures": rounds()[1]["measures"][1:]}
    new = rounds()[0] | {"measures": rounds()[0]["measures"][1:]}
    cells = report(rounds()[3], history=(new, rounds()[1])).rounds.lines[0].cells
    assert cells[0].text == "noch nicht im Konzept"
    cells = report(rounds()[3], history=(rounds()[0], gone)).rounds.lines[0].cells
    assert cells[1].text == "nicht im Konzept"


def test_old_rounds_keep_their_words_in_the_grid() -> None:
    old = rounds()[2]
    words = {item["code"]: item for item in old["definitions"]["implementation"]}
    words["in_progress"] = words["in_progress"] | {"label": "läuft"}
    definitions = old["definitions"] | {"implementation": list(words.values())}
    lines = report(rounds()[3], history=(old | {"definitions": definitions},)).rounds.lines
    assert any(line.cells[0].text.startswith("läuft") for line in lines)
    assert not any(line.cells[1].text.startswith("läuft") for line in lines)


def test_gaps_are_said_above_the_grid() -> None:
    grid = report(rounds()[3], history=(rounds()[1],)).rounds
    assert grid.labels == ("Q1/2026", "Q3/2026")
    assert grid.sentence == (
        "Dargestellt sind 2 Runden, Q1/2026 bis Q3/2026. Ohne veröffentlichte Runde: Q2/2026."
    )
    assert report(rounds()[3]).rounds.sentence == "Dargestellt ist nur Q3/2026."


def test_a_measure_is_followed_over_fassungen_by_its_key_not_by_its_number() -> None:
    """What had another number in an earlier Fassung stands in the same row."""
    earlier = rounds()[2]
    renumbered = earlier | {
        "measures": [item | {"code": f"A.{item['code']}"} for item in earlier["measures"]]
    }
    plain = report(rounds()[3], history=(earlier,)).rounds
    assert report(rounds()[3], history=(renumbered,)).rounds.lines == plain.lines
    other = earlier | {
        "measures": [item | {"key": f"2:{item['code']}"} for item in earlier["measures"]]
    }
    lines = report(rounds()[3], history=(other,)).rounds.lines
    assert {line.cells[0].text for line in lines} == {NOT_YET}


def test_waived_reports_are_listed_with_their_reason() -> None:
    def waive(measure: MeasureFact) -> MeasureFact:
        if measure.report is None or measure.code != "1.2":
            return measure
        waived = ReportFact(
            measure.report.institution, ReportState.WAIVED, waived_reason="Umzug der Stelle"
        )
        return replace(measure, report=waived)

    found = report(document(goals=1, change=waive)).returns
    assert [(row[0], row[3]) for row in found.waivers.rows if row[0] == "1.2"] == [
        ("1.2", "Umzug der Stelle")
    ]
    assert found.whole.waived == len(found.waivers.rows)


@pytest.mark.parametrize(
    ("count", "total", "sentence"),
    [
        (0, 0, "In dieser Runde wurde keine Meldung erwartet."),
        (0, 1, "Die eine erwartete Meldung ist nicht eingegangen."),
        (1, 1, "Die eine erwartete Meldung ist eingegangen."),
        (0, 55, "Keine von 55 erwarteten Meldungen ist eingegangen."),
        (1, 55, "1 von 55 erwarteten Meldungen ist eingegangen."),
        (52, 55, "52 von 55 erwarteten Meldungen sind eingegangen."),
        (55, 55, "Alle 55 erwarteten Meldungen sind eingegangen."),
    ],
)
def test_the_ruecklauf_is_told_right(count: int, total: int, sentence: str) -> None:
    row = ReturnsRow("", (Ratio("", count, total, None, ""),) * 3, 0)
    assert rueckblick.sentences(row)[0] == sentence


def test_nobody_led_and_waived_are_told_for_none_one_and_many() -> None:
    assert [rueckblick.waived(count) for count in (0, 1, 2)] == [
        "",
        "Auf 1 Meldung wurde verzichtet; sie zählt nicht als erwartet.",
        "Auf 2 Meldungen wurde verzichtet; sie zählen nicht als erwartet.",
    ]
    assert rueckblick.without_lead(0) == ""
    assert rueckblick.without_lead(1).startswith("1 Maßnahme hatte keine federführende")
    assert rueckblick.without_lead(2).startswith("2 Maßnahmen hatten keine federführende")
