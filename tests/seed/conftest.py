"""The seed's files, for tests that edit them."""

import shutil
from pathlib import Path

import pytest

from seed.files import DEFAULT_FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DEFAULT_FOLDER, copy)
    return copy
