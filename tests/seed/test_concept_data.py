"""The seeded concept says what the council resolution says (domain.md 3)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import seed

DATA = Path(seed.__file__).parent / "data"


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


FIELDS: list[dict[str, Any]] = [read(path) for path in sorted((DATA / "fields").glob("*.yaml"))]
GOALS: dict[int, dict[str, Any]] = {
    goal["number"]: goal for field in FIELDS for goal in field["goals"]
}
MEASURES: dict[str, dict[str, Any]] = {
    measure["code"]: measure for goal in GOALS.values() for measure in goal["measures"]
}
CONCEPT: dict[str, Any] = read(DATA / "concept.yaml")
INSTITUTIONS: dict[str, Any] = read(DATA / "institutions.yaml")

FIELD_OF_GOALS = {
    "Elementarbereich": [1, 2, 3],
    "Schule": [4],
    "Ausbildung": [5],
    "Arbeitsmarkt": [6],
    "Erwachsenenbildung": [7],
    "Gesundheit, Selbsthilfe, sozialpsychiatrische und psychosoziale Versorgung": [8],
    "Seniorinnen und Senioren, Betreuung und Pflege": [9],
    "Wohnen, Stadtentwicklung, Soziales Umfeld": [10, 11],
    "Behörden, öffentliche Institutionen, Träger": [12, 13, 14, 15, 16],
}

EXACT_TEXTS = {
    "2.4": (
        "Einsatz für entsprechende Landesregelungen einschließlich Mitfinanzierung des Landes "
        "z. B. über kommunale Spitzenverbände, überörtliche Träger der Jugendhilfe, mit dem Ziel "
        'geringerer Anzahl an Kindern in der Einrichtung/"Gruppe", wenn der Anteil an Kindern mit '
        "Migrationshintergrund über 50 % liegt."
    ),
    "6.3": (
        "Aktive Rolle der Kommune (unter Beteiligung von Agentur für Arbeit, Arbeitplus in "
        "Bielefeld, WEGE mbH, REGE mbH) bei der Erörterung der arbeitsmarktbezogenen "
        "Bestandteile des Integrationskonzeptes mit Personalverantwortlichen großer Bielefelder "
        "Arbeitgeberinnen bzw. Arbeitgeber."
    ),
    "7.1": (
        "S. hierzu u. a. auch Handlungsfelder `Elementarbereich´, `Schule´, `Ausbildung´ und "
        "künftiges durchgängiges Sprachbildungskonzept „MitSprache in Bielefeld“ mit "
        "zielgruppenorientierten Sprachangeboten: Kinder/Jugendliche, Frauen, Väter u. a."
    ),
    "7.2": (
        "Einsatz von mehr Fachpersonal mit Migrationshintergrund (u. a. als Weiterbildnerin im "
        "Vereinsmanagement, in der interkulturellen Öffentlichkeitsarbeit)."
    ),
    "7.3": (
        "Unterstützung in der Elternarbeit (Information / Qualifizierung / Aufbau und "
        "kontinuierlicher Ausbau eines Systems von Vermittlerinnen bzw. Vermittlern und "
        "Beraterinnen bzw. Beratern (z. B. Elternpatinnen bzw. Elternpaten) – verbindlich "
        "institutionell eingebettet, gesteuert und koordiniert –."
    ),
    "10.1": (
        "Angemessene / bedarfsgerechte (quantitative wie qualitative) Ausstattung der Stadtteile "
        "mit sozialer Infrastruktur (insbes. Angebote der Tagesbetreuung, Grundschulen, "
        "Beratungsstellen, ÖPNV, Altenbetreuung, Arztpraxen, lokale Ökonomie etc.)."
    ),
    "11.3": "Installierung von Bewohnerräten .",
    "12.1": "Werbung.",
    "12.2": "Auswahl.",
    "12.3": "Aufstiegsförderung.",
    "13.3": (
        "Förderung von Migrantenorganisationen, die im Integrationsprozess insbesondere eine "
        "Vermittlerrolle und Dienstleistungsfunktion wahrnehmen, zum Abbau sozialer und "
        "ökonomischer, sich ethnisch ausprägender Ungleichheit beitragen, ihr Potenzial in der "
        "Gesellschaft und im Bereich der Integration (politisch-rechtliche Integration, "
        "Bildungs-, soziale und Arbeitsmarkt-Integration, auf dem Wohnungsmarkt, im "
        "Gesundheitsbereich oder im Stadtteil) einbringen, bürgerschaftliches Engagement fördern."
    ),
    "14.1": "Clearingstelle der Beratungsdienste im `Rathaus`.",
    "15.1": (
        "Erhalt und bedarfsgerechter Ausbau verbesserter und nachhaltiger Integration von "
        "Flüchtlingen in den Arbeitsmarkt (s. insbes. Ansatz des `Alpha-Projektes` (Arbeit für "
        "Bleibeberechtigte und Flüchtlinge (alpha)))."
    ),
    "16.4": "Co-Beratung.",
}

DISPLAY_CHANGES = {
    "2.4": [('"Gruppe"', "„Gruppe“")],
    "3.1": [("Stadtteinvätern", "Stadtteilvätern")],
    "7.1": [
        ("`Elementarbereich´", "‚Elementarbereich‘"),
        ("`Schule´", "‚Schule‘"),
        ("`Ausbildung´", "‚Ausbildung‘"),
    ],
    "11.3": [("Bewohnerräten .", "Bewohnerräten.")],
    "14.1": [("`Rathaus`", "‚Rathaus‘")],
    "15.1": [("`Alpha-Projektes`", "‚Alpha-Projektes‘")],
}

INDICATORS = {
    "2.1": ("anteil-projekt", "condition", "at_least", 30, "%", None),
    "2.3": ("fortbildungstage", "target", "at_least", 2, "Fortbildungstage", True),
    "2.4": ("anteil-gruppe", "condition", "more_than", 50, "%", None),
    "3.3": ("elternveranstaltungen", "target", "at_least", 4, "Elternveranstaltungen", True),
    "5.4": ("ab-jahrgang", "condition", "at_least", 8, "Jahrgang", None),
}

IRREGULAR_MEASURES = {
    *("2.4", "3.1", "6.3", "7.1", "7.2", "7.3", "10.1", "11.3"),
    *("12.1", "12.2", "12.3", "13.1", "13.3", "14.1", "15.1"),
}

# What the resolution says of who acts: a proposal, never a responsibility.
NAMED_BODIES = {
    "3.4": "„unter Federführung und Verantwortlichkeit des Trägers des Tagesbetreuungsangebotes“",
    "5.3": "„paritätisch durch Schule und Jugendhilfe“",
    "6.3": "„Aktive Rolle der Kommune (unter Beteiligung von Agentur für Arbeit, Arbeitplus in "
    "Bielefeld, WEGE mbH, REGE mbH)“",
    "14.2": "„der Ausländerbehörde und Arbeitsgemeinschaft nach dem SGB II“",
}


def all_texts() -> list[str]:
    texts: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, str):
            texts.append(node)
        elif isinstance(node, dict):
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect([CONCEPT, FIELDS, INSTITUTIONS])
    return texts


def test_nine_fields_hold_sixteen_goals_and_58_measures_of_which_57_are_reportable() -> None:
    reportable = [m for m in MEASURES.values() if m.get("kind", "measure") == "measure"]
    assert (len(FIELDS), len(GOALS), len(MEASURES), len(reportable)) == (9, 16, 58, 57)


def test_only_the_cross_reference_of_7_1_needs_no_report() -> None:
    assert [c for c, m in MEASURES.items() if m.get("kind", "measure") != "measure"] == ["7.1"]


def test_empty_cells_carry_the_field_above_down_to_the_goals_below() -> None:
    assert {f["name"]: [g["number"] for g in f["goals"]] for f in FIELDS} == FIELD_OF_GOALS
    assert [f["number"] for f in FIELDS] == list(range(1, 10))


def test_codes_are_goal_number_and_running_number_four_per_goal_except_goals_9_and_15() -> None:
    expected = [
        f"{goal}.{item}"
        for goal in range(1, 17)
        for item in range(1, (1 if goal in {9, 15} else 4) + 1)
    ]
    assert list(MEASURES) == expected


@pytest.mark.parametrize("code", EXACT_TEXTS)
def test_irregular_text_is_kept_verbatim(code: str) -> None:
    assert MEASURES[code]["text"] == EXACT_TEXTS[code]


def test_display_text_differs_from_the_verbatim_text_only_by_the_typing_slips() -> None:
    shown = {c: m["display_text"] for c, m in MEASURES.items() if "display_text" in m}
    expected = {}
    for code, changes in DISPLAY_CHANGES.items():
        text: str = MEASURES[code]["text"]
        for slip, corrected in changes:
            assert slip in text
            text = text.replace(slip, corrected)
        expected[code] = text
    assert shown == expected


def test_texts_stand_on_one_line_without_markup_bullets_or_double_blanks() -> None:
    for text in all_texts():
        assert text == " ".join(text.split()), text
        assert not any(mark in text for mark in ("<", "\u25cb", "\u00a0", "\u00ad")), text
        assert not text.startswith(("o ", "- ", "– ")), text


def test_every_text_of_a_measure_is_a_whole_sentence() -> None:
    assert [c for c, m in MEASURES.items() if not m["text"].endswith(".")] == []
    assert [c for c, m in MEASURES.items() if m["text"][0].islower()] == []


def test_only_7_3_leaves_a_bracket_open() -> None:
    unbalanced = [c for c, m in MEASURES.items() if m["text"].count("(") != m["text"].count(")")]
    assert unbalanced == ["7.3"]


def test_every_quotation_that_opens_also_closes() -> None:
    for text in all_texts():
        assert text.count("„") == text.count("“"), text


@pytest.mark.parametrize("code", sorted(IRREGULAR_MEASURES))
def test_irregular_measure_carries_an_editorial_note(code: str) -> None:
    assert MEASURES[code]["notes"]


def test_regular_measures_carry_no_note() -> None:
    noted = {c for c, m in MEASURES.items() if "notes" in m}
    assert noted == IRREGULAR_MEASURES | NAMED_BODIES.keys()


def test_bodies_that_a_wording_names_are_a_proposal_in_the_words_of_the_resolution() -> None:
    proposals = {
        code: note
        for code, measure in MEASURES.items()
        for note in measure.get("notes", [])
        if note.startswith("Vorschlag aus dem Wortlaut zur Zuständigkeit: ")
    }
    assert proposals.keys() == NAMED_BODIES.keys()
    for code, quoted in NAMED_BODIES.items():
        assert quoted in proposals[code]
        assert quoted.strip("„“") in MEASURES[code]["text"]
        assert "legt der Beschluss damit nicht fest" in proposals[code]


def test_goals_that_the_source_split_or_left_without_field_carry_a_note() -> None:
    assert {n for n, g in GOALS.items() if "notes" in g} == {
        *(2, 3, 5, 7, 9, 10, 11, 13, 14, 15, 16),
    }


def test_goal_9_keeps_the_differing_wordings_of_both_annexes() -> None:
    assert GOALS[9]["title"] == (
        "Chancengleichheit in der Versorgung von älteren Menschen mit Migrationshintergrund"
    )
    assert GOALS[9]["title_annex2"] == (
        "Angleichung der Versorgung von älteren Menschen mit Migrationshintergrund an die "
        "Versorgung von älteren Menschen ohne Migrationshintergrund (z. B. bei vergleichbarer "
        "sozialer Schichtzugehörigkeit)."
    )


def test_goals_split_by_a_page_break_are_joined_on_one_line() -> None:
    assert GOALS[5]["title"] == (
        "Erfolgreicher Verlauf des Übergangs Schule → Ausbildung → Beschäftigung/Arbeit"
    )
    assert GOALS[13]["title"] == (
        "Verbindliche inhaltliche Kooperation (organisatorisch und inhaltlich) - Stadt - Freie "
        "Träger, Migrantenorganisationen - Migrantenorganisationen untereinander und mit Dritten "
        "Vernetzung von Integrationsförderung und –arbeit vor Ort"
    )


def test_the_annexes_word_four_goals_differently_beyond_the_closing_stop() -> None:
    differing = {n for n, g in GOALS.items() if g["title"] + "." != g["title_annex2"]}
    assert differing == {5, 7, 9, 13}


def test_exactly_the_five_numbers_of_the_resolution_are_indicators() -> None:
    keys = ("key", "kind", "operator", "value", "unit", "per_year")
    found = {
        code: tuple(indicator.get(key) for key in keys)
        for code, measure in MEASURES.items()
        for indicator in measure.get("indicators", [])
    }
    assert found == INDICATORS
    assert sum(len(m.get("indicators", [])) for m in MEASURES.values()) == 5
    assert "an das Land" in MEASURES["2.4"]["indicators"][0]["note"]
    assert "Vorschlag" in MEASURES["3.3"]["indicators"][0]["note"]
    for code in ("2.3", "3.3"):
        assert "mindestens" not in MEASURES[code]["text"]
        assert "ohne „mindestens“" in MEASURES[code]["indicators"][0]["note"]


def test_the_seed_names_no_responsible_body_date_or_budget_for_a_measure() -> None:
    allowed = {"code", "kind", "text", "display_text", "notes", "indicators"}
    assert {key for m in MEASURES.values() for key in m} <= allowed


def test_the_concept_names_its_resolution_and_the_four_principles() -> None:
    assert CONCEPT["resolved_on"] == date(2010, 9, 23)
    assert CONCEPT["title"] == "Wir fördern Integration! – Integrationskonzept für Bielefeld"
    assert [p["name"] for p in CONCEPT["principles"]] == [
        "Chancengleichheit",
        "gleicher Zugang zu Ressourcen",
        "gleiche und gerechte Partizipationsmöglichkeiten",
        "Kultur der Vielfalt",
    ]


def test_the_25_members_of_the_conference_have_key_name_kind_and_a_source() -> None:
    members = INSTITUTIONS["institutions"]
    assert len(members) == 25
    assert INSTITUTIONS["source"] == (
        "Selbstverständnis der Migrationskonferenz, Ziff. 2, Stand 16.11.2015"
    )
    for unique in ("key", "name", "short_name"):
        assert len({member[unique] for member in members}) == 25
    assert {key for member in members for key in member} == {"key", "name", "short_name", "kind"}
    names = {member["key"]: member["name"] for member in members}
    assert names["jobcenter"] == "jobcenter Arbeitplus Bielefeld"
    assert names["awo"].startswith("Arbeiterwohlfahrt - Kreisverband Bielefeld e. V.")


def test_no_person_is_seeded() -> None:
    assert [t for t in all_texts() if any(word in t for word in ("Frau ", "Herr "))] == []
