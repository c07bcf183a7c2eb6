"""The settings: an overview, a page for each group, values taken back, pictures of before."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.core.configured import configured
from tracker.core.db import transaction
from tracker.core.errors import Invalid, NotFound
from tracker.core.german import day as written_day
from tracker.core.german import listed
from tracker.core.permissions import Role
from tracker.core.settings import (
    FIELDS,
    VARIABLES,
    SettingGroup,
    Settings,
    explained,
    is_set,
    read,
    written,
)
from tracker.instance.actions import settings as actions
from tracker.instance.queries.setting_list import SetValue, history
from tracker.instance.rules.setting_values import (
    MAX_LOGO_BYTES,
    TEXTS,
    ValueState,
    is_long,
    names_of,
    problems,
    to_review,
)
from tracker.instance.web.forms import GroupForm, form_of
from tracker.instance.web.previews import preview_of
from tracker.instance.words import SETTING_GROUP, SETTING_NAME, readable
from tracker.reporting.words import districts_of
from tracker.web import problems as on_form
from tracker.web.access import actor, requires
from tracker.web.limits import takes
from tracker.web.runtime import now, runtime, session, settings, today

blueprint = Blueprint("settings", __name__, template_folder="templates")

PREVIEW = "vorschau"
# What the overview shows in one table.
_SECTIONS = (
    *(
        (SETTING_GROUP[group], (group,))
        for group in SettingGroup
        if group not in TEXTS and group is not SettingGroup.LOGO
    ),
    ("Rechtliche Texte", tuple(group for group in SettingGroup if group in TEXTS)),
    (SETTING_GROUP[SettingGroup.LOGO], (SettingGroup.LOGO,)),
)


@blueprint.get("/einstellungen/")
@requires(Role.COORDINATION)
def overview() -> ResponseReturnValue:
    in_force, base = settings(), runtime().settings
    values = {name: getattr(in_force, name) for name in FIELDS}
    rows = explained(base, in_force)
    return render_template(
        "settings/overview.html",
        sections=_SECTIONS,
        names_of=names_of,
        values=values,
        readable=readable,
        written=written,
        origins=_origins(base, _history(tuple(SETTING_NAME))),
        planned=_planned(_history(tuple(SETTING_NAME))),
        to_review=to_review(values, today=today()),
        review_at={name: FIELDS[name].metadata["group"].value for name in SETTING_NAME},
        operator=[row for row in rows if row["variable"].lower() not in SETTING_NAME],
    )


@blueprint.get("/einstellungen/<key>")
@requires(Role.COORDINATION)
def group(key: str) -> ResponseReturnValue:
    group = _group(key)
    form = form_of(group, shown=settings(), day=today(), posted=False)
    return _page(group, form, shown=settings())


@blueprint.post("/einstellungen/<key>")
@requires(Role.COORDINATION)
@takes(file=MAX_LOGO_BYTES)
def save(key: str) -> ResponseReturnValue:
    """Show what was typed where it will stand, or let it hold from the day."""
    group = _group(key)
    form = form_of(group, shown=settings(), day=today(), posted=True)
    valid = form.validate()
    try:
        values = form.values()
        wrong = problems(values)
        if wrong:
            raise Invalid("Bitte prüfen Sie Ihre Angaben.", problems=wrong)
        if not valid:
            return _page(group, form, shown=settings(), status=on_form.HTTP_INVALID)
        valid_from = on_form.require_value(form.valid_from.data)
        values = _touched(values)
        if request.form.get("schritt") == PREVIEW:
            return _page(group, form, shown=_with(values, valid_from), is_preview=True)
        with transaction(session()):
            changed = actions.set_values(
                session(),
                values=values,
                valid_from=valid_from,
                base=runtime().settings,
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _page(group, form, shown=settings(), status=on_form.show(form, refusal))
    _tell(changed, valid_from)
    return redirect(url_for("settings.group", key=group.value), 303)


@blueprint.post("/einstellungen/wert/<int:value_id>/zuruecknehmen")
@requires(Role.COORDINATION)
def take_back(value_id: int) -> ResponseReturnValue:
    with transaction(session()):
        name, begin = actions.take_back(
            session(), value_id=value_id, today=today(), by=actor(), now=now()
        )
    flash(
        f"Zurückgenommen: {SETTING_NAME[name]}, was ab {written_day(begin)} gelten sollte.",
        "success",
    )
    return redirect(url_for("settings.group", key=FIELDS[name].metadata["group"].value), 303)


@blueprint.get("/einstellungen/bild/<int:value_id>")
@requires(Role.COORDINATION)
def picture(value_id: int) -> ResponseReturnValue:
    """Give a logo of the history or one that is planned."""
    for entry in _history(("logo",)):
        if entry.id == value_id and entry.value:
            return Response(b64decode(entry.value), mimetype="image/png")
    raise NotFound("Dieses Bild gibt es nicht.")


def _group(key: str) -> SettingGroup:
    try:
        return SettingGroup(key)
    except ValueError:
        raise NotFound("Diese Einstellungen gibt es nicht.") from None


def _history(names: tuple[str, ...]) -> tuple[SetValue, ...]:
    return history(session(), names=names, base=runtime().settings, today=today())


def _planned(entries: tuple[SetValue, ...]) -> list[SetValue]:
    planned = [entry for entry in entries if entry.state is ValueState.PLANNED]
    return sorted(planned, key=lambda entry: (entry.valid_from or date.min, entry.name))


def _origins(base: Settings, entries: tuple[SetValue, ...]) -> dict[str, str]:
    """Return where today's value of each setting comes from."""
    origins = {
        name: f"Umgebung ({name.upper()})" if name in _set_outside(base) else "Vorgabe"
        for name in SETTING_NAME
    }
    for entry in entries:
        if entry.state is ValueState.IN_FORCE:
            begin = entry.valid_from
            origins[entry.name] = f"seit {written_day(begin)}" if begin else "von Anfang an"
    return origins


