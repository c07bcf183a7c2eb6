"""Forms of the concept area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from tracker.concept.actions.concept import GoalEdit, MeasureEdit, fingerprint
from tracker.concept.actions.institutions import InstitutionEdit
from tracker.concept.models import Competence, InstitutionKind, ShortTerm
from tracker.concept.queries.institution_list import InstitutionRow
from tracker.concept.rules.facts import (
    ConceptEdition,
    ConceptMeasure,
    ConcretisationFact,
    GoalFact,
    IndicatorFact,
)
from tracker.concept.words import COMPETENCE, INSTITUTION_KIND, SHORT_TERM, unit_words
from tracker.core.errors import Problem
from tracker.core.german import day, number, read_amount, read_number
from tracker.core.labels import NOT_DETERMINED
from tracker.core.problems import problem_text, unreadable
from tracker.web.days import DayField
from tracker.web.forms import Form, choice, row_key

_UNDETERMINED = choice("", NOT_DETERMINED)


class DatedForm(Form):
    valid_from = DayField(
        "Gilt ab",
        [Optional()],
        description="Der Tag, von dem an gilt, was Sie hier ändern. Was für einen späteren Tag "
        "eingetragen ist, bleibt. Ein Tag in der Zukunft ist möglich.",
    )


class ConcretisationForm(DatedForm):
    concretisation = TextAreaField("Konkretisierung aus Sicht der Fachverwaltung", [Optional()])
    concretisation_office = StringField("Fachverwaltung", [Optional()])
    concretisation_on = DayField("Stand der Konkretisierung", [Optional()])

    def typed_concretisation(self) -> dict[str, Any]:
        return {
            "concretisation": self.concretisation.data or "",
            "concretisation_office": self.concretisation_office.data or "",
            "concretisation_on": self.concretisation_on.data,
        }


class GoalForm(ConcretisationForm):
    def edit(self) -> GoalEdit:
        return GoalEdit(**self.typed_concretisation())


class TargetForm(DatedForm):
    target = StringField(
        "Zielwert",
        [InputRequired("Bitte füllen Sie dieses Feld aus.")],
        render_kw={"inputmode": "decimal"},
    )

    units: tuple[str, ...] = ()

    def validate_target(self, field: StringField) -> None:
        _require(field, self.read)

    def read(self, text: str) -> Decimal:
        return read_number(text, self.units)


_YES_NO = {"ja": True, "nein": False}
_WORD = {True: "ja", False: "nein", None: ""}
_YES_OR_NO = [choice(word, word) for word in _YES_NO]


class MeasureForm(ConcretisationForm):
    """What the KI edits at a measure; `seen` is the fingerprint of the values shown first."""

    seen = HiddenField()
    display_text = TextAreaField(
        "Anzeigetext",
        [InputRequired("Bitte füllen Sie dieses Feld aus.")],
        description="Berichtigte Schreibweise für die Anzeige. Der Wortlaut des Ratsbeschlusses "
        "bleibt daneben unverändert stehen.",
    )
    competence = SelectField(
        "Kommunale Handlungskompetenz",
        [Optional()],
        choices=[
            _UNDETERMINED,
            *(
                choice(key, f"{label.text}: {label.definition}")
                for key, label in COMPETENCE.items()
            ),
        ],
    )
    competence_reason = TextAreaField(
        "Begründung der Handlungskompetenz",
        description="Nötig, wenn die Handlungskompetenz festgelegt ist.",
    )
    short_term = SelectField(
        "Kurzfristig umsetzbar",
        [Optional()],
        choices=[_UNDETERMINED, *(choice(key, label.text) for key, label in SHORT_TERM.items())],
    )
    municipal_funding = StringField(
        "Laufende städtische Förderung in Euro",
        [Optional()],
        description="Leer lassen, wenn der Betrag nicht bekannt ist. 0 heißt: keine Förderung.",
        render_kw={"inputmode": "decimal"},
    )
    municipal_funding_period = StringField(
        "Zeitraum der Förderung", [Optional()], description="Zum Beispiel „jährlich seit 2019“."
    )
    principles = SelectMultipleField(
        "Grundsätze des Leitbilds", coerce=row_key, validate_choice=False
    )
    prioritised = SelectField(
        "Vorrangig (Ziff. 4)",
        [Optional()],
        choices=_YES_OR_NO,
    )
    weight = StringField(
        "Gewicht",
        [Optional()],
        description="Zählt in Durchschnitten. Leer heißt 1.",
        render_kw={"inputmode": "decimal"},
    )
    retired_on = DayField(
        "Beendet ab",
        [Optional()],
        description="In Runden, deren Stichtag an oder nach diesem Tag liegt, wird keine Meldung "
        "mehr erwartet. Frühere Runden bleiben, wie sie waren.",
    )

    def validate_competence_reason(self, field: TextAreaField) -> None:
        # The action asks for it, too, but only where every other field can be read.
        if self.competence.data and not (field.data or "").strip():
            raise ValidationError(problem_text(Problem("competence_reason", "reason_missing")))

    def validate_municipal_funding(self, field: StringField) -> None:
        _require(field, read_amount)

    def validate_weight(self, field: StringField) -> None:
        _require(field, _read_weight)

    def amount(self) -> Decimal | None:
        """Return the amount, None for unknown; raises ValueError when it cannot be read."""
        text = (self.municipal_funding.data or "").strip()
        return read_amount(text) if text else None

    def edit(self) -> MeasureEdit:
        """Return what was entered; only after validation."""
        competence, short_term = self.competence.data, self.short_term.data
        return MeasureEdit(
            display_text=self.display_text.data or "",
            competence=Competence(competence) if competence else None,
            competence_reason=self.competence_reason.data or "",
            short_term=ShortTerm(short_term) if short_term else None,
            **self.typed_concretisation(),
            municipal_funding=self.amount(),
            municipal_funding_period=self.municipal_funding_period.data or "",
            retired_on=self.retired_on.data,
            prioritised=_YES_NO.get(self.prioritised.data or ""),
            weight=_read_weight(self.weight.data or "1"),
        )


def _read_weight(text: str) -> Decimal:
    return read_number(text, ())


def _require(field: StringField, read: Callable[[str], Decimal]) -> None:
    try:
        read(field.data or "")
    except ValueError as error:
        problem = unreadable(field.name, field.data or "", error, "number_invalid")
        raise ValidationError(problem_text(problem)) from None


class InstitutionForm(Form):
    name = StringField("Name", [InputRequired("Bitte füllen Sie dieses Feld aus.")])
    short_name = StringField(
        "Kurzname",
        [InputRequired("Bitte füllen Sie dieses Feld aus.")],
        description="Steht in Tabellen und Listen.",
    )
    kind = SelectField(
        "Art",
        [InputRequired("Bitte wählen Sie die Art.")],
        choices=[choice(key, label.text) for key, label in INSTITUTION_KIND.items()],
    )
    is_active = BooleanField("Wirkt mit und kann Zuständigkeiten übernehmen")

    def edit(self) -> InstitutionEdit:
        """Return what was entered; only after validation."""
        return InstitutionEdit(
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            kind=InstitutionKind(self.kind.data),
            is_active=bool(self.is_active.data),
        )


class DatedInstitutionForm(InstitutionForm, DatedForm):
    """What an institution is called and is from a day."""


class NewInstitutionForm(InstitutionForm):
    key = StringField(
        "Kennzeichen",
        [Optional()],
        description="Bleibt immer gleich, auch wenn sich der Name ändert. Leer lassen: Es wird aus "
        "dem Namen gebildet.",
    )


def measure_form(
    concept: ConceptEdition, measure: ConceptMeasure, *, stored: bool = False
) -> MeasureForm:
    """Return the form filled with what was posted, else or if `stored` with a measure's values."""
    only_stored = {"formdata": None} if stored else {}
    ziff5 = measure.ziff5
    present = MeasureEdit(
        display_text=measure.display_text,
        competence=Competence(ziff5.competence) if ziff5.competence else None,
        competence_reason=ziff5.competence_reason,
        short_term=ShortTerm(ziff5.short_term) if ziff5.short_term else None,
        municipal_funding=ziff5.municipal_funding,
        municipal_funding_period=ziff5.municipal_funding_period,
        retired_on=measure.retired_on,
        prioritised=measure.entered_prioritised,
        weight=measure.weight,
        **_concretisation(ziff5.concretisation),
    )
    amount = ziff5.municipal_funding
    shown = {
        "seen": fingerprint(present, measure.principles),
        "valid_from": concept.day,
        "competence": ziff5.competence or "",
        "short_term": ziff5.short_term or "",
        "municipal_funding": "" if amount is None else number(amount),
        "principles": [principle.id for principle in concept.principles_of(measure)],
        "prioritised": _WORD[measure.entered_prioritised],
        "weight": number(measure.weight),
    }
    form = MeasureForm(**only_stored, data=asdict(present) | shown)
    if measure.entered_prioritised is None:
        nobody = "laut Beschluss: ja" if measure.prioritised else "nicht eingetragen"
        form.prioritised.choices = [choice("", nobody), *_YES_OR_NO]
    form.principles.choices = [
        choice(str(principle.id), principle.name) for principle in concept.principles
    ]
    return form


