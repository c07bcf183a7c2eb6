"""Take pictures of every page of a fresh demonstration, in three widths.

`make screenshots` starts an instance of its own (temporary database, free port on loopback), signs
in as each role, follows the links of the pages, and writes to var/screenshots/, which git ignores:

    var/screenshots/<role>/<width>-<address>.png

Pages that differ only in numbers count as one (`--each 3` takes up to three of them). What a page
does wrong by itself is printed: an error status, a message in the console, content wider than the
window. With `--readme`, only docs/images/ueberblick.png is written: the picture of the README.
"""

import argparse
import io
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from urllib.parse import unquote, urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from conftest import find_chromium
from dashboards.pages.routes import PAGES
from dashboards.paths import PREFIX
from seed.demo.people import DOMAIN, PASSWORD
from seed.files import read_files
from tools.processes import started
from tracker.web.addresses import of_concept

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var/screenshots"
README_PICTURE = ROOT / "docs/images/ueberblick.png"
README_SIZE = (1280, 1800)
LISTS = ("entscheidungen", "veraenderungen")
LARGEST_PICTURE = 300_000

OVERVIEW = of_concept(read_files().concept.key, PREFIX)
WIDTHS = (390, 820, 1280)
PEOPLE = {
    "ohne-anmeldung": None,
    "ki": f"ki@{DOMAIN}",
    "vertretung": f"jugendamt@{DOMAIN}",
    "mitarbeitende": f"volkshochschule.team@{DOMAIN}",
    "ausschuss": f"ausschuss@{DOMAIN}",
}
# What no link leads to, or what looks different with a query: opened beside what links reach.
MORE = {
    "ki": [f"{OVERVIEW}{page.path}" for page in PAGES if "<" not in page.path],
    "ausschuss": [
        *(f"{OVERVIEW}{page.path}" for page in PAGES if "<" not in page.path and not page.internal),
        f"{OVERVIEW}suche?q=sprache",
        f"{OVERVIEW}suche?q=gibtesnicht",
        f"{OVERVIEW}felder?feld=3",
        f"{OVERVIEW}?feld=2&verlauf=critical",
        f"{OVERVIEW}?runde=2025-Q3",
        f"{OVERVIEW}wirkung?feld=7",
        f"{OVERVIEW}verlauf?zeitraum=alle",
        f"{OVERVIEW}beschluesse?gruppe=feld",
        f"{OVERVIEW}massnahmen?verlauf=critical",
    ],
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=de-DE",
]
START_SECONDS = 60
MESSAGE = 140
HIGHEST = 16_000
DASH = "#react-entry-point"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def main() -> int:
    """Start an instance, take the pictures, end it; 1 where a page does something wrong."""
    arguments = _arguments()
    chromium = find_chromium()
    if chromium is None:
        print("FEHLER: kein Chromium gefunden; CHROMIUM nennt seinen Pfad.", file=sys.stderr)
        return 1
    with running_demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        if arguments.readme:
            write_readme_picture(browser, address)
            return 0
        shutil.rmtree(FOLDER, ignore_errors=True)
        wrong = []
        for role, email in PEOPLE.items():
            wrong += photograph(browser, address, role=role, email=email, each=arguments.each)
        print("\n".join(dict.fromkeys(wrong)) or "Keine Auffälligkeiten.")
        return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_AsWritten)
    parser.add_argument("--readme", action="store_true", help="only the picture of the README")
    parser.add_argument("--each", type=int, default=1, help="pages of one kind (default: 1)")
    return parser.parse_args()


class _AsWritten(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the description."""


@contextmanager
def running_demonstration() -> Iterator[str]:
    """Give the address of a demonstration that ends, with its data, when this ends."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        address = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "BASE_URL": address,
            "SECURE_COOKIES": "0",
        }
        tracker = [sys.executable, "-m", "tracker"]
        for command in (["db", "upgrade"], ["demo"], ["clock", "--once"]):
            subprocess.run(
                [*tracker, *command], env=environment, cwd=ROOT, check=True, capture_output=True
            )
        with started([*tracker, "serve"], env=environment, cwd=ROOT) as server:
            _wait_for(port, server)
            yield address


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("FEHLER: Der Webdienst ist nicht gestartet. Näheres steht darüber.")


