"""What the KI sets holds from a day, names of institutions too; the audit trail says since when.

A value holds from the day it was changed, or from the last Stichtag before, if that round was
published (or last corrected) after the change. Where that would give a published round another
value than it was last published with, an entry on its Stichtag keeps that one: a correction
says what was said.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BERLIN = ZoneInfo("Europe/Berlin")
PARTS = {
    "display_text": ("display_text",),
    "prioritised": ("prioritised",),
    "weight": ("weight",),
    "competence": ("competence", "competence_reason"),
    "short_term": ("short_term",),
    "concretisation": ("concretisation", "concretisation_office", "concretisation_on"),
    "funding": ("municipal_funding", "municipal_funding_period"),
    "principles": ("principles",),
}
IN_EDITION = {"display_text", "prioritised"}
OF_INSTITUTION = {
    "name": ("name", "short_name"),
    "institution_kind": ("institution_kind",),
    "is_active": ("is_active",),
}
UNDETERMINED: "dict[str, Any]" = {
    "weight": "1",
    "competence": None,
    "competence_reason": "",
    "short_term": None,
    "concretisation": "",
    "concretisation_office": "",
    "concretisation_on": None,
    "municipal_funding": None,
    "municipal_funding_period": "",
    "principles": [],
}
MOVED = {
    "measure": tuple(name for name in UNDETERMINED if name != "principles"),
    "goal": PARTS["concretisation"],
}
_NOT_YET = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """An edit: what its values were before, by which account (None: the system)."""

    at: datetime
    by: int | None
    before: Values


@dataclass(frozen=True)
class Published:
    """A round with the time of its last publication; one that runs takes what is set by now."""

    period_end: date
    at: datetime


@dataclass(frozen=True)
class Step:
    """From a time on the value was this one."""

    at: datetime
    by: int | None
    value: Values


@dataclass(frozen=True)
class Dated:
    valid_from: date
    at: datetime
    by: int | None
    value: Values


def upgrade() -> None:
    create_entries()
    fill_entries()
    fill_institutions()
    drop_moved()


def create_entries() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer()),
        sa.Column("goal_id", sa.Integer()),
        sa.Column("indicator_id", sa.Integer()),
        sa.Column("institution_id", sa.Integer()),
        sa.Column("edition_id", sa.Integer()),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer()),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("display_text", sa.Text()),
        sa.Column("prioritised", sa.Boolean()),
        sa.Column("weight", sa.String(40)),
        sa.Column("competence", sa.String(40)),
        sa.Column("competence_reason", sa.Text()),
        sa.Column("short_term", sa.String(40)),
        sa.Column("concretisation", sa.Text()),
        sa.Column("concretisation_office", sa.String(200)),
        sa.Column("concretisation_on", sa.Date()),
        sa.Column("municipal_funding", sa.String(40)),
        sa.Column("municipal_funding_period", sa.String(200)),
        sa.Column("principles", sa.JSON()),
        sa.Column("target", sa.String(40)),
        sa.Column("name", sa.String(300)),
        sa.Column("short_name", sa.String(80)),
        sa.Column("institution_kind", sa.String(40)),
        sa.Column("is_active", sa.Boolean()),
        sa.CheckConstraint(
            "CASE WHEN measure_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN goal_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN indicator_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_entry_one_subject"),
        ),
        sa.CheckConstraint(
            "(indicator_id IS NOT NULL) = (kind = 'target')", name=op.f("ck_entry_of_indicator")
        ),
        sa.CheckConstraint(
            "(institution_id IS NOT NULL) = (kind IN ('name', 'institution_kind', 'is_active'))",
            name=op.f("ck_entry_of_institution"),
        ),
        sa.CheckConstraint(
            "(edition_id IS NOT NULL) = (kind IN ('display_text', 'prioritised'))",
            name=op.f("ck_entry_of_edition"),
        ),
        _one_of("kind", *PARTS, "target", *OF_INSTITUTION),
        _one_of("competence", "own", "shared", "third_party"),
        _one_of("short_term", "yes", "no"),
        _one_of(
            "institution_kind",
            *("municipal", "subsidiary", "federal", "welfare", "independent"),
            *("migrant_organisation", "education"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_entry_{column}"), ondelete="RESTRICT"
            )
            for column, target in {
                "measure_id": "measure",
                "goal_id": "goal",
                "indicator_id": "indicator",
                "institution_id": "institution",
                "edition_id": "edition",
                "entered_by_id": "account",
            }.items()
        ),
    )
    for subject in ("measure", "goal", "indicator", "institution"):
        op.create_index(
            f"uq_entry_{subject}_day",
            "entry",
            [f"{subject}_id", "kind", "valid_from"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )


def fill_entries() -> None:
    bind = op.get_bind()
    published = _published(bind)
    principles = _principles(bind)
    for subject, verb, statement in (
        ("measure", "concept.edit_measure", _MEASURES),
        ("goal", "concept.edit_goal", _GOALS),
    ):
        events = _events(bind, verb)
        for row in bind.execute(statement).mappings().all():
            present = {name: row[name] for name in row if name not in _PLACE}
            if subject == "measure":
                present["principles"] = principles[row["id"]]
            rounds = published[row["concept_id"]]
            for kind, first, dated in _entries_of(dict(row), present, events[row["id"]], rounds):
                edition_id = row["edition_id"] if kind in IN_EDITION else None
                place = {"kind": kind, f"{subject}_id": row["id"], "edition_id": edition_id}
                _insert(bind, place, dated)
                if kind == "display_text" and dated:
                    # What the Fassung itself says is what it began with.
                    bind.execute(_BEGUN_WITH, {**first, "id": row["edition_measure_id"]})


def fill_institutions() -> None:
    """An institution's row keeps what it began with; all rounds have the same institutions."""
    bind = op.get_bind()
    rounds = [round_ for of_concept in _published(bind).values() for round_ in of_concept]
    events = _events(bind, "concept.edit_institution")
    for row in bind.execute(_INSTITUTIONS).mappings().all():
        begun_with: dict[str, Any] = {"id": row["id"]}
        for kind, names in OF_INSTITUTION.items():
            first, steps = _steps({name: row[name] for name in names}, events[row["id"]])
            begun_with |= first
            place = {"kind": kind, "institution_id": row["id"]}
            _insert(bind, place, _dated(first, steps, rounds))
        bind.execute(_INSTITUTION_BEGUN_WITH, begun_with)