def goal_form(concept: ConceptEdition, goal: GoalFact) -> GoalForm:
    return GoalForm(data=_concretisation(goal.concretisation) | {"valid_from": concept.day})


def target_form(concept: ConceptEdition, indicator: IndicatorFact) -> TargetForm:
    form = TargetForm(data={"target": number(indicator.target), "valid_from": concept.day})
    form.units = unit_words(indicator.unit)
    return form


def _concretisation(concretisation: ConcretisationFact) -> dict[str, Any]:
    return {
        "concretisation": concretisation.text,
        "concretisation_office": concretisation.office,
        "concretisation_on": concretisation.on,
    }


def institution_form(institution: InstitutionRow, day: date) -> DatedInstitutionForm:
    return DatedInstitutionForm(obj=institution, data={"valid_from": day})


@dataclass(frozen=True)
class Contrast:
    label: str
    mine: str
    stored: str


_NO_VALUES = {"seen", "valid_from"}


def contrasts(mine: MeasureForm, stored: MeasureForm) -> list[Contrast]:
    pairs = (
        (field, stored[field.name]) for field in mine if field.name not in {"seen", "valid_from"}
    )
    return [
        Contrast(field.label.text, _reads(field), _reads(other))
        for field, other in pairs
        if _reads(field) != _reads(other)
    ]


def _reads(field: Field) -> str:
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = [str(option[1]) for option in field.iter_choices() if option[2]]
        return ", ".join(chosen)
    if isinstance(field, DayField):
        return day(field.data) if field.data else ""
    return (field.data or "").replace("\r\n", "\n").strip()
