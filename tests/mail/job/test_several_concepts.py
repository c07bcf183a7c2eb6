"""An institution that owes reports to rounds of several concepts gets one mail a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from tests.committing import own_sqlite
from tests.mail.job.conftest import one_own_database
from tests.mail.job.mail_world import (
    CLUB,
    INVITED,
    LIBRARY,
    REMINDED,
    SETTINGS,
    MailWorld,
    berlin,
    last,
)
from tests.mail.job.test_outages import answer, other_clock, with_server
from tests.outbox.server import Mailbox, running
from tests.second_concept import second_concept
from tracker.accounts.actions import accounts
from tracker.mail.queries.mail_preview import next_wave
from tracker.mail.queries.mails import outbox
from tracker.outbox.rules.mailing import MailState
from tracker.reporting.models import Report
from tracker.reporting.rounds.actions import rounds

OPENING = "2027-01-01 06:00"
ASKING = (INVITED, REMINDED)


class TwoConcepts(MailWorld):
    """The mail world with a second concept, of whose one measure the library is the lead."""

    second_id = 0

    def add_second(self) -> None:
        with self.writing() as inner:
            self.second_id = second_concept(inner, title="Teilhabeplan").concept_id

    def plan_second(self, period: str = "2026-H2", *, due: date | None = None) -> int:
        with self.writing() as inner:
            first, inner.concept_id = inner.concept_id, self.second_id
        try:
            round_id = self.plan(period)
        finally:
            inner.concept_id = first
        if due is not None:
            with self.writing() as inner:
                round_ = rounds.load(inner.session, round_id=round_id)
                dates = replace(rounds.dates_of(round_), due_on=due)
                rounds.change_dates(
                    inner.session,
                    round_=round_,
                    dates=dates,
                    by=None,
                    now=berlin("2026-01-02 12:00"),
                )
        return round_id

    def asked(self, recipient: str = LIBRARY) -> list[tuple[str, set[int]]]:
        """Return the asking mails to somebody, oldest first: kind and rounds."""
        return [
            (mail.kind, self.rounds_of(mail))
            for mail in self.mails()
            if mail.recipient == recipient and mail.kind in ASKING
        ]

    def end(self, round_id: int, how: str, *, at: str) -> None:
        """Let nothing be asked for in a round any more."""
        if how == "submitted":
            with self.writing() as inner:
                club = inner.club
                stranger = inner.stranger
            self.submit(*self.open_reports(round_id), at=at)
            self.submit(*self.open_reports(round_id, club), at=at, by=stranger)
            return
        with self.writing() as inner:
            round_ = rounds.load(inner.session, round_id=round_id)
            by, now = inner.coordination, berlin(at)
            if how == "closed":
                rounds.close_round(inner.session, round_=round_, by=by, now=now)
            else:
                rounds.cancel(inner.session, round_=round_, by=by, now=now, reason="Neuwahl")


@pytest.fixture
def world(own_engine: object) -> TwoConcepts:
    world = TwoConcepts(own_engine)  # type: ignore[arg-type]
    world.add_second()
    return world


def test_rounds_that_open_on_a_day_invite_in_one_mail(world: TwoConcepts) -> None:
    first, second = world.plan(), world.plan_second()
    mailbox = Mailbox()
    with running(mailbox, with_server(world)):
        for moment in (OPENING, "2027-01-01 06:05", "2027-01-02 06:00"):
            world.clock(moment)
    assert world.asked() == [(INVITED, {first, second})]
    assert world.asked(CLUB) == [(INVITED, {first})]
    (message,) = (message for message in mailbox.messages if message["To"] == LIBRARY)
    assert message["Subject"] == (
        "Q4/2026 (Probekonzept) und H2/2026 (Teilhabeplan): Wir bitten um Ihre Meldungen"
    )
    body = message.get_content().replace("\r\n", "\n")
    assert (
        "4. Quartal 2026 (Probekonzept), Stand zum Donnerstag, 31. Dezember 2026\n"
        "  Erbeten: 4 Meldungen bis Freitag, 15. Januar 2027\n\n"
        "2. Halbjahr 2026 (Teilhabeplan), Stand zum Donnerstag, 31. Dezember 2026\n"
        "  Erbeten: 1 Meldung bis Freitag, 15. Januar 2027\n"
    ) in body
    assert set(world.runs(INVITED).values()) == {"done"}
    assert len(world.runs(INVITED)) == 3
    assert (
        last(world, INVITED, CLUB).subject == "Q4/2026 (Probekonzept): Wir bitten um Ihre Meldung"
    )


def test_what_is_due_on_one_day_is_one_mail_and_on_another_day_another(world: TwoConcepts) -> None:
    """The second round is due a week later: its first reminder is on the first one's last day."""
    first, second = world.plan(), world.plan_second(due=date(2027, 1, 22))
    by_day = {}
    with running(Mailbox(), with_server(world)):
        for day in range(1, 31):
            before = len(world.asked())
            world.clock(f"2027-01-{day:02} 06:00")
            if asked := world.asked()[before:]:
                by_day[day] = asked
    assert by_day == {
        1: [(INVITED, {first, second})],
        8: [(REMINDED, {first})],
        13: [(REMINDED, {first})],
        15: [(REMINDED, {first, second})],
        18: [(REMINDED, {first})],
        20: [(REMINDED, {second})],
        22: [(REMINDED, {second})],
        25: [(REMINDED, {second})],
    }
    together = [mail for mail in world.mails() if len(world.rounds_of(mail)) == 2][-1]
    assert together.subject.endswith(": Erinnerung an Ihre Meldungen")
    assert "Noch offen: 4 Meldungen bis Freitag, 15. Januar" in together.body
    assert "Noch offen: 1 Meldung bis Freitag, 22. Januar" in together.body


