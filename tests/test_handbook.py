"""The handbook speaks of the product as it is: links, addresses, commands, words, settings."""

import argparse
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from seed.files import read_files
from tracker.app import create_app
from tracker.cli import build_parser
from tracker.concept.rules.facts import IndicatorFact
from tracker.concept.words import target
from tracker.core.german import percent
from tracker.core.settings import Settings
from tracker.publication.definitions import FIGURES
from tracker.publication.reading import sentences
from tracker.publication.reading.sentences_effect import over_plan, people
from tracker.publication.reading.words import current
from tracker.publication.rules.document import DistributionRecord, FundingRecord
from tracker.publication.rules.effect import Costs, Known, has_ended
from tracker.publication.rules.privacy import PublishedTotal
from tracker.publication.rules.standstill import stuck_for
from tracker.reporting.rules.figures import Ratio, Value, running_sum
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import (
    CHANGE,
    COURSE,
    IMPLEMENTATION,
    PUNCTUALITY,
    REPORT_STATE,
    ROUND_STATE,
)

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
MEMORY = "sqlite://"
GERMAN = sorted((ROOT / "docs/handbuch").glob("*.md"))
# Chapter 4 quotes sentences that it makes up itself, as worked examples.
QUOTING = [path for path in GERMAN if path.name != "04-zahlen.md"]
INTERFACE = [
    path
    for pattern in (
        "tracker/**/*.py",
        "tracker/**/templates/**/*.html",
        "tracker/**/static/**/*.js",
        "dashboards/**/*.py",
    )
    for path in sorted(ROOT.glob(pattern))
]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`|^ {4}(\S.*)$", re.MULTILINE)


def of(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def code_of(path: Path) -> list[str]:
    """Return what a document shows as code: in a line, or indented."""
    found = CODE.findall(path.read_text("utf-8"))
    return [inline or indented for inline, indented in found]


def anchor_of(heading: str) -> str:
    """Return the anchor that forges give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(
        Settings(secret_key="long enough to be taken by create_app", database_url=MEMORY)
    )


@pytest.mark.parametrize("path", of(DOCUMENTS))
def test_every_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in [anchor_of(heading) for heading in headings], link


@pytest.mark.parametrize("path", of(DOCUMENTS))
def test_every_command_that_is_named_exists(path: Path) -> None:
    for line in code_of(path):
        if line.startswith("tracker "):
            for command in spelled_out(line.partition("#")[0]):
                assert understood(command), f"{path.name}: {line}"


def spelled_out(line: str) -> list[list[str]]:
    """Return the commands of a line such as `tracker user create|invite`."""
    line = line.replace("\\|", "|")
    head, *choices = re.split(r"(\S+\|\S+)", line, maxsplit=1)
    if not choices:
        return [shlex.split(line)[1:]]
    return [shlex.split(head + choice)[1:] for choice in choices[0].split("|")]


def understood(command: list[str]) -> bool:
    """Follow a command word by word through the parser; its options must be known there."""
    parser: argparse.ArgumentParser = build_parser()
    for word in command:
        if word == "…":
            return True  # any command, or a value of the reader's
        groups = [item for item in parser._actions if isinstance(item.choices, dict)]
        if word.startswith("-"):
            if word.partition("=")[0] not in parser._option_string_actions:
                return False
        elif groups:
            if word not in groups[0].choices:
                return False
            parser = groups[0].choices[word]
    return True


@pytest.mark.parametrize("path", of(GERMAN))
def test_every_address_that_is_named_exists(path: Path, app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    for address in code_of(path):
        if re.fullmatch(r"/[\w./-]*", address) and not address.startswith("/opt/"):
            try:
                routes.match(address)
            except MethodNotAllowed:
                pass
            except RequestRedirect as slash:
                pytest.fail(f"{path.name}: {address} heißt {slash.new_url}")
            except NotFound:
                pytest.fail(f"{path.name}: {address} gibt es nicht")


@pytest.mark.parametrize("path", of(DOCUMENTS))
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {item.name.upper() for item in fields(Settings)} | {
        "QUICK",
        "CHROMIUM",
        "SOFFICE",
        "TEST_DATABASE_URL",
    }
    for text in code_of(path):
        if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", text) and len(text) > 3:
            assert text in known, f"{path.name}: {text}"


def test_every_figure_of_a_publication_is_explained() -> None:
    chapter = (ROOT / "docs/handbuch/04-zahlen.md").read_text("utf-8").casefold()
    assert [item.label for item in FIGURES if item.label.casefold() not in chapter] == []


def test_the_worked_examples_of_chapter_4_are_what_the_program_says_and_computes() -> None:
    chapter = " ".join((ROOT / "docs/handbuch/04-zahlen.md").read_text("utf-8").split())
    plan = Known(Decimal(100), ("1.1",), 57)
    for said in (
        sentences.coverage(SPREAD["reported"], SPREAD["total"]),
        sentences.running_or_fulfilled(SPREAD),
        sentences.as_planned(SPREAD, current()),
        sentences.missing(8, 57, 5).partition("; ")[2].rstrip("."),
        *(f"{ratio.count} von {ratio.total} ({percent(ratio.percent)})" for ratio in RATIOS),
        people(PublishedTotal(52, 1)),
        over_plan(Costs(plan, replace(plan, value=Decimal(120)), ("1.1",))),
        *(target(known) for known in seeded_indicators()),
    ):
        assert " ".join(said.split()) in chapter
    assert running_sum([Decimal(3), Decimal(1), Decimal(1)]) == Decimal(5)
    of_june = FundingRecord(donor="", programme="", amount=None, start=None, end="2026-06-30")
    assert [has_ended(of_june, start) for start in ("2026-04-01", "2026-07-01")] == [False, True]
    assert not has_ended(of_june | {"end": "2026-07-01"}, "2026-07-01")
    at_risk, critical = (
        Value(Implementation.IN_PROGRESS, course) for course in (Course.AT_RISK, Course.CRITICAL)
    )
    assert stuck_for([at_risk, critical, critical]) == 3
    assert stuck_for([at_risk, critical, critical, at_risk]) == 1


SPREAD: DistributionRecord = {
    "counts": {
        "not_started": 5,
        "planned": 8,
        "in_progress": 25,
        "completed": 6,
        "established": 3,
        "deferred": 1,
        "dropped": 1,
    },
    "no_report": 8,
    "courses": {"on_track": 30, "at_risk": 6, "critical": 2},
    "course_not_asked": 11,
    "reported": 49,
    "total": 57,
}
RATIOS = (Ratio(50, 55), Ratio(44, 55), Ratio(49, 55))


def seeded_indicators() -> Iterator[IndicatorFact]:
    """The numbers that the resolution names, as they are loaded."""
    for field in read_files().fields:
        for goal in field.goals:
            for measure in goal.measures:
                yield from measure.indicators


def test_the_glossary_names_every_value_with_its_word() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text("utf-8")
    tables = (
        IMPLEMENTATION,
        COURSE,
        REPORT_STATE,
        ROUND_STATE,
        PUNCTUALITY,
        CHANGE,
    )
    missing = [
        (value, label.text)
        for table in tables
        for value, label in table.items()
        if f"`{value}`" not in glossary or label.text not in glossary
    ]
    assert missing == []


def test_the_handbook_prints_every_umsetzungsstand_and_verlauf_as_it_is_defined() -> None:
    chapter = " ".join((ROOT / "docs/handbuch/01-institution.md").read_text("utf-8").split())
    for label in (*IMPLEMENTATION.values(), *COURSE.values()):
        assert label.text in chapter
        assert label.definition in chapter


@pytest.fixture(scope="module")
def interface() -> str:
    return "\n".join(
        told(as_said)
        for path in INTERFACE
        for source in [path.read_text("utf-8")]
        for as_said in (source, filled_in(source))
    )


@pytest.mark.parametrize("path", of(QUOTING))
def test_every_word_that_is_quoted_stands_in_the_interface(path: Path, interface: str) -> None:
    quotes = re.findall("„([^“]+)“", path.read_text("utf-8"))
    assert [quoted for quoted in quotes if told(quoted) not in interface] == []


def filled_in(source: str) -> str:
    """Return a source text with a mark for each value that the program puts in."""
    source = re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{[^{}\n]*\}", "…", source)


def told(text: str) -> str:
    """Return what a text says: its strings joined, a mark for each number, small letters."""
    text = re.sub(r'"\s*\+?\s*f?"', "", text)
    text = re.sub(r"[\d…]+(?:\.[\d…]+)*", "…", text)
    return " ".join(text.split()).casefold()
