"""The texts of mails: one file per kind under `texts/`, subject in its first line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template

from tracker.core.german import moment
from tracker.core.settings import Settings
from tracker.outbox.rules.mailing import MailKind

__all__ = ["MailKind", "MailText", "account_link", "confirmation_link", "render"]

_FOLDER = Path(__file__).parent / "texts"
_SUBJECT = "Betreff: "


@dataclass(frozen=True)
class MailText:
    kind: MailKind
    subject: str
    body: str


def account_link(
    kind: MailKind, *, name: str, link: str, expires_at: datetime, settings: Settings, by: str = ""
) -> MailText:
    """Return the mail that brings a link; `by` names who asked for a new password."""
    asked = "wurde ein neues Kennwort angefordert"
    return render(
        kind,
        asked=f"hat {by} ein neues Kennwort angefordert" if by else asked,
        name=name,
        link=link,
        valid_until=moment(expires_at),
        instance_name=settings.instance_name,
        office_name=settings.office_name,
        city=settings.city,
        answer=where_to_ask(settings),
    )


def confirmation_link(
    *, reason: str, link: str, expires_at: datetime, settings: Settings
) -> MailText:
    """Return the mail to an address that somebody gave; nothing they typed stands in it."""
    return render(
        MailKind.CONFIRMATION,
        reason=reason,
        link=link,
        valid_until=moment(expires_at),
        instance_name=settings.instance_name,
        office_name=settings.office_name,
        city=settings.city,
    )


def where_to_ask(settings: Settings) -> str:
    """Return whom to turn to, as the beginning of a sentence.

    Without a contact address nobody reads what is answered to the sender, and the mail knows no
    other way than the name of the office.
    """
    if settings.contact_email:
        return "Antworten Sie einfach auf diese Mail"
    return f"Wenden Sie sich bitte an die koordinierende Stelle ({settings.office_name})"


def render(kind: MailKind, *, variant: str = "", **values: str) -> MailText:
    """Return a kind's text with every place filled; raises KeyError where a value is missing."""
    source = (_FOLDER / f"{kind.value}{variant}.txt").read_text("utf-8")
    subject, _, body = source.partition("\n")
    # Names come from people; a line break in a subject would begin another header.
    one_line = {key: " ".join(value.split()) for key, value in values.items()}
    return MailText(
        kind=kind,
        subject=Template(subject.removeprefix(_SUBJECT)).substitute(one_line),
        body=Template(body).substitute(values),
    )
