"""`make bench`: measure, print a table, write bench/results.json. QUICK=1 ends within 45 seconds.

Hello-world and product run on the same server with the same settings, one process with one
thread each, loaded by wrk with the same number of connections. Each page stands between two loads
of the hello-world, so that a machine that is busy with other things slows down both.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import documents, growth, visits, wrk
from bench.client import Browser
from bench.instance import COMMITTEE, REPRESENTATIVE, Built, build
from bench.pages import ANEW, OVERVIEW, Page, made_anew, pages
from bench.postgres import database
from bench.results import FILE, Limit, Result, counts_table, limits_table, save, table
from bench.rush import Rush, rush, sqlite_url
from bench.servers import serving
from bench.statements import counting
from bench.yardstick import Yardstick
from tracker.core.settings import Settings

# Measures, and how many of them the measured institution leads.
CONCEPT = 58
SIZES = ((CONCEPT, 10), (580, 40), (5800, 160))
CONTENT_LIMIT_BYTES = 11_000
# In a hurry the hello-world is loaded again after so many pages only.
_PAGES_BETWEEN = 5


@dataclass
class Bench:
    """One run: what is measured with, and what was found so far."""

    quick: bool
    folder: Path
    settings: Settings
    yardstick: Yardstick
    results: list[Result] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    _taken: int = 0
    counts: defaultdict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    rushes: list[Rush] = field(default_factory=list)
    _built: dict[int, Built] = field(default_factory=dict)

    def run(self) -> None:
        """Measure everything; in a hurry only the concept's own size is loaded."""
        if self.quick:
            self._hurry()
            return
        self._rush()
        for measures, own in SIZES:
            _say(f"Datenbank mit {measures} Maßnahmen …")
            self._measure(self._build(measures, own, growth.FEW))
        self._measure_growth()
        self._measure_rounds()

    def _hurry(self) -> None:
        """Measure what takes less than 45 seconds; what is not timed goes on beside other such."""
        _say("Datenbanken …")
        documents.prepare()
        with ProcessPoolExecutor(1) as builder:
            built = builder.submit(build, self._folder(2), **self._wanted(*SIZES[1], 2))
            concept = self._build(*SIZES[0], growth.FEW)
            larger = built.result()
        with self._serving(concept) as address:
            committee = self._load_pages(address, concept)
            with ThreadPoolExecutor(1) as counter:
                # Dash looks for what it keeps beside each thread.
                counted = counter.submit(copy_context().run, self._count_all, (concept, larger))
                self._weigh(address, committee)
                counted.result()
        self._make_documents(concept, times=1)

    def _rush(self) -> None:
        """Let 100 institutions submit at once, on each database."""
        environment = {"SECRET_KEY": self.settings.secret_key, "SECURE_COOKIES": "0"}
        now = datetime.now(UTC)
        _say("100 Institutionen geben auf einmal ab, SQLite …")
        url = sqlite_url(self.folder)
        self.rushes.append(rush("SQLite", url, environment=environment, now=now))
        _say("100 Institutionen geben auf einmal ab, PostgreSQL …")
        with database() as url:
            self.rushes.append(rush("PostgreSQL", url, environment=environment, now=now))
        self.results += [item.result() for item in self.rushes]

    def _build(self, measures: int, own: int, published: int) -> Built:
        return build(self._folder(published), **self._wanted(measures, own, published))

    def _folder(self, published: int) -> Path:
        folder = self.folder / str(published)
        folder.mkdir(exist_ok=True)
        return folder

    def _wanted(self, measures: int, own: int, published: int) -> Any:
        now = datetime.now(UTC)
        wanted = {"measures": measures, "own": own, "published": published}
        return {**wanted, "settings": self.settings, "now": now}

    def _measure(self, built: Built) -> None:
        is_concept = built.measures == CONCEPT
        with self._serving(built) as address:
            committee = self._load_pages(address, built)
            if is_concept:
                self._weigh(address, committee)
        self._count(built)
        self._built[built.measures] = built
        if is_concept:
            self._make_documents(built, times=9)
        if not self.quick and built.measures == SIZES[1][0]:
            _say("Ausgaben, größer …")
            concept = self._built[CONCEPT]
            self.limits += [documents.memory(concept), *documents.growth(concept, built)]

    def _make_documents(self, built: Built, *, times: int) -> None:
        _say("Ausgaben …")
        self.results += documents.measure(built, times=times, hello=self.yardstick.latest)

    def _measure_growth(self) -> None:
        concept = self._built[CONCEPT]
        for measures, _ in SIZES[1:]:
            _say(f"{OVERVIEW}: {measures} neben {CONCEPT} Maßnahmen …")
            with self._side_by_side(concept, self._built[measures]) as (one, other):
                sizes = (CONCEPT, measures)
                self.limits += growth.by_measures(_overview(one), _overview(other), sizes=sizes)

    def _measure_rounds(self) -> None:
        _say(f"{growth.MANY} neben {growth.FEW} Runden …")
        many = self._build(*SIZES[0], growth.MANY)
        with self._side_by_side(self._built[CONCEPT], many) as (one, other):
            self.limits += growth.by_rounds(one, other)

    @contextmanager
    def _side_by_side(
        self, one: Built, other: Built
    ) -> Iterator[tuple[growth.Instance, growth.Instance]]:
        """Serve two instances at once; gives the address and the pages of each."""
        with self._serving(one) as here, self._serving(other) as there:
            yield (
                (here, pages(*_browsers(here), own=one.own)),
                (there, pages(*_browsers(there), own=other.own)),
            )

    def _load_pages(self, address: str, built: Built) -> Browser:
        loads = self._load_all(address, built)
        self.results += loads
        committee, _ = _browsers(address)
        self.results += [self._made_anew(committee, built, name) for name in ANEW]
        return committee

    def _weigh(self, address: str, committee: Browser) -> None:
        size = next(item.bytes for item in self.results if _name(item) == OVERVIEW) or 0
        self.limits.append(Limit(f"{OVERVIEW}: Inhalt, Bytes", size, CONTENT_LIMIT_BYTES))
        self.limits += visits.page_weight(address, committee, quick=self.quick, say=_say)

    def _serving(self, built: Built) -> AbstractContextManager[str]:
        return serving("tracker.cli.processes:application", _environment(self.settings, built))

    def _load_all(self, address: str, built: Built) -> list[Result]:
        committee, institution = _browsers(address)
        self._taken = 0
        wanted = pages(committee, institution, own=built.own)
        return [self._load(address, page, built) for page in wanted]

    def _load(self, address: str, page: Page, built: Built) -> Result:
        _say(f"{page.name} …")
        answer = page.checked()
        before = self._hello()
        load = wrk.run(address, page.request, seconds=1 if self.quick else 4)
        hello = (before + self._hello()) / 2
        # The limits are those of the seeded concept; the larger ones show what growth costs.
        limit = page.limit if built.measures == CONCEPT else None
        return Result(
            f"{page.name}, {built.measures} Maßnahmen",
            ratio=load.requests_per_s / hello,
            requests_per_s=load.requests_per_s,
            limit_requests_per_s=None if limit is None else limit * hello,
            p50_ms=load.p50_ms,
            p99_ms=load.p99_ms,
            bytes=len(answer.body),
        )

    def _hello(self) -> float:
        """Return the hello-world's speed around a page; taken anew for each, less in a hurry."""
        self._taken += 1
        is_due = not self.quick or self._taken % (2 * _PAGES_BETWEEN) == 1
        return self.yardstick.take() if is_due else self.yardstick.latest

    def _made_anew(self, committee: Browser, built: Built, name: str) -> Result:
        took = made_anew(committee, name, times=3 if self.quick else 10)
        rate = 1 / median(took)
        return Result(
            f"{name} ohne gemerkte Antwort, {built.measures} Maßnahmen",
            ratio=rate / self.yardstick.latest,
            requests_per_s=rate,
            p50_ms=median(took) * 1000,
            p99_ms=max(took) * 1000,
        )

    def _count_all(self, instances: Sequence[Built]) -> None:
        for built in instances:
            self._count(built)

    def _count(self, built: Built) -> None:
        _say("SQL-Anweisungen …")
        with counting(replace(self.settings, database_url=built.url)) as counter:
            committee, institution = _browsers(counter.address)
            for page in pages(committee, institution, own=built.own):
                first, again = (counter.count(page.browser, page.request) for _ in range(2))
                self.counts[page.name.split(" (")[0]].append((first, again))

    def all_results(self) -> list[Result]:
        """Return the hello-world and everything measured against it."""
        return [self.yardstick.result(), *self.results]

    def report(self) -> str:
        """Return all tables, and what the rushes came to."""
        sizes = [measures for measures, _ in (SIZES[:2] if self.quick else SIZES)]
        told = [item.told() for item in self.rushes]
        parts = (table(self.all_results()), limits_table(self.limits))
        return "\n\n".join((*parts, counts_table(sizes, self.counts), *told))


