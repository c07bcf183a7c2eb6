"""Reading sentences of the Überblick: what is newly fulfilled, the rounds, the selection."""

from __future__ import annotations

from dashboards.content.sentences import measures


def selection(count: int, total: int) -> str:
    """Return how many measures all figures of the page are about."""
    if count == 0:
        return "Zur Auswahl gehört keine Maßnahme, über die berichtet wird."
    of = "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"
    return f"Auswahl: {count} von {of}. Alle Zahlen dieser Seite gelten für die Auswahl."


def newly_fulfilled(count: int, since: str, *, words: str) -> str:
    """Return how many measures became `words`, e.g. "umgesetzt oder verstetigt"."""
    if count == 0:
        return f"Keine Maßnahme ist seit {since} neu {words}."
    verb = "ist" if count == 1 else "sind"
    return f"{measures(count)} {verb} seit {since} neu {words}."


def running(count: int, earlier: int, since: str) -> str:
    """Return the title of the chart over the rounds: what runs or is fulfilled, now and then."""
    told = (
        f"{'Keine' if count == 0 else '1'} Maßnahme läuft oder ist erfüllt"
        if count < 2
        else f"{count} Maßnahmen laufen oder sind erfüllt"
    )
    if count == earlier:
        return f"{told}, {'wie schon' if count < 2 else 'ebenso viele wie'} in {since}"
    if earlier == 0:
        return f"{told}; in {since} war es keine"
    return f"{told}; in {since} {'war es 1' if earlier == 1 else f'waren es {earlier}'}"


def troubled_and_silent(
    troubled: tuple[int, int], silent: tuple[int, int], since: str, *, words: str, nothing: str
) -> str:
    """Return two counts, each now and in the earlier round; `words` are those of the Verlauf."""
    return (
        f"{words[:1].upper()}{words[1:]}: {troubled[0]} (in {since}: {troubled[1]}). "
        f"{nothing[:1].upper()}{nothing[1:]}: {silent[0]} (in {since}: {silent[1]})."
    )


def only_round(label: str) -> str:
    """Return why there is no development to show yet."""
    return (
        f"{label} ist die erste veröffentlichte Runde. Wie sich die Zahlen über die Runden "
        "entwickeln, steht hier ab der zweiten."
    )
