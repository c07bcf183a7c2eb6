"""Marks with their words, links, lists, notices, sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from dash import html
from dash.development.base_component import Component

from dashboards import sprite
from dashboards.paths import MARKS, address
from tracker.publication.reading.model_values import Mark
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import ValueRecord

Child = Component | str | int | None
Children = Sequence[Child] | Child


def aria(**attributes: str) -> dict[str, Any]:
    """Return an element's aria attributes by their names without the prefix."""
    return {f"aria-{name}": value for name, value in attributes.items()}


def mark(icon: str, tone: str = sprite.PLAIN) -> Component:
    """Return a mark; its word always stands beside it, so it has no text of its own."""
    source = f"{MARKS}?v={sprite.version()}#{sprite.name_of(icon, tone)}"
    return html.Img(src=source, alt="", className="mark__icon")


def word(item: Mark, tone: str | None = None) -> Component:
    return html.Span([mark(item.icon, tone or item.code), item.label], className="mark")


def standing(words: Words, value: ValueRecord | None) -> list[Child]:
    if value is None:
        return [word(words.no_report)]
    found: list[Child] = [word(words.implementation[value["implementation"]])]
    if value["course"] is not None:
        found += [" ", word(words.course[value["course"]])]
    return found


def measure_path(code: str, period: str | None = None) -> str:
    """Return the address of a measure's page; the round chosen stays chosen."""
    query = f"?{urlencode({'runde': period})}" if period else ""
    return f"{address('massnahme')}/{quote(code, safe='')}{query}"


def measure_link(code: str, period: str | None, *, text: str | None = None) -> Component:
    if text is None:
        return html.A(code, href=measure_path(code, period), className="link")
    shown: Children = [html.Span(code, className="code"), " ", text]
    return html.A(shown, href=measure_path(code, period), className="measure-link")


def dissent_mark(code: str, period: str | None) -> Component:
    """Return the word for an abweichende Stellungnahme with a mark, linked to its measure."""
    shown: Children = [html.Span("≠ ", **aria(hidden="true")), "abweichende Stellungnahme"]
    link = html.A(shown, href=f"{measure_path(code, period)}#jetzt", className="link mark")
    return html.Div(link, className="dissent-mark")


def code_links(codes: Iterable[str], period: str | None) -> list[Child]:
    found: list[Child] = []
    for code in codes:
        found += [", ", measure_link(code, period)] if found else [measure_link(code, period)]
    return found


def section(title: str, children: Sequence[Child], *, name: str, level: int = 2) -> Component:
    """Return a part of the page with its heading; `name` is unique on the page."""
    heading = html.H2 if level == 2 else html.H3
    return html.Section(
        [heading(title, id=f"{name}-titel"), *children],
        className=f"part part--{name}",
        id=name,
        **aria(labelledby=f"{name}-titel"),
    )


def pairs(entries: Iterable[tuple[str, Children]], *, class_name: str = "pairs") -> Component:
    """Return a list of terms and what they are; entries without content are left out."""
    rows: list[Any] = []
    for term, content in entries:
        if content not in (None, "", []):
            rows.append(html.Div([html.Dt(term), html.Dd(content)], className="pairs__row"))
    return html.Dl(rows, className=class_name)


def notice(title: str, children: Sequence[Child], *, level: int = 1) -> Component:
    """Return a message in the place of content: what is the matter and what to do."""
    heading = html.H1 if level == 1 else html.H2
    return html.Div([heading(title), *children], className="message")


def choices(values: Mapping[str, str], chosen: str) -> list[Component]:
    return [
        html.Option(text, value=value, selected="selected")
        if value == chosen
        else html.Option(text, value=value)
        for value, text in values.items()
    ]


def hidden(text: str) -> Component:
    return html.Span(text, className="visually-hidden")


def lines(text: str) -> list[Child]:
    return [html.Span(text, className="text", lang="de")] if text else []


def back_to_overview(period: str | None) -> Component:
    query = f"?{urlencode({'runde': period})}" if period else ""
    return html.A("Zum Überblick", href=f"{address()}{query}", className="link")
