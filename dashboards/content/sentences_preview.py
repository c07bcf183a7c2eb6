"""German sentences on the preview of a running round, right for none, one and many."""

from __future__ import annotations

from tracker.reporting.rules.rounds import RoundState


def basis(label: str, today: str, state: RoundState) -> str:
    """Return what the preview is computed from, and what may still change."""
    told = f"So sähe der Überblick aus, wenn {label} heute ({today}) veröffentlicht würde. "
    if state is RoundState.OPEN:
        return f"{told}Die Runde ist noch offen: Meldungen kommen hinzu, Zahlen ändern sich."
    return f"{told}Die Runde ist geschlossen, aber noch nicht veröffentlicht."


def waiting(count: int) -> str:
    """Return how many reports wait for their review and do not count yet."""
    if count == 0:
        return "Alle abgegebenen Meldungen sind geprüft."
    if count == 1:
        return (
            "1 Meldung ist abgegeben, aber noch nicht geprüft. Sie zählt hier als „keine Meldung“."
        )
    return (
        f"{count} Meldungen sind abgegeben, aber noch nicht geprüft. Sie zählen hier als "
        "„keine Meldung“."
    )
