"""Figures of a document as values: distributions and "n von N"."""

from __future__ import annotations

from tracker.publication.reading.model_values import Count, Ratio, Spread
from tracker.publication.reading.words import Json, Words, decimal

RETURNS = ("completeness", "acceptance", "timeliness")


def spread(name: str, item: Json, words: Words) -> Spread:
    """Return a distribution of a document (`figures.distribution`) under a name."""
    stands = [Count(mark, item["counts"][mark.code]) for mark in words.implementation.values()]
    courses = [Count(mark, item["courses"][mark.code]) for mark in words.course.values()]
    return Spread(
        name=name,
        counts=(*stands, Count(words.no_report, item["no_report"])),
        courses=(*courses, Count(words.course_not_asked, item["course_not_asked"])),
        with_course=sum(line.count for line in courses),
        reported=item["reported"],
        total=item["total"],
    )


def ratios(returns: Json, words: Words) -> tuple[Ratio, ...]:
    """Return Rücklauf, angenommen and Termintreue of a document (`figures.returns`)."""
    return tuple(_ratio(key, returns[key], words) for key in RETURNS)


def _ratio(key: str, figure: Json, words: Words) -> Ratio:
    described = words.formulas[key]
    return Ratio(
        label=described["label"],
        count=figure["count"],
        total=figure["total"],
        percent=decimal(figure["percent"]),
        formula=described["formula"],
    )
