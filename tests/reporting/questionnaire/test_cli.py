"""`tracker export questionnaire`: the same file as on the page, on a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from tests.commands import ACCOUNT, PASSWORD, Tracker, assign_all
from tests.reporting.questionnaire.workbook.forms import Typed
from tracker.concept.models import Institution
from tracker.core.db import make_engine

pytestmark = pytest.mark.usefixtures("only_what_the_test_sets")


def test_a_form_is_written_and_what_does_not_exist_is_named(
    seeded: str, tracker: Tracker, tmp_path: Path
) -> None:
    tracker("user", "create", *ACCOUNT, "--password-stdin", stdin=PASSWORD)
    assign_all(seeded)
    engine = make_engine(seeded)
    with Session(engine) as session:
        key = session.exec(select(Institution.key).order_by(col(Institution.id))).first() or ""
    engine.dispose()
    export = ("export", "questionnaire", "--round", "2026-Q1", "--output", str(tmp_path))
    assert "Eine Runde 2026-Q1 gibt es nicht" in tracker(*export, "--institution", key).err
    assert tracker("round", "open", "--round", "2026-Q1").code == 0
    run = tracker(*export, "--institution", key)
    assert (run.code, run.err) == (0, "")
    typed = Typed((tmp_path / f"Erhebungsbogen-2026-Q1-{key}.xlsx").read_bytes())
    codes = [cell.value for cell in typed.book["Meldungen"]["A"][4:]]
    assert len(codes) == 57
    assert codes[:2] == ["1.1", "1.2"]
    assert "„niemand“ gibt es nicht" in tracker(*export, "--institution", "niemand").err
    assert tracker("round", "close", "--round", "2026-Q1").code == 0
    assert tracker("round", "publish", "--round", "2026-Q1").code == 0
    refused = tracker(*export, "--institution", key)
    assert refused.code == 1
    assert "Die Runde läuft nicht" in refused.err
