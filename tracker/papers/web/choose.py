"""Choosing a paper, checking it in a preview, and having it made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.concept.queries.concepts import concepts
from tracker.concept.queries.institution_list import names_of
from tracker.concept.web.current import concept_id_if_any, concept_key
from tracker.core.db import transaction
from tracker.core.errors import NotFound
from tracker.core.german import shortened
from tracker.core.permissions import Role
from tracker.core.text import alphabetical
from tracker.papers.actions import exports as actions
from tracker.papers.making.service import load, paper, with_office_template
from tracker.papers.queries.exports import template_in_use
from tracker.papers.rules.exporting import FORMATS, WHOLE, ExportKind
from tracker.papers.web import request_params
from tracker.papers.web.base import SLUGS, blueprint
from tracker.papers.web.blocks import WORDS
from tracker.papers.web.blocks import preview as preview_of
from tracker.papers.words import BUNDLE_CONTENTS, EXPORT_FORMAT, EXPORT_KIND, VORLAGE_KIND
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.rules.snapshot_parts import GOALS, OVERVIEW
from tracker.web.access import actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.limits import makes_paper
from tracker.web.runtime import now, session, today

_OPTION = 70
_WITH_TEMPLATE = (ExportKind.VORLAGE, ExportKind.BUNDLE)


@blueprint.get(f"{CONCEPT}/ausgaben/erstellen")
@requires(Role.COORDINATION)
def kinds() -> ResponseReturnValue:
    rounds = _rounds()
    return render_template(
        "papers/kinds.html",
        rounds=rounds,
        kinds=[(slug, EXPORT_KIND[kind]) for slug, kind in SLUGS.items()],
        template=template_in_use(session()),
    )


@blueprint.get(f"{CONCEPT}/ausgaben/erstellen/<slug>")
@requires(Role.COORDINATION)
def choose(slug: str) -> ResponseReturnValue:
    """Show what can be chosen for one paper; what was chosen before is chosen again."""
    kind = _kind(slug)
    rounds = _rounds()
    if not rounds:
        return redirect(url_for("papers.kinds"))
    given = request.args.copy()
    if not given.get("runde"):
        given["runde"] = f"{rounds[0].period}/{rounds[0].version}"
    chosen = request_params.read(kind, given, concept=concept_key())
    named = (one for one in rounds if one.period == chosen.period)
    shown = next((one for one in named if chosen.version in (None, one.version)), rounds[0])
    return render_template(
        "papers/choose.html",
        slug=slug,
        kind=kind,
        label=EXPORT_KIND[kind],
        chosen=replace(chosen, period=shown.period, version=shown.version),
        rounds=rounds,
        vorlage_kinds=VORLAGE_KIND,
        has_scope=kind in (ExportKind.REPORT, ExportKind.VORLAGE),
        **_offered(shown),
    )


@blueprint.get(f"{CONCEPT}/ausgaben/vorschau/<slug>")
@requires(Role.COORDINATION)
@makes_paper
def preview(slug: str) -> ResponseReturnValue:
    kind = _kind(slug)
    chosen = request_params.read(kind, request.args, concept=concept_key())
    loaded = load(session(), chosen)
    settled = loaded.request
    # What is whole or not at all is not offered for an extract.
    formats = [form for form in FORMATS[kind] if not (settled.is_extract and form in WHOLE)]
    return render_template(
        "papers/preview.html",
        slug=slug,
        label=EXPORT_KIND[kind],
        chosen=settled,
        described=request_params.described(
            settled, names_of(session(), day=today()), concepts(session())
        ),
        carried=request_params.carried(settled),
        formats=[(form, EXPORT_FORMAT[form]) for form in formats],
        paper=preview_of(paper(loaded)),
        **WORDS,
        contents=BUNDLE_CONTENTS if kind is ExportKind.BUNDLE else (),
        template=template_in_use(session()) if kind in _WITH_TEMPLATE else None,
    )


@blueprint.post(f"{CONCEPT}/ausgaben/erstellen/<slug>")
@requires(Role.COORDINATION)
def order(slug: str) -> ResponseReturnValue:
    """Have the paper made; its page shows how far it is."""
    chosen = request_params.read(_kind(slug), request.form, concept=concept_key())
    if request_params.TEMPLATE not in request.form:
        chosen = with_office_template(session(), chosen)
    with transaction(session()):
        order_id = actions.order(session(), request=chosen, by=actor(), now=now())
    return redirect(url_for("papers.order_page", order_id=order_id), 303)


def _kind(slug: str) -> ExportKind:
    if slug not in SLUGS:
        raise NotFound("Diese Ausgabe gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return SLUGS[slug]


def _rounds() -> tuple[Publication, ...]:
    """Return what is published of the concept."""
    here = concept_id_if_any()
    return published.versions(session(), concept_id=here) if here else ()


def _offered(shown: Publication) -> dict[str, Any]:
    meta = published.meta(session(), shown)
    overview = published.part(session(), shown, OVERVIEW)
    fields = published.part(session(), shown, GOALS)["fields"]
    leads = {measure["lead_key"] for measure in overview["measures"]}
    return {
        "fields": [(field["code"], field["name"]) for field in fields],
        "measures": [
            (measure["code"], f"{measure['code']} {shortened(measure['display_text'], _OPTION)}")
            for measure in overview["measures"]
        ],
        "institutions": [
            (institution["key"], institution["name"])
            for institution in sorted(
                meta["institutions"], key=lambda known: alphabetical(known["name"])
            )
            if institution["key"] in leads
        ],
        "shown": shown,
    }
