"""A person at a browser of their own; every page they come to is checked before they go on."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

from tests.browser import overflow, violations
from tests.dashboards.harvest import wait_until_drawn
from tests.e2e.instance import PASSWORD

WIDE, NARROW = 1280, 390
TIMEOUT = 15_000
# Set to a folder (e.g. var/e2e), every page of the journey is photographed there.
PICTURES = os.environ.get("E2E_PICTURES")
# Presses, not clicks: a label's click is followed by one of its input that nobody made.
_COUNT_PRESSES = """addEventListener('pointerdown', event => {
    const before = Number(sessionStorage.getItem('presses')) || 0;
    if (event.isTrusted) sessionStorage.setItem('presses', before + 1);
}, true);"""

# A page that axe has passed before is checked again where it has parts that are new: which kind of
# element stands in which. What plotly draws is left out of this comparison (not of the check): its
# classes are never the same.
_PARTS = """() => {
    const kind = item => [item.tagName, item.getAttribute('class'), item.getAttribute('role'),
        item.type ?? '', item.ariaInvalid, item.hidden, !item.firstChild].join(' ');
    const items = [...document.body.querySelectorAll('*:not(.js-plotly-plot *)')];
    return [...new Set(items.map(item => kind(item.parentElement) + ' > ' + kind(item)))].sort();
}"""
_CHECKED: dict[tuple[str, int], set[str]] = defaultdict(set)
_OF_ITS_OWN = re.compile(r"[\w-]{40,}|\d{4}-Q\d|\d+(\.\d+)?")
_SUBMIT = "(form, to) => { form.action += to; form.submit(); }"


class Person:
    """Somebody with a name (for messages), a fresh browser profile and one tab."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.name = name
        self._host = urlsplit(address).netloc
        self._troubles: list[str] = []
        self._refused: list[int] = []
        self._pictures = 0
        self.context = browser.new_context(
            base_url=address, locale="de-DE", viewport={"width": WIDE, "height": 900}
        )
        self.context.set_default_timeout(TIMEOUT)
        self.context.add_init_script(_COUNT_PRESSES)
        self.context.on("request", self._note_request)
        self.context.on("response", self._note_response)
        self.context.on("console", self._note_message)
        self.context.on("weberror", lambda error: self._troubles.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def open(self, path: str, status: int = 200) -> None:
        """Go to an address; the page must answer with this status and be without fault."""
        self._arrive(self.page.goto(path), status)

    def press(self, button: str, status: int = 200) -> None:
        """Press the button of this name, which leads to a page."""
        found = self.page.get_by_role("main").get_by_role("button", name=button, exact=True)
        with self.page.expect_navigation() as answer:
            found.click()
        self._arrive(answer.value, status)

    def follow(self, link: str | re.Pattern[str]) -> None:
        """Follow the link of this name."""
        found = self.page.get_by_role("main").get_by_role("link", name=link)
        with self.page.expect_navigation() as answer:
            found.click()
        self._arrive(answer.value, 200)

    def send(self, form: str, to: str = "") -> int:
        """Send a form as if the page had a button for it; returns the answer's status.

        `to` is added to the form's address.
        """
        with self.page.expect_navigation() as answer:
            self.page.locator(form).evaluate(_SUBMIT, to)
        status = answer.value.status
        self._arrive(answer.value, status)
        return status

    def reload(self) -> None:
        """Load the page again."""
        self._arrive(self.page.reload(), 200)

    def back(self) -> None:
        """Go back to the page before."""
        self.page.go_back()
        self.look()

    def sign_in(self, email: str) -> None:
        """Sign in with the password that everybody in these tests has."""
        if not self.page.url.endswith("/anmelden"):
            self.open("/anmelden")
        self.give_password(email)
        self.press("Anmelden")

    def give_password(self, email: str) -> None:
        """Fill in the sign-in form that is open."""
        self.page.get_by_label("E-Mail-Adresse").fill(email)
        self.page.get_by_label("Kennwort").fill(PASSWORD)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Assert that the page's content says something."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def sees_not(self, text: str) -> None:
        """Assert that the page's content does not say something."""
        expect(self.page.get_by_role("main")).not_to_contain_text(text)

    def presses(self) -> int:
        """Return how often the mouse was pressed in this tab."""
        return int(self.page.evaluate("Number(sessionStorage.getItem('presses'))"))

    def download(self, link: str) -> bytes:
        """Follow a link that leads to a file; returns its content."""
        with self.page.expect_download() as found:
            self.page.get_by_role("link", name=link, exact=True).click()
        return found.value.path().read_bytes()

    def status_of(self, path: str) -> int:
        """Return with which status an address answers this person, without going there.

        Where it has moved for good, to be about a concept, it is the new one that answers.
        """
        answer = self.context.request.get(path, max_redirects=0)
        if answer.status == 308:
            answer = self.context.request.get(answer.headers["location"], max_redirects=0)
        return answer.status

    def look(self) -> None:
        """Check the page: no script error, no refusal, no foreign host, nothing for axe."""
        where = f"{self.name} at {urlsplit(self.page.url).path}"
        if urlsplit(self.page.url).path.startswith("/dashboards/"):
            wait_until_drawn(self.page)
        self._photograph()
        assert overflow(self.page) <= 0, f"{where}: wider than the window"
        self._check(where)
        self.complain()
        assert self._refused == [], f"{where}: {self._refused}"

    def look_narrow(self, *paths: str) -> None:
        """Check pages again at the width of a telephone."""
        self.page.set_viewport_size({"width": NARROW, "height": 844})
        for path in paths:
            self.open(path)
        self.page.set_viewport_size({"width": WIDE, "height": 900})

    def complain(self) -> None:
        """Assert that nothing went wrong behind the pages."""
        assert self._troubles == [], self.name

    def forgive(self) -> None:
        """Forget what went wrong: the test has caused it."""
        self._troubles.clear()
        self._refused.clear()

    def _check(self, where: str) -> None:
        path = _OF_ITS_OWN.sub("…", urlsplit(self.page.url).path)
        passed, parts = _CHECKED[path, self._width()], set(self.page.evaluate(_PARTS))
        if not parts <= passed:
            assert violations(self.page) == [], where
            passed |= parts

    def _width(self) -> int:
        return self.page.viewport_size["width"] if self.page.viewport_size else WIDE

    def _arrive(self, response: Response | None, status: int) -> None:
        assert response is not None, f"{self.name}: no answer"
        where = f"{self.name} at {response.url}"
        assert response.status == status, f"{where}: {response.status}, not {status}"
        if status >= 400:
            self._refused.remove(status)
        self.look()

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self._host:
            self._troubles.append(f"foreign request: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self._refused.append(response.status)

    def _note_message(self, message: ConsoleMessage) -> None:
        # A refusal is written into the console as well; `_note_response` has counted it.
        refusal = message.text.startswith("Failed to load resource: the server responded")
        if message.type in {"error", "warning"} and not refusal:
            self._troubles.append(f"console: {message.text}")

    def _photograph(self) -> None:
        if not PICTURES:
            return
        self._pictures += 1
        words = re.sub(r"\W+", "-", urlsplit(self.page.url).path).strip("-") or "start"
        name = f"{self.name}-{self._pictures:02}-{self._width()}-{words}.png"
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=Path(PICTURES) / name, full_page=True)
