"""German sentences for what goes wrong below the command line."""

from __future__ import annotations

from tracker.core.errors import IllegalTransition, Invalid
from tracker.core.settings import without_password


def message_of(error: Exception) -> str:
    text = str(error)
    if isinstance(error, IllegalTransition) and error.possible:
        return f"{text} Möglich ist jetzt: {', '.join(error.possible)}."
    if isinstance(error, Invalid) and error.problems:
        from tracker.core.problems import problem_text

        return "\n".join([text, *(f"- {problem_text(problem)}" for problem in error.problems)])
    return text


def database_trouble(cause: str, url: str) -> str:
    if "locked" in cause or "busy" in cause:
        return (
            "Die Datenbank ist gesperrt, ein anderer Vorgang schreibt gerade. "
            "Bitte versuchen Sie es gleich noch einmal."
        )
    if "readonly" in cause or "read-only" in cause or "permission" in cause.lower():
        return (
            f"Die Datenbank {without_password(url)} ist nicht beschreibbar. "
            "Bitte prüfen Sie die Rechte an Datei und Ordner."
        )
    if "not a database" in cause:
        return (
            f"{without_password(url)} ist keine SQLite-Datenbank. "
            "Bitte prüfen Sie DATABASE_URL oder spielen Sie eine Sicherung ein."
        )
    first_line = cause.strip().splitlines()[0] if cause.strip() else "keine Auskunft"
    return (
        f"Die Datenbank {without_password(url)} ist nicht erreichbar ({first_line}). "
        "Bitte prüfen Sie DATABASE_URL und ob der Datenbankdienst läuft."
    )
