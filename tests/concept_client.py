"""Tests name pages without the concept; what they read names it only where there is another.

`/runden/` is asked for as `/konzepte/probe/runden/`, and read so, too: which addresses a page
really has is told by tests/web/test_concept_addresses.py.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from dashboards.paths import PREFIX
from tracker.web.addresses import of_concept

KEY = "probe"
_OLD = {"moved", PREFIX, f"{PREFIX}<path:path>"}


def full(app: Flask, address: str, method: str = "GET") -> str:
    """The address with the concept, where it is one of a concept."""
    path = unquote(address.partition("?")[0])
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except HTTPException:
        return address
    return of_concept(KEY, address) if endpoint in _OLD else address


def short(text: str) -> str:
    """What was read, with addresses as tests name them."""
    return re.sub(f"/konzepte/({KEY}|-)(?=/)", "", text)


class ConceptClient(FlaskClient):
    """A client that puts the concept into the addresses it asks for, and reads over it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page of the concept."""
        if args and isinstance(args[0], str):
            address = full(self.application, args[0], kwargs.get("method", "GET"))
            args = (address, *args[1:])
        response = super().open(*args, **kwargs)
        if response.location:
            response.location = short(response.location)
        is_text = response.mimetype in {"text/html", "application/json"}
        if is_text and "Content-Encoding" not in response.headers:
            response.set_data(short(response.get_data(as_text=True)))
        return response
