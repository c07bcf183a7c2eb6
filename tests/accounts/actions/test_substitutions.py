"""Stellvertretung and change of the representative: who may submit on which day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session, select

from tests.factories import RUNNING, World, moment
from tracker.accounts.actions import accounts, representatives, sessions, substitutions
from tracker.accounts.models import Account, Substitution
from tracker.accounts.queries import accounts as queries
from tracker.accounts.queries.representation import Representation, representation
from tracker.accounts.rules.substitution import SubstitutionState
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, Refused
from tracker.core.hashes import token_hash
from tracker.core.models import AuditEvent
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Function, Role
from tracker.reporting.models import Report, ReportRevision
from tracker.reporting.reports.actions import reports

AT = moment("2026-10-05 09:00")
TODAY, LAST = date(2026, 10, 5), date(2026, 10, 9)


@pytest.fixture
def world(session: Session) -> World:
    """An institution with a representative, Mitarbeitende and a round to report in."""
    world = World(session)
    world.lead(world.library)
    return world


@pytest.fixture
def appoint(world: World) -> Callable[..., Substitution]:
    """Enter a Stellvertretung from 5 to 9 October; arguments change it."""
    return partial(
        substitutions.appoint,
        world.session,
        representative_id=world.representative.account_id,
        deputy_id=world.staff.account_id,
        valid_from=TODAY,
        valid_to=LAST,
        by=world.representative,
        now=AT,
    )


def on(session: Session, actor: Actor, now: datetime) -> Actor | None:
    """Who acts when this account comes with a running login session on a day."""
    account = session.get_one(Account, actor.account_id)
    account.deactivated_at, kept = None, account.deactivated_at
    token = sessions.sign_in(session, account_id=actor.account_id, now=now)
    account.deactivated_at = kept
    session.flush()
    row = queries.signed_in(
        session.connection(), token_hash=token_hash(token), today=local_day(now)
    )
    return None if row is None else row.actor


@pytest.mark.parametrize(
    ("at", "submits"),
    [
        ("2026-10-04 21:59", False),
        ("2026-10-04 22:00", True),  # midnight in Berlin
        ("2026-10-09 21:59", True),
        ("2026-10-09 22:00", False),
    ],
)
def test_a_deputy_may_submit_from_the_first_to_the_last_day(
    world: World, appoint: Callable[..., Substitution], at: str, submits: bool
) -> None:
    appoint(now=moment("2026-10-01 09:00"))
    actor = on(world.session, world.staff, moment(at))
    assert actor is not None
    assert (actor.function is Function.REPRESENTATIVE) is submits
    assert (actor.deputy_of == "vhs") is submits


def test_a_report_of_a_deputy_says_who_submitted_it(
    world: World, appoint: Callable[..., Substitution]
) -> None:
    round_ = world.open_round()
    report = world.report(round_, world.measures[0])
    submit = partial(
        reports.submit,
        world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=0,
        now=AT,
    )
    with pytest.raises(Forbidden):
        submit(by=world.staff)
    appoint()
    deputy = on(world.session, world.staff, AT)
    assert deputy is not None
    submit(by=deputy)
    revision = world.session.exec(select(ReportRevision)).one()
    assert (revision.submitted_by_id, revision.on_behalf) == (world.staff.account_id, False)


def test_ended_early_it_holds_no_more(world: World, appoint: Callable[..., Substitution]) -> None:
    found = appoint()
    end = partial(
        substitutions.end,
        world.session,
        substitution_id=found.id or 0,
        by=world.representative,
        now=AT,
    )
    end()
    assert on(world.session, world.staff, AT) == world.staff
    with pytest.raises(IllegalTransition):
        end()
    appoint()  # the days are free again


def test_one_taken_back_before_it_began_never_held(
    world: World, appoint: Callable[..., Substitution]
) -> None:
    found = appoint(valid_from=LAST)
    substitutions.end(world.session, substitution_id=found.id or 0, by=world.coordination, now=AT)
    [row] = page(world).substitutions
    assert (row.state, row.may_end) == (SubstitutionState.TAKEN_BACK, False)


@pytest.mark.parametrize("leaves", ["deactivated", "term over"])
def test_it_holds_to_its_last_day_when_the_representative_leaves_before(
    world: World, appoint: Callable[..., Substitution], leaves: str
) -> None:
    appoint()
    account = world.session.get_one(Account, world.representative.account_id)
    if leaves == "deactivated":
        accounts.deactivate(
            world.session, account_id=account.id or 0, by=world.coordination, now=AT
        )
    else:
        account.term_from, account.term_to = date(2020, 1, 1), TODAY - timedelta(days=1)
    assert on(world.session, world.representative, AT) is None
    deputy = on(world.session, world.staff, AT)
    assert deputy is not None
    assert deputy.function is Function.REPRESENTATIVE


def test_a_deactivated_deputy_does_nothing(
    world: World, appoint: Callable[..., Substitution]
) -> None:
    appoint()
    accounts.deactivate(
        world.session, account_id=world.staff.account_id, by=world.coordination, now=AT
    )
    assert on(world.session, world.staff, AT) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"valid_to": TODAY - timedelta(days=1)}, Invalid),
        ({"valid_from": TODAY - timedelta(days=1)}, Invalid),
        ({"valid_to": TODAY + timedelta(days=366)}, Invalid),
        ({"representative_id": 999999}, NotFound),
        ({"deputy_id": 999999}, NotFound),
        ({"representative_id": "staff"}, NotFound),
        ({"representative_id": "committee"}, NotFound),
        ({"representative_id": "stranger"}, NotFound),
        ({"deputy_id": "stranger"}, NotFound),
        ({"deputy_id": "representative"}, Invalid),
        ({"by": "staff"}, Forbidden),
        ({"by": "stranger"}, NotFound),
        ({"by": "committee"}, NotFound),
    ],
)
def test_a_substitution_that_makes_no_sense_is_refused(
    world: World,
    appoint: Callable[..., Substitution],
    changes: dict[str, object],
    refusal: type[Refused],
) -> None:
    meant = {
        name: getattr(world, value) if isinstance(value, str) else value
        for name, value in changes.items()
    }
    meant = {
        name: value.account_id if name != "by" and isinstance(value, Actor) else value
        for name, value in meant.items()
    }
    with pytest.raises(refusal):
        appoint(**meant)
    assert world.session.exec(select(Substitution)).all() == []


@pytest.mark.parametrize(
    ("first", "last", "refused"), [(1, 1, True), (-4, 0, True), (0, 99, True), (5, 9, False)]
)
def test_one_representative_has_one_deputy_on_a_day(
    world: World, appoint: Callable[..., Substitution], first: int, last: int, refused: bool
) -> None:
    other = world.actor("dritt@example.org", Role.INSTITUTION, world.library, Function.STAFF)
    appoint()
    second = partial(
        appoint,
        deputy_id=other.account_id,
        valid_from=TODAY + timedelta(days=first),
        valid_to=TODAY + timedelta(days=last),
        now=AT - timedelta(days=4),
    )
    if refused:
        with pytest.raises(Conflict, match="schon mitarbeit"):
            second()
    else:
        second()


def test_a_deputy_names_no_further_deputy(
    world: World, appoint: Callable[..., Substitution]
) -> None:
    appoint()
    deputy = on(world.session, world.staff, AT)
    with pytest.raises(Forbidden):
        appoint(by=deputy, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 2))


def test_a_deputy_whose_account_ends_before_is_refused(
    world: World, appoint: Callable[..., Substitution]
) -> None:
    account = world.session.get_one(Account, world.staff.account_id)
    account.term_from, account.term_to = date(2020, 1, 1), LAST - timedelta(days=1)
    with pytest.raises(Invalid, match="nicht an allen diesen Tagen"):
        appoint()


def page(world: World, by: Actor | None = None) -> Representation:
    """The institution's page on 5 October."""
    return representation(
        world.session,
        institution_id=world.library.id or 0,
        by=by or world.coordination,
        today=TODAY,
    )


