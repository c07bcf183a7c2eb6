"""Two concepts, two institutions, and whoever may come: what the matrix of rights asks about.

A `Place` is one institution's part of one concept, with one of everything that addresses name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import update
from sqlmodel import Session, col, select

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.factories_contributions import SAID
from tests.pages import PASSWORD, Browser, browser_of
from tests.papers.factories_papers import office_template
from tests.publication.publishing import close_and_publish
from tracker.accounts.actions import accounts
from tracker.accounts.models import Account, AccountConcept, LoginSession, Substitution
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    Indicator,
    IndicatorKind,
    Institution,
    Measure,
    Responsibility,
    ResponsibilityRole,
)
from tracker.core.models import SettingValue
from tracker.core.permissions import Actor, Function, Role
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import enqueue
from tracker.outbox.wording import MailKind, MailText
from tracker.papers.actions import exports, office_templates
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest
from tracker.publication.queries import published
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.questionnaire.actions import questionnaires
from tracker.reporting.questionnaire.workbook.model import Answer
from tracker.reporting.reports.actions import contributions, reports
from tracker.reporting.review.actions import review
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import Course, Implementation

NOW = moment("2026-10-05 09:00")
EARLIER, RUNNING_ROUND = "2026-Q2", "2026-Q3"
MEASURES = 8
# The measures of a place by what became of their reports.
EXPECTED, SUBMITTED, ACCEPTED, WAIVED, OTHER_VALUE, CONFIRMABLE, CONFIRMED, NOT_ASKED = range(8)
PICTURE = "iVBORw0KGgo="
# Somebody with the number 1, signed with another key.
FORGED = "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
# A row that is not there.
NO_ROW = 1_999_999


@dataclass
class Place:
    """What addresses name, of one institution in one concept; `exists` is False for the nowhere."""

    concept: str
    institution: str
    concept_id: int = NO_ROW
    institution_id: int = NO_ROW
    exists: bool = True
    code: str = "99.9"
    goal: str = "99"
    measures: tuple[int, ...] = (NO_ROW,) * MEASURES
    reports: tuple[int, ...] = (NO_ROW,) * MEASURES
    contribution_id: int = NO_ROW
    # The report that this institution contributes to, as a partner.
    partner_report_id: int = NO_ROW
    round_id: int = NO_ROW
    upload_id: int = NO_ROW
    order_id: int = NO_ROW
    mail_id: int = NO_ROW
    responsibility_id: int = NO_ROW
    substitution_id: int = NO_ROW
    representative_id: int = NO_ROW
    colleague_id: int = NO_ROW
    reader_id: int = NO_ROW
    former_id: int = NO_ROW
    # An institution that has nothing to do with it yet.
    newcomer_id: int = NO_ROW
    round_key: str = "2031-Q4"
    period: str = "2031-Q3"
    indicator: str = "gibts-nicht"
    setting_id: int = NO_ROW
    picture_id: int = NO_ROW
    group: str = "gibts-nicht"
    slug: str = "gibts-nicht"
    step: str = "gibts-nicht"
    order_step: str = "gibts-nicht"
    number: int = 99


@dataclass(frozen=True)
class Identity:
    """Who comes: what the house knows of them, and what its rules say of such a person."""

    name: str
    role: Role | None = None
    institution: str = ""
    submits: bool = False
    deputises: bool = False
    concepts: frozenset[str] | None = None

    @property
    def signed_in(self) -> bool:
        return self.role is not None


FIRST, SECOND = "probe", "zwei"
KI, INST, HBA = Role.COORDINATION, Role.INSTITUTION, Role.COMMITTEE
IDENTITIES = (
    Identity("nobody"),
    Identity("forged cookie"),
    Identity("ended session"),
    Identity("term over"),
    Identity("deactivated"),
    Identity("token holder"),
    Identity("KI", KI),
    Identity("KI of the first", KI, concepts=frozenset({FIRST})),
    Identity("KI of the second", KI, concepts=frozenset({SECOND})),
    Identity("committee", HBA),
    Identity("committee of the first", HBA, concepts=frozenset({FIRST})),
    Identity("representative", INST, "vhs", submits=True),
    Identity("staff", INST, "vhs"),
    Identity("deputy", INST, "vhs", submits=True, deputises=True),
    Identity("another's representative", INST, "ibz", submits=True),
    Identity("without reports", INST, "frei", submits=True),
)


@dataclass
class City:
    """The world, its places by name, and a browser of every identity."""

    app: Flask
    session: Session
    worlds: dict[str, World]
    places: dict[str, Place] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    invitation: str = ""
    newcomer_id: int = 0


def city(app: Flask, session: Session) -> City:
    published._kept.clear()
    first = World(session, measures_per_field=MEASURES)
    second = World(session, measures_per_field=MEASURES, key=SECOND, beside=first)
    made = City(app, session, {FIRST: first, SECOND: second})
    free = first.institution("frei", "Freier Träger")
    made.newcomer_id = free.id or 0
    _identities(made, free)
    for key, world in made.worlds.items():
        for name, place in _places(made, world).items():
            made.places[f"{name} in the {'first' if key == FIRST else 'second'}"] = place
    for key, name in ((FIRST, "nothing in the first"), (SECOND, "nothing in the second")):
        made.places[name] = Place(key, "gibts-nicht", exists=False)
    made.places["nowhere"] = Place("gibts-nicht", "gibts-nicht", exists=False)
    office_templates.add(
        session, file_name="Vorlage.docx", content=office_template(), by=first.coordination, now=NOW
    )
    session.commit()
    for identity in IDENTITIES:
        made.browsers[identity.name] = _browser(made, identity)
    return made


# Whoever deputises is of the Mitarbeitende.
FUNCTION = {"vhs": Function.STAFF, "frei": Function.REPRESENTATIVE}


def _identities(made: City, free: Institution) -> None:
    """Give every identity an account, with a password that takes no time to check."""
    first = made.worlds[FIRST]
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    institutions = {"vhs": first.library, "frei": free}
    known = {
        "KI": first.coordination,
        "committee": first.committee,
        "representative": first.representative,
        "staff": first.staff,
        "another's representative": first.stranger,
    }
    for identity in IDENTITIES[2:]:
        if identity.name in known:
            account = made.session.get_one(Account, known[identity.name].account_id)
        else:
            of = institutions.get(identity.institution)
            account = Account(
                email=f"{identity.name.replace(' ', '.')}@stadt.example".lower(),
                name=f"Person {identity.name}",
                role=identity.role or KI,
                institution_id=of.id if of else None,
                function=FUNCTION.get(identity.institution),
                created_at=moment("2020-01-01 00:00"),
            )
            made.session.add(account)
        account.password_hash = None if identity.name == "token holder" else hashed
        made.accounts[identity.name] = account
    made.session.flush()
    for identity in IDENTITIES:
        for key in identity.concepts or ():
            concept_id = made.worlds[key].concept_id
            account_id = made.accounts[identity.name].id or 0
            made.session.add(AccountConcept(account_id=account_id, concept_id=concept_id))
    made.session.add(_substitution(made, "representative", "deputy"))
    made.invitation = accounts.invite(
        made.session,
        account_id=made.accounts["token holder"].id or 0,
        valid_days=7,
        by=first.coordination,
        now=NOW,
    )


def _substitution(made: City, represented: str, deputy: str) -> Substitution:
    representative_id = made.accounts[represented].id or 0
    return Substitution(
        representative_id=representative_id,
        deputy_id=made.accounts[deputy].id or 0,
        valid_from=NOW.date() - timedelta(days=1),
        valid_to=NOW.date() + timedelta(days=9),
        created_at=NOW,
        created_by_id=representative_id,
    )


def _browser(made: City, identity: Identity) -> Browser:
    if identity.name in {"nobody", "token holder"}:
        return Browser(made.app)
    if identity.name == "forged cookie":
        browser = Browser(made.app)
        browser.client.set_cookie(
            "sitzung", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
        )
        return browser
    account = made.accounts[identity.name]
    browser = browser_of(made.app, made.session, account, NOW)
    match identity.name:
        case "ended session":
            made.session.exec(
                update(LoginSession)
                .where(col(LoginSession.account_id) == account.id)
                .values(ended_at=NOW)
            )
        case "term over":
            account.term_to = NOW.date() - timedelta(days=1)
        case "deactivated":
            account.deactivated_at = NOW
    made.session.commit()
    return browser


def _places(made: City, world: World) -> dict[str, Place]:
    """Lead halves of a concept by two institutions that are partners of each other."""
    halves = {
        "vhs": (world.library, world.representative, world.measures[:MEASURES]),
        "ibz": (world.club, world.stranger, world.measures[MEASURES:]),
    }
    for institution, _by, measures in halves.values():
        world.lead(institution, *measures[:NOT_ASKED])
    earlier = _earlier_round(world, halves)
    running = world.open_round(RUNNING_ROUND)
    places = {}
    for number, (name, (institution, by, measures)) in enumerate(halves.items()):
        world.lead(institution, measures[NOT_ASKED])
        place = Place(world.key, name, world.concept_id, institution.id or 0)
        place.goal, place.code = str(number + 1), f"{number + 1}.{EXPECTED + 1}"
        place.measures = tuple(measure.id or 0 for measure in measures)
        place.round_id, place.round_key = running.id or 0, running.period
        place.period, place.newcomer_id = earlier.period, made.newcomer_id
        place.reports = _reports(world, running, by, measures)
        _belongings(made, world, place, by)
        places[name] = place
    _contribute(world, places["vhs"], places["ibz"], world.stranger)
    _contribute(world, places["ibz"], places["vhs"], world.representative)
    return places


def _earlier_round(
    world: World, halves: dict[str, tuple[Institution, Actor, list[Measure]]]
) -> Round:
    """A published round in which everything that can be confirmed was accepted."""
    round_ = world.open_round(EARLIER, opened="2026-07-01 06:00")
    for _institution, by, measures in halves.values():
        for number in (CONFIRMABLE, CONFIRMED):
            report = world.report(round_, measures[number])
            _submit(world, report, by, at="2026-07-05 09:00")
            world.accept(report, at="2026-07-06 09:00")
    close_and_publish(world, round_, "2026-08-03 09:00")
    return round_


def _submit(world: World, report: Report, by: Actor, at: str = "2026-10-02 09:00") -> None:
    reports.submit(
        world.session,
        report_id=report.id or 0,
        content=CRITICAL if at < "2026-10" else RUNNING,
        expected_version=report.draft_version,
        by=by,
        now=moment(at),
    )


def _reports(world: World, round_: Round, by: Actor, measures: list[Measure]) -> tuple[int, ...]:
    asked = [world.report(round_, measure) for measure in measures[:NOT_ASKED]]
    for number in (SUBMITTED, ACCEPTED, OTHER_VALUE):
        _submit(world, asked[number], by)
    world.accept(asked[ACCEPTED], at="2026-10-03 09:00")
    world.accept(
        asked[OTHER_VALUE],
        Value(Implementation.IN_PROGRESS, Course.CRITICAL),
        at="2026-10-03 09:00",
    )
    review.waive(
        world.session,
        report_id=asked[WAIVED].id or 0,
        reason="Ruht.",
        by=world.coordination,
        now=NOW,
    )
    reports.confirm_unchanged(world.session, report_id=asked[CONFIRMED].id or 0, by=by, now=NOW)
    return (*(report.id or 0 for report in asked), NO_ROW)


def _contribute(world: World, lead: Place, partner: Place, by: Actor) -> None:
    report_id = lead.reports[EXPECTED]
    responsibilities.assign(
        world.session,
        measure_ids=[lead.measures[EXPECTED]],
        institution_id=partner.institution_id,
        role=ResponsibilityRole.PARTNER,
        valid_from=date(2020, 1, 1),
        valid_to=None,
        by=world.coordination,
        now=moment("2020-01-01 00:00"),
    )
    saved: Contribution = contributions.save(
        world.session, report_id=report_id, content=SAID, expected_version=0, by=by, now=NOW
    )
    lead.contribution_id, partner.partner_report_id = saved.id or 0, report_id


def _belongings(made: City, world: World, place: Place, by: Actor) -> None:
    """One of everything else: upload, order, mail, responsibility, people, settings."""
    session = made.session
    answer = Answer(place.reports[EXPECTED], 0, replace(RUNNING, achieved="Aus dem Bogen."))
    place.upload_id = (
        questionnaires.keep(
            session,
            round_id=place.round_id,
            institution_id=place.institution_id,
            file_name="Bogen.xlsx",
            sha256="0" * 64,
            answers=(answer,),
            by=by,
            now=NOW,
        ).id
        or 0
    )
    request = ExportRequest(
        ExportKind.REPORT, EARLIER, ExportFormat.PDF, version=1, concept=world.key
    )
    place.order_id = exports.order(session, request=request, by=world.coordination, now=NOW)
    session.add(
        Indicator(
            concept_id=place.concept_id,
            measure_id=place.measures[EXPECTED],
            key=f"kurse-{place.institution}",
            name="Kurse",
            kind=IndicatorKind.TARGET,
            operator=">=",
            target=Decimal(10),
            unit="Kurse",
        )
    )
    colleague = Account(
        email=f"kollegin.{world.key}@{place.institution}.example",
        name="Kollegin",
        role=INST,
        institution_id=place.institution_id,
        function=Function.STAFF,
        created_at=NOW,
    )
    reader = Account(
        email=f"liest.{world.key}@{place.institution}.example",
        name="Liest",
        role=HBA,
        created_at=NOW,
    )
    former = Account(
        email=f"war.{world.key}@{place.institution}.example",
        name="War da",
        role=HBA,
        created_at=NOW,
        deactivated_at=NOW,
    )
    # Another for each.
    day = date(2027, 1, 1) + timedelta(days=100 * world.concept_id + place.institution_id)
    planned = SettingValue(name="committee_name", valid_from=day, value="Ausschuss", set_at=NOW)
    picture = SettingValue(name="logo", valid_from=day, value=PICTURE, set_at=NOW)
    mail = _failed_mail(session, place)
    session.add_all([colleague, reader, former, planned, picture])
    session.flush()
    session.add(AccountConcept(account_id=reader.id or 0, concept_id=place.concept_id))
    place.representative_id, place.colleague_id = by.account_id, colleague.id or 0
    place.reader_id, place.mail_id, place.former_id = reader.id or 0, mail, former.id or 0
    place.setting_id, place.picture_id = planned.id or 0, picture.id or 0
    substitution = Substitution(
        representative_id=by.account_id,
        deputy_id=colleague.id or 0,
        valid_from=NOW.date(),
        valid_to=NOW.date() + timedelta(days=3),
        created_at=NOW,
        created_by_id=by.account_id,
    )
    session.add(substitution)
    session.flush()
    place.substitution_id = substitution.id or 0
    statement = select(Responsibility.id).where(
        Responsibility.measure_id == place.measures[EXPECTED],
        Responsibility.role == ResponsibilityRole.LEAD,
    )
    place.responsibility_id = session.exec(statement).one() or 0
    place.indicator, place.group, place.slug = f"kurse-{place.institution}", "gremium", "bericht"
    place.step, place.order_step, place.number = "schliessen", "cancel", 1


def _failed_mail(session: Session, place: Place) -> int:
    key = f"reminder:{place.concept}:{place.institution}"
    text = MailText(MailKind.REMINDER, "Betreff", "Text")
    enqueue(
        session, key=key, recipient="a@b.example", text=text, now=NOW, round_ids=[place.round_id]
    )
    mail = session.exec(select(OutboxMail).where(OutboxMail.key == key)).one()
    mail.next_attempt_at, mail.last_error = None, "550"
    return mail.id or 0