def signed_in(browser: Browser, address: str, email: str | None) -> BrowserContext:
    """Return a browser profile in which this person is signed in; nobody for None."""
    context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin")
    if email is not None:
        page = context.new_page()
        page.goto(f"{address}/anmelden")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
        page.close()
    return context


def photograph(
    browser: Browser, address: str, *, role: str, email: str | None, each: int
) -> list[str]:
    """Take pictures of all pages that a role reaches by links; return what is wrong with them."""
    context = signed_in(browser, address, email)
    page = context.new_page()
    wrong: list[str] = []
    where = "/"
    page.on("console", lambda said: _note(wrong, role, where, said.type, said.text))
    page.on("pageerror", lambda error: wrong.append(f"{role} {where}: {error}"))
    first = ["/", *MORE.get(role, ())]
    waiting, seen, taken = deque(first), set(first), Counter[str]()
    while waiting:
        where = waiting.popleft()
        shape = re.sub(r"\d+", "0", where)
        if taken[shape] >= each or not _is_page(context, address + where):
            continue
        taken[shape] += 1
        response = visit(page, address + where)
        if response is not None and not response.ok:
            wrong.append(f"{role} {where}: Status {response.status}")
        wrong += _take(page, role, where)
        for link in _links(page, address):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    context.close()
    print(f"{role}: {sum(taken.values())} Seiten")
    return wrong


def visit(page: Page, url: str) -> Response | None:
    """Open a page and wait until it is there; Dash fills its pages after they are loaded."""
    response = page.goto(url, wait_until="networkidle")
    if page.locator(DASH).count():
        page.wait_for_selector(f"{DASH} #_pages_content h1")
        page.wait_for_load_state("networkidle")
    return response


def _note(wrong: list[str], role: str, where: str, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        wrong.append(f"{role} {where}: {shorten(text, MESSAGE)}")


def _is_page(context: BrowserContext, url: str) -> bool:
    """Return whether an address answers with a page, and not with a file to download."""
    response = context.request.head(url)
    return "text/html" in response.headers.get("content-type", "text/html")


def _links(page: Page, address: str) -> list[str]:
    """Return the addresses of pages that a page leads to, without queries; files are no pages."""
    found = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.href)"
    )
    paths = (urlsplit(link).path for link in found if link.startswith(f"{address}/"))
    return list(dict.fromkeys(paths))


def _take(page: Page, role: str, where: str) -> list[str]:
    wrong = []
    name = re.sub(r"[^\w.]+", "-", unquote(where).strip("/")) or "start"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # As high as its content, so that what sticks to the window's edge covers nothing.
        height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(250)  # charts are drawn anew
        target = FOLDER / role / f"{width}-{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        if (wider := page.evaluate(OVERFLOW)) > 0:
            wrong.append(f"{role} {where}: bei {width} um {wider} Pixel zu breit")
    return wrong


def write_readme_picture(browser: Browser, address: str) -> None:
    """Write the committee's first page, without its two lists, in as many colours as fit."""
    context = signed_in(browser, address, PEOPLE["ausschuss"])
    page = context.new_page()
    width, height = README_SIZE
    page.set_viewport_size({"width": width, "height": height})
    visit(page, f"{address}{OVERVIEW}")
    for name in LISTS:
        page.locator(f"#{name}").evaluate("list => { list.hidden = true }")
    page.wait_for_timeout(500)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    shot.quantize(colors=200, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        README_PICTURE, optimize=True
    )
    size = README_PICTURE.stat().st_size
    if size > LARGEST_PICTURE:
        raise SystemExit(f"FEHLER: {README_PICTURE.name} hat {size} Bytes.")
    print(f"{README_PICTURE.relative_to(ROOT)}: {size} Bytes")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
