"""Hints to names and single cases in free texts."""

from dataclasses import replace

import pytest

from tracker.reporting.rules.content import MilestoneLine, ReportContent
from tracker.reporting.rules.free_text import READ_BY_MANY, Hint, likely_personal, privacy_hints


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Das Gespräch mit Frau Yılmaz war gut.", ("Frau Yılmaz",)),
        ("Herr K. hat den Kurs verlassen.", ("Herr K.",)),
        ("Wir danken Herrn Dr. Peter Öztürk.", ("Herrn Dr. Peter Öztürk",)),
        ("Familie Al-Masri zog um", ("Familie Al-Masri",)),
        ("a.muster@example.org oder 0521 123456", ("a.muster@example.org", "0521 123456")),
        ("Er ist geb. 3.4.2010.", ("geb. 3.4.2010",)),
        ("Eine 16-jährige Schülerin brach ab", ("Eine 16-jährige",)),
        ("ein 17-Jähriger fand eine Stelle", ("ein 17-Jähriger",)),
        ("Ein Mädchen aus Syrien hat gewonnen.", ("Ein Mädchen aus",)),
        ("siehe Aktenzeichen 51-33/2026", ("Aktenzeichen 51-33/2026",)),
    ],
)
def test_names_and_cases_are_found(text: str, words: tuple[str, ...]) -> None:
    assert likely_personal(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Zwei Kurse für Frauen und Familien haben begonnen.",
        "Angebot für 14- bis 16-Jährige; 16-jährige Jugendliche nehmen teil.",
        "Die Frau im Mittelpunkt: eine Ausstellung mit 1.250,50 € Förderung bis 15.3.2027.",
        "Im Jahr 2026 kamen 30 000 Menschen, Quote 0,5 bis 10 Prozent.",
        "Eine Familie im Stadtteil zu sein heißt …",
        "Herren- und Frauenmannschaften, Herr der Lage",
        "",
    ],
)
def test_what_reports_are_about_is_not_held_for_a_person(text: str) -> None:
    assert likely_personal(text) == ()


def test_each_published_text_is_looked_at_and_the_remark_to_the_ki_is_not() -> None:
    texts = dict.fromkeys((*READ_BY_MANY, "internal_remark"), "Frau Muster")
    content = replace(ReportContent(**texts), milestones=(MilestoneLine("Frau Muster"),))
    found = privacy_hints(content)
    assert {hint.field for hint in found} == {*READ_BY_MANY, "milestones"}
    assert found[0] == Hint("achieved", "Frau Muster")
