"""Who publishes the open data of a round, under which licence, and for which place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence by its German name and where its text stands."""

    name: str
    address: str


LICENCES = {
    "dl-by-de/2.0": Licence(
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
    ),
    "dl-zero-de/2.0": Licence(
        "Datenlizenz Deutschland – Zero – Version 2.0", "https://www.govdata.de/dl-de/zero-2-0"
    ),
    "cc-by/4.0": Licence(
        "Creative Commons Namensnennung 4.0", "https://creativecommons.org/licenses/by/4.0/"
    ),
    "cc-zero": Licence(
        "Creative Commons Zero", "https://creativecommons.org/publicdomain/zero/1.0/"
    ),
}


@dataclass(frozen=True)
class Origin:
    """What a data portal is told beside the record; empty where the settings say nothing.

    `licence` is a key of LICENCES, `centre` longitude and latitude in degrees.
    """

    publisher: str
    licence: str
    data_portal: str
    district_key: str
    centre: str

    def publisher_or(self, city: str, office: str) -> str:
        return self.publisher or f"{city}, {office}"
