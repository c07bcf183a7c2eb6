"""What systemd and the Procfile start exists, is started again, and names real settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.cli import build_parser
from tracker.core.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
BINARY = "/opt/integrationscontrolling/bin/tracker"


def lines(path: Path) -> dict[str, str]:
    """What a unit says by key; the last of several."""
    pairs = (line.split("=", 1) for line in path.read_text("utf-8").splitlines() if "=" in line)
    return {key: value for key, value in pairs if not key.startswith("#")}


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_every_unit_starts_a_command_that_there_is(path: Path) -> None:
    binary, *argv = lines(path)["ExecStart"].split()
    assert binary == BINARY
    assert build_parser().parse_args(argv).run


@pytest.mark.parametrize("name", ["tracker-web.service", "tracker-clock.service"])
def test_what_ends_is_started_again_without_end(name: str) -> None:
    unit = lines(FOLDER / name)
    assert (unit["Restart"], unit["StartLimitIntervalSec"]) == ("always", "0")


def test_the_services_share_one_unprivileged_user_and_a_file_of_settings() -> None:
    shared = lines(FOLDER / "tracker-.service.d/hardening.conf")
    assert shared["User"] == "tracker"
    assert shared["NoNewPrivileges"] == "yes"
    assert shared["ProtectSystem"] == "strict"
    assert shared["CapabilityBoundingSet"] == ""
    assert all(path.name.startswith("tracker-") for path in SERVICES)
    assert set(lines(FOLDER / "env")) <= {name.upper() for name in VARIABLES}


def test_the_procfile_starts_commands_that_there_are() -> None:
    for line in (ROOT / "Procfile").read_text("utf-8").splitlines():
        for command in line.partition(": ")[2].split(" && "):
            name, *argv = command.split()
            assert name == "tracker"
            assert build_parser().parse_args(argv).run
