"""What a form began from: after a conflict it tells what a person wrote from what only stood there.

The form carries a short mark of each field as it was opened or last saved, not the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from tracker.concept.rules.facts import IndicatorFact
from tracker.reporting.readable import readable
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.words import REPORT_FIELD

FIELD = "begonnen"


def field_digests(content: ReportContent, indicators: Sequence[IndicatorFact]) -> str:
    """Return one digest for each field, as the form's hidden field carries them."""
    words = readable(content, indicators)
    return " ".join(f"{name}:{_digest(words.get(name, ''))}" for name in REPORT_FIELD)


def untouched(
    mine: ReportContent, digests: str, indicators: Sequence[IndicatorFact]
) -> frozenset[str]:
    """Return the fields that a person left as the form showed them; none where nothing is known."""
    now = field_digests(mine, indicators).split()
    return frozenset(digest.partition(":")[0] for digest in set(now) & set(digests.split()))


def _digest(text: str) -> str:
    return sha256(" ".join(text.split()).encode()).hexdigest()[:8]
