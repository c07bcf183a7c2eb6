"""The Rücklauf of measures selected, over the rounds, by Handlungsfeld and by institution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.content.selection import Selection, selected
from dashboards.content.tables import Table
from tracker.core.german import percent
from tracker.publication.reading.words import Json
from tracker.publication.rules.institution_returns import InstitutionReturns, alphabetical
from tracker.publication.rules.snapshot_views import figures

ROUNDS, FIELDS, INSTITUTIONS, HISTORY = (
    "ruecklauf-runden",
    "ruecklauf-handlungsfelder",
    "ruecklauf-institutionen",
    "ruecklauf-institutionen-runden",
)
RATIOS = ("completeness", "timeliness", "acceptance")
# The values of the filter "Rücklauf" that select what each figure counts.
COUNTED = {
    "completeness": "eingegangen",
    "timeliness": "in_der_frist",
    "acceptance": "angenommen",
}


@dataclass(frozen=True)
class Returned:
    """The Rücklauf of a round or Handlungsfeld; `returns` as in the figures of a publication.

    `period` is the key of a round, e.g. "2026-Q3".
    """

    label: str
    returns: Json
    period: str = ""

    @property
    def expected(self) -> int:
        """Return the frozen expected set without the waived reports."""
        total: int = self.returns["completeness"]["total"]
        return total


def of_round(overview: Json, state: Selection) -> Returned:
    """Return the Rücklauf of a round: as published, or over the measures selected."""
    label, period = overview["round"]["label"], overview["round"]["period"]
    if not state.count:
        return Returned(label, overview["figures"]["returns"], period)
    return Returned(label, figures(selected(overview["measures"], state))["returns"], period)


def of_fields(fields: Sequence[Json], measures: Sequence[Json]) -> list[tuple[Json, Returned]]:
    """Return each Handlungsfeld in which a measure is selected, with its Rücklauf."""
    found = []
    for field in fields:
        own = [item for item in measures if item["field"] == field["position"]]
        if own:
            found.append((field, Returned(field["name"], figures(own)["returns"])))
    return found


def counted(ratio: Json) -> str | None:
    """Return "49 von 55"; None where nothing was expected."""
    return f"{ratio['count']} von {ratio['total']}" if ratio["total"] else None


def table_of_rounds(rounds: Sequence[Returned]) -> Table:
    """Return every number of the charts, the newest round first."""
    head = (
        "Berichtsrunde",
        "erwartet",
        "eingegangen",
        "Anteil",
        "in der Frist",
        "Anteil in der Frist",
        "angenommen",
        "befreit",
    )
    return Table(
        ROUNDS,
        "Rücklauf und Termintreue über die Runden",
        head,
        tuple((item.label, *_numbers(item, shares=True)) for item in reversed(rounds)),
        frozenset({1, 2, 4, 6, 7}),
    )


def table_of_fields(found: Sequence[tuple[Json, Returned]]) -> Table:
    """Return the Rücklauf of the chosen round by Handlungsfeld, in the order of the concept."""
    return Table(
        FIELDS,
        "Rücklauf nach Handlungsfeldern",
        ("Handlungsfeld", *_HEAD),
        tuple((item.label, *_numbers(item)) for _, item in found),
        frozenset(range(1, 6)),
    )


def table_of_institutions(found: Sequence[InstitutionReturns]) -> Table:
    """Return the Rücklauf of the chosen round by institution, alphabetical."""
    return Table(
        INSTITUTIONS,
        "Rücklauf nach Institutionen",
        ("Institution", *_HEAD),
        tuple((item.name, *_numbers(Returned(item.name, item.returns))) for item in found),
        frozenset(range(1, 6)),
    )


def table_of_history(
    labels: Sequence[str], rounds: Sequence[Sequence[InstitutionReturns]]
) -> Table:
    """Return "eingegangen von erwartet" per institution and round; None: nothing expected.

    `rounds` are the institutions of each round, as `labels` name them; an institution goes by
    its newest name.
    """
    names: dict[str, str] = {}
    for found in rounds:
        for item in found:
            names.setdefault(item.key, item.name)
    by_key = [{item.key: item for item in found} for found in rounds]
    rows = [
        (
            names[key],
            *(
                counted(found[key].returns["completeness"]) if key in found else None
                for found in by_key
            ),
        )
        for key in sorted(names, key=lambda key: (alphabetical(names[key]), key))
    ]
    return Table(
        HISTORY,
        "Eingegangen von erwartet, je Institution und Runde",
        ("Institution", *labels),
        tuple(rows),
    )


_HEAD = ("erwartet", "eingegangen", "in der Frist", "angenommen", "befreit")


def _numbers(item: Returned, *, shares: bool = False) -> tuple[int | str | None, ...]:
    returns = item.returns
    complete, timely = returns["completeness"], returns["timeliness"]
    accepted, waived = returns["acceptance"]["count"], returns["waived"]
    if not shares:
        return (item.expected, complete["count"], timely["count"], accepted, waived)
    return (
        item.expected,
        complete["count"],
        percent(complete["percent"]),
        timely["count"],
        percent(timely["percent"]),
        accepted,
        waived,
    )
