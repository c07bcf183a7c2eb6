"""Where a measure takes place: the districts that can be chosen, and those that once could be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# The key of the whole city, beside those of its districts.
CITYWIDE = "citywide"


@dataclass(frozen=True)
class Districts:
    """Names by key: of those in force, in their order, and of all that were ever listed."""

    in_force: Mapping[str, str]
    known: Mapping[str, str]

    def offered(self, chosen: Iterable[str]) -> dict[str, str]:
        """Return what can be chosen where these were chosen before: they stay."""
        before = {key: self.known.get(key, key) for key in chosen if key not in self.in_force}
        return {**self.in_force, **before}