def test_an_invitation_and_a_reminder_of_a_day_are_one_mail(world: TwoConcepts) -> None:
    first = world.plan()
    world.clock(OPENING)
    second = world.plan_second()
    world.clock("2027-01-08 06:00")
    assert world.asked() == [(INVITED, {first}), (INVITED, {first, second})]
    body = last(world, INVITED).body
    assert "Noch offen: 4 Meldungen" in body
    assert "Erbeten: 1 Meldung" in body
    world.clock("2027-01-08 06:05")
    assert len(world.asked()) == 2


ENDS = ("submitted", "closed", "cancelled")


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("how", ENDS)
def test_a_mail_that_waits_goes_on_asking_for_the_other_round(
    world: TwoConcepts, how: str, which: int
) -> None:
    both = (world.plan(), world.plan_second())
    port = with_server(world)
    world.clock(OPENING)
    gone, left = both[which], both[1 - which]
    world.end(gone, how, at="2027-01-01 07:00")
    mailbox = Mailbox()
    with running(mailbox, port):
        world.clock("2027-01-01 07:05")
        world.clock("2027-01-01 07:10")
    (message,) = (message for message in mailbox.messages if message["To"] == LIBRARY)
    titles = ("Probekonzept", "Teilhabeplan")
    assert titles[1 - which] in message["Subject"] + message.get_content()
    assert titles[which] not in message["Subject"] + message.get_content()
    assert world.asked() == [(INVITED, {left})]
    # Both claims are done: nothing is asked again, and who never heard of a round hears no end.
    assert len(world.runs(INVITED)) == 3
    assert world.sent()["round_cancelled", LIBRARY] == 0


@pytest.mark.parametrize("how", ENDS)
def test_a_mail_of_which_nothing_is_left_is_not_sent(world: TwoConcepts, how: str) -> None:
    both = (world.plan(), world.plan_second())
    port = with_server(world)
    world.clock(OPENING)
    for round_id in both:
        world.end(round_id, how, at="2027-01-01 07:00")
    mailbox = Mailbox()
    with running(mailbox, port):
        world.clock("2027-01-01 07:05")
    assert LIBRARY not in {message["To"] for message in mailbox.messages}
    with world.writing() as inner:
        rows = outbox(inner.session, today=date(2027, 1, 1), state=MailState.SUPERSEDED)
    assert "Überholt: Es ist nichts mehr offen." in {row.reason for row in rows}


def test_a_newer_mail_takes_over_its_round_only(world: TwoConcepts) -> None:
    first, second = world.plan(), world.plan_second(due=date(2027, 1, 29))
    with_server(world)
    world.clock(OPENING)
    world.clock("2027-01-08 06:00")
    assert world.asked() == [(INVITED, {second}), (REMINDED, {first})]
    world.clock("2027-01-22 06:00")
    waiting = [
        world.rounds_of(mail)
        for mail in world.mails()
        if mail.recipient == LIBRARY and mail.kind in ASKING and mail.next_attempt_at
    ]
    assert waiting == [{first, second}]


