"""A measure's value: as a strip over the rounds, and where KI and institution disagree."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, Children, aria, lines, mark, pairs, standing, word
from dashboards.shelf import Past
from dashboards.theme import NO_REPORT
from tracker.publication.reading.words import Json, Words


def strip(past: Sequence[Past]) -> Component:
    """Return one cell per round, newest first: mark and word, tint, round."""
    told = "; ".join(f"{item.label}: {_in_words(item)}" for item in past)
    return html.Div(
        [_cell(item) for item in past],
        className="strip",
        role="img",
        **aria(label=f"Stand in jeder Runde. {told}"),
    )


def _in_words(item: Past) -> str:
    measure = item.payload["measure"]
    if measure["value"] is None and measure["carried"] is not None:
        return (
            f"{item.words.no_report.label}, zuletzt {item.words.value(measure['carried'])} "
            f"({measure['carried']['label']})"
        )
    return item.words.value(measure["value"])


def _cell(item: Past) -> Component:
    measure, words = item.payload["measure"], item.words
    value, carried = measure["value"], measure["carried"]
    known = value or carried
    tone = known["implementation"] if known else NO_REPORT
    shown = standing(words, value)
    origin: Children = ""
    if carried is not None and value is None:
        origin = [f"zuletzt {carried['label']}: ", *standing(words, carried)]
    return html.Div(
        [
            html.Div(shown, className="strip__marks"),
            html.Div(item.label, className="strip__round"),
            html.Div(origin, className="strip__origin"),
        ],
        className=f"strip__cell tint-{tone}{' strip__cell--carried' if carried else ''}",
    )


def change(measure: Json, words: Words, *, since: str) -> list[Child]:
    """Return what changed since an earlier round; silence in both is never called a standstill."""
    kind = measure["change"]
    if kind is None:
        return []
    if measure["value"] is None and measure["previous_value"] is None:
        return [mark(words.no_report.icon), " weiterhin keine Meldung"]
    return [word(words.change[kind], "plain"), f" gegenüber {since}"]


def disagreement(measure: Json, words: Words) -> list[Child]:
    """Return the self-report where the KI set another value, its reason, and the dissent."""
    told: list[Child] = []
    reviewed = measure["reviewed"]
    if reviewed is not None:
        told.append(
            pairs(
                [
                    ("Selbsteinschätzung der Institution", standing(words, measure["self_report"])),
                    ("Begründung des KI", lines(reviewed["reason"])),
                ],
                class_name="pairs pairs--aside",
            )
        )
    if measure["dissent"]:
        told.append(
            html.Div(
                [
                    html.Strong("Abweichende Stellungnahme der Institution: "),
                    *lines(measure["dissent"]),
                ],
                className="dissent",
            )
        )
    return told


def overdue() -> list[Child]:
    """Return the mark and word for a day that has passed; the triangle says "gefährdet"."""
    return [" ", html.Span([mark("clock"), "überfällig"], className="mark")]
