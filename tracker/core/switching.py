"""Areas that a city can do without: registered by themselves, switched off by the KI.

Off means: no page (404), no entry in the navigation, no job, nothing for papers. Data stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.settings import Settings


@dataclass(frozen=True)
class SwitchableArea:
    """An area by its key, its German name, what one does there, and the package it lies in."""

    key: str
    title: str
    purpose: str
    package: str


AREAS: dict[str, SwitchableArea] = {}


def register(area: SwitchableArea) -> None:
    AREAS[area.key] = area


def off(settings: Settings) -> frozenset[str]:
    """Return the keys of the areas that are switched off."""
    return frozenset(AREAS).intersection(settings.areas_off.split(","))


def area_of(module: str) -> str | None:
    """Return the key of the area a module belongs to, None where it cannot be switched off."""
    return next(
        (key for key, area in AREAS.items() if f"{module}.".startswith(f"{area.package}.")), None
    )
