"""`tracker user create|invite|concepts|deactivate`."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import writing
from tracker.core.cli.frame import CommandError, add_command, add_group
from tracker.core.german import counted
from tracker.core.permissions import Function, Role
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from sqlmodel import Session


def register(commands: Any) -> None:
    group = add_group(commands, "user", text="Konten anlegen, einladen, beschränken, abschalten")
    _register_create(group)
    invite_parser = add_command(
        group,
        "invite",
        invite,
        text="einen Einladungslink für ein Konto ausgeben",
        more="Der Link gilt einmal; frühere Links dieses Kontos gelten nicht mehr. Hat das Konto "
        "schon ein Kennwort, steht im Protokoll, dass der Link hier ausgegeben wurde, und die "
        "Person erfährt es per Mail.",
    )
    deactivate_parser = add_command(
        group,
        "deactivate",
        deactivate,
        text="ein Konto abschalten",
        more="Sitzungen und Links enden sofort; was das Konto getan hat, bleibt nachvollziehbar.",
    )
    concepts_parser = add_command(
        group,
        "concepts",
        choose_concepts,
        text="wählen, welche Konzepte ein Konto sieht",
        more="Ohne --concept sieht das Konto alle Konzepte.",
    )
    _add_concepts(concepts_parser)
    for parser in (invite_parser, deactivate_parser, concepts_parser):
        parser.add_argument("--email", required=True, help="E-Mail-Adresse des Kontos")


def _register_create(group: Any) -> None:
    parser = add_command(
        group,
        "create",
        create,
        text="ein Konto anlegen",
        more="Das Kennwort wird abgefragt, wenn nichts anderes angegeben ist.",
    )
    parser.add_argument("--email", required=True, help="dienstliche E-Mail-Adresse")
    parser.add_argument("--name", required=True, help="Name der Person")
    parser.add_argument(
        "--role",
        required=True,
        choices=[role.value for role in Role],
        help="coordination: koordinierende Stelle; institution; committee: Ausschuss",
    )
    parser.add_argument(
        "--institution", metavar="KEY", help="Schlüssel der Institution (nur Rolle institution)"
    )
    parser.add_argument(
        "--function",
        choices=[function.value for function in Function],
        help="representative: benannte Vertretung; staff: Mitarbeitende (nur Rolle institution)",
    )
    _add_concepts(parser)
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-stdin", action="store_true", help="Kennwort von der Standardeingabe lesen"
    )
    secret.add_argument(
        "--without-password", action="store_true", help="ohne Kennwort: auf eine Einladung warten"
    )


def _add_concepts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--concept",
        action="append",
        default=[],
        metavar="KEY",
        help="Schlüssel eines Konzepts, das das Konto sieht; mehrfach möglich, ohne: alle",
    )


def create(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.accounts.actions import accounts, passwords

    password = _password(arguments)
    with writing(settings) as session:
        account = accounts.create(
            session,
            email=arguments.email,
            name=arguments.name,
            role=Role(arguments.role),
            institution_id=_institution_id(session, arguments.institution),
            function=Function(arguments.function) if arguments.function else None,
            password=password,
            own_words=passwords.own_words(settings),
            concept_ids=_concept_ids(session, arguments.concept),
            by=None,
            now=datetime.now(UTC),
        )
        email = account.email
    print(f"Das Konto {email} ist angelegt.")
    if password is None:
        print(f"Einladen: tracker user invite --email {email}")


def invite(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.accounts.actions import accounts, notices

    now = datetime.now(UTC)
    with writing(settings) as session:
        account_id = _account_id(session, arguments.email)
        token = accounts.invite(
            session,
            account_id=account_id,
            valid_days=settings.invitation_days,
            by=None,
            now=now,
        )
        account = accounts.active(session, account_id)
        has_password = account.password_hash is not None
        if has_password:
            notices.tell(
                session, notices.OPERATOR_LINK, account=account, settings=settings, now=now
            )
    print(f"{settings.base_url.rstrip('/')}/einladung/{token}")
    print(
        f"Der Link gilt {counted(settings.invitation_days, 'Tag', 'Tage')} und nur einmal. Bitte "
        "geben Sie ihn auf sicherem Weg weiter.",
        file=sys.stderr,
    )
    if has_password:
        print(
            "Das Konto hat schon ein Kennwort: Geben Sie den Link nur der Person selbst. Im "
            "Protokoll steht, dass er auf dem Server ausgegeben wurde.",
            file=sys.stderr,
        )


def choose_concepts(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.accounts.actions import accounts

    with writing(settings) as session:
        accounts.choose_concepts(
            session,
            account_id=_account_id(session, arguments.email),
            concept_ids=_concept_ids(session, arguments.concept),
            by=None,
            now=datetime.now(UTC),
        )
    seen = ", ".join(arguments.concept) or "alle Konzepte"
    print(f"Das Konto {arguments.email} sieht: {seen}.")


def deactivate(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.accounts.actions import accounts

    with writing(settings) as session:
        account_id = _account_id(session, arguments.email)
        accounts.deactivate(session, account_id=account_id, by=None, now=datetime.now(UTC))
    print(f"Das Konto {arguments.email} ist abgeschaltet.")


def _password(arguments: argparse.Namespace) -> str | None:
    if arguments.without_password:
        return None
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError(
            "Hier kann kein Kennwort eingegeben werden. Bitte rufen Sie den Befehl in einem "
            "Terminal auf oder nehmen Sie --password-stdin oder --without-password."
        )
    password = getpass.getpass("Kennwort (mindestens 12 Zeichen): ")
    if getpass.getpass("Noch einmal: ") != password:
        raise CommandError("Die beiden Eingaben sind verschieden. Bitte versuchen Sie es erneut.")
    return password


def _account_id(session: Session, email: str) -> int:
    from sqlmodel import select

    from tracker.accounts.models import Account

    account_id = session.exec(
        select(Account.id).where(Account.email == email.strip().lower())
    ).first()
    if account_id is None:
        raise CommandError(
            f"Für {email} gibt es kein Konto. Bitte prüfen Sie die Adresse oder legen Sie es mit "
            "„tracker user create“ an."
        )
    return account_id


def _institution_id(session: Session, key: str | None) -> int | None:
    from sqlmodel import col, select

    from tracker.concept.models import Institution

    if key is None:
        return None
    ids = dict(
        session.exec(select(Institution.key, Institution.id).order_by(col(Institution.key))).all()
    )
    if key not in ids:
        listed = ", ".join(ids) or "keine; bitte zuerst „tracker seed“ aufrufen"
        raise CommandError(f"Die Institution „{key}“ gibt es nicht. Vorhanden: {listed}.")
    return ids[key]


def _concept_ids(session: Session, keys: list[str]) -> list[int]:
    from tracker.concept.queries.concepts import the_concept

    return [the_concept(session, key) for key in keys]
