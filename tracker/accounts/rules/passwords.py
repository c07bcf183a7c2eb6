"""What a password must be: long, and not one that everybody tries first (practice.md)."""

from __future__ import annotations

MIN_LENGTH = 12
# Long enough to verify, short enough that nobody keeps the server busy with one.
MAX_LENGTH = 200

# Beginnings and words of the lists that attackers try first, in German and English.
_COMMON = (
    "passwort",
    "password",
    "kennwort",
    "qwertz",
    "qwerty",
    "123456",
    "abcdef",
    "hallo",
    "willkommen",
    "welcome",
    "geheim",
    "schalke",
    "bielefeld",
    "arminia",
    "integration",
    "letmein",
    "iloveyou",
    "admin",
    "sommer",
    "winter",
)


def password_problem(password: str, *, personal: tuple[str, ...] = ()) -> str | None:
    """Return what is wrong with a new password and what to do, None when it will do.

    `personal` are words that anybody knows about the person: name, e-mail address, institution.
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
    if _mostly_known(password.casefold(), personal):
        return (
            "Das Kennwort ist leicht zu erraten, weil es aus einem oft benutzten Wort oder aus "
            "Ihrem Namen besteht. Bitte wählen Sie ein anderes."
        )
    return None


def _mostly_known(password: str, personal: tuple[str, ...]) -> bool:
    # "Passwort2026!!" is refused, "drei Sommer ohne Regenschirm" is not: what counts is how much
    # of the password is left without the known words, digits and punctuation.
    rest = password
    words = {part for text in personal for part in text.casefold().replace("@", " ").split()}
    for word in sorted((*_COMMON, *words), key=len, reverse=True):
        if len(word) >= 4:
            rest = rest.replace(word, "")
    found_one = rest != password
    return found_one and sum(character.isalpha() for character in rest) < 6
