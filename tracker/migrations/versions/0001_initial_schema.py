"""The first schema: concept, accounts, reporting, records; and what may never be changed."""

# ruff: noqa: E501, PLR0915 - CHECKs as the models write them; one statement per table.
# long-file: a frozen migration lists every table of the first release.

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Rows that are records: a publication, what was submitted and decided, who changed what.
APPEND_ONLY = ("snapshot", "snapshot_part", "report_revision", "review", "audit_event")
# The retention of the audit is a setting, so old events may be deleted, but never changed.
DELETABLE = ("audit_event",)


def upgrade() -> None:
    create_tables()
    protect_records()


def protect_records() -> None:
    """Refuse UPDATE and DELETE on records, in the database's own words."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is a record: it is never changed', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        for verb in ("UPDATE",) if table in DELETABLE else ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if postgresql:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN "
                    f"SELECT RAISE(ABORT, '{table} is a record: it is never changed'); END"
                )


def create_tables() -> None:
    """Create every table of the first release."""
    op.create_table(
        "concept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept")),
        sa.UniqueConstraint("key", name=op.f("uq_concept_key")),
    )
    op.create_table(
        "instance_value",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_instance_value")),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("short_name", sa.String(80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "municipal",
                "subsidiary",
                "federal",
                "welfare",
                "independent",
                "migrant_organisation",
                "education",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("key", name=op.f("uq_institution_key")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(60), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "((finished_at IS NULL) = (outcome IS NULL))", name=op.f("ck_job_run_finish")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "key", name=op.f("uq_job_run_job_key")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index(
        "ix_login_attempt_subject_at", "login_attempt", ["subject_hash", "at"], unique=False
    )

    op.create_table(
        "seed_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_record")),
        sa.UniqueConstraint("entity", "key", name=op.f("uq_seed_record_entity_key")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coordination",
                "institution",
                "committee",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column(
            "function",
            sa.Enum(
                "representative",
                "staff",
                name="function",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("password_hash", sa.String(300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'institution') = (institution_id IS NOT NULL)",
            name=op.f("ck_account_institution_for_role"),
        ),
        sa.CheckConstraint(
            "(institution_id IS NULL) = (function IS NULL)",
            name=op.f("ck_account_function_for_institution"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.CheckConstraint("term_to IS NULL OR term_to >= term_from", name=op.f("ck_account_term")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_account_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_index(op.f("ix_account_institution_id"), "account", ["institution_id"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_edition_period")
        ),
        sa.ForeignKeyConstraint(
            ["concept_id"], ["concept.id"], name=op.f("fk_edition_concept_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("concept_id", "number", name=op.f("uq_edition_concept_id_number")),
    )
    op.create_index(op.f("ix_edition_concept_id"), "edition", ["concept_id"], unique=False)

    op.create_table(
        "principle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["concept_id"],
            ["concept.id"],
            name=op.f("fk_principle_concept_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principle")),
        sa.UniqueConstraint("key", name=op.f("uq_principle_key")),
    )
    op.create_index(op.f("ix_principle_concept_id"), "principle", ["concept_id"], unique=False)

    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "password_reset",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_link_account_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    op.create_index(
        op.f("ix_account_link_account_id"), "account_link", ["account_id"], unique=False
    )

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("entity", sa.String(40), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_audit_event_actor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_index("ix_audit_event_entity", "audit_event", ["entity", "entity_id"], unique=False)

    op.create_table(
        "field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_field_edition_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_field_edition_id_position")),
    )
    op.create_index(op.f("ix_field_edition_id"), "field", ["edition_id"], unique=False)

    op.create_table(
        "loginsession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_loginsession_account_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loginsession")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_loginsession_token_hash")),
    )
    op.create_index(
        op.f("ix_loginsession_account_id"), "loginsession", ["account_id"], unique=False
    )

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "published",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("despatch_on", sa.Date(), nullable=True),
        sa.Column("committee_on", sa.Date(), nullable=True),
        sa.Column("resubmit_days", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_round_published")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR opened_at IS NOT NULL",
            name=op.f("ck_round_opened"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('closed', 'published') OR closed_at IS NOT NULL",
            name=op.f("ck_round_closed"),
        ),
        sa.CheckConstraint("due_on > period_end", name=op.f("ck_round_due_after_period")),
        sa.CheckConstraint("period_end >= period_start", name=op.f("ck_round_period")),
        sa.CheckConstraint("resubmit_days > 0", name=op.f("ck_round_resubmit_days")),
        sa.ForeignKeyConstraint(
            ["concept_id"], ["concept.id"], name=op.f("fk_round_concept_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_round_edition_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("concept_id", "period", name=op.f("uq_round_concept_id_period")),
    )
    op.create_index(op.f("ix_round_concept_id"), "round", ["concept_id"], unique=False)
    op.create_index(op.f("ix_round_edition_id"), "round", ["edition_id"], unique=False)
    op.create_index(op.f("ix_round_period"), "round", ["period"], unique=False)

    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_annex2", sa.Text(), nullable=False),
        sa.Column("concretisation", sa.Text(), nullable=False),
        sa.Column("concretisation_office", sa.String(200), nullable=False),
        sa.Column("concretisation_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["field_id"], ["field.id"], name=op.f("fk_goal_field_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("field_id", "number", name=op.f("uq_goal_field_id_number")),
    )
    op.create_index(op.f("ix_goal_field_id"), "goal", ["field_id"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_mail_attempts")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_outbox_mail_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_outbox_mail_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_mail_key")),
    )
    op.create_index(
        op.f("ix_outbox_mail_institution_id"), "outbox_mail", ["institution_id"], unique=False
    )
    op.create_index(
        op.f("ix_outbox_mail_next_attempt_at"), "outbox_mail", ["next_attempt_at"], unique=False
    )
    op.create_index(op.f("ix_outbox_mail_round_id"), "outbox_mail", ["round_id"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_snapshot_reason_for_correction")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_snapshot_sha256")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_snapshot_version")),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["account.id"],
            name=op.f("fk_snapshot_published_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_snapshot_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("round_id", "version", name=op.f("uq_snapshot_round_id_version")),
    )
    op.create_index(op.f("ix_snapshot_period"), "snapshot", ["period"], unique=False)
    op.create_index(
        op.f("ix_snapshot_published_by_id"), "snapshot", ["published_by_id"], unique=False
    )
    op.create_index(op.f("ix_snapshot_round_id"), "snapshot", ["round_id"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "measure",
                "reference",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("display_text", sa.Text(), nullable=False),
        sa.Column("prioritised", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.String(40), server_default="1", nullable=False),
        sa.Column(
            "competence",
            sa.Enum(
                "own",
                "shared",
                "third_party",
                name="competence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("competence_reason", sa.Text(), nullable=False),
        sa.Column(
            "short_term",
            sa.Enum(
                "yes", "no", name="short_term", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("concretisation", sa.Text(), nullable=False),
        sa.Column("concretisation_office", sa.String(200), nullable=False),
        sa.Column("concretisation_on", sa.Date(), nullable=True),
        sa.Column("municipal_funding", sa.String(40), nullable=True),
        sa.Column("municipal_funding_period", sa.String(200), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_measure_goal_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("goal_id", "code", name=op.f("uq_measure_goal_id_code")),
    )
    op.create_index(op.f("ix_measure_code"), "measure", ["code"], unique=False)
    op.create_index(op.f("ix_measure_goal_id"), "measure", ["goal_id"], unique=False)

    op.create_table(
        "snapshot_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_snapshot_part_snapshot_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_part")),
        sa.UniqueConstraint(
            "snapshot_id", "kind", "key", name=op.f("uq_snapshot_part_snapshot_id_kind_key")
        ),
    )
    op.create_index("ix_snapshot_part_kind_key", "snapshot_part", ["kind", "key"], unique=False)

    op.create_table(
        "editorialnote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(goal_id IS NULL) <> (measure_id IS NULL)", name=op.f("ck_editorialnote_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_editorialnote_goal_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_editorialnote_measure_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editorialnote")),
    )
    op.create_index(op.f("ix_editorialnote_goal_id"), "editorialnote", ["goal_id"], unique=False)
    op.create_index(
        op.f("ix_editorialnote_measure_id"), "editorialnote", ["measure_id"], unique=False
    )

    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "target",
                "condition",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("operator", sa.String(2), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("per_year", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_indicator_measure_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("key", name=op.f("uq_indicator_key")),
    )
    op.create_index(op.f("ix_indicator_measure_id"), "indicator", ["measure_id"], unique=False)

    op.create_table(
        "measureprinciple",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("principle_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measureprinciple_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["principle_id"], ["principle.id"], name=op.f("fk_measureprinciple_principle_id")
        ),
        sa.PrimaryKeyConstraint("measure_id", "principle_id", name=op.f("pk_measureprinciple")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("previous_report_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "expected",
                "draft",
                "submitted",
                "accepted",
                "returned",
                "waived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("unchanged_streak", sa.Integer(), nullable=False),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by_id", sa.Integer(), nullable=True),
        sa.Column("waived_reason", sa.Text(), nullable=True),
        sa.Column(
            "state_before_waiver",
            sa.Enum(
                "expected",
                "draft",
                "submitted",
                "accepted",
                "returned",
                "waived",
                name="state_before_waiver",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "reviewed_implementation",
            sa.Enum(
                "not_started",
                "planned",
                "in_progress",
                "completed",
                "established",
                "deferred",
                "dropped",
                name="reviewed_implementation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "reviewed_course",
            sa.Enum(
                "on_track",
                "at_risk",
                "critical",
                name="reviewed_course",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reviewed_reason", sa.Text(), nullable=True),
        sa.Column("dissent", sa.Text(), nullable=True),
        sa.Column("dissent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dissent_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waived') = (waived_at IS NOT NULL)", name=op.f("ck_report_waived")
        ),
        sa.CheckConstraint(
            "reviewed_reason IS NULL OR reviewed_reason <> ''", name=op.f("ck_report_review_reason")
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR returned_at IS NOT NULL", name=op.f("ck_report_returned")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'returned') OR (first_submitted_at IS NOT NULL AND revision > 0)",
            name=op.f("ck_report_submitted"),
        ),
        sa.CheckConstraint(
            "waived_reason IS NULL OR waived_reason <> ''", name=op.f("ck_report_waiver_reason")
        ),
        sa.CheckConstraint(
            "((dissent IS NULL) = (dissent_at IS NULL)) AND ((dissent IS NULL) = (dissent_by_id IS NULL))",
            name=op.f("ck_report_dissent"),
        ),
        sa.CheckConstraint(
            "((first_submitted_at IS NULL) = (submitted_at IS NULL))",
            name=op.f("ck_report_first_submission"),
        ),
        sa.CheckConstraint(
            "((reviewed_implementation IS NULL) = (reviewed_reason IS NULL))",
            name=op.f("ck_report_reviewed"),
        ),
        sa.CheckConstraint(
            "((submitted_at IS NULL) = (submitted_by_id IS NULL))",
            name=op.f("ck_report_submission"),
        ),
        sa.CheckConstraint(
            "((waived_at IS NULL) = (waived_by_id IS NULL)) AND ((waived_at IS NULL) = (waived_reason IS NULL)) AND ((waived_at IS NULL) = (state_before_waiver IS NULL))",
            name=op.f("ck_report_waiver"),
        ),
        sa.CheckConstraint(
            "reviewed_course IS NULL OR reviewed_implementation IS NOT NULL",
            name=op.f("ck_report_reviewed_both"),
        ),
        sa.ForeignKeyConstraint(
            ["dissent_by_id"],
            ["account.id"],
            name=op.f("fk_report_dissent_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_report_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_report_measure_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["previous_report_id"],
            ["report.id"],
            name=op.f("fk_report_previous_report_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_report_round_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["account.id"],
            name=op.f("fk_report_submitted_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_id"],
            ["account.id"],
            name=op.f("fk_report_waived_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("round_id", "measure_id", name=op.f("uq_report_round_id_measure_id")),
    )
    op.create_index(op.f("ix_report_dissent_by_id"), "report", ["dissent_by_id"], unique=False)
    op.create_index(
        "ix_report_institution_round", "report", ["institution_id", "round_id"], unique=False
    )
    op.create_index(op.f("ix_report_measure_id"), "report", ["measure_id"], unique=False)
    op.create_index(
        op.f("ix_report_previous_report_id"), "report", ["previous_report_id"], unique=False
    )
    op.create_index(op.f("ix_report_round_id"), "report", ["round_id"], unique=False)
    op.create_index(op.f("ix_report_submitted_by_id"), "report", ["submitted_by_id"], unique=False)
    op.create_index(op.f("ix_report_waived_by_id"), "report", ["waived_by_id"], unique=False)

    op.create_table(
        "responsibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "lead", "partner", name="role", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_responsibility_period")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_responsibility_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_responsibility_measure_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    op.create_index(
        op.f("ix_responsibility_institution_id"), "responsibility", ["institution_id"], unique=False
    )
    op.create_index(
        op.f("ix_responsibility_measure_id"), "responsibility", ["measure_id"], unique=False
    )
    op.create_index(
        "uq_responsibility_open_lead",
        "responsibility",
        ["measure_id"],
        unique=True,
        sqlite_where=sa.text("role = 'lead' AND valid_to IS NULL"),
        postgresql_where=sa.text("role = 'lead' AND valid_to IS NULL"),
    )

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_extension_reason_given")),
        sa.CheckConstraint(
            "(institution_id IS NULL) <> (report_id IS NULL)", name=op.f("ck_extension_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"],
            ["account.id"],
            name=op.f("fk_extension_granted_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_extension_institution_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_extension_report_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_extension_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(
        op.f("ix_extension_granted_by_id"), "extension", ["granted_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_extension_institution_id"), "extension", ["institution_id"], unique=False
    )
    op.create_index(op.f("ix_extension_report_id"), "extension", ["report_id"], unique=False)
    op.create_index(op.f("ix_extension_round_id"), "extension", ["round_id"], unique=False)

    op.create_table(
        "report_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "implementation",
            sa.Enum(
                "not_started",
                "planned",
                "in_progress",
                "completed",
                "established",
                "deferred",
                "dropped",
                name="implementation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "course",
            sa.Enum(
                "on_track",
                "at_risk",
                "critical",
                name="course",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(implementation IN ('planned', 'in_progress', 'established') AND course IS NOT NULL) OR (implementation IN ('completed', 'deferred', 'dropped') AND course IS NULL) OR implementation IN ('not_started')",
            name=op.f("ck_report_revision_course_as_asked"),
        ),
        sa.CheckConstraint(
            "reason <> '' OR NOT (implementation IN ('deferred', 'dropped') OR (course IS NOT NULL AND course IN ('at_risk', 'critical')))",
            name=op.f("ck_report_revision_reason_given"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_revision_report_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["account.id"],
            name=op.f("fk_report_revision_submitted_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_revision")),
        sa.UniqueConstraint(
            "report_id", "number", name=op.f("uq_report_revision_report_id_number")
        ),
    )
    op.create_index(
        op.f("ix_report_revision_report_id"), "report_revision", ["report_id"], unique=False
    )
    op.create_index(
        op.f("ix_report_revision_submitted_by_id"),
        "report_revision",
        ["submitted_by_id"],
        unique=False,
    )

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "accepted",
                "returned",
                "revoked",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column(
            "reviewed_implementation",
            sa.Enum(
                "not_started",
                "planned",
                "in_progress",
                "completed",
                "established",
                "deferred",
                "dropped",
                name="reviewed_implementation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "reviewed_course",
            sa.Enum(
                "on_track",
                "at_risk",
                "critical",
                name="reviewed_course",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decision = 'accepted' OR comment <> ''", name=op.f("ck_review_comment_given")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_review_decided_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_review_report_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_decided_by_id"), "review", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_review_report_id"), "review", ["report_id"], unique=False)


def downgrade() -> None:
    """Refuse: records are never thrown away."""
    raise RuntimeError("Die erste Fassung des Schemas kann nicht zurückgenommen werden.")
