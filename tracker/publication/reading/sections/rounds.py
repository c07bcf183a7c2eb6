"""Measures × rounds: what each published round knows of a measure, values carried marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.publication.reading.model import RoundCell, RoundLine, Rounds, Standing
from tracker.publication.reading.sections.counts import spread
from tracker.publication.reading.sections.selection import Selection, skipped
from tracker.publication.reading.sections.sentences import names
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.measure_rounds import Kind, kind_of


def rounds(selection: Selection) -> Rounds:
    """Return the grid of the measures that are listed, oldest round first."""
    documents = selection.rounds
    vocabularies = [Words.of(item["definitions"]) for item in documents]
    known = [{item["code"]: item for item in document["measures"]} for document in documents]
    fields = {item["position"]: item["name"] for item in selection.shown["fields"]}
    return Rounds(
        sentence=_sentence(selection),
        labels=tuple(item["round"]["label"] for item in documents),
        lines=tuple(
            RoundLine(
                code=item["code"],
                display_text=item["display_text"],
                field=fields[item["field"]],
                cells=_cells(item["code"], known, vocabularies),
            )
            for item in selection.shown["measures"]
            if item["code"] in selection.listed
        ),
        spreads=tuple(
            spread(item["round"]["label"], selection.figures_of(item)["distribution"], words)
            for item, words in zip(documents, vocabularies, strict=True)
        ),
    )


def _sentence(selection: Selection) -> str:
    labels = [item["round"]["label"] for item in selection.rounds]
    if len(labels) == 1:
        told = [f"Dargestellt ist nur {labels[0]}."]
    else:
        told = [f"Dargestellt sind {len(labels)} Runden, {labels[0]} bis {labels[-1]}."]
    missing = skipped(selection.rounds)
    if missing:
        told.append(f"Ohne veröffentlichte Runde: {names(missing)}.")
    if selection.others:
        told.append(
            f"{names(selection.others)} gehören zu einer anderen Fassung des Konzepts und fehlen "
            "hier: Dieselbe Nummer kann dort eine andere Maßnahme meinen."
            if len(selection.others) > 1
            else f"{selection.others[0]} gehört zu einer anderen Fassung des Konzepts und fehlt "
            "hier: Dieselbe Nummer kann dort eine andere Maßnahme meinen."
        )
    return " ".join(told)


def _cells(
    code: str, known: Sequence[Mapping[str, Json]], vocabularies: Sequence[Words]
) -> tuple[RoundCell, ...]:
    cells: list[RoundCell] = []
    for measures, words in zip(known, vocabularies, strict=True):
        seen = any(cell.kind is not Kind.ABSENT for cell in cells)
        cells.append(_cell(measures.get(code), words, seen=seen))
    return tuple(cells)


def _cell(measure: Json | None, words: Words, *, seen: bool) -> RoundCell:
    kind = kind_of(measure)
    if measure is None:
        return RoundCell(kind, "nicht im Konzept" if seen else "noch nicht im Konzept")
    if kind is Kind.REFERENCE:
        return RoundCell(kind, f"{words.choice('measure_kind', measure['kind'])}, ohne Meldung")
    if kind is Kind.REPORTED:
        standing = words.standing(measure["value"])
        return RoundCell(kind, said(standing), standing)
    if kind is Kind.CARRIED:
        carried = measure["carried"]
        standing = words.standing(carried, note=f"aus {carried['label']}")
        text = f"{words.no_report.label}, zuletzt {carried['label']}: {said(standing)}"
        return RoundCell(kind, text, standing, carried["label"])
    return RoundCell(kind, words.no_report.label, words.standing(None))


def said(standing: Standing) -> str:
    """Return Umsetzungsstand and Verlauf in words: "in Umsetzung, gefährdet"."""
    if standing.course is None:
        return standing.implementation.label
    return f"{standing.implementation.label}, {standing.course.label}"