_INSTITUTIONS = sa.text(
    "SELECT id, name, short_name, kind AS institution_kind, is_active FROM institution ORDER BY id"
).columns(is_active=sa.Boolean())
_INSTITUTION_BEGUN_WITH = sa.text(
    "UPDATE institution SET name = :name, short_name = :short_name, kind = :institution_kind,"
    " is_active = :is_active WHERE id = :id"
)
_BEGUN_WITH = sa.text("UPDATE edition_measure SET display_text = :display_text WHERE id = :id")
_PLACE = ("id", "concept_id", "edition_id", "first_day", "edition_measure_id")
_MEASURES = sa.text(
    "SELECT measure.id, measure.concept_id, edition_measure.edition_id,"
    " edition_measure.id AS edition_measure_id, edition.valid_from AS first_day,"
    " edition_measure.display_text, edition_measure.prioritised, measure.weight,"
    " measure.competence, measure.competence_reason, measure.short_term, measure.concretisation,"
    " measure.concretisation_office, measure.concretisation_on, measure.municipal_funding,"
    " measure.municipal_funding_period"
    " FROM measure JOIN edition_measure ON edition_measure.measure_id = measure.id"
    " JOIN edition ON edition.id = edition_measure.edition_id ORDER BY measure.id"
).columns(first_day=sa.Date(), prioritised=sa.Boolean(), concretisation_on=sa.Date())
_GOALS = sa.text(
    "SELECT goal.id, goal.concept_id, edition_goal.edition_id, edition.valid_from AS first_day,"
    " goal.concretisation, goal.concretisation_office, goal.concretisation_on"
    " FROM goal JOIN edition_goal ON edition_goal.goal_id = goal.id"
    " JOIN edition ON edition.id = edition_goal.edition_id ORDER BY goal.id"
).columns(first_day=sa.Date(), concretisation_on=sa.Date())


