"""Papers that were ordered or made: how far they are, what came of them, the files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.concept.queries.concepts import ConceptName, concepts
from tracker.concept.queries.institution_list import names_of
from tracker.concept.web.current import about
from tracker.core.db import transaction
from tracker.core.errors import NotFound
from tracker.core.permissions import Role
from tracker.papers.actions import exports as actions
from tracker.papers.queries import exports as queries
from tracker.papers.queries.exports import OrderRow
from tracker.papers.rules.exporting import OrderEvent, OrderState, possible_events
from tracker.papers.web import request_params
from tracker.papers.web.base import SLUG_OF, blueprint, sent
from tracker.papers.words import EXPORT_FORMAT, EXPORT_KIND, ORDER_STATE
from tracker.publication.queries import published
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session, today

# The clock looks every few seconds; whoever waits longer should know where to look.
_WAITED_LONG = timedelta(seconds=30)

# What copying out of a paper may bring along; neither a checksum nor a file's name has any.
_BROUGHT_ALONG = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff]+")


@blueprint.get("/ausgaben/auftraege/")
@requires(Role.COORDINATION)
def orders() -> ResponseReturnValue:
    """List what was ordered and made, the newest first; ?suche= finds a hash or a file.

    The hash of a publication is found even where nothing was ordered of it.
    """
    searched = _BROUGHT_ALONG.sub("", request.args.get("suche", ""))
    rows = queries.orders(session(), text=searched, concepts=actor().concepts)
    names, known = names_of(session(), day=today()), concepts(session())
    return render_template(
        "papers/orders.html",
        rows=[_words(row, names, known) for row in rows],
        searched=searched,
        publications=[
            publication
            for publication in published.versions(session())
            if searched and publication.sha256.startswith(searched.lower())
        ],
    )


@blueprint.get("/ausgaben/auftraege/<int:order_id>")
@requires(Role.COORDINATION)
def order_page(order_id: int) -> ResponseReturnValue:
    """Show one order: how far it is, or its file with its hash."""
    row = queries.order(session(), order_id=order_id, concepts=actor().concepts)
    about(row.concept_id)
    known = concepts(session())
    return render_template(
        "papers/order.html",
        **_words(row, names_of(session(), day=today()), known),
        may=[event.value for event in possible_events(row.state)],
        command=request_params.command(row.request, known),
        carried=request_params.carried(row.request),
        slug=SLUG_OF[row.request.kind],
        waits_long=row.state is OrderState.WAITING and now() - row.ordered_at > _WAITED_LONG,
    )


@blueprint.get("/ausgaben/auftraege/<int:order_id>/stand")
@requires(Role.COORDINATION)
def order_state(order_id: int) -> ResponseReturnValue:
    """Say how far an order is, for the script on its page."""
    row = queries.order(session(), order_id=order_id, concepts=actor().concepts)
    response = jsonify(
        state=row.state,
        label=ORDER_STATE[row.state].text,
        done=row.steps_done,
        total=row.steps_total,
        step=row.step,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/ausgaben/auftraege/<int:order_id>/datei")
@requires(Role.COORDINATION)
def order_file(order_id: int) -> ResponseReturnValue:
    made = queries.made_file(session(), order_id=order_id, concepts=actor().concepts)
    return sent(made)


@blueprint.post("/ausgaben/auftraege/<int:order_id>/<step>")
@requires(Role.COORDINATION)
def change(order_id: int, step: str) -> ResponseReturnValue:
    """Stop an order, or have it tried again."""
    steps = {OrderEvent.CANCEL.value: actions.cancel, OrderEvent.REPEAT.value: actions.repeat}
    do = steps.get(step)
    if do is None:
        raise NotFound("Das gibt es bei einem Auftrag nicht. Bitte beginnen Sie auf seiner Seite.")
    with transaction(session()):
        do(session(), order_id=order_id, by=actor(), now=now())
    return redirect(url_for("papers.order_page", order_id=order_id), 303)


def _words(row: OrderRow, names: Mapping[str, str], known: Sequence[ConceptName]) -> dict[str, Any]:
    return {
        "row": row,
        "what": EXPORT_KIND[row.request.kind],
        "form": EXPORT_FORMAT[row.request.format].text,
        "described": request_params.described(row.request, names, known),
        "state": ORDER_STATE[row.state],
    }
