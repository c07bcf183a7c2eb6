"""Free text: what is kept of it."""

from __future__ import annotations

import unicodedata

# The longest text and the largest number that a field takes.
MAX_TEXT = 20_000
MAX_COUNT = 10_000_000


def without_control_characters(text: str) -> tuple[str, int]:
    """Return the text without invisible control characters, and how many were taken out.

    Line breaks and tabs stay; so do emoji and right-to-left text with their joiners.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = [sign for sign in unified if sign in "\n\t" or not _is_control(sign)]
    return "".join(kept), len(unified) - len(kept)


def _is_control(sign: str) -> bool:
    # Surrogates cannot be stored as UTF-8, NUL not in PostgreSQL.
    return unicodedata.category(sign) in {"Cc", "Cs"}
