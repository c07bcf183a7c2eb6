"""The clock opens planned rounds and closes those whose last day is over (domain.md 5 and 9)."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from tests.mail.job.mail_world import MailWorld, berlin
from tracker.concept.actions import responsibilities
from tracker.concept.models import Responsibility
from tracker.core.models import AuditEvent
from tracker.mail.queries.mails import not_opened
from tracker.outbox.models import OutboxMail
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import RoundState


def test_a_planned_round_is_opened_on_its_day_in_berlin_and_recorded_without_a_person(
    world: MailWorld,
) -> None:
    round_id = world.plan()
    assert "open_rounds" not in world.clock("2026-12-31 23:59")
    assert world.clock("2027-01-01 00:01")["open_rounds"] == "Q4/2026 eröffnet (6 Meldungen)"
    assert "open_rounds" not in world.clock("2027-01-01 00:06")
    assert world.round(round_id).state is RoundState.OPEN
    with Session(world.engine) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.verb == "round.open")).one()
        assert (event.actor_id, event.at) == (None, berlin("2027-01-01 00:01"))


def test_a_round_without_a_day_is_opened_by_hand_only(world: MailWorld) -> None:
    round_id = world.plan()
    with world.writing() as inner:
        rounds.load(inner.session, round_id=round_id).opens_on = None
    assert "open_rounds" not in world.clock("2027-02-01 09:00")


def test_a_missed_opening_is_caught_up(world: MailWorld) -> None:
    world.plan()
    assert "eröffnet" in world.clock("2027-01-05 09:00")["open_rounds"]


def test_an_open_round_is_closed_the_day_after_its_last_day(world: MailWorld) -> None:
    round_id = world.plan(closes_on=date(2027, 1, 31))
    world.clock("2027-01-01 08:00")
    assert "close_rounds" not in world.clock("2027-01-31 23:59")
    assert world.clock("2027-02-01 00:01")["close_rounds"] == "Q4/2026 geschlossen"
    assert world.round(round_id).state is RoundState.CLOSED


def test_a_round_that_the_ki_opened_again_is_not_closed_again(world: MailWorld) -> None:
    round_id = world.plan(closes_on=date(2027, 1, 31))
    world.clock("2027-01-01 08:00")
    world.clock("2027-02-01 00:01")
    with world.writing() as inner:
        rounds.reopen(
            inner.session,
            round_=rounds.load(inner.session, round_id=round_id),
            reason="Zwei Meldungen fehlen noch",
            by=inner.coordination,
            now=berlin("2027-02-02 09:00"),
        )
    assert "close_rounds" not in world.clock("2027-02-02 09:05")
    assert world.round(round_id).state is RoundState.OPEN
    assert world.open_reports(round_id)


def test_a_round_opened_and_closed_by_hand_before_its_day_is_left_alone(world: MailWorld) -> None:
    round_id = world.plan(closes_on=date(2027, 1, 31))
    world.clock("2027-01-01 08:00")
    with world.writing() as inner:
        round_ = rounds.load(inner.session, round_id=round_id)
        rounds.close_round(
            inner.session, round_=round_, by=inner.coordination, now=berlin("2027-01-20 09:00")
        )
    assert "close_rounds" not in world.clock("2027-02-01 00:01")


def end_responsibilities(world: MailWorld) -> None:
    with world.writing() as inner:
        for row in inner.session.exec(select(Responsibility)):
            responsibilities.end(
                inner.session,
                responsibility_id=row.id or 0,
                valid_to=date(2026, 12, 1),
                by=inner.coordination,
                now=berlin("2026-11-15 09:00"),
            )


def test_a_round_without_responsibility_is_told_once_a_day_and_opened_when_it_can_be(
    world: MailWorld,
) -> None:
    round_id = world.plan()
    end_responsibilities(world)
    said = world.clock("2027-01-01 00:01")["open_rounds"]
    assert said.startswith("Q4/2026 nicht eröffnet: Keine Maßnahme hat an diesem Tag")
    assert "Bitte legen Sie zuerst Zuständigkeiten fest" in said
    assert "open_rounds" not in world.clock("2027-01-01 09:00")
    assert "open_rounds" in world.clock("2027-01-02 09:00")
    assert world.runs("opening_failed") == {
        f"{round_id}:2027-01-01": "done",
        f"{round_id}:2027-01-02": "done",
    }
    with Session(world.engine) as session:
        (told,) = not_opened(session, now=berlin("2027-01-02 10:00"))
        assert (told.round.period.key, told.tried_at) == ("2026-Q4", berlin("2027-01-02 09:00"))
        assert "Zuständigkeiten" in told.reason
        (mail,) = session.exec(select(OutboxMail).where(OutboxMail.kind == "opening_failed"))
        assert mail.recipient == "ki@stadt.example"
        assert mail.next_attempt_at == berlin("2027-01-01 06:00")  # not at night
        assert "Bitte legen Sie zuerst Zuständigkeiten fest" in mail.body
        assert "https://controlling.example/konzepte/probe/runden/2026-Q4" in mail.body
        assert session.exec(select(AuditEvent).where(AuditEvent.verb == "round.open")).all() == []
    with world.writing() as inner:
        responsibilities.assign(
            inner.session,
            measure_ids=[inner.measures[0].id or 0],
            institution_id=inner.library.id or 0,
            role=inner.session.exec(select(Responsibility.role)).first(),  # type: ignore[arg-type]
            valid_from=date(2027, 1, 2),
            valid_to=None,
            by=inner.coordination,
            now=berlin("2027-01-02 11:00"),
        )
    assert world.clock("2027-01-02 12:00")["open_rounds"] == "Q4/2026 eröffnet (1 Meldung)"
    with Session(world.engine) as session:
        assert not_opened(session, now=berlin("2027-01-02 13:00")) == ()


def test_what_keeps_one_round_does_not_keep_another(world: MailWorld) -> None:
    world.plan("2026-Q3")
    world.plan("2026-Q4")
    end_responsibilities(world)
    said = world.clock("2027-01-01 09:00")["open_rounds"]
    assert "Q3/2026 nicht eröffnet" in said
    assert "Q4/2026 nicht eröffnet" in said
    with Session(world.engine) as session:
        kinds = session.exec(select(OutboxMail.subject).order_by(col(OutboxMail.id))).all()
    assert [subject for subject in kinds if "konnte nicht eröffnet werden" in subject] == [
        "Q3/2026: Die Runde konnte nicht eröffnet werden",
        "Q4/2026: Die Runde konnte nicht eröffnet werden",
    ]
