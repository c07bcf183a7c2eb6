"""What pages of a published round share: reading the address, head, filters, ways on.

A page is a `Page`: its address, its title, and functions from a `View` to content and tables. The
layout that Dash calls reads the address, finds the rounds it names, and asks the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from dash import html
from dash.development.base_component import Component

from dashboards.components import filters
from dashboards.components.basic import aria, section
from dashboards.components.rounds import demonstration, publication
from dashboards.components.table import table
from dashboards.pages import messages
from dashboards.paths import address
from dashboards.selection import DONOR, Selection, selected
from dashboards.snapshot_reader import SnapshotReader, internal, mounted
from tracker.publication.queries.published import Publication
from tracker.publication.reading import comparison, correction
from tracker.publication.reading.overview import Attention, attention
from tracker.publication.reading.sentences import CHOSEN, WHOLE, corrected_since, found
from tracker.publication.reading.table import Table, written_cells
from tracker.publication.reading.words import Words, naming
from tracker.publication.rules.document import (
    DistributionRecord,
    MetaPart,
    OverviewMeasure,
    OverviewPart,
    RoundFiguresRecord,
)
from tracker.publication.rules.snapshot_views import compared_with

Layout = list[Component] | Component


@dataclass(frozen=True)
class View:
    """One published round as a page shows it.

    `measures` are all measures of the round compared with `earlier` (chosen by the address, else
    the one that the record names), `chosen` those that the address selects; `since` is the label of
    the round compared with, e.g. "Q2/2026", None: there is none, and `meta` and `words` name it;
    `place` are the parts of the path, e.g. {"nummer": "3"}.
    """

    reader: SnapshotReader
    publication: Publication
    earlier: Publication | None
    since: str | None
    state: Selection
    overview: OverviewPart
    meta: MetaPart
    words: Words
    measures: tuple[OverviewMeasure, ...]
    chosen: tuple[OverviewMeasure, ...]
    path: str
    place: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return how addresses name the round."""
        return self.reader.name(self.publication)

    @property
    def label(self) -> str:
        """Return the label of the round, e.g. "Q3/2026", with the version where there are more."""
        return self.reader.label(self.publication)

    @property
    def long_label(self) -> str:
        """Return the same in full, as headings say it: "3. Quartal 2026, Fassung 2"."""
        # "2." stays with its "Quartal".
        return self.reader.label(self.publication, long=True).replace(". ", ".\N{NO-BREAK SPACE}")

    @property
    def later(self) -> bool:
        """Return whether the round compared with is the later one, in time or as a version."""
        here, there = self.publication, self.earlier
        if there is None:
            return False
        if there.period == here.period:
            return there.version > here.version
        return there.as_of > here.as_of

    @property
    def among(self) -> str:
        """Return of what the measures shown are all: of the concept or of a selection."""
        return CHOSEN if self.state.count else WHOLE

    def found(self, counts: DistributionRecord) -> str:
        """Return how many measures the address leaves; `counts` is their distribution."""
        reportable = sum(item["reportable"] for item in self.measures)
        return found(len(self.chosen), len(self.measures), counts, reportable=reportable)

    def attention(
        self, measures: Sequence[OverviewMeasure], figures: RoundFiguresRecord, *, among: str
    ) -> tuple[Attention, ...]:
        """Return what needs attention among measures of the round, compared as the page is."""
        return attention(
            measures, figures, self.words, since=self.since, later=self.later, among=among
        )

    def href(self, path: str, state: Selection | None = None) -> str:
        """Return the address of a page below /dashboards/ in this or another state."""
        return f"{address(path)}{(state or self.state.without()).query()}"


@dataclass(frozen=True)
class Page:
    """A page of the dashboards; `path` may hold `<name>` parts, `nav` is its entry's label.

    `tables` are what can be downloaded as CSV, by key; `facets` the filters that make sense here;
    `knows` says whether the round has what the parts of the path name; `trail` is the breadcrumb;
    `charts` says that it draws with plotly, `any_round` that it compares with later rounds too,
    `compares` that the round compared with changes what it says, `internal` that only the KI may
    read it (`snapshot_reader.internal`); `within` is the path of the page under which the
    navigation shows it; `own` is the layout of a page that shows no published round.
    """

    path: str
    title: str
    content: Callable[[View], list[Component]]
    nav: str = ""
    tables: Callable[[View], Mapping[str, Table]] = lambda _view: {}
    facets: tuple[str, ...] = ()
    heading: Callable[[View], str] | None = None
    knows: Callable[[View], bool] = lambda _view: True
    trail: Callable[[View], list[Component]] = lambda _view: []
    charts: bool = False
    any_round: bool = False
    internal: bool = False
    compares: bool = True
    within: str = ""
    own: Callable[..., Layout] | None = None


def is_on(page: Page) -> bool:
    """Return whether the area of a page is on; those of the dashboards themselves always are."""
    return mounted().is_on(page.content.__module__)


def layout(page: Page, pages: Sequence[Page]) -> Callable[..., Layout]:
    """Return the layout of a page: Dash calls it with the parts of the path and the query."""
    if page.own is not None:
        return page.own

    def build(**given: Any) -> Layout:
        if not is_on(page):
            return messages.unknown_page()
        found = read(page, given)
        return found if not isinstance(found, View) else framed(page, found, pages)

    return build


