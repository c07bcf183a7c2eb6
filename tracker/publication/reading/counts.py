"""Figures of a document as values: distributions and "n von N"."""

from __future__ import annotations

from tracker.publication.reading.model_values import Count, Ratio, Spread
from tracker.publication.reading.words import Words, decimal
from tracker.publication.rules.document import DistributionRecord, RatioRecord, ReturnsRecord

RETURNS = ("completeness", "acceptance", "timeliness")


def spread(name: str, figures: DistributionRecord, words: Words) -> Spread:
    """Return a distribution of a document (`figures.distribution`) under a name."""
    stands = [Count(mark, figures["counts"][mark.code]) for mark in words.implementation.values()]
    courses = [Count(mark, figures["courses"][mark.code]) for mark in words.course.values()]
    return Spread(
        name=name,
        counts=(*stands, Count(words.no_report, figures["no_report"])),
        courses=(*courses, Count(words.course_not_asked, figures["course_not_asked"])),
        with_course=sum(line.count for line in courses),
        reported=figures["reported"],
        total=figures["total"],
    )


def ratios(returns: ReturnsRecord, words: Words) -> tuple[Ratio, ...]:
    """Return Rücklauf, angenommen and Termintreue of a document (`figures.returns`)."""
    figures = (returns["completeness"], returns["acceptance"], returns["timeliness"])
    return tuple(_ratio(key, figure, words) for key, figure in zip(RETURNS, figures, strict=True))


def _ratio(key: str, figure: RatioRecord, words: Words) -> Ratio:
    described = words.formulas[key]
    return Ratio(
        label=described["label"],
        count=figure["count"],
        total=figure["total"],
        percent=decimal(figure["percent"]),
        formula=described["formula"],
    )
