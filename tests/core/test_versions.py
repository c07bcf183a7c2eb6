"""The versions by file name, which starting is faster for, are those alembic finds."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from tracker.core import migrate


def test_the_numbers_of_the_files_are_alembic_s_versions_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parents[1] / "migrations"))
    found = [item.revision for item in ScriptDirectory.from_config(config).walk_revisions()]
    assert migrate.versions() == list(reversed(found))
