"""Settings: read from the environment, each explains itself, nothing half-configured."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tracker.core.settings import Settings, SettingsError


def test_every_setting_explains_itself() -> None:
    for item in fields(Settings):
        assert item.metadata["explanation"].endswith((".", '"', "'"))


@pytest.mark.parametrize(
    ("environment", "name", "value"),
    [
        ({}, "due_day", 15),
        ({"DUE_DAY": ""}, "due_day", 15),
        ({"DUE_DAY": "31"}, "due_day", 31),
        ({"SECURE_COOKIES": "0"}, "secure_cookies", False),
        ({}, "reminder_days", (-7, -2, 0, 3)),
        ({"REMINDER_DAYS": "3, -10,0,3"}, "reminder_days", (-10, 0, 3)),
        ({"DIGEST_WEEKDAY": "0"}, "digest_weekday", 0),
        ({"CITY": "Stadt Gütersloh"}, "city", "Stadt Gütersloh"),
    ],
)
def test_a_setting_is_read(environment: dict[str, str], name: str, value: object) -> None:
    assert getattr(Settings.from_environment(environment), name) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DUE_DAY", "0"),
        ("DUE_DAY", "32"),
        ("DUE_DAY", "Mitte"),
        ("PORT", "70000"),
        ("WORKERS", "-1"),
        ("SECURE_COOKIES", "ja"),
        ("MAIL_HOUR", "24"),
        ("DIGEST_WEEKDAY", "8"),
        ("REMINDER_DAYS", "-7;-2"),
        ("REMINDER_DAYS", "-7,"),
        ("REMINDER_DAYS", "-91"),
    ],
)
def test_an_unreadable_setting_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable}: erwartet w[ie]rde?n? .*{text}"):
        Settings.from_environment({variable: text})


@pytest.mark.parametrize("key", ["", "x" * 31])
def test_a_missing_or_short_secret_is_refused_with_the_remedy(key: str) -> None:
    with pytest.raises(SettingsError, match="token_urlsafe"):
        Settings(secret_key=key).require_secret_key()
