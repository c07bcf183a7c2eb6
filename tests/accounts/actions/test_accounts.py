"""Accounts: who is created how, single-use links, sessions, and an audit event for each."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.mail.job.mail_world import empty
from tracker.accounts.actions import accounts, passwords, sessions
from tracker.accounts.models import Account, AccountLink, LoginSession
from tracker.accounts.queries import accounts as queries
from tracker.concept.models import Institution, InstitutionKind
from tracker.core.db import transaction
from tracker.core.errors import Conflict, IllegalTransition, Invalid, NotFound, Refused
from tracker.core.hashes import token_hash
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor, Function, Role

GOOD = "sieben graue Regenschirme"


@pytest.fixture
def institution(session: Session) -> Institution:
    found = Institution(
        key="verein", name="Verein", short_name="Verein", kind=InstitutionKind.INDEPENDENT
    )
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def account(session: Session, now: datetime) -> Account:
    return accounts.create(
        session, email="Kim@Stadt.example ", name=" Kim ", role=Role.COMMITTEE, by=None, now=now
    )


def verbs(session: Session) -> list[str]:
    return list(session.exec(select(AuditEvent.verb).order_by(AuditEvent.id)))  # type: ignore[arg-type]


def test_a_new_account_is_trimmed_lowered_and_recorded(session: Session, account: Account) -> None:
    assert (account.email, account.name, account.password_hash) == (
        "kim@stadt.example",
        "Kim",
        None,
    )
    assert verbs(session) == ["account.create"]


def test_accounts_stand_in_the_order_of_a_german_list_on_both_databases(
    session: Session, now: datetime
) -> None:
    names = ["Ärmel", "Arndt", "de Vries", "Östermann", "Ostrowski", "Zander"]
    for number, name in enumerate(reversed(names)):
        email = f"person{number}@stadt.example"
        accounts.create(session, email=email, name=name, role=Role.COMMITTEE, by=None, now=now)
    assert [row.name for row in queries.accounts(session, now=now)] == names


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"email": "kim@stadt.example"}, Conflict),
        ({"email": "KIM@stadt.example"}, Conflict),
        ({"email": "ohne-at.example"}, Invalid),
        ({"email": "zwei@at@stadt.example"}, Invalid),
        ({"email": "mit leer@stadt.example"}, Invalid),
        ({"email": f"{'x' * 200}@stadt.example"}, Invalid),
        ({"name": "  "}, Invalid),
        ({"name": "x" * 201}, Invalid),
        ({"role": Role.INSTITUTION}, Invalid),
        ({"role": Role.INSTITUTION, "institution_id": 1}, Invalid),
        (
            {"role": Role.INSTITUTION, "institution_id": 999999, "function": Function.STAFF},
            NotFound,
        ),
        ({"function": Function.STAFF}, Invalid),
        ({"password": "kurz"}, Invalid),
        ({"term_from": date(2026, 2, 1), "term_to": date(2026, 1, 1)}, Invalid),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    session: Session,
    account: Account,
    now: datetime,
    changes: dict[str, object],
    refusal: type[Refused],
) -> None:
    values = {"email": "neu@stadt.example", "name": "Neu", "role": Role.COMMITTEE} | changes
    with pytest.raises(refusal):
        accounts.create(session, by=None, now=now, **values)  # type: ignore[arg-type]
    assert verbs(session) == ["account.create"]


@pytest.mark.parametrize(
    ("term_from", "term_to", "is_taken"),
    [
        (None, None, True),
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (date(2020, 1, 1), date(2025, 12, 31), False),
        (date(2020, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_an_institution_has_one_named_representative_at_a_time(
    session: Session, now: datetime, term_from: date | None, term_to: date | None, is_taken: bool
) -> None:
    """000, Ziff. 2: a persönlich benannte Vertreterin bzw. ein persönlich benannter Vertreter."""
    club = Institution(
        key="verein", name="Verein", short_name="Verein", kind=InstitutionKind.INDEPENDENT
    )
    session.add(club)
    session.flush()

    def named(email: str, first: date | None, last: date | None) -> Account:
        return accounts.create(
            session,
            email=email,
            name=email,
            role=Role.INSTITUTION,
            institution_id=club.id,
            function=Function.REPRESENTATIVE,
            term_from=first,
            term_to=last,
            by=None,
            now=now,
        )

    present = named("eine@verein.example", date(2026, 1, 1), date(2026, 12, 31))
    if is_taken:
        with pytest.raises(Conflict, match="ist schon benannte Vertretung; jede Institution"):
            named("andere@verein.example", term_from, term_to)
        accounts.deactivate(session, account_id=present.id or 0, by=None, now=now)
    assert named("dritte@verein.example", term_from, term_to).institution_id == club.id


def test_of_two_invited_at_once_one_is_named_representative(
    postgresql_engine: Engine, now: datetime
) -> None:
    def named(session: Session, email: str) -> str:
        accounts.create(
            session,
            email=email,
            name=email,
            role=Role.INSTITUTION,
            institution_id=institution_id,
            function=Function.REPRESENTATIVE,
            by=None,
            now=now,
        )
        session.flush()
        return email

    def named_meanwhile() -> str:
        with Session(postgresql_engine) as second, transaction(second):
            return named(second, "andere@verein.example")

    try:
        with Session(postgresql_engine) as session:
            club = Institution(
                key="verein", name="Verein", short_name="V", kind=InstitutionKind.INDEPENDENT
            )
            session.add(club)
            session.commit()
            institution_id = club.id
        with ThreadPoolExecutor(1) as pool, Session(postgresql_engine) as first:
            with transaction(first):
                named(first, "eine@verein.example")
                meanwhile = pool.submit(named_meanwhile)
                wait([meanwhile], timeout=0.5)
            with pytest.raises(Conflict, match=r"eine@verein\.example ist schon benannte"):
                meanwhile.result(timeout=10)
    finally:
        empty(postgresql_engine)


def test_an_invitation_is_stored_as_a_hash_and_used_once(
    session: Session, account: Account, now: datetime
) -> None:
    assert account.id is not None
    token = accounts.invite(session, account_id=account.id, valid_days=14, by=None, now=now)
    session.flush()
    assert session.exec(select(AccountLink.token_hash)).all() == [token_hash(token)]
    accounts.accept_invitation(session, token=token, password=GOOD, now=now)
    assert passwords.matches(account.password_hash, GOOD)
    with pytest.raises(NotFound):
        accounts.accept_invitation(session, token=token, password=GOOD, now=now)
    assert verbs(session) == ["account.create", "account.invite", "account.accept_invitation"]


def test_accepting_an_invitation_ends_running_sessions(
    session: Session, account: Account, now: datetime
) -> None:
    assert account.id is not None
    old = sessions.sign_in(session, account_id=account.id, now=now)
    token = accounts.invite(session, account_id=account.id, valid_days=1, by=None, now=now)
    accounts.accept_invitation(session, token=token, password=GOOD, now=now)
    found = queries.signed_in(session.connection(), token_hash=token_hash(old), today=now.date())
    assert found is None


def test_a_session_is_stored_as_a_hash_and_ends_once(
    session: Session, account: Account, now: datetime
) -> None:
    assert account.id is not None
    token = sessions.sign_in(session, account_id=account.id, now=now)
    session.flush()
    row = session.exec(select(LoginSession)).one()
    assert row.token_hash == token_hash(token)
    actor = Actor(account.id, account.name, account.role)
    for _ in range(2):
        sessions.sign_out(session, session_id=row.id or 0, by=actor, now=now)
        session.flush()
    assert row.ended_at == now
    assert verbs(session) == ["account.create", "account.sign_in", "account.sign_out"]


def test_a_deactivated_account_does_nothing_more(
    session: Session, account: Account, now: datetime
) -> None:
    assert account.id is not None
    token = accounts.invite(session, account_id=account.id, valid_days=14, by=None, now=now)
    accounts.deactivate(session, account_id=account.id, by=None, now=now)
    with pytest.raises(NotFound):
        accounts.accept_invitation(session, token=token, password=GOOD, now=now)
    for act in (
        lambda: accounts.invite(
            session, account_id=account.id or 0, valid_days=1, by=None, now=now
        ),
        lambda: sessions.sign_in(session, account_id=account.id or 0, now=now),
        lambda: accounts.deactivate(session, account_id=account.id or 0, by=None, now=now),
    ):
        with pytest.raises(IllegalTransition):
            act()
    assert queries.credentials(session, email=account.email, today=now.date()) is None


def test_nobody_deactivates_the_own_account(
    session: Session, account: Account, now: datetime
) -> None:
    own = Actor(account.id or 0, account.name, account.role)
    with pytest.raises(IllegalTransition):
        accounts.deactivate(session, account_id=own.account_id, by=own, now=now)


def test_a_password_is_hashed_with_argon2id_and_an_unknown_account_takes_as_long() -> None:
    assert passwords.hashed(GOOD).startswith("$argon2id$")
    assert not passwords.matches(None, GOOD)
    assert not passwords.matches("no hash at all", GOOD)


def test_no_name_and_no_address_goes_into_the_audit(session: Session, account: Account) -> None:
    event = session.exec(select(AuditEvent)).one()
    assert account.name not in str(event.after)
    assert account.email not in str(event.after)