def main() -> int:
    """Measure, print, write; returns 1 where a tool is missing or a report was lost."""
    try:
        wrk.require()
    except wrk.MissingToolError as error:
        print(f"Fehler: {error}", file=sys.stderr)
        return 1
    settings = Settings(secret_key=secrets.token_urlsafe(48), secure_cookies=False)
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    with TemporaryDirectory(prefix="bench-") as folder, serving("bench.hello:create") as hello:
        yardstick = Yardstick(hello, seconds=1 if quick else 3)
        bench = Bench(quick, Path(folder), settings, yardstick)
        bench.run()
    save(bench.all_results(), limits=bench.limits)
    print(f"\n{bench.report()}\n\nGeschrieben: bench/{FILE.name}")
    return 1 if any(item.problems for item in bench.rushes) else 0


def _name(result: Result) -> str:
    return result.name.split(", ")[0]


def _overview(instance: growth.Instance) -> growth.Instance:
    address, found = instance
    return address, [page for page in found if page.name == OVERVIEW]


def _browsers(address: str) -> tuple[Browser, Browser]:
    return Browser(address, COMMITTEE), Browser(address, REPRESENTATIVE)


def _environment(settings: Settings, built: Built) -> dict[str, str]:
    return {
        "DATABASE_URL": built.url,
        "SECRET_KEY": settings.secret_key,
        "SECURE_COOKIES": "0",
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
