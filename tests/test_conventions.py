"""Promises the repository makes about itself: files, locks, records of decisions."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import plotly.offline
import pytest
import yaml

import tracker
from tests.releases import RELEASES
from tracker import areas

ROOT = Path(__file__).resolve().parent.parent
TRACKED = subprocess.run(
    ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split("\0")[:-1]
FILES = [ROOT / name for name in TRACKED if (ROOT / name).is_file()]
OUR_PYTHON = [
    path
    for path in FILES
    if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"tracker", "dashboards", "seed"}
]
LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-uv.lock",
    "requirements-npm.lock",
    "package-lock.json",
]
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))

FOREIGN_OR_BUILT = re.compile(
    r"(\.min\.(js|css)|\.map|\.(woff2?|ttf|otf|eot|sqlite3?|db|pyc|whl|zip|gz|pdf|docx|xlsx|pem|key))$"
)
ADDRESS = re.compile(r"://|^--|\bfile:|\"resolved\"", re.MULTILINE)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_no_tracked_file_is_large() -> None:
    assert names([path for path in FILES if path.stat().st_size > 300_000]) == []


def test_no_tracked_file_is_built_or_somebody_elses() -> None:
    assert [name for name in TRACKED if FOREIGN_OR_BUILT.search(name)] == []
    assert [name for name in TRACKED if "/vendor/" in name or "node_modules" in name] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert ADDRESS.findall(text) == []
    assert "sha256:" in text or '"integrity": "sha512-' in text


def test_the_run_lock_and_the_dev_lock_agree() -> None:
    run, dev = (
        set(re.findall(r"^([\w.-]+==\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in LOCKS[:2]
    )
    assert run - dev == set()


def test_the_fetched_plotly_js_is_the_one_that_plotly_ships() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    fetched = package["dependencies"]["plotly.js-basic-dist-min"]
    assert fetched == plotly.offline.get_plotlyjs_version()


def test_every_dependency_states_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for requirement in tomllib.loads(text)["project"]["dependencies"]:
        assert re.search(re.escape(f'"{requirement}",') + r"\s+# \S+", text), requirement


def test_a_long_file_gives_its_reason() -> None:
    def unexplained(path: Path) -> bool:
        lines = path.read_text("utf-8").splitlines()
        return len(lines) > 500 and not any(line.startswith("# long-file: ") for line in lines[:15])

    assert names([path for path in OUR_PYTHON if unexplained(path)]) == []


# The rooms of an area: what each holds is said once, in the README.
ROOMS = {"actions", "queries", "rules"}


def test_every_package_says_what_it_is_and_tracker_imports_nothing() -> None:
    for path in OUR_PYTHON:
        if path.name == "__init__.py" and path.parent.name not in ROOMS:
            assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path
    body = ast.parse((ROOT / "tracker/__init__.py").read_text("utf-8")).body
    assert len(body) == 1


def test_every_module_of_tracker_has_its_place_in_the_order_and_every_area_its_rooms() -> None:
    order, rooms, *_ = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    placed = set(re.findall(r"tracker\.(\w+)", " ".join(order["layers"])))
    with_rooms = set(re.findall(r"tracker\.(\w+)", " ".join(rooms["containers"])))
    parts = [path.relative_to(ROOT).parts for path in OUR_PYTHON if path.parts[-2] != "tracker"]
    folders = {names[1] for names in parts if names[0] == "tracker"}
    files = {path.stem for path in (ROOT / "tracker").glob("*.py")}
    # alembic loads the migrations, nothing of ours imports them.
    assert (folders | files) - placed == {"__init__", "migrations"}
    assert folders - with_rooms == {"cli", "core", "migrations", "web"}


def test_a_new_area_is_found_by_its_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "offers/places").mkdir(parents=True)
    for name in ("__init__", "words", "places/__init__", "places/words"):
        (tmp_path / "offers" / f"{name}.py").write_text('"""An area of tomorrow."""\n')
    monkeypatch.setattr(areas, "_ROOT", tmp_path)
    monkeypatch.setattr(tracker, "__path__", [*tracker.__path__, str(tmp_path)])
    monkeypatch.setattr(tracker, "offers", None, raising=False)
    found = [module.__name__ for module in areas.modules("words")]
    for name in [name for name in sys.modules if name.startswith("tracker.offers")]:
        del sys.modules[name]
    assert found == ["tracker.offers.places.words", "tracker.offers.words"]


def test_the_readme_names_the_two_commands_and_its_links_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in readme
    assert "make test" in readme
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", readme)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_its_date_status_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {int(path.name[:4])}\. \S", text)
    assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections == ["Status", "Context", "Decision", "Consequences"]


def test_publiccode_states_what_the_catalogues_ask_for() -> None:
    document = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert document["softwareVersion"] == project["version"]
    assert document["legal"]["license"] == project["license"] == "EUPL-1.2"
    german = document["description"]["de"]
    assert len(german["shortDescription"]) <= 150
    assert 150 <= len(german["longDescription"]) <= 10_000


def test_a_release_is_named_by_version_commit_day_and_schema() -> None:
    assert RELEASES
    versions = {path.stem[:4] for path in (ROOT / "tracker/migrations/versions").glob("0*.py")}
    for release in RELEASES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", release.version)
        assert re.fullmatch(r"[0-9a-f]{7,40}", release.commit)
        assert date.fromisoformat(release.day)
        assert release.schema in versions


def test_every_process_of_the_procfile_is_a_command_of_ours() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    assert [line.split(":")[0] for line in lines] == ["release", "web", "clock"]
    commands = [part.strip() for line in lines for part in line.split(":", 1)[1].split("&&")]
    assert all(command.startswith("tracker ") for command in commands)


def test_the_files_that_contributing_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:tracker|dashboards|seed|tests|tools|docs)/[\w./]+)`", text)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []
