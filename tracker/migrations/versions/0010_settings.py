"""Settings from a day on, with history; an instance that has worked keeps what it shows."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# What 0.2.0 showed where the environment said nothing else.
SHOWN_BEFORE = {
    "city": "Stadt Bielefeld",
    "office_name": "Kommunales Integrationszentrum",
    "office_short": "Integrationszentrum",
    "office_article": "das",
    "committee_name": "Haupt- und Beteiligungsausschuss",
    "committee_short": "HBA",
    "region": "NW",
    "data_portal": "openNRW",
    "district_key": "05711",
    "centre": "8.53 52.02",
    "privacy_authority": (
        "der Landesbeauftragten für Datenschutz und Informationsfreiheit Nordrhein-Westfalen"
    ),
    "accessibility_law": (
        "das Behindertengleichstellungsgesetz Nordrhein-Westfalen (§§ 10 bis 10e) und die BITVNRW"
    ),
    "accessibility_ombuds": (
        "die Ombudsstelle für barrierefreie Informationstechnik des Landes Nordrhein-Westfalen, "
        "die bei der Beauftragten der Landesregierung für Menschen mit Behinderung angesiedelt ist"
    ),
}


def upgrade() -> None:
    op.create_table(
        "setting_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_from IS NOT NULL OR value IS NOT NULL",
            name=op.f("ck_setting_value_beginning"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_value")),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["account.id"],
            name=op.f("fk_setting_value_set_by_id"),
            ondelete="RESTRICT",
        ),
    )
    op.create_index(op.f("ix_setting_value_set_by_id"), "setting_value", ["set_by_id"])
    keep_what_is_shown()
    protect_records()


def keep_what_is_shown() -> None:
    """Write down what was built in, where somebody has worked with it."""
    connection = op.get_bind()
    used = "SELECT 1 FROM concept UNION SELECT 1 FROM account"
    if connection.execute(sa.text(used)).first() is None:
        return
    rows = sa.table(
        "setting_value", sa.column("name"), sa.column("value"), sa.column("set_at", sa.DateTime)
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        rows,
        [{"name": name, "value": value, "set_at": now} for name, value in SHOWN_BEFORE.items()],
    )


def protect_records() -> None:
    """Refuse UPDATE and DELETE, as 0001 does for the other records."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        refusal = (
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            if postgresql
            else "BEGIN SELECT RAISE(ABORT, 'setting_value is a record: it is never changed'); END"
        )
        name = f"setting_value_no_{verb.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON setting_value {refusal}")


def downgrade() -> None:
    """Refuse: what was set would be lost."""
    raise RuntimeError("Diese Änderung kann nicht zurückgenommen werden.")
