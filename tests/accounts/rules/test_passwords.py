"""What a password must be."""

import pytest

from tracker.accounts.rules.passwords import password_problem

PERSONAL = ("vera.vertretung@verein.example", "Vera Vertretung")


@pytest.mark.parametrize(
    "password",
    [
        "sieben graue Regenschirme",
        "drei Sommer ohne Regenschirm",
        "x9!kQ2#pL7@w",
        "Vera liebt gelbe Gummistiefel",
        "ä" * 3 + "öüß" * 3 + "12!",
    ],
)
def test_long_and_unusual_passwords_will_do(password: str) -> None:
    assert password_problem(password, personal=PERSONAL) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "0 Zeichen"),
        ("elf Zeichen", "11 Zeichen"),
        ("x" * 201, "länger als 200"),
        ("abababababab", "wiederholt"),
        ("Passwort1234", "leicht zu erraten"),
        ("bielefeld2026!", "leicht zu erraten"),
        ("VeraVertretung", "leicht zu erraten"),
        ("integration!!2026", "leicht zu erraten"),
    ],
)
def test_short_repeated_and_obvious_passwords_are_refused(password: str, says: str) -> None:
    problem = password_problem(password, personal=PERSONAL)
    assert problem is not None
    assert says in problem