def test_a_colleague_follows_the_day_after_and_stays_what_she_is_until_then(world: World) -> None:
    representatives.hand_over(
        world.session,
        account_id=world.representative.account_id,
        successor_id=world.staff.account_id,
        last_day=LAST,
        by=world.coordination,
        now=AT,
    )
    for day, old, new in (
        (LAST, Function.REPRESENTATIVE, Function.STAFF),
        (LAST + timedelta(days=1), None, Function.REPRESENTATIVE),
    ):
        noon = datetime.combine(day, AT.timetz())
        before, after = (
            on(world.session, actor, noon) for actor in (world.representative, world.staff)
        )
        assert (before and before.function, after and after.function) == (old, new)
    terms = page(world).terms
    assert [(term.name, term.first, term.last) for term in terms] == [
        ("vhs", date(2020, 1, 1), LAST),
        ("mitarbeit", LAST + timedelta(days=1), None),
    ]


def test_a_colleague_does_not_follow_where_a_third_person_has_begun(world: World) -> None:
    hand_over = partial(
        representatives.hand_over,
        world.session,
        account_id=world.representative.account_id,
        last_day=LAST,
        by=world.coordination,
        now=AT,
    )
    other = accounts.create(
        world.session,
        email="dritte@example.org",
        name="Dritte",
        role=Role.INSTITUTION,
        institution_id=world.library.id,
        function=Function.STAFF,
        by=None,
        now=AT,
    )
    world.session.flush()
    hand_over(successor_id=other.id or 0)
    with pytest.raises(Conflict, match="Dritte ist schon benannte Vertretung"):
        hand_over(successor_id=world.staff.account_id)


