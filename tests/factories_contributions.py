"""A partner beside the lead: the club takes part in what the library leads."""

from datetime import date
from decimal import Decimal

from tests.factories import RUNNING, START, World, moment
from tracker.concept.actions import responsibilities
from tracker.concept.models import Institution, Measure, ResponsibilityRole
from tracker.reporting.models import Contribution, Report
from tracker.reporting.reports.actions import contributions, reports
from tracker.reporting.review.actions import review
from tracker.reporting.rules.content import Participants, ParticipantUnit
from tracker.reporting.rules.contribution import ContributionContent, Part
from tracker.reporting.rules.reports import ReportState

SAID = ContributionContent(
    text="Zwei Treffen mit 40 Eltern.",
    participants=(Participants(ParticipantUnit.PERSONS, 40),),
    cost_actual=Decimal("500.50"),
)


def partner(
    world: World, institution: Institution, *measures: Measure, until: date | None = None
) -> None:
    """Make an institution a partner of measures since 2020."""
    responsibilities.assign(
        world.session,
        measure_ids=[item.id or 0 for item in measures],
        institution_id=institution.id or 0,
        role=ResponsibilityRole.PARTNER,
        valid_from=START,
        valid_to=until,
        by=world.coordination,
        now=moment("2020-01-01 00:00"),
    )


def joint_report(world: World) -> Report:
    """The library's report of 1.1 in an open round, with the club as partner."""
    partner(world, world.club, world.measures[0])
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    return report


def contribute(world: World, report: Report, **changes: object) -> Contribution:
    """Save the club's contribution over its latest version."""
    arguments = {
        "report_id": report.id,
        "content": SAID,
        "expected_version": 0,
        "by": world.stranger,
        "now": moment("2026-10-05 09:00"),
    } | changes
    return contributions.save(world.session, **arguments)  # type: ignore[arg-type]


def take(world: World, found: Contribution, **changes: object) -> Contribution:
    """Take a contribution over by the library, whole and in its latest version."""
    arguments = {
        "report_id": found.report_id,
        "contribution_id": found.id,
        "version": found.version,
        "parts": tuple(Part),
        "by": world.representative,
        "now": moment("2026-10-05 10:00"),
    } | changes
    return contributions.take_over(world.session, **arguments)  # type: ignore[arg-type]


def bring(world: World, report: Report, state: ReportState) -> None:
    """Bring an expected report into a state, as people do."""
    now, key = moment("2026-10-05 09:30"), report.id or 0
    match state:
        case ReportState.EXPECTED:
            return
        case ReportState.DRAFT:
            reports.save_draft(
                world.session,
                report_id=key,
                content=RUNNING,
                expected_version=0,
                by=world.representative,
                now=now,
            )
        case ReportState.WAIVED:
            review.waive(
                world.session, report_id=key, reason="Ruht.", by=world.coordination, now=now
            )
        case _:
            world.submit(report)
    if state is ReportState.ACCEPTED:
        world.accept(report)
    if state is ReportState.RETURNED:
        review.return_report(
            world.session, report_id=key, comment="Wie viele?", by=world.coordination, now=now
        )
