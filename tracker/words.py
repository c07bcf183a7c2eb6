"""The German words of all areas together, as templates read them: `labels.ROUND_STATE[…]`."""

from __future__ import annotations

from types import SimpleNamespace

import tracker.accounts.words
import tracker.concept.words
import tracker.core.words
import tracker.outbox.words
import tracker.papers.words
import tracker.publication.words
import tracker.reporting.rounds.words
import tracker.reporting.words
from tracker.core.labels import NOT_DETERMINED, label_of

AREAS = (
    tracker.accounts.words,
    tracker.concept.words,
    tracker.core.words,
    tracker.outbox.words,
    tracker.papers.words,
    tracker.publication.words,
    tracker.reporting.rounds.words,
    tracker.reporting.words,
)


def all_labels() -> SimpleNamespace:
    """Return every area's words by their names."""
    found = {name: value for area in AREAS for name, value in vars(area).items() if name.isupper()}
    return SimpleNamespace(NOT_DETERMINED=NOT_DETERMINED, label_of=label_of, **found)
