"""What a report is about: the document as it is shown, and the rounds around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.core.periods import Period
from tracker.publication.reading import sentences
from tracker.publication.reading.scope import Scope
from tracker.publication.reading.words import Words, naming
from tracker.publication.rules.document import (
    Document,
    MeasureRecord,
    OverviewPart,
    RoundFiguresRecord,
)
from tracker.publication.rules.effect import rounds_of_year
from tracker.publication.rules.snapshot_figures import Occasion, occasions
from tracker.publication.rules.snapshot_views import compare, figures, narrow


@dataclass(frozen=True)
class Basis:
    """A document compared and narrowed as wanted (`shown`), beside the one that was published.

    `before` is the document compared with, None where there is none or it is not known.
    `history` are earlier rounds, oldest first, `older` those before them, which are only counted.
    """

    published: Document
    shown: Document
    scope: Scope
    words: Words
    before: Document | None
    history: tuple[Document, ...]
    older: tuple[OverviewPart, ...]

    @property
    def previous(self) -> str:
        """Return the label of the round compared with, "" for none."""
        previous = self.shown["previous"]
        return "" if previous is None else previous["label"]

    @property
    def is_extract(self) -> bool:
        """Return whether Handlungsfelder are left out."""
        return len(self.shown["fields"]) < len(self.published["fields"])

    @cached_property
    def reportable(self) -> list[MeasureRecord]:
        """Return the measures that every figure is about."""
        return [item for item in self.shown["measures"] if item["reportable"]]

    @cached_property
    def listed(self) -> frozenset[str]:
        return frozenset(
            item["code"]
            for item in self.shown["measures"]
            if occasions(item) or not self.scope.exceptions_only
        )

    @property
    def rounds(self) -> tuple[Document, ...]:
        return (*self.history, self.shown)

    def chosen(self, document: Document) -> list[MeasureRecord]:
        keys = {item["key"] for item in self.shown["measures"]}
        return [item for item in document["measures"] if item["key"] in keys]

    def figures_of(self, document: Document) -> RoundFiguresRecord:
        """Return the figures of a round over the measures shown; as published where it is whole."""
        if document is self.shown or not self.is_extract:
            return document["figures"]
        return figures(self.chosen(document))

    def year(self) -> tuple[Document, ...]:
        """Return the rounds of the calendar year so far; none where not all of them are known."""
        own = self.published["previous"]
        known = {item["round"]["period"]: item for item in self.rounds}
        until = self.shown["round"]["period"]
        if own is not None and own["period"] not in known and _year(own["period"]) == _year(until):
            return ()
        return tuple(known[key] for key in rounds_of_year(known, until=until))


def select(
    document: Document,
    *,
    compared: Document | None,
    scope: Scope,
    history: Sequence[Document],
    older: Sequence[OverviewPart],
) -> Basis:
    """Return what a report is about; raises Invalid for what cannot be compared or is not there."""
    shown = document if compared is None else compare(document, compared)
    if scope.fields and scope.fields != {item["code"] for item in document["fields"]}:
        shown = narrow(shown, scope.fields)
    since = shown["previous"]
    return Basis(
        published=document,
        shown=shown,
        scope=scope,
        words=Words.of(naming(document["definitions"], since and since["label"])),
        before=compared or _own_previous(document, history),
        history=tuple(history),
        older=tuple(older),
    )


def _year(period: str) -> int:
    return Period.parse(period).year


def _own_previous(document: Document, history: Sequence[Document]) -> Document | None:
    own = document["previous"]
    if own is None:
        return None
    named = (own["period"], own["version"])
    found = (
        item for item in history if (item["round"]["period"], item["round"]["version"]) == named
    )
    return next(found, None)


def occasion_words(measure: MeasureRecord, words: Words) -> tuple[str, ...]:
    """Return in words why a measure is an exception."""
    course = measure["value"]["course"] if measure["value"] else None
    told = {
        Occasion.TROUBLED: words.course[course].label if course else "",
        Occasion.WORSE: words.change["worse"].label,
        Occasion.DECISION: words.field("consequence"),
        Occasion.NO_REPORT: words.no_report.label,
        Occasion.REVIEWED: "anders festgestellt als gemeldet",
    }
    return tuple(told[occasion] for occasion in occasions(measure))


def scope_note(basis: Basis) -> str:
    """Return what the report leaves out; "" where it holds everything."""
    notes = []
    if basis.is_extract:
        names = [item["name"] for item in basis.shown["fields"]]
        notes.append(sentences.extract(names, len(basis.published["fields"])))
    if basis.scope.exceptions_only:
        reportable = {item["code"] for item in basis.reportable}
        count = len(basis.listed & reportable)
        notes.append(sentences.exceptions(count, len(reportable)))
        notes.append(sentences.what_an_exception_is(basis.words, basis.shown["previous"]))
    if not basis.scope.sheets:
        notes.append("Die Blätter der einzelnen Maßnahmen sind nicht enthalten.")
    return " ".join(notes)
