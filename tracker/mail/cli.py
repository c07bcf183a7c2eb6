"""`tracker mail preview|list|retry`: what will be sent, what was, and what is to be tried again."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import in_force, reading, writing
from tracker.core.cli.frame import CommandError, add_command, add_format, add_group, german_moment
from tracker.core.german import counted, moment
from tracker.core.periods import local_day
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from tracker.mail.queries.mail_plan import PlannedMail
    from tracker.mail.queries.mail_preview import NextWave
    from tracker.mail.queries.mails import MailRow


def register(commands: Any) -> None:
    group = add_group(commands, "mail", text="Mails zeigen, vorab ansehen, noch einmal versuchen")
    parser = add_command(
        group,
        "preview",
        preview,
        text="zeigen, welche Mails als Nächstes hinausgehen, wann und an wen",
        more="Es wird nichts versandt und nichts gespeichert.",
    )
    parser.add_argument(
        "--now",
        type=german_moment,
        metavar="ZEITPUNKT",
        help="so tun, als sei es dieser Zeitpunkt, z. B. 2027-01-08T06:00",
    )
    parser.add_argument("--text", action="store_true", help="auch den Text der Mails zeigen")
    add_format(parser, "text", "json", default="text")
    parser = add_command(group, "list", list_, text="den Postausgang auflisten, Neues zuerst")
    parser.add_argument(
        "--state",
        choices=("waiting", "sent", "failed", "superseded"),
        help="nur wartende, versandte, unzustellbare oder überholte",
    )
    add_format(parser, "text", "json", default="text")
    parser = add_command(
        group,
        "retry",
        retry,
        text="eine Mail oder alle unzustellbaren noch einmal versuchen",
        more="Versandt wird mit dem nächsten Durchgang der Uhr.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("mail", nargs="?", type=int, metavar="NUMMER", help="Nummer aus mail list")
    which.add_argument("--failed", action="store_true", help="alle unzustellbaren")


def preview(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.mail.queries.mail_preview import next_wave

    with reading(settings) as session:
        now = arguments.now or datetime.now(UTC)
        wave = next_wave(session, settings=in_force(session, settings, now=now), now=now)
    if arguments.format == "json":
        _print_json(None if wave is None else _wave_facts(wave))
        return
    if wave is None:
        print("Zurzeit ist keine Mail zu einer Runde absehbar.")
        return
    when = "mit dem nächsten Durchgang der Uhr" if wave.is_due else moment(wave.at)
    print(f"Nächster Versand: {when}")
    for mail in wave.mails:
        _print_planned(mail, with_text=arguments.text)
    for institution in wave.unreachable:
        print(f"{institution}: niemand zu erreichen, bitte eine benannte Vertretung einladen")


def list_(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.mail.queries.mails import outbox
    from tracker.outbox.rules.mailing import MailState

    state = MailState(arguments.state) if arguments.state else None
    with reading(settings) as session:
        rows = outbox(session, today=local_day(datetime.now(UTC)), state=state)
    if arguments.format == "json":
        _print_json([_row_facts(row) for row in rows])
        return
    for row in rows:
        _print_row(row)
    if not rows:
        print("Keine Mails.")


def retry(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.mail.actions import mails

    now = datetime.now(UTC)
    with writing(settings) as session:
        if arguments.failed:
            count = mails.retry_failed(session, by=None, now=now)
        else:
            mails.retry(session, mail_id=arguments.mail, by=None, now=now)
            count = 1
    if not count:
        raise CommandError("Es gibt keine unzustellbaren Mails. Alle zeigen: tracker mail list")
    tried = counted(count, "Mail wird", "Mails werden")
    print(f"{tried} mit dem nächsten Durchgang der Uhr noch einmal versucht.")


def _print_planned(mail: PlannedMail, *, with_text: bool) -> None:
    from tracker.outbox.words import MAIL_KIND

    people = ", ".join(person.email for person in mail.recipients)
    whom = f"{mail.institution} ({people})" if mail.institution else people
    print(f"{MAIL_KIND[mail.kind].text}  {mail.about}  an {whom}")
    print(f"  Betreff: {mail.text.subject}")
    if with_text:
        print("\n".join(f"  | {line}".rstrip() for line in mail.text.body.splitlines()))


def _print_row(row: MailRow) -> None:
    from tracker.outbox.words import MAIL_KIND, MAIL_STATE

    at = moment(row.sent_at or row.next_attempt_at or row.created_at)
    print(
        f"{row.id}  {MAIL_STATE[row.state].text}  {at}  {MAIL_KIND[row.kind].text}  "
        f"an {row.recipient}  „{row.subject}“"
    )
    if row.reason:
        print(f"  {row.reason}")


def _wave_facts(wave: NextWave) -> dict[str, Any]:
    return {
        "at": wave.at.isoformat(),
        "is_due": wave.is_due,
        "mails": [
            {
                "kind": mail.kind,
                "round": ", ".join(round_.period.key for round_ in mail.rounds),
                "institution": mail.institution,
                "recipients": [person.email for person in mail.recipients],
                "reports": mail.reports,
                "subject": mail.text.subject,
                "body": mail.text.body,
            }
            for mail in wave.mails
        ],
        "unreachable": list(wave.unreachable),
    }


def _row_facts(row: MailRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "recipient": row.recipient,
        "subject": row.subject,
        "round": ", ".join(round_.period.key for round_ in row.rounds) or None,
        "institution": row.institution or None,
        "created_at": row.created_at.isoformat(),
        "attempts": row.attempts,
        "next_attempt_at": row.next_attempt_at.isoformat() if row.next_attempt_at else None,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "reason": row.reason,
    }


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))