def _entries_of(
    row: Mapping[str, Any], present: Values, events: list[Event], rounds: list[Published]
) -> Iterator[tuple[str, Values, list[Dated]]]:
    """Return kind, first value and entries of a measure or a goal."""
    for kind, names in PARTS.items():
        if not present.keys() >= set(names):
            continue
        first, steps = _steps({name: _plain(present[name]) for name in names}, events)
        dated = _dated(first, steps, rounds)
        if kind not in IN_EDITION and first != {name: UNDETERMINED[name] for name in names}:
            since = datetime.combine(row["first_day"], datetime.min.time(), _BERLIN)
            dated.insert(0, Dated(row["first_day"], since, None, first))
        yield kind, first, dated


def _steps(present: Values, events: list[Event]) -> tuple[Values, list[Step]]:
    """Return the value before all edits, and every change of it in order of time.

    Read backwards from what is stored now: an edit names only what it changed.
    """
    steps, value = [], dict(present)
    for event in reversed(events):
        before = {name: event.before[name] for name in value if name in event.before}
        if before:
            steps.append(Step(event.at, event.by, dict(value)))
            value |= before
    return value, steps[::-1]


def _dated(first: Values, steps: list[Step], rounds: list[Published]) -> list[Dated]:
    """Return the entries that give each published round, and today, their values."""
    if not steps:
        return []
    by_day: defaultdict[date, list[Step]] = defaultdict(list)
    for step in steps:
        by_day[_holds_from(step, rounds)].append(step)
    last_said = {round_.period_end: round_ for round_ in sorted(rounds, key=lambda of: of.at)}
    dated, present = [], first
    for day in sorted({*by_day, *last_said}):
        changes = [Dated(day, step.at, step.by, step.value) for step in by_day[day]]
        if day in last_said:
            round_ = last_said[day]
            said = next((step for step in reversed(steps) if step.at <= round_.at), None)
            value = said.value if said else first
            if value != (changes[-1].value if changes else present):
                at = min(round_.at, datetime.now(_BERLIN))
                changes.append(Dated(day, at, said.by if said else None, value))
        dated += changes
        present = changes[-1].value if changes else present
    return dated


def _holds_from(step: Step, rounds: list[Published]) -> date:
    """Return the last Stichtag before, if its round was published with the change, else its day."""
    changed_on = step.at.astimezone(_BERLIN).date()
    past = [round_ for round_ in rounds if round_.period_end <= changed_on]
    last = max(past, key=lambda round_: round_.period_end, default=None)
    return last.period_end if last and last.at >= step.at else changed_on


def _insert(bind: sa.Connection, place: Values, dated: list[Dated]) -> None:
    """Write the entries; of those of one day the last one holds."""
    for number, item in enumerate(dated):
        later = [other for other in dated[number + 1 :] if other.valid_from == item.valid_from]
        values: dict[str, Any] = {
            **place,
            **item.value,
            "valid_from": item.valid_from,
            "entered_at": item.at,
            "entered_by_id": item.by,
            "replaced_at": later[0].at if later else None,
        }
        if values.get("concretisation_on"):
            values["concretisation_on"] = date.fromisoformat(values["concretisation_on"])
        bind.execute(_ENTRY.insert().values(values))


