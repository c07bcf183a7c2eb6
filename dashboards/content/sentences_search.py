"""German sentences of the full-text search, right for none, one and many."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.publication.reading.sentences import measures


def found(count: int, total: int, wanted: Sequence[str], *, narrowed: bool) -> str:
    """Return in how many of how many measures the words stand; `total` is at least 1."""
    among = _among(total, narrowed=narrowed)
    verb = "steht" if len(wanted) == 1 else "stehen"
    return f"In {count or 'keiner'} {among} {verb} {words(wanted)}."


def words(wanted: Sequence[str]) -> str:
    """Return "„Kita“", "„Kita“ und „Sprache“", "„a“, „b“ und „c“"."""
    quoted = [f"„{word}“" for word in wanted]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} und {quoted[-1]}"


def more_places(count: int) -> str:
    """Return that a measure was found in further texts, for at least one."""
    return "und in 1 weiteren Text" if count == 1 else f"und in {count} weiteren Texten"


def cut(shown: int) -> str:
    """Return that only the first hits are shown, and what to do."""
    return (
        f"Gezeigt werden die ersten {shown} Maßnahmen. Mit einem weiteren Wort oder einem Filter "
        "werden es weniger."
    )


def alone(word: str, count: int) -> str:
    """Return how many measures one of several words finds, for at least one."""
    return f"„{word}“ allein: {measures(count)}"


def _among(total: int, *, narrowed: bool) -> str:
    which = "ausgewählten " if narrowed else ""
    return f"von {total} {which}Maßnahme" if total == 1 else f"von {total} {which}Maßnahmen"
