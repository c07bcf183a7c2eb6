"""The texts of a round's mails: plain German, a link, what is due until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.bielefeld import BIELEFELD
from tests.german_grammar import all_faults
from tracker.core.german import long_day
from tracker.core.periods import Period
from tracker.mail import letters
from tracker.outbox.rules.mailing import MailKind, Wave
from tracker.outbox.wording import MailText, account_link

SETTINGS = replace(
    BIELEFELD, base_url="https://controlling.example/", instance_name="Probe-Controlling"
)
PERIOD = Period.parse("2026-Q4")
DUE, EXTENDED = date(2027, 1, 15), date(2027, 1, 29)


def reminder(today: date, *due: date, returned: int = 0) -> MailText:
    return letters.asking(
        Wave(DUE, 0),
        period=PERIOD,
        institution="Volkshochschule",
        due=due or (DUE,),
        returned=returned,
        today=today,
        settings=SETTINGS,
    )


EVERY_TEXT = [
    letters.asking(
        None,
        period=PERIOD,
        institution="Volkshochschule",
        due=[DUE] * 3,
        returned=0,
        today=date(2027, 1, 1),
        settings=SETTINGS,
    ),
    reminder(DUE),
    reminder(DUE + timedelta(days=3)),
    letters.returned(
        period=PERIOD,
        institution="Volkshochschule",
        back_by={"6.3": DUE, "15.1": EXTENDED},
        today=DUE + timedelta(days=1),
        settings=SETTINGS,
    ),
    letters.escalation(
        concept="zwei",
        period=PERIOD,
        due_on=DUE,
        owing=[("Volkshochschule", 1, "")],
        settings=SETTINGS,
    ),
    letters.digest(concept="zwei", day=DUE, lines=["Q4/2026 (offen)"], settings=SETTINGS),
    letters.cancelled(
        period=PERIOD,
        institution="Volkshochschule",
        reason="Die Sitzung entfällt.",
        settings=SETTINGS,
    ),
    letters.opening_failed(
        concept="zwei",
        period=PERIOD,
        opens_on=date(2027, 1, 1),
        reason="Es fehlt etwas.",
        settings=SETTINGS,
    ),
]


@pytest.mark.parametrize("text", EVERY_TEXT, ids=lambda text: text.subject)
def test_every_text_is_filled_in_has_one_link_and_says_that_it_is_automatic(text: MailText) -> None:
    assert "$" not in text.subject + text.body
    assert text.body.count("https://") == 1
    assert "https://controlling.example/" in text.body
    assert "//" not in text.body.replace("https://", "")
    assert text.body.startswith("Guten Tag,\n")
    assert "automatisch versandt" in text.body
    assert "\n" not in text.subject
    assert max(len(line) for line in text.body.splitlines()) <= 130


@pytest.mark.parametrize("contact", ["", "ki@stadt.example"])
def test_whom_to_ask_is_named_and_an_answer_is_asked_for_only_where_one_is_read(
    contact: str,
) -> None:
    settings = replace(SETTINGS, contact_email=contact)
    invited = account_link(
        MailKind.INVITATION,
        name="Vera Vertretung",
        link="https://controlling.example/einladung/x",
        expires_at=datetime(2027, 1, 15, 12, tzinfo=UTC),
        settings=settings,
    )
    back = letters.returned(
        period=PERIOD, institution="VHS", back_by={"6.3": DUE}, today=DUE, settings=settings
    )
    office = f"Wenden Sie sich bitte an die koordinierende Stelle ({settings.office_name})."
    for text in (invited, back):
        assert ("Antworten Sie einfach auf diese Mail." in text.body) is bool(contact)
        assert (office in text.body) is not bool(contact)
    for text in EVERY_TEXT:
        assert "an uns" not in text.body
        assert "rufen Sie" not in text.body


def test_a_rueckfrage_says_in_its_subject_which_measures_it_is_about() -> None:
    subjects = [text.subject for text in EVERY_TEXT if text.kind is MailKind.RETURNED]
    assert subjects == [f"{PERIOD.label}: Rückfrage zu Ihren Meldungen 6.3 und 15.1"]


def test_every_kind_of_a_round_has_a_text() -> None:
    others = {
        *(MailKind.INVITATION, MailKind.PASSWORD_RESET, MailKind.ACCOUNT_NOTICE),
        *(MailKind.BARRIER, MailKind.CONFIRMATION),
    }
    assert {text.kind for text in EVERY_TEXT} == set(MailKind) - others


@pytest.mark.parametrize(
    ("today", "due", "returned", "owed"),
    [
        (DUE, [DUE], 0, "1 Meldung bis Freitag, 15. Januar 2027"),
        (DUE, [DUE, DUE], 0, "2 Meldungen bis Freitag, 15. Januar 2027"),
        (
            date(2027, 1, 16),
            [DUE, EXTENDED, EXTENDED],
            1,
            (
                "1 Meldung, die Frist war Freitag, 15. Januar 2027\n"
                "  und 2 Meldungen bis Freitag, 29. Januar 2027\n"
                "  und 1 Meldung mit Rückfrage"
            ),
        ),
    ],
)
def test_what_is_owed_until_when_is_said_in_words(
    today: date, due: list[date], returned: int, owed: str
) -> None:
    assert f"Noch offen: {owed}\n" in reminder(today, *due, returned=returned).body


def test_a_returned_report_whose_day_is_over_is_not_asked_for_by_then() -> None:
    body = EVERY_TEXT[3].body
    assert "1 Meldung, die Frist war Freitag, 15. Januar 2027\n" in body
    assert "und 1 Meldung, bitte zurück bis Freitag, 29. Januar 2027\n" in body


@pytest.mark.parametrize(
    ("contact", "said"),
    [("ki@stadt.example", "Antworten Sie einfach auf diese Mail"), ("", "Wenden Sie sich bitte")],
)
def test_an_answer_is_asked_for_only_where_somebody_reads_it(contact: str, said: str) -> None:
    text = letters.returned(
        period=PERIOD,
        institution="Volkshochschule",
        back_by={"6.3": DUE},
        today=DUE,
        settings=replace(SETTINGS, contact_email=contact),
    )
    assert said in text.body


def test_a_long_list_is_cut_and_says_so() -> None:
    owing = [(f"Verein {number}", 2, "niemand zu erreichen") for number in range(50)]
    body = letters.escalation(
        concept="zwei", period=PERIOD, due_on=DUE, owing=owing, settings=SETTINGS
    ).body
    assert "- Verein 39: 2 Meldungen (niemand zu erreichen)\n- und 10 weitere\n" in body
    assert "Verein 40" not in body


def test_a_name_cannot_add_a_header_or_a_place_to_fill_in() -> None:
    text = letters.opening_failed(
        concept="zwei", period=PERIOD, opens_on=DUE, reason="$link\nBcc: x", settings=SETTINGS
    )
    assert "$link" in text.body
    assert text.subject == "Q4/2026: Die Runde konnte nicht eröffnet werden"


MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"


def test_days_are_written_out() -> None:
    days = [long_day(date(2027, month, 1)) for month in range(1, 13)]
    assert [day.split()[2] for day in days] == MONTHS.split()
    assert long_day(date(2027, 3, 28)) == "Sonntag, 28. März 2027"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_mail_counts_in_right_german(count: int) -> None:
    codes = {f"3.{number}": DUE for number in range(1, count + 1)}
    late = DUE + timedelta(days=3)
    asked = letters.Asked(PERIOD, "Probekonzept", [DUE] * count, returned=count)
    mails = [
        reminder(DUE, *[DUE] * count),
        reminder(late, *[DUE] * count, returned=count),
        letters.returned(
            period=PERIOD, institution="VHS", back_by=codes, today=DUE, settings=SETTINGS
        ),
        letters.escalation(
            concept="zwei",
            period=PERIOD,
            due_on=DUE,
            owing=[("Volkshochschule", count, "")] * count,
            settings=SETTINGS,
        ),
        letters.asking_together(
            MailKind.REMINDER,
            rounds=[asked] * 2,
            institution="VHS",
            today=late,
            settings=SETTINGS,
        ),
    ]
    assert all_faults(line for mail in mails for line in (mail.subject, *_lines(mail.body))) == []
    assert ("eine Meldung" if count == 1 else f"{count} Meldungen") in mails[0].body
    is_one = "haben wir eine Rückfrage." in mails[2].body
    assert is_one is (count == 1)


def _lines(body: str) -> list[str]:
    return [line.strip() for line in body.splitlines()]
