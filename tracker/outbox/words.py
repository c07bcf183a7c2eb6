"""German words of mails: kinds and states."""

from __future__ import annotations

from tracker.core.labels import Label
from tracker.outbox.rules.mailing import MailKind, MailState

MAIL_KIND = {
    MailKind.INVITATION: Label(
        "Einladung zur Anwendung", "plus", "bringt einer Person den Link, mit dem sie anfängt"
    ),
    MailKind.PASSWORD_RESET: Label(
        "neues Kennwort", "loop", "bringt einer Person den Link für ein neues Kennwort"
    ),
    MailKind.ACCOUNT_NOTICE: Label(
        "Nachricht zum Konto",
        "question",
        "sagt einer Person, dass Kennwort, Adresse oder Link ihres Kontos sich geändert haben",
    ),
    MailKind.BARRIER: Label(
        "Hinweis auf eine Barriere", "question", "gibt einen gemeldeten Hinweis weiter"
    ),
    MailKind.CONFIRMATION: Label(
        "Bestätigung einer Adresse", "question", "fragt, ob eine angegebene Adresse stimmt"
    ),
    MailKind.ROUND_INVITATION: Label(
        "Bitte um Meldung",
        "circle-half",
        "kündigt an, dass eine Runde eröffnet ist oder eine Meldung nachträglich erbeten wird",
    ),
    MailKind.ROUND_CANCELLED: Label(
        "Runde abgesagt", "cross", "sagt, dass eine schon eröffnete Runde nicht stattfindet"
    ),
    MailKind.REMINDER: Label(
        "Erinnerung", "calendar", "erinnert an Meldungen, die noch nicht abgegeben sind"
    ),
    MailKind.RETURNED: Label(
        "Rückfrage", "loop", "sagt, dass Meldungen mit Rückfragen zurückgegeben sind"
    ),
    MailKind.ESCALATION: Label(
        "fehlende Meldungen",
        "clock",
        "nennt der koordinierenden Stelle einmal je Runde, wer noch nicht gemeldet hat",
    ),
    MailKind.DIGEST: Label(
        "Wochenüberblick",
        "equal",
        "nennt der koordinierenden Stelle einmal in der Woche, was ansteht",
    ),
    MailKind.OPENING_FAILED: Label(
        "Runde nicht eröffnet",
        "cross",
        "sagt der koordinierenden Stelle, warum eine geplante Runde nicht aufging",
    ),
}

MAIL_STATE = {
    MailState.WAITING: Label("wartet", "clock", "wird noch versandt"),
    MailState.SENT: Label("versandt", "check", "der Mailserver hat die Mail angenommen"),
    MailState.FAILED: Label("unzustellbar", "cross", "aufgegeben; der Grund steht dabei"),
    MailState.SUPERSEDED: Label(
        "überholt", "dash", "nicht mehr nötig und darum nicht versandt; der Grund steht dabei"
    ),
}
