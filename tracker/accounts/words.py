"""German words of accounts: roles, functions, substitution, failed sign-ins."""

from __future__ import annotations

from collections.abc import Collection

from tracker.accounts.queries.sign_ins import Overview
from tracker.accounts.rules.four_eyes import Tie, Tied
from tracker.accounts.rules.substitution import SubstitutionState
from tracker.core.german import counted, day, number, plural
from tracker.core.labels import Label

TIE = {
    Tie.INVITED: Label("neu eingeladen", "loop", "die eine hat die andere neu eingeladen"),
    Tie.CREATED: Label("Konto angelegt", "plus", "die eine hat das Konto der anderen angelegt"),
    Tie.REACTIVATED: Label(
        "wieder eingeschaltet", "loop", "die eine hat das Konto der anderen wieder eingeschaltet"
    ),
    Tie.ADDRESS: Label("Adresse geändert", "loop", "die eine hat die Adresse der anderen geändert"),
    Tie.TAKEN_OVER: Label(
        "Adresse geändert, danach neues Kennwort",
        "cross",
        "beides zusammen übergibt das Konto an jemand anderen",
    ),
}
_DONE = {
    Tie.INVITED: "neu eingeladen",
    Tie.CREATED: "angelegt",
    Tie.REACTIVATED: "wieder eingeschaltet",
    Tie.ADDRESS: "auf eine andere E-Mail-Adresse umgestellt",
    Tie.TAKEN_OVER: (
        "auf eine andere E-Mail-Adresse umgestellt, und danach ist dafür ein neues Kennwort "
        "festgelegt worden"
    ),
}


def tied_sentence(tied: Tied, *, own_id: int, other: str) -> str:
    """Return how the own account and that of another person are tied."""
    own = tied.by_id == own_id
    who = f"Sie haben das Konto von {other}" if own else f"{other} hat Ihr Konto"
    between = counted(tied.through, "weiteres Konto", "weitere Konten")
    through = f" über {between}" if tied.through else ""
    return f"{who}{through} {_DONE[tied.tie]} ({day(tied.at)})."


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


# So many wrong passwords a day are more than slips, even if none was throttled.
_MANY = 20


def attempts_sentence(overview: Overview, *, known: Collection[str]) -> str:
    """Return what the KI is told of failed sign-ins of the last day; "" for people's own slips.

    `known` are the hashes of the accounts' e-mail addresses.
    """
    failures = overview.by_account
    total = sum(account.total for account in failures.values())
    throttled = sum(account.throttled for account in failures.values())
    if not throttled and total < _MANY:
        return ""
    accounts = len(failures.keys() & set(known))
    at = f"bei {counted(accounts, 'Konto', 'Konten')}" if accounts else "bei keinem Konto"
    text = (
        f"In den letzten 24 Stunden {counted(total, 'Fehlversuch', 'Fehlversuche')} {at} von "
        f"{counted(overview.places, 'Anschluss oder Gerät', 'Anschlüssen oder Geräten')}."
    )
    without = sum(account.total for key, account in failures.items() if key not in known)
    if without:
        verb = plural(without, "Einer davon galt", f"{number(without)} davon galten")
        text += f" {verb} Adressen, zu denen es kein Konto gibt."
    if throttled:
        verb = plural(throttled, "Einer davon wurde", f"{number(throttled)} davon wurden")
        text += f" {verb} gebremst; dabei wurde das Kennwort nicht geprüft."
    return text
