"""The releases that docs/releases.md names, and whether the repository's history has the last."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Release(NamedTuple):
    """A line of the table."""

    version: str
    commit: str
    day: str
    schema: str


RELEASES = [
    Release(*(cell.strip(" `") for cell in line.strip("|\n").split("|")))
    for line in (ROOT / "docs/releases.md").read_text("utf-8").splitlines()
    if re.match(r"\| \d", line)
]
LAST = RELEASES[-1]


def find_last_release() -> str | None:
    """The last release's commit, where the history reaches that far back."""
    asked = ["git", "cat-file", "-e", f"{LAST.commit}^{{commit}}"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
    return None if done.returncode else LAST.commit
