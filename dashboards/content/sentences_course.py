"""German reading sentences about rounds in a row and about two rounds, right for 0, 1, many."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.content.sentences import listed, measures

# How is counted what does not move.
STUCK_RULE = (
    "Gezählt werden von der gezeigten Runde an rückwärts die Runden in Folge, in denen die "
    "Maßnahme gefährdet oder kritisch gemeldet ist und denselben Umsetzungsstand hat. Eine "
    "fehlende Meldung beendet die Folge."
)
UNCHANGED_RULE = (
    "Gezählt werden von der gezeigten Runde an rückwärts die Runden in Folge mit demselben "
    "Umsetzungsstand und demselben Verlauf. Eine fehlende Meldung beendet die Folge; was erfüllt, "
    "zurückgestellt oder nicht weiterverfolgt ist, zählt nicht mit."
)
SILENT_RULE = (
    "Gezählt werden von der gezeigten Runde an rückwärts die Runden in Folge ohne geprüfte Meldung."
)


def stuck(count: int, total: int, rounds: int, *, troubled: str) -> str:
    """Return how many measures are in trouble without moving; `troubled` are the words for it."""
    rest = f"seit mindestens {rounds} Runden {troubled}, ohne dass sich ihr Umsetzungsstand bewegt"
    if count == 0:
        return f"Keine Maßnahme ist {rest} hat."
    verb = "ist" if count == 1 else "sind"
    return f"{_of(count, total)} {verb} {rest} hat."


def unchanged(count: int, total: int, rounds: int) -> str:
    """Return how many open measures were reported the same."""
    rest = (
        f"seit mindestens {rounds} Runden unverändert: gleicher Umsetzungsstand, gleicher Verlauf"
    )
    if count == 0:
        return f"Keine offene Maßnahme steht {rest}."
    verb = "steht" if count == 1 else "stehen"
    return f"{_of(count, total)} {verb} {rest}."


def silent(count: int, total: int, rounds: int) -> str:
    """Return for how many measures nothing was reported."""
    if count == 0:
        return f"Zu jeder Maßnahme liegt aus den letzten {rounds} Runden eine Meldung vor."
    return f"Zu {_of(count, total)} liegt seit mindestens {rounds} Runden keine Meldung vor."


def in_a_row(rounds: int) -> str:
    """Return "seit 3 Runden"."""
    return "seit 1 Runde" if rounds == 1 else f"seit {rounds} Runden"


def rounds_shown(shown: int, of: int) -> str:
    """Return which rounds a page over time shows."""
    if of == 1:
        return "Gezeigt wird die bisher einzige veröffentlichte Runde."
    if shown == of:
        return f"Gezeigt werden alle {of} veröffentlichten Runden."
    return f"Gezeigt werden die letzten {shown} von {of} Runden."


def cut(shown: int, of: int) -> str:
    """Return that a table of thousands is not shown to its end, and how to see the rest."""
    return (
        f"Gezeigt werden die ersten {shown} von {of} Maßnahmen. Unter „Filter“ grenzen Sie sie "
        "ein; die Tabelle als CSV enthält alle."
    )


def without_round(labels: list[str]) -> str:
    """Return for which periods in between there is no round."""
    verb = (
        "gibt es keine veröffentlichte Runde; sie fehlt"
        if len(labels) == 1
        else ("gibt es keine veröffentlichten Runden; sie fehlen")
    )
    return f"Für {listed(labels)} {verb} in der Tabelle."


def troubled_now(now: int, before: int, *, words: str, label: str) -> str:
    """Return the title that compares how many measures are in trouble with the round `label`."""
    verb = "ist" if now < 2 else "sind"
    return f"{_count(now)} {verb} {words}, {_in_round(now, before, label)}"


def running_now(now: int, before: int, *, label: str) -> str:
    """Return the title that compares how many run or are fulfilled with the round `label`."""
    verb = "läuft oder ist" if now < 2 else "laufen oder sind"
    return f"{_count(now)} {verb} erfüllt, {_in_round(now, before, label)}"


def _count(now: int) -> str:
    return "Keine Maßnahme" if now == 0 else measures(now)


def _in_round(now: int, before: int, label: str) -> str:
    if now == before:
        return f"so viele wie in {label}" if now else f"wie in {label}"
    verb = "war" if before < 2 else "waren"
    return f"in {label} {verb} es {before or 'keine'}"


def difference(before: int, after: int) -> str:
    """Return "2 mehr", "1 weniger", "gleich"."""
    if before == after:
        return "gleich"
    return f"{after - before} mehr" if after > before else f"{before - after} weniger"


def _of(count: int, total: int) -> str:
    return f"{count} von {'1 Maßnahme' if total == 1 else f'{total} Maßnahmen'}"


def compared(counts: Sequence[tuple[str, int]], *, after: str, before: str) -> str:
    """Return what differs between two rounds: `counts` pairs "verschlechtert" with its number."""
    told = [f"{count} {word}" for word, count in counts if count]
    if not told:
        return f"Zwischen {before} und {after} unterscheidet sich keine Maßnahme."
    return f"{after} gegenüber {before}: {listed(told)}."


def alike(unchanged: int, silent: int) -> str:
    """Return how many measures do not differ; for none an empty text."""
    told = []
    if unchanged:
        told.append(f"{measures(unchanged)} {'ist' if unchanged == 1 else 'sind'} unverändert")
    if silent:
        verb = "ist" if silent == 1 else "sind"
        told.append(f"{measures(silent)} {verb} in keiner der beiden Runden gemeldet")
    return f"{'; '.join(told)}." if told else ""


def backwards(after: str, before: str) -> str:
    """Return that the round compared with is the later one."""
    return (
        f"{before} liegt nach {after}: Der Vergleich läuft rückwärts. „Verschlechtert“ heißt hier, "
        f"dass die Maßnahme in {after} schlechter stand als später in {before}."
    )


def said_in(label: str) -> str:
    """Return from which round's reports the reasons are."""
    return f"Begründungen und nächste Schritte stammen aus den Meldungen zu {label}."
