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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import documents, weight, wrk
from bench.client import Browser
from bench.instance import COMMITTEE, REPRESENTATIVE, Built, build
from bench.pages import Page, made_anew, pages
from bench.postgres import database
from bench.results import FILE, Result, counts_table, save, table
from bench.rush import Rush, rush, sqlite_url
from bench.servers import serving
from bench.statements import counting
from bench.yardstick import Yardstick
from tracker.settings import Settings

# Measures, and how many of them the measured institution leads.
SIZES = ((58, 10), (580, 40), (5800, 160))
PAGE_LIMIT_BYTES = 750_000


@dataclass
class Bench:
    """One run: what is measured with, and what was found so far."""

    quick: bool
    folder: Path
    settings: Settings
    yardstick: Yardstick
    results: list[Result] = field(default_factory=list)
    counts: defaultdict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    rushes: list[Rush] = field(default_factory=list)

    def run(self) -> None:
        """Measure everything; in a hurry only the concept's own size is loaded."""
        if not self.quick:
            self._rush()
        for measures, own in self._sizes():
            _say(f"Datenbank mit {measures} Maßnahmen …")
            hurry = self.quick and measures > SIZES[0][0]
            built = build(
                self.folder,
                measures=measures,
                own=own,
                published=2 if hurry else 4,
                settings=self.settings,
                now=datetime.now(UTC),
            )
            self._measure(built)

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

    def _sizes(self) -> tuple[tuple[int, int], ...]:
        return SIZES[:2] if self.quick else SIZES

    def _measure(self, built: Built) -> None:
        is_concept = built.measures == SIZES[0][0]
        if is_concept or not self.quick:
            self._load_pages(built, weigh=is_concept)
        self._count(built)
        if is_concept:
            _say("PDF und XLSX …")
            times = 3 if self.quick else 9
            hello = self.yardstick.latest
            self.results += documents.measure(built, times=times, hello=hello)

    def _load_pages(self, built: Built, *, weigh: bool) -> None:
        with serving(
            "tracker.cli.processes:application", _environment(self.settings, built)
        ) as address:
            committee, institution = _browsers(address)
            for page in pages(committee, institution, own=built.own):
                self.results.append(self._load(address, page, built))
            self.results.append(self._made_anew(committee, built))
            if weigh:
                self.results += _page_weight(address, committee)

    def _load(self, address: str, page: Page, built: Built) -> Result:
        _say(f"{page.name} …")
        answer = page.checked()
        before = self.yardstick.take()
        load = wrk.run(address, page.request, seconds=2 if self.quick else 6)
        hello = (before + self.yardstick.take()) / 2
        # The limits are those of the seeded concept; the larger ones show what growth costs.
        limit = page.limit if built.measures == SIZES[0][0] else None
        return Result(
            f"{page.name}, {built.measures} Maßnahmen",
            ratio=load.requests_per_s / hello,
            requests_per_s=load.requests_per_s,
            limit_requests_per_s=None if limit is None else limit * hello,
            p50_ms=load.p50_ms,
            p99_ms=load.p99_ms,
            bytes=len(answer.body),
        )

    def _made_anew(self, committee: Browser, built: Built) -> Result:
        took = made_anew(committee, times=3 if self.quick else 10)
        rate = 1 / median(took)
        return Result(
            f"Überblick ohne gemerkte Antwort, {built.measures} Maßnahmen",
            ratio=rate / self.yardstick.latest,
            requests_per_s=rate,
            p50_ms=median(took) * 1000,
            p99_ms=max(took) * 1000,
        )

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
        """Return both tables, and what the rushes came to."""
        sizes = [measures for measures, _ in self._sizes()]
        told = [item.told() for item in self.rushes]
        return "\n\n".join([table(self.all_results()), counts_table(sizes, self.counts), *told])


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
    save(bench.all_results())
    print(f"\n{bench.report()}\n\nGeschrieben: bench/{FILE.name}")
    return 1 if any(item.problems for item in bench.rushes) else 0


def _page_weight(address: str, committee: Browser) -> list[Result]:
    executable = weight.chromium()
    if executable is None:
        _say("Kein Chromium: das Gewicht der Seite wird nicht gemessen (apt-get install chromium).")
        return []
    _say("Gewicht der Seite …")
    received = weight.of_page(executable, address, "/dashboards/", committee.cookies)
    kept = "eingehalten" if received <= PAGE_LIMIT_BYTES else "ÜBERSCHRITTEN"
    name = f"Überblick, ganze Seite im Browser (höchstens {PAGE_LIMIT_BYTES} Bytes: {kept})"
    return [Result(name, bytes=received)]


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
