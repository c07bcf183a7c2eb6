"""What can be set: each group a few values, each refusal a sentence, a logo only as a PNG."""

from __future__ import annotations

import io
import struct
import zlib
from base64 import b64decode
from datetime import date

import pytest
from PIL import Image

from tests.instance.pictures import png
from tracker.core.errors import Invalid
from tracker.core.problems import problem_text
from tracker.core.settings import CHOICES, FIELDS, SettingGroup
from tracker.core.text import prose
from tracker.instance.rules.setting_values import (
    MAX_LOGO_BYTES,
    logo_text,
    names_of,
    problems,
    to_review,
)
from tracker.instance.words import (
    SETTING_CHOICE,
    SETTING_GROUP,
    SETTING_GROUP_PURPOSE,
    SETTING_NAME,
    readable,
)


def test_every_group_has_few_settings_and_every_setting_its_name() -> None:
    assert all(1 <= len(names_of(group)) <= 7 for group in SettingGroup)
    named = {name for group in SettingGroup for name in names_of(group)}
    assert named == set(SETTING_NAME)
    assert set(SETTING_GROUP) == set(SETTING_GROUP_PURPOSE) == set(SettingGroup)
    assert not any(FIELDS[name].metadata["secret"] for name in named)
    for name in named & set(CHOICES):
        assert set(SETTING_CHOICE[name]) == set(CHOICES[name]), name


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("due_day", "32", "Erwartet wird eine Zahl zwischen 1 und 31, gefunden 32."),
        ("due_day", "", "Erwartet wird eine ganze Zahl"),
        ("reminder_days", "bald", "Erwartet werden ganze Zahlen mit Komma dazwischen"),
        ("rhythm", "monatlich", "Erwartet wird quarter, half"),
        ("imprint_review_on", "bald", "Erwartet wird ein Tag"),
        ("city", "", "Bitte füllen Sie dieses Feld aus."),
        ("city", "x" * 301, "Der Text hat 301 Zeichen, möglich sind 300."),
        ("imprint", "x" * 20_001, "möglich sind 20.000"),
        ("district_key", "5711", "fünf Ziffern"),
        ("centre", "8,53 52,02", "mit Punkt"),
        ("data_portal", "open NRW", "nur Buchstaben"),
        ("licence", "frei", "Erwartet wird dl-by-de/2.0"),
        ("privacy_authority", "", "Bitte füllen Sie dieses Feld aus."),
        ("districts", f"Nord\n{'x' * 81}", "Ein Name hat höchstens 80 Zeichen."),
        ("districts", "Nord\n ? ", "„?“: Bitte schreiben Sie einen Namen mit Buchstaben"),
        ("districts", "Nord, Süd", "ohne Komma und Semikolon"),
        ("districts", "Süd\nNord\nsued", "„sued“ ist von „Süd“ nicht zu unterscheiden"),
        ("districts", "Citywide", "von „gesamtes Stadtgebiet“ nicht zu unterscheiden"),
        ("districts", "Gesamtes  Stadtgebiet", "Bitte streichen Sie die Zeile"),
        ("contact_email", "keine Adresse", "ist keine E-Mail-Adresse"),
        ("office_name", "Stelle\x07", "unsichtbare Steuerzeichen"),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(name: str, text: str, sentence: str) -> None:
    [problem] = problems({name: text})
    assert problem.field == name
    assert sentence in problem_text(problem)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("contact_email", ""),
        ("imprint", ""),
        ("imprint_review_on", ""),
        ("due_day", "31"),
        ("districts", ""),
        ("districts", "Bezirk 1\r\n\r\nBezirk 2\r\nÄußere Höhe"),
    ],
)
def test_what_may_be_empty_or_is_right_passes(name: str, text: str) -> None:
    assert problems({name: text}) == ()


def test_a_text_is_to_be_reviewed_from_its_day_on() -> None:
    values = {"imprint_review_on": date(2027, 3, 1), "privacy_review_on": None, "due_day": 15}
    assert to_review(values, today=date(2027, 2, 28)) == ()
    assert to_review(values, today=date(2027, 3, 1)) == ("imprint",)


def test_a_logo_is_kept_as_it_is_drawn_without_what_is_hidden_in_the_file() -> None:
    kept = b64decode(logo_text(png(12, 5, note="aufgenommen in der Musterstraße")))
    assert Image.open(io.BytesIO(kept)).size == (12, 5)
    assert b"Musterstra" not in kept


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kein vollständiges PNG-Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "kein vollständiges"),
        (png()[:-4], "kein vollständiges"),
        (png() + b"<script>", "kein vollständiges"),
        (png().replace(b"IDAT", b"IDAX"), "kein vollständiges"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"") + chunk(b"IEND", b""), "kein vollständiges"),
        (png(2_001, 1), "mehr als 2.000 Punkte"),
        (png(2_000_000, 1), "mehr als 2.000 Punkte"),
        (png() + b"x" * MAX_LOGO_BYTES, "größer als 200 kB"),
    ],
)
def test_another_file_is_refused_as_a_logo(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        logo_text(content)
    assert sentence in problem_text(refused.value.problems[0])


def test_a_text_becomes_headings_lists_and_paragraphs() -> None:
    text = "## Wer\r\nDie Stadt\nMusterweg 1\n\n- eins\n- zwei\nNoch ein Satz.\n\n\nEnde"
    assert prose(text) == (
        ("h2", ("Wer",)),
        ("p", ("Die Stadt", "Musterweg 1")),
        ("ul", ("eins", "zwei")),
        ("p", ("Noch ein Satz.",)),
        ("p", ("Ende",)),
    )


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("imprint", "", "eingebauter Text"),
        ("contact_email", "", "leer"),
        ("imprint_review_on", "2027-03-15", "15.03.2027"),
        ("reminder_days", "-7,-2,0,3", "−7, −2, 0, 3"),
        ("region", "NI", "Niedersachsen"),
        ("region", "", "nur bundesweite Feiertage"),
        ("city", "Musterstadt", "Musterstadt"),
        ("districts", "", "keine"),
        ("districts", "Nord \n\nSüd", "Nord, Süd"),
    ],
)
def test_a_value_reads_as_people_write_it(name: str, text: str, shown: str) -> None:
    assert readable(name, text) == shown