def test_who_was_told_of_a_cancelled_round_together_is_told_which_one(world: TwoConcepts) -> None:
    first, _second = world.plan(), world.plan_second()
    mailbox = Mailbox()
    with running(mailbox, with_server(world)):
        world.clock(OPENING)
        world.end(first, "cancelled", at="2027-01-05 09:00")
        world.clock("2027-01-05 10:00")
        world.clock("2027-01-08 06:00")
    subjects = [str(message["Subject"]) for message in mailbox.messages if message["To"] == LIBRARY]
    assert subjects[1:] == [
        "Q4/2026 (Probekonzept): Die Berichtsrunde ist abgesagt",
        "H2/2026 (Teilhabeplan): Erinnerung, Abgabefrist 15.01.2027",
    ]


def test_a_mail_that_cannot_be_delivered_counts_for_each_of_its_rounds(world: TwoConcepts) -> None:
    world.plan()
    world.plan_second()
    mailbox = Mailbox()
    mailbox.answers[LIBRARY] = "550 no such user"
    with running(mailbox, with_server(world)):
        world.clock(OPENING)
        world.clock("2027-01-22 06:00")
    told = [mail.body for mail in world.mails() if mail.kind == "escalation"]
    assert len(told) == 2
    assert all("Volkshochschule" in body and "Mail unzustellbar" in body for body in told)


def test_whoever_follows_one_not_reached_is_asked_for_all_in_one_mail(world: TwoConcepts) -> None:
    first, second = world.plan(), world.plan_second()
    mailbox = Mailbox()
    mailbox.answers[LIBRARY] = "550 no such user"
    with running(mailbox, with_server(world)):
        world.clock(OPENING)
        with world.writing() as inner:
            accounts.deactivate(
                inner.session,
                account_id=inner.representative.account_id,
                by=inner.coordination,
                now=berlin("2027-01-02 07:00"),
            )
            accounts.create(
                inner.session,
                email="neu@example.org",
                name="Neu",
                role=inner.representative.role,
                institution_id=inner.library.id,
                function=inner.representative.function,
                by=None,
                now=berlin("2027-01-02 08:00"),
            )
        world.clock("2027-01-02 09:00")
        world.clock("2027-01-02 09:05")
    assert world.asked("neu@example.org") == [(INVITED, {first, second})]


@one_own_database
def test_killed_between_effect_and_commit_both_claims_are_free(world: TwoConcepts) -> None:
    first, second = world.plan(), world.plan_second()
    with other_clock(world, OPENING, "hang") as (process, other):
        assert answer(other) == "hanging"
        process.kill()
    assert world.runs(INVITED) == {}
    for _ in range(2):
        world.clock(OPENING)
    assert world.asked() == [(INVITED, {first, second})]


def test_two_clocks_started_at_once_send_one_mail(world: TwoConcepts) -> None:
    first, second = world.plan(), world.plan_second()
    with (
        other_clock(world, OPENING, "wait") as one,
        other_clock(world, OPENING, "wait") as two,
    ):
        for _, other in (one, two):
            other.send("go")
    assert [process.exitcode for process, _ in (one, two)] == [0, 0]
    assert world.asked() == [(INVITED, {first, second})]


@one_own_database
def test_the_weekly_overview_tells_everybody_of_the_concepts_they_see(world: TwoConcepts) -> None:
    world.settings = replace(SETTINGS, contact_email="")
    with world.writing() as inner:
        accounts.choose_concepts(
            inner.session,
            account_id=inner.second_coordination.account_id,
            concept_ids=[world.second_id],
            by=None,
            now=berlin("2026-12-01 09:00"),
        )
    world.plan()
    world.plan_second()
    world.clock("2026-12-28 09:00")
    digests = {mail.recipient: mail.body for mail in world.mails() if mail.kind == "digest"}
    assert "Q4/2026 (Probekonzept) wird am" in digests["ki@example.org"]
    assert "H2/2026 (Teilhabeplan) wird am" in digests["ki@example.org"]
    assert "Probekonzept" not in digests["ki2@example.org"]
    assert "H2/2026 (Teilhabeplan) wird am" in digests["ki2@example.org"]
    world.clock(OPENING)
    world.clock("2027-01-22 06:00")
    escalated = Counter(mail.recipient for mail in world.mails() if mail.kind == "escalation")
    assert escalated == {"ki@example.org": 2, "ki2@example.org": 1}


