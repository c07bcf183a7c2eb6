"""What we know of Dash that it does not promise; tests/dashboards/test_dash_internals.py asks it.

Whoever upgrades Dash and sees that test fail finds here what to change, and nowhere else.
"""

from __future__ import annotations

# The parts of a page with `use_pages`; the routing callback fills the first two by the third.
CONTENT, STORE, LOCATION = "_pages_content", "_pages_store", "_pages_location"
ROUTING = f"..{CONTENT}.children...{STORE}.data.."
ROUTING_OUTPUTS = [{"id": CONTENT, "property": "children"}, {"id": STORE, "property": "data"}]
ROUTING_INPUTS = [{"id": LOCATION, "property": "pathname"}, {"id": LOCATION, "property": "search"}]
