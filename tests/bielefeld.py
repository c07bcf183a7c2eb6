"""The settings with which the demonstration begins: those of the seed's city."""

from __future__ import annotations

from seed.files import read_settings
from tracker.core.settings import Settings, read
from tracker.publication.rules.origin import Origin
from tracker.reporting.words import districts_of

# The licence is no city's before somebody has decided it.
_DECIDED = {"licence": "dl-by-de/2.0"}
BIELEFELD = Settings(
    **{name: read(name, text) for name, text in (read_settings() | _DECIDED).items()}
)
ORIGIN = Origin(
    BIELEFELD.publisher,
    BIELEFELD.licence,
    BIELEFELD.data_portal,
    BIELEFELD.district_key,
    BIELEFELD.centre,
)
PLACES = districts_of(BIELEFELD)
DISTRICTS = PLACES.in_force
