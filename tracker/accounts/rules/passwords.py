"""What a password must be: long, and not one that everybody tries first (practice.md)."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

MIN_LENGTH = 12
# Long enough to verify, short enough that nobody keeps the server busy with one.
MAX_LENGTH = 200

# Of a password, so many letters have to be left without known words; or as many words are listed.
_OWN_LETTERS = 6
_MANY_WORDS = 4
_SHORTEST, _LONGEST = 4, 24
# What the list, made from passwords of all the world, lacks.
_OURS = frozenset({"integration", "willkommen"})
# The signs that people write for letters.
_LEET = str.maketrans("0134578@$!", "oieastbasi")


def password_problem(password: str, *, personal: Collection[str] = ()) -> str | None:
    """Return what is wrong with a new password and what to do, None when it will do.

    `personal` are words that anybody knows about the person and this instance: name, e-mail
    address, institution, city, office.
    """
    if len(password) < MIN_LENGTH:
        return (
            f"Das Kennwort hat {len(password)} Zeichen, nötig sind mindestens {MIN_LENGTH}. "
            "Gut geeignet sind vier Wörter, die nichts miteinander zu tun haben."
        )
    if len(password) > MAX_LENGTH:
        return f"Das Kennwort ist länger als {MAX_LENGTH} Zeichen. Bitte kürzen Sie es."
    if len(set(password)) < 5:
        return "Das Kennwort wiederholt sich zu oft. Bitte wählen Sie verschiedene Zeichen."
    written = password.casefold()
    words = {word for text in personal for word in re.findall(r"[^\W\d_]+", text.casefold())}
    for text in (written, written.translate(_LEET)):
        listed, own, letters = _taken_apart(text, words | _OURS)
        if letters >= _OWN_LETTERS or len(listed) >= _MANY_WORDS:
            continue
        if own:
            return (
                "Das Kennwort ist leicht zu erraten: Es besteht aus Ihrem Namen oder aus Wörtern, "
                "die zu dieser Anwendung gehören. Bitte wählen Sie ein anderes."
            )
        if listed:
            return (
                "Das Kennwort ist leicht zu erraten: Es steht auf einer Liste bekannter Kennwörter "
                "oder ist aus einem davon gemacht. Bitte wählen Sie ein anderes."
            )
    return None


def _taken_apart(text: str, own_words: Collection[str]) -> tuple[set[str], bool, int]:
    """Return the known passwords in a text, whether it has own words, and the letters left over.

    "Passwort2026!!" has no letter left, "drei Sommer ohne Regenschirm" has nineteen.
    """
    known = _known()
    listed, has_own, letters, place = set(), False, 0, 0
    while place < len(text):
        for end in range(min(len(text), place + _LONGEST), place + _SHORTEST - 1, -1):
            part = text[place:end]
            if part in own_words:
                has_own = True
                break
            if part in known:
                listed.add(part)
                break
        else:
            end = place + 1
            letters += text[place].isalpha()
        place = end
    return listed, has_own, letters


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Return the passwords that people choose most; read when somebody first sets one."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