@one_own_database
def test_the_preview_shows_the_one_mail_and_who_sees_one_concept_its_part(
    world: TwoConcepts,
) -> None:
    world.plan()
    world.plan_second()
    now = berlin("2026-12-30 09:00")
    with Session(world.engine) as session:
        wave = next_wave(session, settings=world.settings, now=now)
        part = next_wave(session, settings=world.settings, now=now, concepts={world.second_id})
    assert wave
    assert part
    assert [mail.about for mail in wave.mails if mail.institution == "Volkshochschule"] == [
        "Q4/2026 (Probekonzept) und H2/2026 (Teilhabeplan)"
    ]
    assert [mail.about for mail in part.mails] == ["H2/2026 (Teilhabeplan)"]


@one_own_database
def test_the_outbox_leaves_out_mails_about_another_concept_only(world: TwoConcepts) -> None:
    first, second = world.plan(), world.plan_second()
    world.clock(OPENING)
    with Session(world.engine) as session:
        rows = outbox(session, today=date(2027, 1, 1), concepts={world.second_id})
        everything = outbox(session, today=date(2027, 1, 1))
    about = [{round_.id for round_ in row.rounds} for row in rows if row.rounds]
    assert about == [{second}]
    assert {first, second} in [{round_.id for round_ in row.rounds} for row in everything]
    assert [row.text for row in rows if row.rounds] == [""]
    assert len(everything) > len(rows)


Deed = tuple[int, int, str]
# On a day something ends in one of the rounds, or the mail server goes or comes.
DEEDS = st.lists(
    st.tuples(st.integers(1, 29), st.sampled_from([0, 1]), st.sampled_from([*ENDS, "server"])),
    max_size=5,
)


def claims(world: MailWorld, round_id: int) -> dict[str, str | None]:
    return {
        f"{job} {key.partition(':')[2]}": outcome
        for job in ASKING
        for key, outcome in world.runs(job).items()
        if key.startswith(f"{round_id}:")
    }


def lived_through(
    deeds: list[Deed], *, concepts: int, due: date
) -> tuple[dict[str, str | None], list[str]]:
    """Return the claims of the first round and all keys of mails after January."""
    with TemporaryDirectory() as folder:
        engine = own_sqlite(Path(folder))
        world = TwoConcepts(engine)
        planned = [world.plan()]
        if concepts > 1:
            world.add_second()
            planned.append(world.plan_second(due=due))
        mailbox = Mailbox()
        port = with_server(world)
        with running(mailbox, port):
            for day in range(1, 30):
                for _, number, what in sorted(deed for deed in deeds if deed[0] == day):
                    if what == "server":
                        # Nobody listens at port 1: the server is down.
                        smtp_port = port if world.settings.smtp_port == 1 else 1
                        world.settings = replace(world.settings, smtp_port=smtp_port)
                    elif number < len(planned) and can_end(world, planned[number], what):
                        world.end(planned[number], what, at=f"2027-01-{day:02} 05:00")
                world.clock(f"2027-01-{day:02} 06:00")
                check_day(world, f"2027-01-{day:02}")
        outcome = claims(world, planned[0]), [mail.key for mail in world.mails()]
        engine.dispose()
        return outcome


def can_end(world: MailWorld, round_id: int, what: str) -> bool:
    state = world.round(round_id).state
    with Session(world.engine) as session:
        handed_in = session.exec(
            select(Report.id).where(
                Report.round_id == round_id, col(Report.first_submitted_at).is_not(None)
            )
        ).first()
    return state == "open" and not (what == "cancelled" and handed_in)


def check_day(world: MailWorld, day: str) -> None:
    """Nobody is written to twice on a day; what waited for the server may arrive so."""
    asking = Counter(
        mail.recipient
        for mail in world.mails()
        if mail.kind in ASKING and f"{mail.created_at:%Y-%m-%d}" == day
    )
    assert max(asking.values(), default=0) <= 1, (day, asking)


# Without shrinking: an example takes seconds.
@settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
@example(deeds=[(1, 0, "server"), (14, 0, "server")], due=date(2027, 1, 18))
@given(deeds=DEEDS, due=st.sampled_from([date(2027, 1, 15), date(2027, 1, 18), date(2027, 1, 22)]))
def test_a_second_concept_changes_nothing_of_what_is_done_for_the_first(
    deeds: list[Deed], due: date
) -> None:
    """What was claimed for a round, and how it ended, does not depend on another concept's."""
    alone, _ = lived_through(deeds, concepts=1, due=due)
    beside, keys = lived_through(deeds, concepts=2, due=due)
    assert alone == beside
    assert len(keys) == len(set(keys))


@one_own_database
def test_without_a_round_nobody_is_written_to(world: TwoConcepts) -> None:
    for day in (1, 8, 15):
        world.clock(f"2027-01-{day:02} 06:00")
    assert world.mails() == []
