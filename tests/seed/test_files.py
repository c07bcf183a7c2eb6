"""A broken seed file is refused with file, line and remedy; a sound one becomes values."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from seed.files import DEFAULT_FOLDER, read_files
from seed.nodes import SeedFileError

FIELD = "fields/02-schule.yaml"
Edit = Callable[[str, str, str], int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DEFAULT_FOLDER, copy)
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace the first occurrence of a text in a file; return the line it stands in."""

    def replace(name: str, old: str, new: str) -> int:
        file = folder / name
        content = file.read_text(encoding="utf-8")
        start = content.index("\nnumber:") if name == FIELD else 0
        at = content.index(old, start)
        file.write_text(content[:at] + new + content[at + len(old) :], encoding="utf-8")
        return content.count("\n", 0, at) + 1

    return replace


# file, text to replace, replacement, lines below the edit, words of the message
BROKEN = {
    "quotes never closed": (FIELD, '"4.4"', '"4.4', 0, "kein gültiges YAML"),
    "quotes closed too late": (FIELD, '"4.2"', '"4.2', 5, "kein gültiges YAML"),
    "colon inside a plain text": (FIELD, "name: Schule", "name: Schule: neu", 0, "kein gültiges"),
    "unknown key": (FIELD, "title:", "titel:", 0, "„titel“ ist hier nicht bekannt. Möglich sind"),
    "responsibility in the seed": (
        FIELD,
        "        text: Evaluation",
        "        lead: jugendamt\n        text: Evaluation",
        0,
        "„lead“ ist hier nicht bekannt",
    ),
    "missing key": (FIELD, '- code: "4.2"\n        ', "- ", 0, "„code“ fehlt in diesem Eintrag"),
    "empty value": (FIELD, "name: Schule", "name:", 0, "„name“ hat keinen Wert"),
    "blank text": (FIELD, "name: Schule", 'name: "  "', 0, "„name“ ist leer"),
    "code without quotes": (FIELD, '"4.2"', "4.2", 0, "mit Punkt in Anführungszeichen"),
    "code with a blank": (FIELD, '"4.2"', '"4. 2"', 0, "„code“ ist keine Nummer"),
    "code that is a way": (FIELD, '"4.2"', '"4/2"', 0, "„code“ ist keine Nummer"),
    "a concept's key that no address can hold": (
        "concept.yaml",
        "key: integrationskonzept-2010",
        "key: Konzept 2010",
        0,
        "„Konzept 2010“ kann nicht in Adressen stehen",
    ),
    "duplicate code": (FIELD, '"4.2"', '"4.1"', 0, "„code: 4.1“ ist doppelt vergeben"),
    "code of another goal": (FIELD, '"4.2"', '"5.2"', 0, "„5.2“ passt nicht zum Ziel 4"),
    "goal of another file": (FIELD, "- number: 4", "- number: 5", 4, "passt nicht zum Ziel 5"),
    "field number of another file": (
        "fields/03-ausbildung.yaml",
        "\nnumber: 3",
        "\nnumber: 2",
        1,
        "steht schon in 02-schule.yaml",
    ),
    "key twice": (FIELD, "name: Schule", "name: A\nname: B", 1, "zweimal vor"),
    "number as a word": (FIELD, "number: 2", "number: zwei zwei", 0, "keine Nummer"),
    "text instead of a list": (
        "fields/05-erwachsenenbildung.yaml",
        "        notes:\n          - Der",
        "        notes: Der",
        0,
        "„notes“ ist keine Liste",
    ),
    "unknown kind": (
        FIELD,
        "        text: Evaluation",
        "        kind: projekt\n        text: Evaluation",
        0,
        "Möglich sind: measure, reference",
    ),
    "no date": (
        "concept.yaml",
        "resolved_on: 2010-09-23",
        "resolved_on: 23.9.2010",
        0,
        "kein Datum",
    ),
    "list of words": ("concept.yaml", "  - key: vielfalt\n    name:", "  -", 0, "ein Eintrag aus"),
    "institution twice": ("institutions.yaml", "key: bamf", "key: awo", 0, "schon in institutions"),
    "kind of institution": ("institutions.yaml", "kind: welfare\n", "kind: amt\n", 0, "municipal"),
    "short name too long": (
        "institutions.yaml",
        "short_name: AWO Bielefeld",
        "short_name: " + "A" * 81,
        0,
        "mit 81 Zeichen zu lang. Bitte auf höchstens 80",
    ),
    "number of an indicator": (
        "fields/01-elementarbereich.yaml",
        "value: 30",
        "value: viele",
        0,
        "keine Zahl",
    ),
    "flag of an indicator": (
        "fields/01-elementarbereich.yaml",
        "per_year: true",
        "per_year: jährlich",
        0,
        "weder wahr noch falsch",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_file_line_and_remedy(
    case: str, folder: Path, edit: Edit
) -> None:
    name, old, new, below, words = BROKEN[case]
    line = edit(name, old, new) + below
    with pytest.raises(SeedFileError) as refused:
        read_files(folder)
    assert (refused.value.file, refused.value.line) == (folder / name, line)
    assert f"{name}, Zeile {line}: " in str(refused.value)
    assert words in str(refused.value)
    assert refused.value.remedy.endswith(".")


def test_the_message_of_a_duplicate_names_both_places(folder: Path, edit: Edit) -> None:
    line = edit("institutions.yaml", "key: caritas", "key: awo")
    with pytest.raises(SeedFileError, match=f"Zeile {line}: .* in institutions.yaml, Zeile 2"):
        read_files(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Die Datei fehlt"),
        (b"", "Die Datei ist leer"),
        (b"name: B\xfcrgeramt", "nicht als UTF-8"),
        (b"- a\n- b", "ein Eintrag aus Zeilen"),
    ],
)
def test_an_unusable_file_is_refused_by_name(
    folder: Path, content: bytes | None, words: str
) -> None:
    file = folder / "institutions.yaml"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SeedFileError, match=words) as refused:
        read_files(folder)
    assert refused.value.file == file


def test_a_folder_without_fields_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "fields")
    with pytest.raises(SeedFileError, match="keine Handlungsfelder"):
        read_files(folder)


def test_line_breaks_and_double_blanks_of_an_editor_are_collapsed(folder: Path, edit: Edit) -> None:
    edit(FIELD, "text: Evaluation der", "text: >-\n          Evaluation\n\n          der  ")
    [field] = [field for field in read_files(folder).fields if field.code == "2"]
    assert field.goals[0].measures[0].text == "Evaluation der „Grundschulgutachten“."


def test_a_measure_without_correction_shows_its_verbatim_text() -> None:
    measures = {
        measure.code: measure
        for field in read_files().fields
        for goal in field.goals
        for measure in goal.measures
    }
    assert len(measures) == 58
    corrected = {code for code, item in measures.items() if item.display_text != item.text}
    assert corrected == {"2.4", "3.1", "7.1", "11.3", "14.1", "15.1"}