def read(page: Page, given: Mapping[str, Any]) -> View | Component:
    """Return the round and state an address names, or the page that says why there is none.

    Everything a page shows begins here: its content, its tables, whether it exists. Refuses what
    is internal to everybody but the KI.
    """
    if page.internal:
        internal()
    # Flask hands over the parts of a path decoded, Dash as the browser has them.
    place = {key: unquote(str(given[key])) for key in _names(page.path) if key in given}
    path = page.path
    for key, value in place.items():
        path = path.replace(f"<{key}>", quote(value, safe=""))
    state = Selection.read(given)
    reader = mounted().reader()
    if not reader.publications:
        return messages.nothing_published()
    for asked in (given.get("runde"), given.get("vergleich")):
        # An empty value is the form's "as usual"; a list or unknown key is nobody's round.
        if asked and (not isinstance(asked, str) or reader.find(asked) is None):
            return messages.unknown_round(str(asked), reader.publications, address(path))
    shown = reader.find(state.round) or reader.publications[0]
    return view_of(reader, shown, state=state, path=path, place=place)


def view_of(
    reader: SnapshotReader,
    shown: Publication,
    *,
    state: Selection,
    path: str,
    place: Mapping[str, str],
) -> View:
    if state.chosen(DONOR):
        reader = reader.naming_donors()
    overview = reader.overview(shown)
    measures = overview["measures"]
    earlier = reader.compared(state.compared, shown) if state.compared else reader.previous(shown)
    since = reader.since(overview["previous"])
    if state.compared and earlier is not None:
        measures = compared_with(measures, reader.overview(earlier)["measures"])
        since = reader.label(earlier)
    meta = reader.meta(shown)
    meta = {**meta, "definitions": naming(meta["definitions"], since)}
    return View(
        reader=reader,
        publication=shown,
        earlier=earlier,
        since=since,
        state=state,
        overview=overview,
        meta=meta,
        words=Words.of(meta["definitions"]),
        measures=tuple(measures),
        chosen=tuple(selected(measures, state)),
        path=path,
        place=place,
    )


def framed(page: Page, view: View, pages: Sequence[Page]) -> list[Component]:
    """Return the whole page: the other pages, head, filters, content."""
    round_ = view.overview["round"]
    title = page.heading(view) if page.heading else f"{page.title}: {view.long_label}"
    return [
        _others(page, view, pages),
        *page.trail(view),
        html.Div(
            [
                html.H1(title),
                *publication(
                    round_,
                    view.since if page.compares else None,
                    what_changed=f"{view.href('', Selection(round=view.name))}#{correction.KEY}",
                ),
                *(_compared_otherwise(page, view) if page.compares else ()),
                *demonstration(view.overview["demonstration"]),
            ],
            className="page-head",
        ),
        filters.form(
            action=address(view.path),
            state=view.state,
            rounds=_rounds(view),
            others=_others_to_compare(view, any_round=page.any_round),
            facets={name: filters.options(name, view.overview, view.meta) for name in page.facets},
            known={
                name: filters.options(name, view.overview, view.meta) for name in view.state.facets
            },
            compares=page.compares,
        ),
        *page.content(view),
    ]


def _rounds(view: View) -> filters.Offered:
    """Return the rounds that can be shown by their names, and the one that is."""
    shown = [*view.reader.publications]
    if view.publication not in shown:
        shown.insert(0, view.publication)
    return {view.reader.name(one): view.reader.label(one) for one in shown}, view.name


def _others_to_compare(view: View, *, any_round: bool) -> filters.Offered:
    """Return what the round can be compared with, "" for what its record names, and the choice.

    That are the rounds before it and its own other versions, of any round all, and what is chosen.
    """
    reader, shown = view.reader, view.publication
    usual = reader.previous(shown)
    since = reader.since(view.overview["previous"])
    offered = {"": "keine" if since is None else f"die Runde davor ({since})"} | {
        reader.name_compared(one, shown): reader.label(one)
        for one in reader.versions
        if one not in (shown, usual)
        and (
            any_round
            or one == view.earlier
            or one.as_of < shown.as_of
            or one.period == shown.period
        )
    }
    chosen = "" if view.earlier in (None, usual) else reader.name_compared(view.earlier, shown)
    return offered, chosen


def _compared_otherwise(page: Page, view: View) -> list[Component]:
    """Say what is unusual about the round compared with: it is later, or corrected since."""
    if view.later and view.since:
        # A page that compares any rounds says so itself.
        if page.any_round:
            return []
        told = comparison.backwards(view.label, view.since)
        return [html.P(told, className="facts")]
    if view.state.compared or view.earlier is None:
        return []
    now = view.reader.find(view.earlier.period)
    if now is None or now == view.earlier:
        return []
    label, name = view.reader.label(now), view.reader.name_compared(now, view.publication)
    return [
        html.P(
            [
                corrected_since(view.earlier.label, view.earlier.version),
                " ",
                html.A(
                    f"Mit {label} vergleichen",
                    href=view.href(view.path, replace(view.state, compared=name)),
                    className="link",
                ),
            ],
            className="facts",
        )
    ]


def what_changed(view: View) -> list[Component]:
    """Return what this version of the round changed; nothing for the first one."""
    versions = view.reader.corrected(view.publication)
    if versions is None:
        return []
    made = correction.changes(*versions)
    heads = [column.name for column in made.columns]
    listed = table(made.title, heads, written_cells(made))
    return [section(made.title, [html.P(made.sentence), listed], name=correction.KEY)]


def _others(page: Page, view: View, pages: Sequence[Page]) -> Component:
    """Return the way to the other pages; the round stays chosen, filters do not."""
    entries = []
    for other in pages:
        if other.nav and is_on(other):
            here: dict[str, Any] = {}
            if other.path == page.path:
                here = aria(current="page")
            elif other.path == page.within and page.within:
                here = aria(current="true")
            link = html.A(other.nav, href=view.href(other.path), className="link", **here)
            entries.append(html.Li(link))
    return html.Nav(html.Ul(entries), className="pages", **aria(label="Seiten zum Stand"))


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("<")]
