"""Nothing is confirmed unseen: all that a confirmation says again stands in its preview."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.factories import CRITICAL, World, moment
from tests.factories_contributions import contribute, partner
from tests.pages import Browser
from tests.report_world import Open, earlier_round, path
from tracker.reporting.models import Report
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import Funding, from_dict, prefilled_from
from tracker.reporting.rules.reports import ReportState

SAID = replace(
    CRITICAL,
    changed="Nur im zweiten Quartal.",
    events=12,
    partners="Stadtteilbüro",
    funding=(Funding("Land", "KOMM-AN", Decimal("1250.50"), None, None),),
)


def test_reasons_are_shown_and_the_rest_is_folded_but_there(
    world: World, library: Browser, browse: Open
) -> None:
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    world.submit(world.report(earlier, world.measures[0]), SAID, at="2026-07-05 09:00")
    world.accept(world.report(earlier, world.measures[0]), at="2026-07-06 09:00")
    at = moment("2026-07-20 09:00")
    rounds.close_round(world.session, round_=earlier, by=world.coordination, now=at)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    page = library.get(f"/meldungen/bestaetigen?report={report.id}")
    seen, folded = page.visible.split("Was außerdem bleibt")
    assert "Begründung Die Räume fehlen." in seen
    assert "Steuerungsvorschlag Der Ausschuss möge Räume zuweisen." in seen
    assert "Stadtteilbüro" in folded
    assert "Land, KOMM-AN" in folded
    for gone in ("Nur im zweiten Quartal", "Veranstaltungen"):
        assert gone not in page.visible
    library.post("/meldungen/bestaetigen", {"report": str(report.id)})
    world.session.refresh(report)
    assert from_dict(report.draft or {}) == prefilled_from(SAID)


def confirmable(world: World) -> Report:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    return report


def test_a_contribution_that_waits_is_named_before_a_confirmation_leaves_it_out(
    world: World, library: Browser, session: Session
) -> None:
    partner(world, world.club, world.measures[0])
    report = confirmable(world)
    contribute(world, report)
    session.commit()
    page = library.get(f"/meldungen/bestaetigen?report={report.id}")
    assert "1 Beitrag wartet:" in page.visible
    assert f'href="/meldungen/{report.id}#beitraege"' in page.text
    # The short way asks too, and keeps the sentence.
    page = library.post(path(report, "/bestaetigen"), {"remark": "Alles wie gehabt."})
    assert "1 Beitrag wartet:" in page.visible
    assert 'value="Alles wie gehabt."' in page.text
    session.refresh(report)
    assert report.state is ReportState.EXPECTED
    library.post("/meldungen/bestaetigen", {"report": str(report.id)})
    session.refresh(report)
    assert report.state is ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Frau Muster ist krank.", ["Ist in Ihrem Satz eine Person zu erkennen?", "„Frau Muster“"]),
        ("Läuft 👍", ["Bitte lesen Sie Ihren Satz noch einmal.", "„👍“ als „[Daumen hoch]“"]),
    ],
)
def test_a_name_or_a_sign_in_the_sentence_is_asked_about_once(
    world: World, library: Browser, session: Session, sentence: str, said: list[str]
) -> None:
    report = confirmable(world)
    typed = {"report": str(report.id), f"remark-{report.id}": sentence}
    for address, posted in (
        ("/meldungen/bestaetigen", typed),
        (path(report, "/bestaetigen"), {"remark": sentence}),
    ):
        page = library.post(address, posted)
        assert all(words in page.visible for words in ["Noch nicht abgesendet: ", *said])
        assert f'value="{sentence}"' in page.text
    session.refresh(report)
    assert report.state is ReportState.EXPECTED
    seen = page.text.split('name="hinweise" value="')[1].split('"')[0]
    library.post("/meldungen/bestaetigen", typed | {"hinweise": seen})
    session.refresh(report)
    assert report.state is ReportState.SUBMITTED


def test_a_confirmation_names_all_it_carries_over_and_what_has_ended(
    world: World, library: Browser
) -> None:
    said = replace(
        SAID,
        cost_planned=Decimal(5250),
        cost_actual=Decimal(4999),
        target_group="Eltern",
        districts=("mitte",),
        funding=(
            Funding("Land", "KOMM-AN", Decimal(39000), None, date(2025, 12, 31)),
            Funding("Bund", "", None, None, date(2026, 7, 1)),
        ),
    )
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    world.submit(world.report(earlier, world.measures[0]), said, at="2026-07-05 09:00")
    world.accept(world.report(earlier, world.measures[0]), at="2026-07-06 09:00")
    at = moment("2026-07-20 09:00")
    rounds.close_round(world.session, round_=earlier, by=world.coordination, now=at)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    for address in ("/meldungen/", f"/meldungen/bestaetigen?report={report.id}"):
        page = library.get(address)
        for carried in (
            "Kosten (Plan) 5.250,00 €",
            "Zielgruppe Eltern",
            "Stadtbezirk Mitte",
            "39.000,00 €",
            "Begründung Die Räume fehlen.",
            "Abgelaufen: Land förderte bis 31.12.2025, vor diesem Zeitraum.",
            "Nicht übernommen wird, was im letzten Zeitraum gezählt wurde: Teilnehmende, ",
        ):
            assert carried in page.visible, (address, carried)
        assert "4.999" not in page.visible
        assert "Bund förderte" not in page.visible
