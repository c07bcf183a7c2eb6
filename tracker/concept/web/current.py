"""Which concept a page is about: the address names it, and the links of the page follow."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from tracker.concept.queries.concepts import NO_CONCEPT, ConceptName, concepts
from tracker.core.errors import NotFound
from tracker.web.access import public, signed_in
from tracker.web.addresses import CONCEPT, of_concept
from tracker.web.csp import DASHBOARDS
from tracker.web.limits import takes
from tracker.web.runtime import reading, without_database

EXTENSION = "tracker_concepts"
_ASK_AGAIN_AFTER = 60.0
# No key: what stands in addresses as long as nothing was seeded.
_NOTHING_YET = "-"
_UNKNOWN = (
    "Ein Konzept „{key}“ gibt es hier nicht. Bitte prüfen Sie die Adresse, oder beginnen Sie auf "
    "der Startseite."
)


@dataclass
class Known:
    """The concepts by key, oldest first: keys and ids never change, new ones are rare."""

    concepts: Mapping[str, ConceptName] = field(default_factory=dict)
    asked_at: float = 0.0

    def ask(self) -> None:
        """Read them anew; without a database what was known still holds."""
        if without_database():
            return
        self.concepts = {known.key: known for known in concepts(reading())}
        self.asked_at = time.monotonic()


def concept_id() -> int:
    """Return the id of the concept that the address names, else of the first one to be seen.

    Raises NotFound where nothing was seeded, and for a concept that the account may not see.
    """
    chosen = _chosen()
    if chosen is None:
        raise NotFound(NO_CONCEPT)
    return chosen.id


def concept_id_if_any() -> int | None:
    """Return the same for a page that says itself that there is nothing yet."""
    chosen = _chosen()
    return None if chosen is None else chosen.id


def concept_key() -> str:
    """Return its key, "" where nothing was seeded."""
    chosen = _chosen()
    return "" if chosen is None else chosen.key


def link_key() -> str:
    """Return the key that the links of this page name: of a concept that there is."""
    chosen = _chosen() or next(iter(_visible().values()), None)
    return _NOTHING_YET if chosen is None else chosen.key


def in_concept(path: str, concept_id: int | None = None) -> str:
    """Return the address of a concept's page: of `/runden/` it is `/konzepte/<key>/runden/`.

    Without an id it is the concept of this page.
    """
    return of_concept(link_key() if concept_id is None else _with_id(concept_id).key, path)


def choose(key: str) -> None:
    """Answer as if the address named this concept; raises NotFound for one that is unknown."""
    g.concept_key = key
    g.pop("concept", None)
    if _chosen() is None and _known():
        raise NotFound(_UNKNOWN.format(key=key))


def about(concept_id: int) -> None:
    """Let a page whose address names no concept be about that of its round."""
    g.concept, g.concept_of_row = _with_id(concept_id), True


@dataclass(frozen=True)
class Choice:
    """A concept to choose, and the page like this one in it; "" for the page's own concept."""

    title: str
    path: str


def choices() -> tuple[Choice, ...]:
    """Return what the frame offers on a page of a concept; nothing while there is one concept.

    A page about a row names the row's concept alone, and so does one for who sees no other.
    """
    own = _chosen()
    if own is None or len(_known()) < 2 or not ("concept_key" in g or "concept_of_row" in g):
        return ()
    if "concept_of_row" in g or len(_visible()) < 2:
        return (Choice(own.title, ""),)
    page = _same_page()
    return tuple(
        Choice(known.title, "" if known == own else of_concept(known.key, page))
        for known in _visible().values()
    )


def _same_page() -> str:
    """Return the page itself where every concept has it, else the first one of its kind."""
    on_dashboards = request.path.startswith(DASHBOARDS)
    top = DASHBOARDS if on_dashboards else "/"
    page = request.path.removeprefix(of_concept(g.concept_key, top))
    if on_dashboards:
        return top if "/" in page else f"{top}{page}"
    return f"/{page.partition('/')[0]}/" if request.view_args else f"/{page}"


def _memory() -> Known:
    return cast("Known", current_app.extensions[EXTENSION])


def _known() -> Mapping[str, ConceptName]:
    memory = _memory()
    if not memory.concepts or time.monotonic() - memory.asked_at > _ASK_AGAIN_AFTER:
        memory.ask()
    return memory.concepts


def _visible() -> Mapping[str, ConceptName]:
    """Return the concepts that who asks may see."""
    user = signed_in()
    if user is None or user.actor.concepts is None:
        return _known()
    return {key: known for key, known in _known().items() if user.actor.may_see(known.id)}


def _chosen() -> ConceptName | None:
    if "concept" not in g:
        key = g.get("concept_key")
        if key is not None and key not in _known():
            _memory().ask()
        g.concept = _visible().get(key) if key else next(iter(_visible().values()), None)
    return cast("ConceptName | None", g.concept)


def _with_id(concept_id: int) -> ConceptName:
    by_id = {known.id: known for known in _known().values()}
    if concept_id not in by_id:
        _memory().ask()
        by_id = {known.id: known for known in _known().values()}
    return by_id[concept_id]


def _take_out(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "concept" in values:
        g.concept_key = values.pop("concept")


def _require() -> None:
    """Before a view, behind the guards: the concept that the address names has to exist."""
    if "concept_key" in g:
        choose(g.concept_key)


def _fill_in(endpoint: str, values: dict[str, Any]) -> None:
    if "concept" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "concept"):
        values["concept"] = link_key()


@public
@takes()
def moved(**_values: str) -> ResponseReturnValue:
    """Lead an address of before the concepts on, with its query and what was sent to it."""
    query = request.query_string.decode()
    first = next(iter(_visible()), _NOTHING_YET)
    address = of_concept(first, quote(request.path))
    # A browser keeps what has moved for ever; where it leads an account that sees only some
    # concepts may change.
    code = 308 if first == next(iter(_known()), _NOTHING_YET) else 307
    return redirect(f"{address}?{query}" if query else address, code)


def init_app(app: Flask) -> None:
    """Read the concept out of addresses, put it into links, and lead old addresses on.

    Called once all views are registered.
    """
    app.extensions[EXTENSION] = Known()
    app.url_value_preprocessor(_take_out)
    app.before_request(_require)
    app.url_defaults(_fill_in)
    app.jinja_env.globals.update(in_concept=in_concept, concept_choices=choices)
    for rule in [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(CONCEPT)]:
        old = rule.rule.removeprefix(CONCEPT)
        app.add_url_rule(old, "moved", moved, methods=rule.methods)
