"""Pages for everybody."""

import pytest

from tests.web.conftest import Browser

PUBLIC = [
    "/",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/barriere-melden",
    "/hilfe/begriffe",
    "/anmelden",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_open_without_signing_in(nobody: Browser, path: str) -> None:
    nobody.get(path)
