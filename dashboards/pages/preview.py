"""Vorschau: the Überblick of the running round as a publication would show it now, for the KI only.

It is computed for this one answer from the present facts (`publication.queries.preview`):
nothing is written, nothing kept, and everything says that it is not published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.components.basic import Child, aria, code_links, notice
from dashboards.components.rounds import demonstration
from dashboards.pages import overview
from dashboards.pages.view import Page, view_of
from dashboards.paths import PREFIX, address, report
from dashboards.selection import Selection
from dashboards.snapshot_reader import SnapshotReader, internal, mounted
from tracker.concept.web.current import in_concept
from tracker.core.german import day, shortened
from tracker.core.periods import Period
from tracker.publication.queries import published
from tracker.publication.queries.preview import Preview, preview, running
from tracker.publication.queries.published import Publication
from tracker.publication.reading import sentences
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import Document, MetaPart
from tracker.publication.rules.snapshot_parts import META, PartKind, PartT, split

PATH = "vorschau"
TITLE = "Vorschau, nicht veröffentlicht"
_ECHO_LIMIT = 40
# No row of the database has it.
_NO_SNAPSHOT = 0


@dataclass(frozen=True)
class PreviewReader(SnapshotReader):
    """The earlier published rounds with the previewed one in front of them."""

    previewed: Publication
    document: Document
    parts_of: Mapping[str, Any]

    def meta(self, publication: Publication) -> MetaPart:
        return self.part(publication, META)

    def part(self, publication: Publication, kind: PartKind[PartT]) -> PartT:
        if publication == self.previewed:
            return cast("PartT", self.parts_of[kind])
        return super().part(publication, kind)

    def parts(self, publications: Sequence[Publication], kind: PartKind[PartT]) -> list[PartT]:
        """Return a part of several rounds, in their order; one statement at most."""
        others = [known for known in publications if known != self.previewed]
        payloads = dict(zip(others, super().parts(others, kind), strict=True))
        if self.previewed in publications:
            payloads[self.previewed] = self.parts_of[kind]
        return [payloads[publication] for publication in publications]

    def corrected(self, shown: Publication) -> tuple[Document, Document] | None:
        before = self.version(shown.period, shown.version - 1)
        if before is None:
            return None
        return published.read(published.document_text(self.session, before)), self.document

    def words(self, publication: Publication) -> Words:
        return Words.of(self.meta(publication)["definitions"])


def with_preview(reader: SnapshotReader, preview: Preview, *, now: datetime) -> PreviewReader:
    """Return the reader as it would be if the round were published at `now`."""
    round_ = preview.document["round"]
    previewed = Publication(
        snapshot_id=_NO_SNAPSHOT,
        concept_id=preview.concept_id,
        round_id=_NO_SNAPSHOT,
        period=preview.period,
        version=round_["version"],
        sha256="",
        reason=round_["reason"],
        published_at=now,
    )
    before = [
        one
        for one in reader.versions
        if one.as_of < previewed.as_of or one.period == previewed.period
    ]
    return PreviewReader(
        session=reader.session,
        versions=(previewed, *before),
        previewed=previewed,
        document=preview.document,
        parts_of={part.kind: part.payload for part in split(preview.document) if not part.key},
    )


def layout(runde: object = None, **_others: Any) -> list[Component] | Component:
    """Return the preview of a running round, or why there is none. Refuses everybody but the KI."""
    internal()
    home = mounted()
    session, concept_id, now = home.session(), home.concept(), home.now()
    periods = running(session, concept_id=concept_id) if concept_id else ()
    if not periods:
        return _nothing_runs()
    period = runde or periods[0]
    # Only a period that runs is looked for: an address may hold anything.
    found = (
        preview(
            session,
            concept_id=concept_id,
            period=str(period),
            instance=home.instance(),
            now=now,
        )
        if concept_id and period in periods
        else None
    )
    if found is None:
        return _unknown(str(runde), periods)
    reader = with_preview(home.reader(), found, now=now)
    view = view_of(reader, reader.previewed, state=Selection(), path=PATH, place={})
    content = [_unlinked(item) for item in overview.content(view)]
    return html.Div(
        [
            html.Div(
                [
                    html.H1(f"{TITLE}: Überblick {found.document['round']['long_label']}"),
                    *demonstration(found.document["demonstration"]),
                ],
                className="page-head",
            ),
            _banner(found, periods, today=found.document["round"]["published_on"]),
            *content,
            html.P(f"{TITLE}.", className="preview-foot", **aria(hidden="true")),
        ],
        className="preview",
    )


def _banner(found: Preview, periods: Sequence[str], *, today: str) -> Component:
    round_ = found.document["round"]
    told: list[Child] = [
        html.P(html.Strong("Vorschau – nicht veröffentlicht. Nur für die koordinierende Stelle.")),
        html.P(sentences.preview(round_["label"], day(today), found.state)),
        html.P(
            [
                sentences.waiting(len(found.waiting)),
                *([" Maßnahmen: ", *code_links(found.waiting, None), "."] if found.waiting else []),
            ]
        ),
        html.P(
            "Die Nummern der Maßnahmen führen zu ihrem zuletzt veröffentlichten Stand. Diese Seite "
            "wird bei jedem Aufruf neu berechnet und nirgends gespeichert. Bitte geben Sie sie "
            "nicht weiter."
        ),
        html.P(
            html.A(
                f"Zur Runde {round_['label']}",
                href=in_concept(f"/runden/{found.period}"),
                className="link",
            ),
            className="no-print",
        ),
    ]
    others = [item for item in periods if item != found.period]
    if others:
        links: list[Child] = ["Es läuft auch: "]
        for item in others:
            href = address(f"{PATH}?runde={item}")
            links += [
                html.A(f"Vorschau {Period.parse(item).label}", href=href, className="link"),
                " ",
            ]
        told.append(html.P(links, className="no-print"))
    return html.Div(told, className="preview-mark", role="note", **aria(label="Vorschau"))


def _unlinked(item: Any) -> Any:
    """Return the content without ways to what is not published yet.

    A measure's number leads to its last published state; lists, tables and reports of the round
    do not exist, so their words stay without a link.
    """
    if isinstance(item, list | tuple):
        return [_unlinked(child) for child in item]
    if not isinstance(item, Component):
        return item
    # Dash makes the classes of components at run time: their properties have no types.
    made: Any = item
    href = getattr(made, "href", None)
    if isinstance(href, str) and href.startswith(address("tabellen/")):
        return None
    if isinstance(href, str) and href.startswith(report()):
        return html.Span([made.children, " (erst nach der Veröffentlichung)"], className="muted")
    if isinstance(href, str) and href.startswith(address("massnahme/")):
        made.href = href.partition("?")[0]
    elif isinstance(href, str) and href.startswith(PREFIX):
        return html.Span(_unlinked(made.children), className="unlinked")
    if isinstance(item, dcc.Graph):
        made.figure = _without_ways(made.figure)
    elif getattr(made, "children", None) is not None:
        made.children = _unlinked(made.children)
    return made


def _without_ways(figure: Any) -> Any:
    """Return a chart whose parts lead nowhere: their addresses are in customdata."""
    if isinstance(figure, dict):
        return {key: _without_ways(value) for key, value in figure.items()}
    if isinstance(figure, list | tuple):
        return [_without_ways(value) for value in figure]
    return None if isinstance(figure, str) and figure.startswith(PREFIX) else figure


def _nothing_runs() -> Component:
    return notice(
        "Zurzeit läuft keine Runde",
        [
            html.P(
                "Eine Vorschau gibt es, solange eine Runde offen oder geschlossen und noch nicht "
                "veröffentlicht ist. Eröffnen Sie eine Runde, oder lesen Sie den Überblick der "
                "zuletzt veröffentlichten."
            ),
            html.P([html.A("Zu den Runden", href=in_concept("/runden/"), className="link")]),
            html.P([html.A("Zum Überblick", href=address(), className="link")]),
        ],
    )


def _unknown(asked: str, periods: Sequence[str]) -> Component:
    links = [
        html.Li(html.A(item, href=address(f"{PATH}?runde={item}"), className="link"))
        for item in periods
    ]
    return notice(
        "Zu dieser Runde gibt es keine Vorschau",
        [
            html.P(
                f"Die Angabe „{shortened(asked, _ECHO_LIMIT)}“ in der Adresse nennt keine laufende "
                "Runde. Bitte wählen Sie eine aus der Liste."
            ),
            html.Ul(links, className="plain"),
        ],
    )


PAGE = Page(
    path=PATH, title=TITLE, content=overview.content, charts=True, internal=True, own=layout
)