def test_a_new_person_gets_an_account_that_begins_the_day_after(world: World) -> None:
    found = representatives.hand_over_to_new(
        world.session,
        account_id=world.representative.account_id,
        name="Neu",
        email="neu@example.org",
        last_day=LAST,
        by=world.coordination,
        now=AT,
    )
    assert (found.function, found.term_from, found.institution_id) == (
        Function.REPRESENTATIVE,
        LAST + timedelta(days=1),
        world.library.id,
    )
    assert world.session.get_one(Account, world.representative.account_id).term_to == LAST


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"by": "representative"}, Forbidden),
        ({"account_id": 999999}, NotFound),
        ({"account_id": "staff"}, NotFound),
        ({"successor_id": 999999}, NotFound),
        ({"successor_id": "stranger"}, NotFound),
        ({"successor_id": "representative"}, NotFound),
        ({"last_day": date(2019, 12, 31)}, Invalid),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    world: World, changes: dict[str, object], refusal: type[Refused]
) -> None:
    meant: dict[str, object] = {
        "account_id": "representative",
        "successor_id": "staff",
        "last_day": LAST,
        "by": "coordination",
    } | changes
    for name, value in meant.items():
        if isinstance(value, str):
            actor = getattr(world, value)
            meant[name] = actor if name == "by" else actor.account_id
    with pytest.raises(refusal):
        representatives.hand_over(world.session, now=AT, **meant)  # type: ignore[arg-type]
    assert world.session.get_one(Account, world.representative.account_id).term_to is None


def test_a_term_does_not_end_before_the_last_submission(world: World) -> None:
    round_ = world.open_round()
    world.submit(world.report(round_, world.measures[0]), at="2026-10-05 09:00")
    hand_over = partial(
        representatives.hand_over,
        world.session,
        account_id=world.representative.account_id,
        successor_id=world.staff.account_id,
        by=world.coordination,
        now=moment("2026-10-08 09:00"),
    )
    with pytest.raises(Invalid, match=r"05\.10\.2026 noch eine Meldung"):
        hand_over(last_day=date(2026, 10, 4))
    hand_over(last_day=date(2026, 10, 5))


def test_drafts_of_a_deactivated_representative_stay_and_colleagues_go_on(world: World) -> None:
    round_ = world.open_round()
    report = world.report(round_, world.measures[0])
    save = partial(
        reports.save_draft, world.session, report_id=report.id or 0, content=RUNNING, now=AT
    )
    save(expected_version=0, by=world.representative)
    accounts.deactivate(
        world.session,
        account_id=world.representative.account_id,
        by=world.coordination,
        now=AT,
    )
    save(expected_version=1, by=world.staff)
    assert world.session.get_one(Report, report.id).draft_version == 2


def test_the_page_is_for_the_institutions_own_people_and_the_ki(world: World) -> None:
    for actor in (world.coordination, world.representative, world.staff):
        assert [name for _, name in page(world, actor).colleagues] == ["mitarbeit"]
    for actor in (world.stranger, world.committee):
        with pytest.raises(NotFound):
            page(world, actor)


def test_everything_is_recorded(world: World, appoint: Callable[..., Substitution]) -> None:
    found = appoint()
    substitutions.end(world.session, substitution_id=found.id or 0, by=world.coordination, now=AT)
    representatives.hand_over(
        world.session,
        account_id=world.representative.account_id,
        successor_id=world.staff.account_id,
        last_day=LAST,
        by=world.coordination,
        now=AT,
    )
    events = world.session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
    assert [(event.verb, event.actor_id) for event in events][-4:] == [
        ("substitution.appoint", world.representative.account_id),
        ("substitution.end", world.coordination.account_id),
        ("account.end_term", world.coordination.account_id),
        ("account.begin_term", world.coordination.account_id),
    ]
