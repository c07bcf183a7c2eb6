"""Commands see the settings of their test alone."""

import pytest


@pytest.fixture(autouse=True)
def _own_settings(only_what_the_test_sets: None) -> None:
    """For every test of this folder."""
