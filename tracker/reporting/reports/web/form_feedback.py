"""What the form says about what stands in it: sums, differences, hints to names (domain.md 8).

The same sentences stand in the page and in the answer to a script's save, so that they are the
same with and without a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256

from tracker.concept.rules.facts import IndicatorFact
from tracker.core.german import euro, number
from tracker.core.signs import pictures, sign_words
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.figures import running_sum
from tracker.reporting.rules.free_text import (
    Hint,
    likely_personal,
    privacy_hints,
    published_texts,
)

COST = "cost-words"
# So many are remembered as seen: more would be a text for its own sake.
_REMEMBERED = 12


def sums(page: ReportPage, content: ReportContent) -> Mapping[str, str]:
    typed = {line.indicator: line.value for line in content.indicators}
    words = {
        f"indicators-{indicator.key}-sum": indicator_words(
            indicator,
            earlier=page.year_sums.get(indicator.key),
            typed=typed.get(indicator.key),
            page=page,
        )
        for indicator in page.indicators
    }
    return words | {COST: cost_words(content.cost_planned, content.cost_actual)}


def indicator_words(
    indicator: IndicatorFact, *, earlier: Decimal | None, typed: Decimal | None, page: ReportPage
) -> str:
    """Return the year's sum so far, with what is typed, and how far it is to the target."""
    total = running_sum([earlier, typed]) if indicator.per_year else typed
    parts = []
    if indicator.per_year:
        said = "noch nichts gemeldet" if earlier is None else _counted(earlier, indicator)
        parts.append(f"{page.period.year} bisher: {said}")
        if typed is not None:
            parts.append(f"mit dieser Angabe {_counted(running_sum([earlier, typed]), indicator)}")
    reached = _reached(indicator, total)
    return f"{'; '.join([*parts, *reached])}." if parts or reached else ""


def cost_words(planned: Decimal | None, actual: Decimal | None) -> str:
    """Return how actual cost differs from planned cost; "" when one of them is unknown."""
    if planned is None or actual is None:
        return ""
    difference = actual - planned
    if not difference:
        return "Ist und Plan stimmen überein."
    more = "mehr" if difference > 0 else "weniger"
    return f"Das sind {euro(abs(difference))} {more} als geplant ({euro(planned)})."


def hints(content: ReportContent) -> Mapping[str, str]:
    names: dict[str, list[str]] = {}
    for hint in privacy_hints(content):
        names.setdefault(hint.field, []).append(f"„{hint.words}“")
    return {name: _question(words) for name, words in names.items()}


def questions(content: ReportContent) -> Mapping[str, str]:
    """Return what is asked at each text: of persons, and of signs that no paper can print."""
    asked = {name: [words] for name, words in hints(content).items()}
    for name, text in published_texts(content):
        if words := sign_words(text):
            asked.setdefault(name, []).append(words)
    return {name: " ".join(words) for name, words in asked.items()}


def text_hint(text: str) -> str:
    """Return the same questions about a text outside of a report; "" where nothing is asked."""
    words = [f"„{words}“" for words in likely_personal(text)]
    return f"{_question(words) if words else ''} {sign_words(text)}".strip()


def text_marks(texts: Iterable[str]) -> str:
    """Return short marks of what is asked about texts outside of a report."""
    names = {words for text in texts for words in (*likely_personal(text), *pictures(text))}
    return " ".join(sorted(_mark(Hint("", words)) for words in names))


def _question(words: Sequence[str]) -> str:
    return (
        f"Ist hier eine Person zu erkennen? {', '.join(words)} – bitte schreiben Sie es so, "
        "dass niemand zu erkennen ist. Speichern und absenden können Sie trotzdem."
    )


def seen_marks(content: ReportContent) -> str:
    """Return short marks of the hints, for the form to say which of them it has shown."""
    return " ".join(_mark(hint) for hint in privacy_hints(content)[:_REMEMBERED])


def unseen(content: ReportContent, shown: str) -> bool:
    return not set(seen_marks(content).split()) <= set(shown.split())


def _mark(hint: Hint) -> str:
    return sha256(f"{hint.field} {hint.words}".encode()).hexdigest()[:4]


def _counted(value: Decimal | None, indicator: IndicatorFact) -> str:
    return f"{number(value)} {indicator.unit}"


def _reached(indicator: IndicatorFact, total: Decimal | None) -> Sequence[str]:
    if total is None or indicator.kind != "target":
        return ()
    missing = indicator.target - total
    done = {">=": missing <= 0, ">": missing < 0, "=": missing == 0}[indicator.operator]
    if done:
        return ("Zielwert erreicht",)
    if missing > 0:
        return (f"bis zum Zielwert fehlen {_counted(missing, indicator)}",)
    return ("Zielwert noch nicht erreicht",) if missing == 0 else ("über dem Zielwert",)
