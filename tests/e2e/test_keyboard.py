"""One full report from the sign-in to its submission, without a mouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.e2e.conftest import Come
from tests.e2e.instance import PASSWORD, Instance
from tests.e2e.one_measure import VERTRETUNG, database, start_with_one_measure
from tests.e2e.person import Person
from tracker.reporting.models import Report
from tracker.reporting.rules.content import (
    Funding,
    Participants,
    ParticipantUnit,
    StaffUnit,
    from_dict,
)
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

pytestmark = pytest.mark.browser

# Where the focus is must be seen: a frame of the element itself or, for marks, of its label's.
_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""
_HAS_FOCUS = "selector => document.activeElement.matches(selector)"
TEXTS = {
    "reason": "Es fehlt ein Raum.",
    "consequence": "Der Ausschuss möge einen Raum zuweisen.",
}


@dataclass
class Keys:
    """A person's keyboard; Tab goes forwards only, so that the order has to make sense."""

    person: Person
    tabs: int = 0

    def to(self, selector: str) -> None:
        """Press Tab until the element has the focus, and check that this is seen."""
        page = self.person.page
        for _ in range(40):
            if page.evaluate(_HAS_FOCUS, selector):
                assert page.evaluate(_SEEN), f"the focus at {selector} is not seen"
                return
            page.keyboard.press("Tab")
            self.tabs += 1
        pytest.fail(f"the keyboard does not come from above to {selector}")

    def press(self, selector: str, *keys: str) -> None:
        """Go to an element and press keys."""
        self.to(selector)
        for key in keys:
            self.person.page.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        """Go to a field and type."""
        self.to(selector)
        self.person.page.keyboard.type(text)

    def unfold(self, section: str) -> None:
        """Open a folded part of the form."""
        self.press(f"#abschnitt-{section} > summary", "Enter")


def test_one_full_report_is_written_and_submitted_with_the_keyboard_alone(
    instance: Instance, come: Come
) -> None:
    start_with_one_measure(instance)
    person = come("vertretung")
    keys = Keys(person)
    page = person.page
    person.open("/anmelden")
    keys.type("[name=email]", VERTRETUNG)
    keys.type("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation():
        keys.press("a[href='/meldungen/1']", "Enter")
    person.look()
    keys.press("[name=implementation]", "Space", "ArrowDown", "ArrowDown")
    keys.press("[name=course]", "Space", "ArrowDown")
    keys.type("#achieved", "Zwei Kurse haben begonnen.")
    keys.type("#next_step", "Dritten Kurs ausschreiben")
    keys.type("#next_step_on", "15.3.2027")
    for name, text in TEXTS.items():
        keys.type(f"#{name}", text)
    keys.unfold("veraenderung")
    keys.type("#changed", "Neuer Träger")
    keys.type("#obstacles", "Räume")
    keys.unfold("reichweite")
    keys.type("#participants-persons", "1.250")
    keys.type("#events", "6")
    keys.type("#target_group", "Eltern")
    keys.press("#districts-senne", "Space")
    keys.unfold("aufwand")
    keys.type("#staff", "0,5")
    keys.type("#staff_unit", "V")
    keys.type("#cost_planned", "1.250,50")
    keys.type("#cost_actual", "1.500")
    keys.type("#funding-0-donor", "Land NRW")
    keys.type("#funding-0-amount", "9.000")
    keys.press("[data-add-line=funding]", "Enter")
    keys.type("#funding-1-donor", "Stiftung")
    keys.unfold("zusammenarbeit")
    keys.type("#partners", "Schulen im Stadtteil")
    keys.type("#cooperation_wanted", "Vereine")
    keys.unfold("messung")
    keys.type("#milestones-0-title", "Auftakt")
    keys.type("#milestones-0-due_on", "1.9.2026")
    keys.press("#milestones-0-done", "Space")
    keys.unfold("nachweis")
    keys.type("#evidence_url", "https://www.beispiel.de/kurse")
    keys.type("#internal_remark", "Bitte anrufen")
    person.look()
    with page.expect_navigation():
        keys.press("button[formaction$='/absenden']", "Enter")
    page.wait_for_url("**/meldungen/")
    person.look()
    person.sees("ist abgegeben")
    assert person.presses() == 0
    assert keys.tabs <= 120, "too long a way"
    _is_stored(instance)


def _is_stored(instance: Instance) -> None:
    with database(instance) as session:
        report = session.exec(select(Report)).one()
        assert report.state is ReportState.SUBMITTED
        found = from_dict(report.draft or {})
    assert (found.implementation, found.course) == (Implementation.IN_PROGRESS, Course.AT_RISK)
    assert found.next_step_on == date(2027, 3, 15)
    assert {name: getattr(found, name) for name in TEXTS} == TEXTS
    assert found.participants == (Participants(ParticipantUnit.PERSONS, 1250),)
    assert (found.staff, found.staff_unit) == (Decimal("0.5"), StaffUnit.FTE)
    assert (found.cost_planned, found.cost_actual) == (Decimal("1250.50"), Decimal(1500))
    assert found.funding == (Funding("Land NRW", amount=Decimal(9000)), Funding("Stiftung"))
    assert found.districts == ("senne",)
    assert found.milestones[0].done_on is not None
    assert (found.evidence_url, found.internal_remark) == (
        "https://www.beispiel.de/kurse",
        "Bitte anrufen",
    )
