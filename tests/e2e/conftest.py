"""An instance with its server, and people who come to it with a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import log_lines
from tests.e2e.instance import Instance
from tests.e2e.person import Person

Come = Callable[[str], Person]


@pytest.fixture
def instance(tmp_path_factory: pytest.TempPathFactory, seeded_file: Path) -> Iterator[Instance]:
    """A migrated and seeded instance that is not started yet; ended with the test."""
    instance = Instance(tmp_path_factory.mktemp("instance"))
    shutil.copy(seeded_file, instance.database)
    try:
        yield instance
    finally:
        instance.stop()
    log = instance.folder / "server.log"
    if log.exists():
        log_lines.read(log.read_text("utf-8"))


@pytest.fixture
def come(chromium: Browser, instance: Instance) -> Iterator[Come]:
    """Let somebody come to the instance: `come("KI")`; nothing may go wrong behind the pages."""
    people: list[Person] = []

    def someone(name: str) -> Person:
        people.append(Person(chromium, instance.address, name))
        return people[-1]

    yield someone
    for person in people:
        person.complain()
        person.context.close()
