"""The last minute: many institutions report at once, on real HTTP, and nothing may get lost.

All people start at the same moment, so the load is heavier than the same number of reports spread
over a minute. Afterwards the database is counted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

from sqlmodel import Session, col, select

from bench.crowd import Crowd, gather
from bench.person import Person
from bench.results import Result
from bench.servers import serving
from tracker.core.db import make_engine
from tracker.core.models import AuditEvent
from tracker.reporting.models import Report, ReportRevision
from tracker.reporting.rules.reports import ReportState

INSTITUTIONS, REPORTS, WORKERS = 100, 580, 4
WITHIN_S = 60


@dataclass(frozen=True)
class Rush:
    """What one rush came to; `problems` is empty where nothing was lost, doubled or refused."""

    database: str
    people: int
    reports: int
    seconds: float
    submit_ms: tuple[float, ...]
    medians_ms: Mapping[str, float]
    problems: tuple[str, ...]

    def result(self) -> Result:
        """Return its line of the table; the limit is all reports within a minute."""
        return Result(
            f"Abgabe auf einmal, {self.database}: {self.reports} Meldungen von {self.people} "
            f"Institutionen, {WORKERS} Prozesse",
            requests_per_s=self.reports / self.seconds,
            limit_requests_per_s=self.reports / WITHIN_S,
            p50_ms=median(self.submit_ms),
            p99_ms=quantiles(self.submit_ms, n=100, method="inclusive")[98],
            errors=len(self.problems),
        )

    def told(self) -> str:
        """Return what happened in words."""
        steps = ", ".join(f"{kind} {ms:.0f} ms" for kind, ms in self.medians_ms.items())
        lines = [
            f"{self.database}: {self.reports} Meldungen in {self.seconds:.1f} s. Mittel: {steps}.",
            *(f"  {problem}" for problem in self.problems[:20]),
        ]
        if not self.problems:
            lines.append(
                f"  Gezählt: {self.reports} abgegeben, {self.reports} Fassungen, jede mit ihrem "
                "Text und einem Eintrag im Protokoll; keine Fehlerseite."
            )
        return "\n".join(lines)


def rush(
    database: str,
    url: str,
    *,
    environment: Mapping[str, str],
    now: datetime,
    institutions: int = INSTITUTIONS,
    reports: int = REPORTS,
    workers: int = WORKERS,
) -> Rush:
    """Fill a database, let everybody report at once, count; `database` is its name in words."""
    crowd = gather(url, institutions=institutions, reports=reports, now=now)
    served = {**environment, "DATABASE_URL": url}
    with serving("tracker.cli.processes:application", served, workers=workers) as address:
        people = [Person(address, email) for email in crowd.people]
        begun = time.perf_counter()
        with ThreadPoolExecutor(max_workers=len(people)) as pool:
            # A person who raises ends the bench: that is a fault of the bench itself.
            list(pool.map(Person.report_all, people))
        seconds = time.perf_counter() - begun
    took: dict[str, list[float]] = {}
    for person in people:
        for kind, values in person.seen.took_ms.items():
            took.setdefault(kind, []).extend(values)
    refused = [error for person in people for error in person.seen.errors]
    sent = {number: text for person in people for number, text in person.seen.sent.items()}
    return Rush(
        database=database,
        people=len(people),
        reports=crowd.reports,
        seconds=seconds,
        submit_ms=tuple(took.get("submit", [0.0])),
        medians_ms={kind: median(values) for kind, values in took.items()},
        problems=(*refused, *counted(crowd, sent)),
    )


def counted(crowd: Crowd, sent: Mapping[int, str]) -> Sequence[str]:
    """Return what the database lacks or has too much of, compared with what people sent."""
    engine = make_engine(crowd.url)
    with Session(engine) as session:
        states = dict(session.exec(select(Report.id, Report.state)).all())
        revisions = session.exec(select(ReportRevision)).all()
        submitted = Counter(
            session.exec(
                select(AuditEvent.entity_id).where(
                    col(AuditEvent.entity) == "report", col(AuditEvent.verb) == "report.submit"
                )
            ).all()
        )
        signed_in = len(
            session.exec(
                select(AuditEvent.id).where(col(AuditEvent.verb) == "account.sign_in")
            ).all()
        )
        stored = [(item.report_id, item.content["achieved"]) for item in revisions]
    engine.dispose()
    problems = [
        f"Meldung {number}: {state}, nicht abgegeben"
        for number, state in states.items()
        if state is not ReportState.SUBMITTED
    ]
    problems += [f"Meldung {number}: nie gesendet" for number in states if number not in sent]
    kept = Counter(number for number, _ in stored)
    problems += [
        f"Meldung {number}: {kept[number]} Fassungen, {submitted[number]} Einträge im Protokoll"
        for number in sent
        if (kept[number], submitted[number]) != (1, 1)
    ]
    problems += [
        f"Meldung {number}: ein anderer Text als der gesendete"
        for number, text in stored
        if sent.get(number) != text
    ]
    if len(states) != crowd.reports or len(stored) != crowd.reports:
        problems.append(f"{len(states)} Meldungen, {len(stored)} Fassungen statt {crowd.reports}")
    if signed_in != len(crowd.people):
        problems.append(f"{signed_in} Anmeldungen im Protokoll statt {len(crowd.people)}")
    return problems


def sqlite_url(folder: Path) -> str:
    """Return the address of a database file in a folder."""
    return f"sqlite:///{folder / 'rush.sqlite3'}"
