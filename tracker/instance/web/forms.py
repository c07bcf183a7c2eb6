"""The form of a group of settings: one field for each, and the day from which they hold."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from tracker.core.settings import SettingGroup, Settings, written
from tracker.core.switching import AREAS
from tracker.instance.rules.setting_values import (
    MAX_LOGO_BYTES,
    is_long,
    logo_text,
    may_be_empty,
    names_of,
)
from tracker.instance.words import SETTING_CHOICE, SETTING_HINT, SETTING_NAME
from tracker.web.days import DayField
from tracker.web.forms import Form, choice

_NO_DAY = "Bitte geben Sie an, ab wann das gilt."


class GroupForm(Form):
    """What every group asks; `form_of` adds the fields of its settings."""

    group: SettingGroup
    valid_from = DayField(
        "Gilt ab",
        [InputRequired(_NO_DAY)],
        description="Heute, ein kommender oder ein vergangener Tag. Veröffentlichte Runden "
        "behalten, was sie gezeigt haben.",
    )

    def values(self) -> dict[str, str]:
        """Return what was typed, written as in an environment variable."""
        return {
            name: written(self[name].data) if self[name].data is not None else ""
            for name in names_of(self.group)
        }

    @property
    def setting_fields(self) -> list[Field]:
        return [field for field in self if field.name != "valid_from"]


class LogoForm(GroupForm):
    """The picture is sent as a file; nothing chosen is a thing to mend, unless it shall go."""

    group = SettingGroup.LOGO
    logo = FileField(
        "Logo",
        [Optional()],
        description=f"Ein PNG-Bild, höchstens {MAX_LOGO_BYTES // 1000} kB. Es wird bis 48 Punkte "
        "hoch gezeigt.",
        render_kw={"accept": "image/png"},
    )
    remove = BooleanField("Kein Logo zeigen")

    def values(self) -> dict[str, str]:
        """Return the picture as the setting keeps it; raises Invalid for what is none."""
        if self.remove.data:
            return {"logo": ""}
        sent = self.logo.data
        return {"logo": logo_text(sent.stream.read(MAX_LOGO_BYTES + 1) if sent else b"")}


def form_of(group: SettingGroup, *, shown: Settings, day: date, posted: bool) -> GroupForm:
    """Return the form of a group, filled with what was sent or with the settings shown."""
    if group is SettingGroup.LOGO:
        form_class: type[GroupForm] = LogoForm
        data: dict[str, Any] = {}
    else:
        fields = {name: _field(name) for name in names_of(group)}
        form_class = type("SettingsForm", (GroupForm,), {"group": group, **fields})
        data = {name: _data(name, getattr(shown, name)) for name in fields}
    if posted:
        return form_class()
    return form_class(formdata=None, data={**data, "valid_from": day})


def _data(name: str, value: Any) -> Any:
    if name == "areas_off":
        return value.split(",") if value else []
    return value if value is None or isinstance(value, date) else written(value)


class _Needed:
    """Marks a field that cannot stay empty; what is wrong with it the rule says."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Refuse nothing."""


def _field(name: str) -> Any:
    label, hint = SETTING_NAME[name], SETTING_HINT.get(name, "")
    needed = [] if may_be_empty(name) else [_Needed()]
    if name == "areas_off":
        areas = [choice(area.key, area.title) for area in AREAS.values()]
        said = " ".join(f"{area.title}: {area.purpose}" for area in AREAS.values())
        return SelectMultipleField(label, description=said, choices=areas)
    if name in SETTING_CHOICE:
        choices = [choice(value, text) for value, text in SETTING_CHOICE[name].items()]
        return SelectField(label, needed, description=hint, choices=choices)
    if name.endswith("_review_on"):
        return DayField(label, [Optional()], description=hint)
    if is_long(name):
        return TextAreaField(label, description=hint, render_kw={"rows": 12})
    return StringField(label, needed, description=hint)
