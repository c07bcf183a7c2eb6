"""German sentences for what goes wrong below the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.core.errors import IllegalTransition, Invalid
from tracker.core.settings import without_password

if TYPE_CHECKING:
    from tracker.core.trouble import Trouble


def message_of(error: Exception) -> str:
    text = str(error)
    if isinstance(error, IllegalTransition) and error.possible:
        return f"{text} Möglich ist jetzt: {', '.join(error.possible)}."
    if isinstance(error, Invalid) and error.problems:
        from tracker.core.problems import problem_text

        return "\n".join([text, *(f"- {problem_text(problem)}" for problem in error.problems)])
    return text


def database_trouble(trouble: Trouble, cause: str, url: str) -> str:
    """Return what is wrong with the database, with the remedy; `cause` in the driver's words."""
    where = without_password(url)
    return {
        "busy": "Die Datenbank ist gesperrt, ein anderer Vorgang schreibt gerade. "
        "Bitte versuchen Sie es gleich noch einmal.",
        "full": f"Für die Datenbank {where} ist kein Platz mehr ({cause}). "
        "Bitte schaffen Sie Platz auf ihrem Datenträger.",
        "unwritable": f"Die Datenbank {where} ist nicht beschreibbar ({cause}). "
        "Bitte prüfen Sie den Datenträger und die Rechte an Datei und Ordner.",
        "no_database": f"{where} ist keine SQLite-Datenbank oder beschädigt. "
        "Bitte prüfen Sie DATABASE_URL oder spielen Sie eine Sicherung ein.",
        "away": f"Die Datenbank {where} ist nicht erreichbar ({cause}). "
        "Bitte prüfen Sie DATABASE_URL und ob der Datenbankdienst läuft.",
    }[trouble]
