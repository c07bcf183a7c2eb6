"""Full-text search: whatever stands in a text is found by any part of it, and shown where."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.csv_text import csv_rows
from tests.dashboards.conftest import Content, Visitor, texts
from tracker.publication.reading import search as reading
from tracker.publication.reading.search import (
    EXCERPT,
    LONGEST,
    Entry,
    Passage,
    fold,
    labels,
    places,
    search,
    terms,
    too_short,
)
from tracker.publication.rules.snapshot_parts import (
    EFFECT,
    GOALS,
    META,
    OVERVIEW,
    TEXTS,
    split,
)

Json = dict[str, Any]

LETTERS = st.text("aäeoöuüsßçéıAÄÖẞ*- \n\u00ad„x", min_size=1, max_size=40)
TEXTS_OF = st.lists(LETTERS, min_size=1, max_size=3)
ENTRIES = st.lists(TEXTS_OF, min_size=1, max_size=5)


def made(lists: list[list[str]]) -> list[Entry]:
    """Entries 1.1, 1.2 … with these texts, the first of each as its wording."""
    return [
        Entry(f"1.{number}", tuple(Passage(f"Text {i}", text) for i, text in enumerate(given_)))
        for number, given_ in enumerate(lists, 1)
    ]


def spelled(text: str) -> str:
    """Without umlauts and ß, as somebody types on a foreign keyboard."""
    for letter, other in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ẞ", "SS")):
        text = text.replace(letter, other).replace(letter.upper(), other.upper())
    return text


@given(ENTRIES, st.data())
def test_every_part_of_every_text_finds_it_however_it_is_spelled(
    lists: list[list[str]], data: st.DataObject
) -> None:
    entries = made(lists)
    entry = data.draw(st.sampled_from(entries))
    text = unicodedata.normalize("NFC", data.draw(st.sampled_from(entry.passages)).text)
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    for asked in (
        part,
        part.upper(),
        part.lower(),
        spelled(part),
        unicodedata.normalize("NFD", part),
    ):
        if fold(asked, 0):
            assert entry in search(entries, [asked]), asked
            assert places(entry, [asked])


@given(ENTRIES, st.lists(LETTERS, min_size=1, max_size=3))
def test_what_is_found_has_every_word_and_what_is_not_lacks_one(
    lists: list[list[str]], asked: list[str]
) -> None:
    wanted = [word for word in asked if fold(word, 0)]
    entries = made(lists)
    found = search(entries, wanted)

    def has(entry: Entry, word: str) -> bool:
        shown = [place.label for place in places(entry, [word])]
        assert shown == labels(entry, [word])
        return bool(shown)

    for entry in entries:
        assert (entry in found) == (bool(wanted) and all(has(entry, word) for word in wanted))


@given(LETTERS.map(lambda text: text * 20), LETTERS)
def test_an_excerpt_is_a_part_of_the_text_with_every_hit_in_it_marked(text: str, word: str) -> None:
    if not fold(word, 0):
        return
    for place in places(made([[text]])[0], [word]):
        shown = "".join(piece.text for piece in place.pieces if piece.text not in {"… ", " …"})
        assert shown in unicodedata.normalize("NFC", text)
        assert len(shown) <= EXCERPT
        hits = [piece.text for piece in place.pieces if piece.hit]
        assert any(fold(word, way) in fold(hit, way) for hit in hits for way in (0, 1))


@given(st.text(max_size=300))
def test_any_question_becomes_a_few_words(asked: str) -> None:
    found = terms(asked)
    assert len(found) <= 12
    assert sum(map(len, found)) <= LONGEST * 3
    assert all(fold(word, 0) for word in found)
    assert len({fold(word, 0) for word in found}) == len(found)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("", ()),
        ("  \t ", ()),
        ("Kita  Eltern", ("Kita", "Eltern")),
        ("kita KITA Kita", ("kita",)),
        ('"in der Kita" Eltern', ("in der Kita", "Eltern")),
        ("„interkulturelle Öffnung“", ("interkulturelle Öffnung",)),
        ("»in  der«", ("in der",)),
        ('"offen bleibt', ("offen bleibt",)),
        ('""', ()),
        ("***", ()),
    ],
)
def test_words_and_phrases(asked: str, wanted: tuple[str, ...]) -> None:
    assert terms(asked) == wanted


@pytest.mark.parametrize(
    ("text", "asked", "is_found"),
    [
        ("Begegnungsräume", "raeume", True),
        ("Begegnungsräume", "RÄUME", True),
        ("Begegnungsräume", "raume", True),
        ("Begegnungsraeume", "räume", True),
        ("schon", "schön", False),
        ("Straße", "strasse", True),
        ("Strasse", "STRAẞE", True),
        ("Migrant*innen", "migrantinnen", True),
        ("Café İstanbul", "cafe istanbul", True),
        ("in der\nKita", "der Kita", True),
        ("Kita der", "der Kita", False),
        ("Interkultur\u2011Preis", "interkultur-preis", True),
        ("Jahr 2025–2026", "2025-2026", True),
        ("Jahr 2025-2026", "2025\u22122026", True),
        ("„MiMi“-Projekt", "MiMi-Projekt", True),
        ("das »Haus der Begegnung«", "haus der begegnung", True),
        ("Stadtteil\u200bmütter", "Stadtteilmuetter", True),
        ("‚Rathaus‘ und Büro", "`Rathaus´ und", True),
    ],
)
def test_spellings(text: str, asked: str, is_found: bool) -> None:
    assert bool(search(made([[text]]), [asked])) is is_found


def test_the_wording_comes_first_then_the_concept_and_a_number_before_all() -> None:
    entries = made([["a", "Kita"], ["Kita"], ["Kita 1.4"], ["x"], ["y", "Kita"]])
    assert [item.code for item in search(entries, ["kita"])] == ["1.2", "1.3", "1.1", "1.5"]
    assert [item.code for item in search(entries, ["1.4"])] == ["1.4", "1.3"]
    assert search(entries, []) == []
    loose = made([["Gespräche"], ["y", "Sprache"], ["Sprache"]])
    assert [item.code for item in search(loose, ["sprache"])] == ["1.3", "1.2", "1.1"]


def test_one_letter_is_too_short_wherever_it_stands() -> None:
    assert too_short(terms("Kita a"))
    assert not too_short(terms("Kita ab"))
    assert not too_short(terms("ß"))


@pytest.mark.parametrize(
    ("count", "total", "wanted", "narrowed", "said"),
    [
        (0, 58, ("a",), False, "In keiner von 58 Maßnahmen steht „a“."),
        (1, 1, ("a",), True, "In der einen ausgewählten Maßnahme steht „a“."),
        (3, 58, ("a", "b c"), False, "In 3 von 58 Maßnahmen stehen „a“ und „b c“."),
        (2, 9, ("a", "b", "c"), True, "In 2 von 9 ausgewählten Maßnahmen stehen „a“, „b“ und „c“."),
    ],
)
def test_sentences(
    count: int, total: int, wanted: tuple[str, ...], narrowed: bool, said: str
) -> None:
    assert reading.found(count, total, wanted, narrowed=narrowed) == said


def entries_of(document: Json) -> dict[str, Entry]:
    parts = {part.kind: part.payload for part in split(document)}
    kinds = (META, OVERVIEW, TEXTS, GOALS, EFFECT)
    return dict(reading.searched(*(parts[kind] for kind in kinds)).measures)


def test_every_published_text_of_a_measure_is_searched_and_nothing_internal(
    four_rounds: list[Json],
) -> None:
    for document in four_rounds:
        entries = entries_of(document)
        for measure in document["measures"]:
            found = {passage.text for passage in entries[measure["code"]].passages}
            report, reviewed = measure["report"] or {}, measure["reviewed"] or {}
            expected = {measure["text"], *measure["notes"], reviewed.get("reason", "")}
            expected |= {measure["dissent"] or ""}
            expected |= {report.get(name, "") for name in ("achieved", "reason", "obstacles")}
            expected |= {measure["lead"]["name"] if measure["lead"] else ""}
            expected |= {partner["name"] for partner in measure["partners"]}
            assert expected - {""} <= found
            named = " ".join(found)
            # Förderungen that have ended are in no sum, but they are found.
            assert all(grant["donor"] in named for grant in report.get("funding", ()))
            assert entries[measure["code"]].passages[0] == Passage("Wortlaut", measure["text"])


def look(reader: Visitor, asked: str, more: str = "") -> Content:
    return reader.content("/dashboards/suche", f"?q={quote(asked)}{more}")


def test_the_page_shows_where_a_word_stands_and_leads_to_the_measure(
    reader: Visitor, four_rounds: list[Json]
) -> None:
    content = look(reader, "stadtteilmuetter")
    assert "In 1 von 58 Maßnahmen steht „stadtteilmuetter“." in content.text
    assert "Wortlaut:" in content.text
    marked = [" ".join(texts(mark["children"])) for mark in content.all("Mark")]
    assert "Stadtteilmütter" in marked
    assert any("/massnahme/3.1?runde=2026-Q3" in link["href"] for link in content.all("A"))
    lead = next(item["lead"]["name"] for item in four_rounds[-1]["measures"] if item["lead"])
    assert "Federführend:" in look(reader, f'"{lead}"').text


def test_a_handlungsfeld_and_a_ziel_are_found_with_their_measures(reader: Visitor) -> None:
    content = look(reader, "wohnen")
    assert "In 8 von 58 Maßnahmen steht „wohnen“." in content.text
    assert "Handlungsfeld: Wohnen , Stadtentwicklung, Soziales Umfeld" in content.text
    name = "Handlungsfeld 8: Wohnen, Stadtentwicklung, Soziales Umfeld"
    assert name in ways(content)["/dashboards/feld/8"]
    assert "/dashboards/ziel/10" in ways(look(reader, "Stadtteilentwicklungspolitik"))
    # Nothing of what a filter leaves out.
    assert "/dashboards/feld/8" not in ways(look(reader, "wohnen", "&feld=1"))


def ways(content: Content) -> dict[str, str]:
    """The links of a page by their address without its query, of one concept."""
    return {
        link["href"].partition("?")[0].replace("/konzepte/integrationskonzept-2010", ""): " ".join(
            texts(link["children"])
        )
        for link in content.all("A")
    }


def test_a_search_stays_in_its_round_and_in_the_filters(reader: Visitor) -> None:
    content = look(reader, "förderung", "&runde=2026-Q1&feld=1")
    assert "Suche: 1. Quartal 2026" in content.text
    assert "ausgewählten Maßnahmen" in content.text
    kept = [option["value"] for option in content.all("Option")]
    assert "förderung" in kept
    others = [link["href"] for link in content.all("A") if "/massnahmen" in link["href"]]
    assert others
    assert not any("q=" in href for href in others)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "Geben Sie oben ein, wonach Sie suchen."),
        ("   ", "Geben Sie oben ein, wonach Sie suchen."),
        ("x", "mindestens 2 Buchstaben"),
        ("gibtesnicht", "In keiner von 58 Maßnahmen steht „gibtesnicht“."),
        ("<script>alert(1)</script>", "In keiner von 58 Maßnahmen steht"),
        ("förderung gibtesnicht", "„förderung“ allein:"),
    ],
)
def test_a_search_without_result_says_what_to_do(reader: Visitor, asked: str, said: str) -> None:
    content = look(reader, asked)
    assert said in content.text
    assert "Mehrere Wörter: Alle müssen vorkommen." in content.text


def test_nothing_found_says_what_was_searched(reader: Visitor) -> None:
    content = look(reader, "gibtesnicht")
    assert f"Gesucht wurde in Q3/2026: {reading.SEARCHED}." in content.text
    for searched in ("Zielen und Handlungsfeldern", "Stadtbezirken und Fördermitteln", "Stand"):
        assert searched in reading.SEARCHED


def test_a_word_of_nearly_every_measure_shows_the_first_ones_and_all_as_csv(
    reader: Visitor,
) -> None:
    content = look(reader, "en")
    assert "Gezeigt werden die ersten 50 Maßnahmen." in content.text
    assert len(content.all("H2")) == 50
    (link,) = (item["href"] for item in content.all("A") if ".csv" in item["href"])
    rows = csv_rows(reader.client.get(link).get_data())
    assert rows[0] == ["Nr.", "Maßnahme", "Stand", "Gefunden in"]
    assert len(rows) > 51


def test_every_page_has_the_search_field_with_what_was_asked_and_the_round(
    reader: Visitor,
) -> None:
    text = reader.client.get("/dashboards/?q=%22a+b%22&runde=2026-Q1").get_data(as_text=True)
    assert 'role="search"' in text
    assert 'value="&#34;a b&#34;"' in text
    assert '<input type="hidden" name="runde" value="2026-Q1">' in text
    assert '<label for="suche">' in text
