"""Nothing is confirmed unseen: all that a confirmation says again stands in its preview."""

from dataclasses import replace
from decimal import Decimal

from tests.factories import CRITICAL, World, moment
from tests.web.conftest import Browser
from tests.web.report_world import Open
from tracker.actions import rounds
from tracker.rules.content import Funding, from_dict, prefilled_from

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
