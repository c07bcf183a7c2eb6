"""German words of accounts: roles, functions, substitution."""

from __future__ import annotations

from tracker.accounts.rules.substitution import SubstitutionState
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
