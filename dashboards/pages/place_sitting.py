"""What a sitting asks about a Handlungsfeld or Ziel: exceptions, decisions, changes, Rücklauf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboards.components import bars
from dashboards.components.basic import Child, code_links, section
from dashboards.components.listed import changed, noticed, proposals
from dashboards.content import sentences_fields
from dashboards.content.places import Field, Goal
from dashboards.content.selection import NOT_REPORTED
from dashboards.pages import place_parts as parts
from dashboards.pages.place_measures import Texts
from dashboards.pages.view import View
from tracker.core.german import day
from tracker.publication.reading import returns as reading_returns
from tracker.publication.reading import sentences
from tracker.publication.reading.decisions import decisions_of
from tracker.publication.reading.words import Json
from tracker.reporting.rules.figures import Change, Ratio, overdue
from tracker.reporting.rules.status import Course

_WORST_FIRST = (Course.CRITICAL, Course.AT_RISK)
_MOVED = (
    Change.WORSE,
    Change.BETTER,
    Change.NEWLY_REPORTED,
    Change.NO_LONGER_REPORTED,
)


def attention(view: View, place: Field | Goal, said: Texts) -> Component:
    """Return what a place's page opens with."""
    entries = [_troubled(view, place, course) for course in _WORST_FIRST]
    counts = place.figures["distribution"]
    silent = sentences.missing(counts["no_report"], counts["total"], place.figures["carried"])
    missing = [item for item in _asked(place) if item["value"] is None]
    days = {item["code"]: _planned(said[item["code"]]) for item in place.measures}
    late = overdue(days.values(), as_of=_as_of(view))
    passed = [
        item
        for item in place.measures
        if (on := days[item["code"]]) is not None and on < _as_of(view)
    ]
    entries += [
        noticed(view.words.no_report.icon, "plain", silent, [_codes(view, missing)]),
        noticed(
            "clock",
            "plain",
            sentences_fields.overdue(late.count, late.total),
            [_codes(view, passed)],
        ),
    ]
    return section(
        "Das braucht Aufmerksamkeit",
        [html.Ul(entries, className="exceptions"), _rules(view, place, late)],
        name="aufmerksamkeit",
    )


def _rules(view: View, place: Field | Goal, late: Ratio) -> Component:
    counts, own = place.figures["distribution"], parts.scope(view, place)
    told: list[tuple[str, str | None]] = [
        (
            sentences_fields.rule_of_course(
                counts["courses"][course.value],
                counts["total"],
                word=view.words.course[course.value].label,
            ),
            view.href(parts.LIST, own.with_(verlauf=course.value)),
        )
        for course in _WORST_FIRST
    ]
    silence = sentences_fields.rule_of_silence(counts["no_report"], counts["total"])
    told.append((silence, view.href(parts.LIST, own.with_(stand=NOT_REPORTED))))
    told.append((sentences_fields.rule_of_overdue(late.count, late.total), None))
    return parts.rules(told)


def decisions(view: View, place: Field | Goal) -> Component:
    codes = {item["code"] for item in place.measures}
    found = decisions_of(view.overview, view.words, codes=codes)
    told: list[Child] = [html.P(sentences.proposals(len(found)), className="reading")]
    if found:
        told.append(proposals(found, view.words, view.publication.period))
    more = html.A(
        "Beschlusspunkte mit den früheren",
        href=view.href(parts.DECISIONS, parts.scope(view, place)),
        className="link",
    )
    told.append(html.P(more, className="no-print"))
    return section("Zu entscheiden", told, name="entscheidungen")


def changes(view: View, place: Field | Goal) -> Component:
    """Return what changed since the compared round."""
    counts = place.figures["changes"]
    words = [(view.words.change[kind.value].label, counts[kind.value]) for kind in _MOVED]
    told: list[Child] = [
        html.P(sentences.moved(words, view.since), className="reading"),
        *changed(place.measures, view.words, view.publication.period),
    ]
    if view.since is not None:
        moved = [item for item in place.measures if item["change"] in set(_MOVED)]
        counted = f"{len(moved)} von {sentences.measures(counts_of(place))} gegenüber {view.since}."
        kinds = [kind.value for kind in _MOVED]
        told.append(
            parts.how(view, place, "change", counted=counted, chosen=moved, aenderung=kinds)
        )
    return section("Was sich verändert hat", told, name="veraenderungen")


