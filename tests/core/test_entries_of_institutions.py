"""A database made between releases, whose entries did not know institutions, is carried over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, MetaData, Table, inspect, text
from sqlmodel import Session, col, select

from tests.factories import World, moment
from tracker.concept.models import Entry, EntryKind
from tracker.core import migrate
from tracker.core.db import make_engine

SINCE = {"institution_id", "name", "short_name", "institution_kind", "is_active"}


def everything(session: Session) -> list[dict[str, object]]:
    return [row.model_dump() for row in session.exec(select(Entry).order_by(col(Entry.id)))]


def test_what_was_entered_is_kept_and_institutions_can_be_entered(fresh_url: str) -> None:
    engine = make_engine(fresh_url)
    migrate.upgrade(engine)
    with Session(engine) as session:
        world = World(session)
        for kind, values in (
            (EntryKind.PRINCIPLES, {"principles": ["vielfalt"]}),
            (EntryKind.SHORT_TERM, {}),
        ):
            session.add(
                Entry(
                    kind=kind,
                    measure_id=world.measures[0].id,
                    valid_from=date(2026, 7, 1),
                    entered_at=moment("2026-07-02 09:00"),
                    **values,
                )
            )
        library_id = world.library.id
        session.commit()
        before = everything(session)
    with engine.begin() as connection:
        now = Table("entry", MetaData(), autoload_with=connection)
        kept = [column for column in now.columns if column.name not in SINCE]
        then = Table(
            "entry_then",
            MetaData(),
            *(Column(one.name, one.type, primary_key=one.primary_key) for one in kept),
        )
        then.create(connection)
        names = ", ".join(one.name for one in kept)
        connection.execute(text(f"INSERT INTO entry_then ({names}) SELECT {names} FROM entry"))
        connection.execute(text("DROP TABLE entry"))
        connection.execute(text("ALTER TABLE entry_then RENAME TO entry"))
        # Later migrations add them.
        connection.execute(text("ALTER TABLE questionnaire_upload DROP COLUMN notes"))
        for later in ("form_receipt", "confirmation"):
            connection.execute(text(f"DROP TABLE {later}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0016'"))
    migrate.upgrade(engine)
    assert {column["name"] for column in inspect(engine).get_columns("entry")} >= SINCE
    with Session(engine) as session:
        assert [
            row.model_dump() for row in session.exec(select(Entry).order_by(Entry.id))
        ] == before
        session.add(
            Entry(
                kind=EntryKind.NAME,
                institution_id=library_id,
                valid_from=date(2026, 8, 1),
                entered_at=moment("2026-08-01 09:00"),
                name="Neuer Name",
                short_name="NN",
            )
        )
        session.commit()
    engine.dispose()
