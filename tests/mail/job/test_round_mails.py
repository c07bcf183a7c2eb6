"""Who gets which mail of a round, once (domain.md 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from tests.mail.job.mail_world import (
    CLUB,
    INVITED,
    KI,
    LIBRARY,
    REMINDED,
    MailWorld,
    berlin,
    last,
    opened,
)
from tracker.mail.queries.mail_preview import next_wave
from tracker.mail.queries.mails import history
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds


def test_whoever_has_to_report_is_invited_once_from_the_hour_on(world: MailWorld) -> None:
    round_id = world.plan()
    world.clock("2027-01-01 00:01")
    assert not world.sent()
    for moment in ("2027-01-01 06:00", "2027-01-01 06:05", "2027-01-05 09:00"):
        world.clock(moment)
    invited = {key: count for key, count in world.sent().items() if key[0] == INVITED}
    assert invited == {(INVITED, LIBRARY): 1, (INVITED, CLUB): 1}
    mail = last(world, INVITED)
    assert "4 Meldungen bis Freitag, 15. Januar 2027" in mail.body
    assert "https://controlling.example/meldungen/" in mail.body
    assert (world.rounds_of(mail), mail.subject) == (
        {round_id},
        "Q4/2026: Wir bitten um Ihre Meldung",
    )
    assert world.runs(INVITED).keys() == {
        f"{round_id}:{mail.institution_id}" for mail in world.mails() if mail.kind == INVITED
    }


def test_only_who_has_not_submitted_is_reminded(world: MailWorld) -> None:
    round_id = opened(world)
    world.submit(*world.open_reports(round_id), at="2027-01-05 09:00")
    world.clock("2027-01-08 06:00")
    reminded = {key for key in world.sent() if key[0] == REMINDED}
    assert reminded == {(REMINDED, CLUB)}


def test_a_reminder_says_what_is_due_until_when_and_what_is_returned(world: MailWorld) -> None:
    round_id = opened(world)
    first, second, *_ = world.open_reports(round_id)
    world.submit(first, second, at="2027-01-05 09:00")
    world.send_back(first, at="2027-01-06 09:00")
    world.clock("2027-01-08 06:00")
    mail = last(world, REMINDED)
    assert mail.subject == "Q4/2026: Erinnerung, Abgabefrist 15.01.2027"
    assert "2 Meldungen bis Freitag, 15. Januar 2027\n  und 1 Meldung mit Rückfrage" in mail.body
    world.clock("2027-01-18 06:00")
    late = last(world, REMINDED)
    assert late.subject == "Q4/2026: Ihre Meldungen fehlen noch"
    assert "2 Meldungen, die Frist war Freitag, 15. Januar 2027" in late.body


def test_the_wording_of_a_report_is_in_no_mail(world: MailWorld) -> None:
    round_id = opened(world)
    first, *_ = world.open_reports(round_id)
    world.submit(first, at="2027-01-05 09:00")
    world.send_back(first, at="2027-01-06 09:00")
    for day in ("07", "08", "13", "15", "18", "25"):
        world.clock(f"2027-01-{day} 06:00")
    texts = "".join(mail.subject + mail.body for mail in world.mails())
    assert "Wie viele waren es" not in texts
    assert "Zwei Kurse" not in texts
    assert "Maßnahme 1" not in texts


def test_after_an_outage_only_the_latest_reminder_is_sent_and_the_others_are_recorded(
    world: MailWorld,
) -> None:
    round_id = opened(world)
    world.clock("2027-01-16 09:00")
    assert world.sent()[REMINDED, LIBRARY] == 1
    outcomes = {
        key.split(":", 2)[2]: outcome
        for key, outcome in world.runs(REMINDED).items()
        if key.startswith(f"{round_id}:{last(world, REMINDED).institution_id}:")
    }
    assert outcomes == {
        "2027-01-15:-7": "superseded",
        "2027-01-15:-2": "superseded",
        "2027-01-15:+0": "done",
    }


def test_an_invitation_that_comes_late_takes_the_place_of_the_reminders(world: MailWorld) -> None:
    world.plan()
    world.clock("2027-01-01 00:01")  # opened, and then nobody was there until the 14th
    world.clock("2027-01-14 09:00")
    assert {kind for kind, _ in world.sent()} == {INVITED, "digest"}
    world.clock("2027-01-15 06:00")
    assert world.sent()[REMINDED, LIBRARY] == 1


def test_at_night_nothing_is_made_up_for(world: MailWorld) -> None:
    opened(world)
    before = world.sent()
    world.clock("2027-01-14 03:00")
    assert world.sent() == before
    with Session(world.engine) as session:
        wave = next_wave(session, settings=world.settings, now=berlin("2027-01-14 03:00"))
    assert wave is not None
    assert (wave.at, wave.is_due) == (berlin("2027-01-14 06:00"), False)


def test_an_extension_moves_the_reminders(world: MailWorld) -> None:
    round_id = opened(world)
    world.grant(round_id, date(2027, 1, 29), at="2027-01-05 09:00")
    days = [
        day
        for day in range(6, 32)
        if world.clock(f"2027-01-{day:02} 06:00")
        and any(
            mail.created_at == berlin(f"2027-01-{day:02} 06:00")
            for mail in world.mails()
            if (mail.kind, mail.recipient) == (REMINDED, LIBRARY)
        )
    ]
    assert days == [22, 27, 29]
    assert "bis Freitag, 29. Januar 2027" in last(world, REMINDED).body


def test_an_extension_for_one_report_leads_to_one_mail_that_names_both_days(
    world: MailWorld,
) -> None:
    round_id = opened(world)
    world.grant(
        round_id, date(2027, 1, 20), at="2027-01-05 09:00", report=world.open_reports(round_id)[0]
    )
    world.clock("2027-01-13 06:00")  # −2 of the 15th and −7 of the 20th
    assert world.sent()[REMINDED, LIBRARY] == 1
    body = last(world, REMINDED).body
    assert "3 Meldungen bis Freitag, 15. Januar 2027" in body
    assert "1 Meldung bis Mittwoch, 20. Januar 2027" in body


def test_returned_reports_are_told_in_one_mail_and_each_revision_once(world: MailWorld) -> None:
    round_id = opened(world)
    first, second, third, _ = world.open_reports(round_id)
    world.submit(first, second, third, at="2027-01-05 09:00")
    world.send_back(first, second, at="2027-01-06 09:00")
    for moment in ("2027-01-06 09:15", "2027-01-06 09:30"):
        world.clock(moment)
    assert world.sent()["returned", LIBRARY] == 1
    assert "2 Meldungen, bitte zurück bis Mittwoch, 13. Januar" in last(world, "returned").body
    world.submit(first, at="2027-01-07 09:00")
    world.send_back(first, third, at="2027-01-08 09:00")
    world.clock("2027-01-08 09:15")
    assert world.sent()["returned", LIBRARY] == 2
    assert "Mit Rückfrage: 2 Meldungen" in last(world, "returned").body
    assert set(world.runs("returned")) == {f"{first}:1", f"{second}:1", f"{first}:2", f"{third}:1"}


def test_the_ki_is_told_once_who_still_owes_reports(world: MailWorld) -> None:
    round_id = opened(world)
    world.submit(*world.open_reports(round_id)[:3], at="2027-01-05 09:00")
    world.grant(round_id, date(2027, 1, 29), at="2027-01-14 09:00")
    world.clock("2027-01-22 05:59")
    assert ("escalation", KI) not in world.sent()
    for day in ("22", "23", "30"):
        world.clock(f"2027-01-{day} 06:00")
    assert world.sent()["escalation", KI] == 1
    mail = last(world, "escalation", KI)
    assert mail.subject == "Q4/2026: Meldungen fehlen noch von 2 Institutionen"
    assert "- Begegnungszentrum: 2 Meldungen\n" in mail.body
    assert "- Volkshochschule: 1 Meldung (Nachfrist bis 29.01.2027)" in mail.body


def test_without_a_contact_address_the_mails_of_the_ki_go_to_everybody_in_it(
    world: MailWorld,
) -> None:
    world.settings = replace(world.settings, contact_email="")
    opened(world)
    world.clock("2027-01-22 06:00")
    assert {who for kind, who in world.sent() if kind == "escalation"} == {
        "ki@example.org",
        "ki2@example.org",
    }


def test_who_submits_everything_hears_nothing_more_and_the_ki_is_not_told(
    world: MailWorld,
) -> None:
    round_id = opened(world)
    world.submit(*world.open_reports(round_id), at="2027-01-05 09:00")
    with world.writing() as inner:
        club, stranger = inner.club, inner.stranger
    world.submit(*world.open_reports(round_id, club), at="2027-01-05 09:00", by=stranger)
    before = world.sent()
    for day in ("08", "13", "15", "18", "22"):
        world.clock(f"2027-01-{day} 06:00")
    assert {key for key in world.sent() - before if key[0] != "digest"} == set()


def test_who_is_freed_is_not_reminded(world: MailWorld) -> None:
    round_id = opened(world)
    with world.writing() as inner:
        for report_id in world.open_reports(round_id):
            review.waive(
                inner.session,
                report_id=report_id,
                reason="Umbau",
                by=inner.coordination,
                now=berlin("2027-01-04 09:00"),
            )
    world.clock("2027-01-08 06:00")
    assert (REMINDED, LIBRARY) not in world.sent()


def test_an_institution_has_its_history_of_mails(world: MailWorld) -> None:
    opened(world)
    world.clock("2027-01-08 06:00")
    with world.writing() as inner:
        rows = history(inner.session, institution_id=inner.club.id or 0, today=date(2027, 1, 8))
    assert [(row.kind, row.recipient, row.institution) for row in rows] == [
        (REMINDED, CLUB, "Begegnungszentrum"),
        (INVITED, CLUB, "Begegnungszentrum"),
    ]
    assert [round_.period.key for row in rows for round_ in row.rounds] == ["2026-Q4"] * len(rows)


def close(world: MailWorld, round_id: int, at: str) -> None:
    with world.writing() as inner:
        round_ = rounds.load(inner.session, round_id=round_id)
        rounds.close_round(inner.session, round_=round_, by=inner.coordination, now=berlin(at))


def test_after_closing_nobody_is_asked_for_what_cannot_be_handed_in(world: MailWorld) -> None:
    world.settings = replace(world.settings, digest_weekday=0)
    round_id = opened(world)
    first, *_ = world.open_reports(round_id)
    world.submit(first, at="2027-01-12 09:00")
    close(world, round_id, "2027-01-12 10:00")
    world.send_back(first, at="2027-01-12 11:00")
    before = world.sent()
    world.clock("2027-01-13 06:00")
    assert world.sent() == before
    # With a Nachfrist both go out.
    world.grant(round_id, date(2027, 1, 22), at="2027-01-14 09:00")
    world.clock("2027-01-15 06:00")
    assert world.sent() - before == {("returned", LIBRARY): 1, (REMINDED, LIBRARY): 1}
    assert "3 Meldungen bis Freitag, 22. Januar 2027" in last(world, REMINDED).body


def test_a_due_day_that_is_moved_has_reminders_of_its_own(world: MailWorld) -> None:
    round_id = opened(world)
    world.clock("2027-01-08 06:00")
    with world.writing() as inner:
        rounds.load(inner.session, round_id=round_id).due_on = date(2027, 1, 29)
    for day in ("13", "15", "18", "22", "27"):
        world.clock(f"2027-01-{day} 06:00")
    days = [mail.created_at for mail in world.mails() if mail.kind == REMINDED]
    assert sorted(set(days)) == [berlin(f"2027-01-{day} 06:00") for day in ("08", "22", "27")]
