"""German sentences about what asks for a decision, right for none, one and many."""

from __future__ import annotations

from dashboards.content import sentences
from tracker.publication.rules.decisions import Standing


def asked(count: int, of: int) -> str:
    if count == of:
        return sentences.proposals(count)
    proposals = "1 Steuerungsvorschlag" if of == 1 else f"{of} Steuerungsvorschlägen"
    if count == 0:
        return f"Von {proposals} dieser Runde entspricht keiner der Auswahl."
    verb = "entspricht" if count == 1 else "entsprechen"
    return f"Von {proposals} dieser Runde {verb} {count} der Auswahl."


def longer(count: int, of: int, *, oldest: str, first_round: bool) -> str:
    """Return how many of them were asked for before; `oldest` is the round of the oldest one."""
    if of == 0:
        return ""
    if first_round:
        return "Dies ist die erste veröffentlichte Runde; frühere Beschlusspunkte gibt es nicht."
    if count == 0:
        return "Er ist neu in dieser Runde." if of == 1 else "Alle sind neu in dieser Runde."
    if of == 1:
        return f"Er steht seit {oldest} an."
    if count == 1:
        return f"1 davon steht schon seit {oldest} an."
    which = "Alle stehen" if count == of else f"{count} davon stehen"
    return f"{which} schon länger an, der älteste seit {oldest}."


def standing(item: Standing, here: str) -> str:
    """Return since when a proposal stands; `here` is the round shown."""
    if item.since == here:
        told = f"neu in {here}"
    else:
        told = f"steht seit {item.since} an ({item.rounds}. Runde in Folge)"
    if item.before is None:
        return told
    return f"{told}; zuvor schon einmal, zuletzt in {item.before}"


def earlier(count: int, rounds: int, *, selected: bool) -> str:
    """Return for how many measures a decision was asked for earlier and no longer is.

    `rounds` is how many earlier rounds there are.
    """
    if rounds == 0:
        return "Dies ist die erste veröffentlichte Runde; frühere Beschlusspunkte gibt es nicht."
    where = "in der früheren Runde" if rounds == 1 else f"in den {rounds} früheren Runden"
    if count == 0:
        chosen = " der Auswahl" if selected else ""
        return (
            f"Es gibt keine Maßnahme{chosen}, zu der {where} ein Steuerungsvorschlag vorlag und "
            "jetzt keiner mehr."
        )
    which = "1 Maßnahme" if count == 1 else f"{count} Maßnahmen"
    return f"Zu {which} lag {where} ein Steuerungsvorschlag vor, jetzt nicht mehr."


NOT_RECORDED = (
    "Was beschlossen wurde, steht nicht in den Meldungen. Gezeigt wird, wo die Maßnahme damals "
    "stand und wo sie heute steht."
)
HOW_COUNTED = (
    "Gezählt werden die Maßnahmen mit einem Steuerungsvorschlag in der angenommenen Meldung "
    "dieser Runde. „Steht seit … an“ nennt die erste von mehreren Runden in Folge, in denen zur "
    "Maßnahme ein Steuerungsvorschlag vorlag; sein Wortlaut kann sich geändert haben. Eine Runde "
    "ohne Vorschlag oder ohne Meldung unterbricht die Folge."
)
