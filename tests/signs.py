"""What programs put into a text that is copied from them, and what is meant."""

MEANT = {
    "a bullet of Word": ("\uf0b7 Beratung", "• Beratung"),
    "a square of Word": ("\uf0a7\tBeratung", "•\tBeratung"),
    "an arrow of Word": ("Antrag \uf0e0 Bescheid", "Antrag → Bescheid"),
    "a soft line break": ("erste\vzweite", "erste\nzweite"),
    "a line separator": ("erste\u2028zweite", "erste\nzweite"),
    "zero-width spaces": ("\ufeffMaß\u200bnahme\u2060", "Maßnahme"),
    "a lost picture": ("\ufffcBeratung", "Beratung"),
    "directions": ("\u202eanna\u202c \u202a\u202b\u202dx", "anna x"),
    "a direction that is not closed": ("Anna \u2067Muster", "Anna Muster"),
    "one closed on another line": ("\u2066Anna\nMuster\u2069", "Anna\nMuster"),
    "one closed before it opens": ("\u2069Anna\u2068", "Anna"),
    "a soft hyphen": ("Maß\u00adnahme", "Maßnahme"),
    "joiners between Latin letters": ("a\u200cb\u200dc", "abc"),
    "a non-breaking hyphen": ("Kita\u2011Platz und Kita\u2010Plätze", "Kita-Platz und Kita-Plätze"),
    "ligatures of a PDF": ("O\ufb00ene Tre\ufb00en, \ufb01nanziert", "Offene Treffen, finanziert"),
}
# Control characters, which a soft line break is, were never stored.
OLD = [pair for pair in MEANT.values() if "\v" not in pair[0]]