def standing(view: View, place: Field | Goal) -> list[Child]:
    """Return the Umsetzungsstand of a place as a bar of its own with facts and explanations."""
    counts = place.figures["distribution"]
    basis = sentences.reported(
        counts["reported"], counts["total"], as_of=day(view.overview["round"]["as_of"])
    )
    reported = [item for item in _asked(place) if item["value"]]
    return [
        html.P(basis, className="reading"),
        parts.facts(view, place),
        bars.legend(view.words),
        parts.bar(view, place, largest=counts["total"]),
        parts.how(
            view,
            place,
            "coverage",
            counted=f"{sentences.coverage(counts['reported'], counts['total'])}.",
            chosen=reported,
            meldung="angenommen",
        ),
    ]


def returns(view: View, place: Field | Goal) -> Component:
    """Return the Rücklauf of a place: how many reports came, never whose are missing."""
    whole = reading_returns.row("", place.figures["returns"], view.words)
    own = parts.scope(view, place)
    entries = [
        html.Li(
            html.A(
                f"{ratio.count} von {ratio.total} {text}",
                href=view.href(parts.LIST, own.with_(meldung=value)),
                className="link",
            )
        )
        for ratio, text, value in zip(
            whole.ratios,
            ("eingegangen", "angenommen", "in der Frist"),
            ("eingegangen", "angenommen", "in_der_frist"),
            strict=True,
        )
        if ratio.total
    ]
    came = [item for item in place.measures if _has_come(item)]
    told: list[Child] = [
        html.P(" ".join(reading_returns.sentences(whole))),
        html.Ul(entries, className="place-facts"),
        parts.how(
            view,
            place,
            "completeness",
            counted=f"{whole.completeness.count} von {whole.expected} erwarteten Meldungen.",
            chosen=came,
            meldung="eingegangen",
        ),
    ]
    return section("Rücklauf", told, name="ruecklauf")


def narrowed(view: View, place: Field | Goal, total: int) -> list[Component]:
    """Return that only a selection is shown, where a filter is set; `total` are all measures."""
    if not view.state.count:
        return []
    told = sentences_fields.selected(len(place.measures), total)
    return [html.P(told, className="reading")]


def counts_of(place: Field | Goal) -> int:
    """Return how many measures of a place could be reported."""
    total: int = place.figures["distribution"]["total"]
    return total


def _troubled(view: View, place: Field | Goal, course: Course) -> Component:
    word, figures = view.words.course[course.value], place.figures
    sentence = sentences.troubled(
        figures["distribution"]["courses"][course.value],
        figures["newly_troubled"][course.value] if view.since else None,
        word=word.label,
        since=view.since or "",
    )
    found = [item for item in _asked(place) if _course(item) == course.value]
    return noticed(word.icon, course.value, sentence, [_codes(view, found)])


def _as_of(view: View) -> date:
    return date.fromisoformat(view.overview["round"]["as_of"])


def _planned(told: Json) -> date | None:
    on = told["next_step_on"]
    return date.fromisoformat(on) if on else None


def _codes(view: View, measures: Iterable[Json]) -> Component:
    codes = [item["code"] for item in measures]
    return html.Span(code_links(codes, view.publication.period), className="codes")


def _asked(place: Field | Goal) -> Sequence[Json]:
    return [item for item in place.measures if item["reportable"]]


def _course(item: Json) -> str | None:
    course: str | None = item["value"]["course"] if item["value"] else None
    return course


def _has_come(item: Json) -> bool:
    expected = item["expected"]
    if expected is None or expected["state"] == "waived":
        return False
    return expected["first_submitted_on"] is not None
