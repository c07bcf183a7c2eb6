"""Free text: what is kept of it."""

from __future__ import annotations

import re
import unicodedata

from tracker.core.errors import Invalid, Problem
from tracker.core.signs import as_meant

# The longest text and the largest number that a field takes.
MAX_TEXT = 20_000
MAX_COUNT = 10_000_000
MAX_KEY = 80
# NUL is nothing to PostgreSQL, and half a pair of surrogates to nobody.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_JOINERS = "\u200c\u200d"
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def is_storable(text: str) -> bool:
    """Return whether both databases take a text as it is."""
    return _UNSTORABLE.search(text) is None


def without_control_characters(text: str) -> tuple[str, int]:
    """Return a typed text as it is meant, without control characters, and how many these were.

    Line breaks and tabs stay; so do emoji and right-to-left text with their joiners.
    """
    meant = as_meant(text)
    kept = [sign for sign in meant if sign in "\n\t" or not _is_control(sign)]
    return "".join(kept), len(meant) - len(kept)


def plain_name(text: str) -> str:
    """Return a name on one line, without the signs that nobody sees and that may turn it round.

    Joiners stay where a script needs them.
    """
    seen = [
        sign
        for sign in as_meant(text)
        if sign.isspace() or sign in _JOINERS or not unicodedata.category(sign).startswith("C")
    ]
    return " ".join("".join(seen).split())


def is_key(text: str) -> bool:
    """Return whether a text is the number of a row: nine digits fit every database's integer."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def is_code(text: str) -> bool:
    """Return whether a text numbers a thing of the concept: 3, 3.2, A.1, Ü3, IV.2.b.

    It stands in addresses and file names as it is.
    """
    composed = unicodedata.normalize("NFC", text) == text
    return composed and re.fullmatch(r"[^\W_][\w.-]{0,19}", text) is not None


def derived_key(name: str) -> str:
    """Return the key of a name: small Latin letters and digits, joined by hyphens."""
    spelled = unicodedata.normalize("NFC", name).lower().translate(_SPELLED)
    plain_letters = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain_letters).strip("-")[:MAX_KEY].rstrip("-")


def natural_order(code: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a sort key for codes of any kind: 2.10 behind 2.9, A.1 behind 2, IV.2.b behind IV.2.

    For lists that do not follow the order of the Fassung, which is by position.
    """
    return tuple(map(_natural, re.findall(r"[0-9]+|[^\W\d_]+", code)))


def _natural(part: str) -> tuple[bool, int, str]:
    if not part.isdecimal():
        return True, 0, part.casefold()
    digits = part.lstrip("0")  # of two numbers the longer one is the greater
    return False, len(digits), digits


def alphabetical(name: str) -> str:
    """Return a sort key as in German lists (DIN 5007-1), on every database.

    ä as a, ß as ss, capitals as small letters; Gruppe 2 before Gruppe 10; other signs only part.
    """
    decomposed = unicodedata.normalize("NFD", name.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(
        part.zfill(9) if part.isdecimal() else part for part in re.findall(r"\d+|[^\W\d_]+", plain)
    )


def _is_control(sign: str) -> bool:
    # Surrogates cannot be stored as UTF-8, NUL not in PostgreSQL.
    return unicodedata.category(sign) in {"Cc", "Cs"}


def is_email_address(text: str) -> bool:
    local, at, domain = text.partition("@")
    is_one_word = text.isprintable() and not any(sign.isspace() for sign in text)
    # In a header these would make several addresses of one, or hide a part of it.
    is_one_address = "@" not in domain and not set(text) & set(',;:<>()[]"\\')
    return bool(local and at and domain) and is_one_word and is_one_address and len(text) <= 200


def prose(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what somebody wrote as headings ("h2"), lists ("ul") and paragraphs ("p").

    A blank line ends a block; "## " begins a heading, "- " a point of a list.
    """
    blocks: list[tuple[str, list[str]]] = []
    ended = True
    for line in text.splitlines():
        words = line.strip()
        kind = "h2" if words.startswith("## ") else "ul" if words.startswith("- ") else "p"
        if words and (ended or kind == "h2" or blocks[-1][0] != kind):
            blocks.append((kind, []))
        if words:
            blocks[-1][1].append(words.removeprefix("## ").removeprefix("- "))
        ended = not words
    return tuple((kind, tuple(lines)) for kind, lines in blocks)


def checked_text(text: str, *, field: str) -> str:
    """Return the text without blanks around it, which may leave nothing.

    Raises Invalid at `field` for a text that is too long or has invisible control characters:
    nothing is cut or taken out unseen.
    """
    removed = without_control_characters(text)[1]
    if removed:
        raise Invalid(
            f"Der Text enthält {removed} unsichtbare Steuerzeichen. Bitte fügen Sie ihn als reinen "
            "Text ein oder schreiben Sie ihn neu.",
            problems=(Problem(field, "control_characters", (("count", removed),)),),
        )
    if len(text) > MAX_TEXT:
        raise Invalid(
            f"Der Text hat {len(text)} Zeichen, möglich sind {MAX_TEXT}. Bitte kürzen Sie ihn.",
            problems=(
                Problem(field, "text_too_long", (("length", len(text)), ("limit", MAX_TEXT))),
            ),
        )
    return as_meant(text).strip()
