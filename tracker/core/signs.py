"""Signs that come along with a pasted text: what they mean, and words for those without a font."""

from __future__ import annotations

import re
import unicodedata

from tracker.core.german import listed

# Word's fonts Symbol and Wingdings, by the places that lists and autocorrection use.
_SYMBOLS = {
    **dict.fromkeys("\uf0b7\uf0a7\uf0a8\uf076\uf0d8\uf0be", "•"),
    **dict.fromkeys("\uf0fc\uf0fe", "✓"),
    "\uf0fb": "✗",
    **dict.fromkeys("\uf0e0\uf0e8", "→"),
    "\uf0df": "←",
    "\uf04a": "☺",
    "\uf04c": "☹",
    "\uf02d": "–",
    "\uf0b0": "°",
    "\uf0b1": "±",
    "\uf0a3": "≤",
    "\uf0b3": "≥",
}
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_LINE_ENDS = dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n")
_MEANT = str.maketrans(
    _SYMBOLS
    | _LIGATURES
    | _LINE_ENDS
    # They only say where a line may break, or that it may not; the last stands for a lost picture.
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufffc", "")
    # They turn round what stands behind them, whatever script it is in.
    | dict.fromkeys("\u202d\u202e", "")
    | dict.fromkeys("\u2010\u2011", "-")
)
# Joiners mean something within emoji and in scripts that join their letters, not in Latin ones.
_JOINER = re.compile("(?<![^\u0000-\u024f\u1e00-\u206f])[\u200c\u200d]+")
# Arabic and Hebrew set off words with an opening and a closing sign; one alone is as bad as those.
# Both stand on one line, and in JSON a line ends with a backslash and an n.
_DIRECTIONS = "\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_SET_OFF = re.compile(
    rf"([\u202a\u202b][^{_DIRECTIONS}\n\\]*\u202c|[\u2066-\u2068][^{_DIRECTIONS}\n\\]*\u2069)"
    f"|[{_DIRECTIONS}]"
)
_UNMEANT = re.compile(f"[{''.join(map(chr, _MEANT))}{_DIRECTIONS}\u200c\u200d]")

# Emoji and signs of unknown fonts; what joins or colours an emoji is no sign of its own.
_PICTURE = re.compile("[\u2600-\u27bf\u2b05-\u2b55\ue000-\uf8ff\U0001f000-\U0001faff]")
_COLOURS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_WORDS = {
    **dict.fromkeys("✓✔✅☑", "Haken"),
    **dict.fromkeys("✗✘❌", "Kreuz"),
    **dict.fromkeys("⚠🚨", "Achtung"),
    **dict.fromkeys("★☆⭐🌟", "Stern"),
    **dict.fromkeys("♥❤💙💚💛🧡💜", "Herz"),
    **dict.fromkeys("☺🙂😀😁😃😄😊😇🤗", "lächelndes Gesicht"),
    **dict.fromkeys("😂🤣😅😆", "lachendes Gesicht"),
    **dict.fromkeys("☹🙁😞😔😟😢😭", "trauriges Gesicht"),
    **dict.fromkeys("😉", "zwinkerndes Gesicht"),
    "😍": "verliebtes Gesicht",
    "🤔": "nachdenkliches Gesicht",
    "👍": "Daumen hoch",
    "👎": "Daumen runter",
    "👏": "Applaus",
    "🙏": "gefaltete Hände",
    "💪": "starker Arm",
    "🤝": "Handschlag",
    "👋": "winkende Hand",
    "🎉": "Konfetti",
    "💡": "Glühbirne",
    **dict.fromkeys("☎📞📱", "Telefon"),
    **dict.fromkeys("✉📧📩", "Brief"),
    **dict.fromkeys("📅📆🗓", "Kalender"),
    **dict.fromkeys("⏰⏳", "Uhr"),
    "📌": "Stecknadel",
    **dict.fromkeys("🏠🏡", "Haus"),
    **dict.fromkeys("🌍🌎🌏", "Erde"),
    "➡": "Pfeil nach rechts",
}


def as_meant(text: str) -> str:
    """Return a text with the signs that programs put in place of plain ones as plain ones.

    Bullets of Word's fonts, its soft line breaks and hyphens, ligatures of a PDF, invisible signs,
    directions that nothing ends.
    """
    if _UNMEANT.search(text) is None:
        return text
    text = _JOINER.sub("", text.replace("\r\n", "\n").translate(_MEANT))
    return _SET_OFF.sub(lambda found: found[1] or "", text)


def pictures(text: str) -> tuple[str, ...]:
    """Return the emoji of a text and its signs of unknown fonts, each once."""
    return tuple(dict.fromkeys(sign for sign in _PICTURE.findall(text) if sign not in _COLOURS))


def in_words(sign: str) -> str:
    """Return what to print for a sign without glyph: its letters, a bullet, or words for it."""
    plain = unicodedata.normalize("NFKC", as_meant(sign))
    if plain != sign:
        return plain
    if sign in _COLOURS:
        return ""
    if "\U0001f1e6" <= sign <= "\U0001f1ff":  # two of them are a flag
        return chr(ord(sign) - 0x1F1E6 + ord("A"))
    if "\u25a0" <= sign <= "\u25ff" or sign in "\u2023\u2043\u27a2\u2756":
        return "•"
    if _PICTURE.fullmatch(sign) and unicodedata.category(sign) == "So":
        return f"[{_WORDS.get(sign, 'Bildzeichen')}]"
    return f"[U+{ord(sign):04X}]"


def sign_words(text: str) -> str:
    """Return what a PDF prints for emoji and signs of unknown fonts; "" where there are none."""
    shown = [f"„{sign}“ als „{in_words(sign)}“" for sign in pictures(text)]
    if not shown:
        return ""
    return (
        f"Im PDF erscheint {listed(shown)}. Bitte schreiben Sie besser in Worten, was gemeint ist."
    )