_ENTRY = sa.table(
    "entry",
    *(sa.column(name) for name in ("measure_id", "goal_id", "edition_id", "kind", "weight")),
    sa.column("valid_from", sa.Date()),
    sa.column("entered_at", sa.DateTime(timezone=True)),
    sa.column("entered_by_id"),
    sa.column("replaced_at", sa.DateTime(timezone=True)),
    *(sa.column(name) for name in ("display_text", "competence", "competence_reason")),
    sa.column("prioritised", sa.Boolean()),
    *(sa.column(name) for name in ("short_term", "concretisation", "concretisation_office")),
    sa.column("concretisation_on", sa.Date()),
    *(sa.column(name) for name in ("municipal_funding", "municipal_funding_period")),
    sa.column("principles", sa.JSON(none_as_null=True)),
    *(sa.column(name) for name in ("institution_id", "name", "short_name", "institution_kind")),
    sa.column("is_active", sa.Boolean()),
)


def _published(bind: sa.Connection) -> "defaultdict[int, list[Published]]":
    rows = bind.execute(
        sa.text(
            "SELECT round.concept_id, round.period_end, max(snapshot.published_at) AS at"
            " FROM round LEFT JOIN snapshot ON snapshot.round_id = round.id"
            " WHERE snapshot.id IS NOT NULL OR round.state IN ('open', 'closed')"
            " GROUP BY round.id, round.concept_id, round.period_end"
        ).columns(period_end=sa.Date(), at=sa.DateTime(timezone=True))
    )
    rounds: defaultdict[int, list[Published]] = defaultdict(list)
    for row in rows:
        at = _aware(row.at) if row.at else _NOT_YET
        rounds[row.concept_id].append(Published(row.period_end, at))
    return rounds


def _events(bind: sa.Connection, verb: str) -> "defaultdict[int, list[Event]]":
    rows = bind.execute(
        sa.text(
            "SELECT entity_id, at, actor_id, before FROM audit_event WHERE verb = :verb ORDER BY id"
        ).columns(at=sa.DateTime(timezone=True), before=sa.JSON()),
        {"verb": verb},
    )
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for row in rows:
        before = row.before or {}
        if "kind" in before:
            before["institution_kind"] = before.pop("kind")
        events[row.entity_id].append(Event(_aware(row.at), row.actor_id, before))
    return events


def _principles(bind: sa.Connection) -> "defaultdict[int, list[str]]":
    rows = bind.execute(
        sa.text(
            "SELECT measure_id, key FROM measureprinciple"
            " JOIN principle ON principle.id = principle_id ORDER BY measure_id, key"
        )
    )
    keys: defaultdict[int, list[str]] = defaultdict(list)
    for measure_id, key in rows:
        keys[measure_id].append(key)
    return keys


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _aware(moment: datetime) -> datetime:
    """SQLite gives back moments without their zone; they are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))


def drop_moved() -> None:
    op.drop_table("measureprinciple")
    if op.get_bind().dialect.name == "sqlite":
        # SQLite drops no column that a CHECK names: the tables are written anew.
        _rebuilt("measure", sa.Column("retired_on", sa.Date()))
        _rebuilt("goal")
        return
    for table, names in MOVED.items():
        for name in names:
            op.drop_column(table, name)


def _rebuilt(table: str, *more: "sa.Column[Any]") -> None:
    op.create_table(
        f"{table}_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["concept_id"],
            ["concept.id"],
            name=op.f(f"fk_{table}_concept_id"),
            ondelete="RESTRICT",
        ),
    )
    names = ", ".join(["id", "concept_id", *(column.name for column in more)])
    op.execute(f"INSERT INTO {table}_new ({names}) SELECT {names} FROM {table}")
    op.drop_table(table)
    op.rename_table(f"{table}_new", table)
    op.create_index(op.f(f"ix_{table}_concept_id"), table, ["concept_id"], unique=False)


def _one_of(column: str, *members: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{member}'" for member in members)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_entry_{column}"))


def downgrade() -> None:
    """Refuse: values of several days would not fit into one row."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
