"""German words of accounts: roles, functions, substitution, failed sign-ins."""

from __future__ import annotations

from collections.abc import Collection

from tracker.accounts.queries.sign_ins import Overview
from tracker.accounts.rules.substitution import SubstitutionState
from tracker.core.german import counted, number, plural
from tracker.core.labels import Label

SUBSTITUTION_STATE = {
    SubstitutionState.PLANNED: Label(
        "eingetragen", "circle-empty", "beginnt an einem späteren Tag"
    ),
    SubstitutionState.RUNNING: Label("gilt zurzeit", "circle-half", "darf heute absenden"),
    SubstitutionState.OVER: Label("vorbei", "check", "galt bis zu ihrem letzten Tag"),
    SubstitutionState.TAKEN_BACK: Label(
        "zurückgenommen", "cross", "vor dem ersten Tag beendet, galt nie"
    ),
}


def attempts_sentence(overview: Overview, *, known: Collection[str]) -> str:
    """Return what the KI is told of failed sign-ins of the last day; "" where there were none.

    `known` are the hashes of the accounts' e-mail addresses.
    """
    failures = overview.by_account
    total = sum(account.total for account in failures.values())
    if not total:
        return ""
    accounts = len(failures.keys() & set(known))
    at = f"bei {counted(accounts, 'Konto', 'Konten')}" if accounts else "bei keinem Konto"
    text = (
        f"In den letzten 24 Stunden {counted(total, 'Fehlversuch', 'Fehlversuche')} {at} von "
        f"{counted(overview.places, 'Anschluss', 'Anschlüssen')}."
    )
    without = sum(account.total for key, account in failures.items() if key not in known)
    if without:
        verb = plural(without, "Einer davon galt", f"{number(without)} davon galten")
        text += f" {verb} Adressen, zu denen es kein Konto gibt."
    throttled = sum(account.throttled for account in failures.values())
    if throttled:
        verb = plural(throttled, "Einer davon wurde", f"{number(throttled)} davon wurden")
        text += f" {verb} gebremst, das Kennwort nicht geprüft."
    return text
