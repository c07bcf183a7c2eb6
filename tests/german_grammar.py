"""Rules of German that every sentence about a count keeps, whatever is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_PLURALS = (
    "Angaben|Anforderungen|Beiträgen?|Berichtsrunden|Beschlusspunkten?|Entwürfen?|Fassungen|"
    "Förderungen|Fragen|Gebern?|Gruppen|Handlungsfeldern?|Institutionen|Kennzahlen|Konten|"
    "Konzepten?|Kriterien|Mails|Maßnahmen|Meilensteinen?|Meldungen|Oberzielen?|Personen|"
    "Querverweisen?|Rückfragen|Runden|Stellen|Steuerungsvorschlägen?|Tagen?|Terminen|Texten?|"
    "Treffern?|Veranstaltungen|Versuchen?|Vertretungen|Werten?|Zeilen|Zielen?|Zielwerten?|"
    "Zuständigkeiten"
)
_MANY = (
    "sind|waren|haben|hatten|wurden|werden|kamen|kommen|liegen|lagen|laufen|stehen|warten|fehlen|"
    "entsprechen|zählen|gelten|gehören|planten|gaben|verlaufen|folgen"
)
_ONE = (
    "ist|war|hat|hatte|wurde|wird|kam|kommt|liegt|lag|läuft|steht|wartet|fehlt|entspricht|zählt|"
    "gilt|gehört|plante|gab|verläuft|folgt"
)
# What stands between a number and its verb: words without another number or clause.
_SAME = r"[^.,;:()\d]*?"
_BEGIN = r"(?:^|(?<=[.;:] ))"

FAULTS = {
    "one of many": rf"(?<![\d.,/–-])\b1 (?:[a-zäöüß]+(?:en|e) )?(?:{_PLURALS})\b",
    "one, and a verb for many": rf"{_BEGIN}(?:1(?: davon)?|[Ee]ine[rs]? davon)(?: von \d+)? "
    rf"{_SAME}\b(?:{_MANY})\b(?! Sie\b| wir\b)",
    "many, and a verb for one": rf"{_BEGIN}(?:[2-9]|\d\d\d?)(?: davon)?(?: von \d+)? "
    rf"(?:[\w ]*(?:{_PLURALS}) )?(?:{_ONE})\b",
    "a verb for many, then one": rf"(?<!Sie )\b(?:{_MANY}) (?:bisher |noch |schon |nur )?"
    r"(?:es )?1\b(?! bis\b|[.,:]\d)",
    "none of one": r"\b[Kk]eine?[mnrs]? von 1\b",
    "of one, a number": r"\b[01] von 1 (?:[A-ZÄÖÜ]|eingegangen\.)",
    "all, as a number": r"\b([2-9]|\d\d+) von \1 (?:[a-zäöüß]+ )*[A-ZÄÖÜ]\w+ "
    rf"{_SAME}\b(?:{_MANY}|{_ONE})\b",
    "all of one or two": r"\b[Aa]lle[nr]? [12]\b(?![.,]\d)",
    "the last one, in the plural": r"\b(?:letzten|ersten|übrigen?|weiteren|anderen) [01]\b(?!\.)",
    "1 davon": r"\b[01] davon\b",
    "of one, one": r"\bVon 1 [A-ZÄÖÜ]\w+ [\w ]*?(?:keine[rs]?|entspricht|liegt) ",
    "no Maßnahme as a number": rf"(?<![\d.,])\b0 (?:[a-zäöüß]+ )?(?:{_PLURALS})\b",
    "not published people": r"veröffentlicht (?:Personen|Fälle|Teilnahmen)",
    "two full stops": r"(?<!\.)\.\.(?!\.)",
    "two spaces": r"\S  +\S",
    "a space before the sign": r"\w [.,;:](?:\s|$)",
    "nothing in brackets": r"(?<!\w)\(\s*\)",
}
_RULES = {name: re.compile(rule) for name, rule in FAULTS.items()}
# "0 Personen" is a value that was reported, not none that is missing.
_ALLOWED = re.compile(r"\b0 (?:Personen|Fälle|Teilnahmen|Veranstaltungen)\b")


@lru_cache(maxsize=2**14)
def faults(text: str) -> tuple[str, ...]:
    """What is wrong with a text, each with the rule and its place; nothing for a right one."""
    if not _WORTH_READING.search(text):
        return ()
    read = _ALLOWED.sub("–", text)
    return tuple(
        f"{name}: „{read[max(0, hit.start() - 50) : hit.end() + 50]}“"
        for name, rule in _RULES.items()
        for hit in rule.finditer(read)
    )


# No rule finds anything in what has none of these.
_WORTH_READING = re.compile(r"\d|davon|veröffentlicht|\.\.|  | [.,;:]|\(\s*\)")


def all_faults(texts: Iterable[str]) -> list[str]:
    """The same over many texts, each fault once."""
    return list(dict.fromkeys(fault for text in texts for fault in faults(text)))
