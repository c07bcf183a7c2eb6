"""Collects the hashes of the style elements that Dash's and plotly's bundles insert.

After an update of dash or plotly, `test_browser.py` says which hashes dashboards/style-hashes.txt
has to hold: it opens every kind of page in a browser that enforces no content policy.
"""

import base64
import hashlib

from playwright.sync_api import Browser, Page

from tests.browser import sign_in

# Every style element at the moment it is inserted: later its text may have moved into rules.
_NOTE = """
window.__styles = [];
new MutationObserver(changes => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      const element = node.nodeName === '#text' ? node.parentNode : node;
      if (element && element.nodeName === 'STYLE') window.__styles.push(element.textContent);
    }
  }
}).observe(document, {childList: true, subtree: true});
"""


def styles_of(browser: Browser, address: str, paths: list[str], reader: str) -> set[str]:
    """Return the sources of all style elements that these pages insert."""
    context = browser.new_context(bypass_csp=True)
    sign_in(context, address, reader)
    context.add_init_script(_NOTE)
    found: set[str] = set()
    page = context.new_page()
    for path in paths:
        page.goto(address + path)
        wait_until_drawn(page)
        found |= {source_of(text) for text in page.evaluate("window.__styles")}
    context.close()
    return found


def wait_until_drawn(page: Page) -> None:
    """Wait until the content stands and every chart is drawn."""
    page.wait_for_selector("#_pages_content h1")
    page.wait_for_function(
        "document.querySelectorAll('.js-plotly-plot .main-svg').length"
        " >= document.querySelectorAll('.dash-graph').length"
    )


def source_of(text: str) -> str:
    """Return a style element's text as a source for the content policy."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"
