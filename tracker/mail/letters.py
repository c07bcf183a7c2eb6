"""The mails of a round, filled in: what is owed until when, in words; a link, no report content.

`concept` is the key of the concept that the link names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.german import counted, listed, long_day, plural
from tracker.core.german import day as written_day
from tracker.core.periods import Period
from tracker.core.settings import Settings
from tracker.core.text import natural_order
from tracker.outbox.rules.mailing import MailKind, Wave
from tracker.outbox.wording import MailText, render, where_to_ask
from tracker.web.addresses import of_concept

# Longer lists are cut in a mail; the page behind the link has all.
MOST_LINES = 40


def named(round_: str, concept_title: str) -> str:
    """Return a round's name with its concept's, where there are several."""
    return f"{round_} ({concept_title})" if concept_title else round_


def reports(count: int) -> str:
    return counted(count, "Meldung", "Meldungen")


def institutions(count: int) -> str:
    return counted(count, "Institution", "Institutionen")


def asking(
    wave: Wave | None,
    *,
    period: Period,
    institution: str,
    due: Sequence[date],
    returned: int,
    today: date,
    settings: Settings,
    joined: int = 0,
    concept_title: str = "",
) -> MailText:
    """Return the Bitte um Meldung of an institution, or a reminder with its `wave`.

    `due` has a day for each report owed; `joined` of them are asked for now, after the opening.
    `concept_title` is named where there are several.
    """
    late = "_late" if wave and wave.due_on < today else ""
    return _to_institution(
        MailKind.REMINDER if wave else MailKind.ROUND_INVITATION,
        variant="_joined" if joined else late,
        period=period,
        concept_title=concept_title,
        institution=institution,
        owed=_owed(due, returned=returned, today=today),
        settings=settings,
        as_of=long_day(period.end),
        due_short=written_day(wave.due_on) if wave else "",
        joined=reports(joined),
        reports=plural(len(due) + returned, "eine Meldung", reports(len(due) + returned)),
        yours=plural(len(due) + returned, "Ihre Meldung fehlt", "Ihre Meldungen fehlen"),
    )


@dataclass(frozen=True)
class Asked:
    """What is asked for in one round, in a mail about several; `how` says in which way."""

    period: Period
    concept_title: str
    due: Sequence[date]
    returned: int
    how: str = "Noch offen"


def asking_together(
    kind: MailKind,
    *,
    rounds: Sequence[Asked],
    institution: str,
    today: date,
    settings: Settings,
) -> MailText:
    """Return the one mail of an institution that owes reports to rounds of several concepts."""
    parts = [
        f"{named(asked.period.long_label, asked.concept_title)}, "
        f"Stand zum {long_day(asked.period.end)}\n  {asked.how}: "
        + _owed(asked.due, returned=asked.returned, today=today)
        for asked in rounds
    ]
    return render(
        kind,
        variant="_together",
        rounds=listed([named(asked.period.label, asked.concept_title) for asked in rounds]),
        institution=institution,
        list="\n\n".join(parts),
        link=_link(settings, "/meldungen/"),
        answer=where_to_ask(settings),
        office_name=settings.office_name,
        city=settings.city,
    )


def cancelled(
    *, period: Period, institution: str, reason: str, settings: Settings, concept_title: str = ""
) -> MailText:
    """Return what an institution is told that was asked to report in a round cancelled since."""
    return _to_institution(
        MailKind.ROUND_CANCELLED,
        period=period,
        concept_title=concept_title,
        institution=institution,
        owed="",
        settings=settings,
        reason=reason,
    )


def returned(
    *,
    period: Period,
    institution: str,
    back_by: Mapping[str, date],
    today: date,
    settings: Settings,
    concept_title: str = "",
) -> MailText:
    """Return the notice of returned reports; `back_by` has a day for each measure's code."""
    days = back_by.values()
    late = _by_day([day for day in days if day < today], ", die Frist war")
    open_ = _by_day([day for day in days if day >= today], ", bitte zurück bis")
    return _to_institution(
        MailKind.RETURNED,
        period=period,
        concept_title=concept_title,
        institution=institution,
        owed="\n  und ".join(part for part in (late, open_) if part),
        settings=settings,
        about=plural(len(back_by), "Ihrer Meldung ", "Ihren Meldungen ")
        + listed(sorted(back_by, key=natural_order)),
        questions=plural(len(back_by), "eine Rückfrage", "Rückfragen"),
    )


def escalation(
    *,
    concept: str,
    period: Period,
    due_on: date,
    owing: Sequence[tuple[str, int, str]],
    settings: Settings,
    concept_title: str = "",
) -> MailText:
    """Return the one mail to the KI about what is missing: institution, reports, remark."""
    lines = [
        f"{name}: {reports(count)}{f' ({remark})' if remark else ''}"
        for name, count, remark in owing
    ]
    return render(
        MailKind.ESCALATION,
        period=named(period.label, concept_title),
        period_long=named(period.long_label, concept_title),
        due_long=long_day(due_on),
        institutions_count=institutions(len(owing)),
        list=_listed(lines),
        link=_link(settings, of_concept(concept, f"/runden/{period.key}")),
    )


def digest(*, concept: str, day: date, lines: Iterable[str], settings: Settings) -> MailText:
    return render(
        MailKind.DIGEST,
        instance_name=settings.instance_name,
        day=long_day(day),
        list=_listed(list(lines)),
        link=_link(settings, of_concept(concept, "/runden/")),
    )


def opening_failed(
    *,
    concept: str,
    period: Period,
    opens_on: date,
    reason: str,
    settings: Settings,
    concept_title: str = "",
) -> MailText:
    """Return what the KI is told when the clock could not open a round; `reason` has the remedy."""
    return render(
        MailKind.OPENING_FAILED,
        period=named(period.label, concept_title),
        period_long=named(period.long_label, concept_title),
        opens_long=long_day(opens_on),
        reason=reason,
        link=_link(settings, of_concept(concept, f"/runden/{period.key}")),
    )


def _to_institution(
    kind: MailKind,
    *,
    period: Period,
    institution: str,
    owed: str,
    settings: Settings,
    concept_title: str = "",
    variant: str = "",
    **values: str,
) -> MailText:
    return render(
        kind,
        variant=variant,
        period=named(period.label, concept_title),
        period_long=named(period.long_label, concept_title),
        institution=institution,
        owed=owed,
        link=_link(settings, "/meldungen/"),
        answer=where_to_ask(settings),
        office_name=settings.office_name,
        city=settings.city,
        **values,
    )


def _owed(due: Sequence[date], *, returned: int, today: date) -> str:
    open_ = _by_day([day for day in due if day >= today], " bis")
    late = _by_day([day for day in due if day < today], ", die Frist war")
    back = f"{reports(returned)} mit Rückfrage" if returned else ""
    return "\n  und ".join(part for part in (late, open_, back) if part)


def _by_day(days: Sequence[date], word: str) -> str:
    return "\n  und ".join(
        f"{reports(sum(due == day for due in days))}{word} {long_day(day)}"
        for day in sorted(set(days))
    )


def _listed(lines: Sequence[str]) -> str:
    shown = [f"- {line}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"- und {len(lines) - MOST_LINES} weitere")
    return "\n".join(shown)


def _link(settings: Settings, path: str) -> str:
    return settings.base_url.rstrip("/") + path
