"""The German words of all areas together, as templates read them: `labels.ROUND_STATE[…]`."""

from __future__ import annotations

from types import SimpleNamespace

from tracker.areas import modules
from tracker.core.labels import NOT_DETERMINED, label_of

AREAS = tuple(modules("words"))


def all_labels() -> SimpleNamespace:
    words = {name: value for area in AREAS for name, value in vars(area).items() if name.isupper()}
    return SimpleNamespace(**words, NOT_DETERMINED=NOT_DETERMINED, label_of=label_of)