def _set_outside(base: Settings) -> set[str]:
    """Return the settings that the environment sets."""
    return {name for name in VARIABLES if is_set(base, name)}


def _touched(values: Mapping[str, str]) -> dict[str, str]:
    """Return what differs from what the form showed: the rest nobody wanted from that day on."""
    shown = settings()
    written = {name: text.replace("\r\n", "\n").strip() for name, text in values.items()}
    return {
        name: text for name, text in written.items() if read(name, text) != getattr(shown, name)
    }


def _with(values: Mapping[str, str], day: date) -> Settings:
    then = configured(session().connection(), runtime().settings, day=day)
    return replace(then, **{name: read(name, text) for name, text in values.items()})


def _tell(changed: tuple[str, ...], valid_from: date) -> None:
    if not changed:
        flash(
            "Geändert wurde nichts: Diese Werte gelten schon. Was für später geplant ist, nehmen "
            "Sie in der Geschichte zurück.",
            "info",
        )
        return
    what = listed([f"„{SETTING_NAME[name]}“" for name in changed])
    if valid_from > today():
        flash(f"Geplant ab {written_day(valid_from)}: {what}.", "success")
    else:
        flash(f"Gespeichert, gültig ab {written_day(valid_from)}: {what}.", "success")


def _page(
    group: SettingGroup,
    form: GroupForm,
    *,
    shown: Settings,
    is_preview: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    entries = _history(names_of(group))
    page = render_template(
        "settings/group.html",
        group=group,
        form=form,
        shown=shown,
        districts=listed([*districts_of(shown).in_force.values()]),
        preview=preview_of(group, shown, today=today()),
        is_preview=is_preview,
        origins=_origins(runtime().settings, entries),
        names=names_of(group),
        variables=[
            name.upper() for name in names_of(group) if name in _set_outside(runtime().settings)
        ],
        planned=_planned(entries),
        history=entries,
        readable=readable,
        is_long=is_long,
        written=written,
    )
    return page, status
