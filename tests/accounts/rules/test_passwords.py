"""What a password must be."""

import pytest

from tracker.accounts.rules.passwords import password_problem

PERSONAL = (
    *("vera.vertretung@verein.example", "Vera Vertretung", "Verein für Begegnung e. V."),
    "Stadt Bielefeld",
)


@pytest.mark.parametrize(
    "password",
    [
        "sieben graue Regenschirme",
        "drei Sommer ohne Regenschirm",
        "x9!kQ2#pL7@w",
        "Vera liebt gelbe Gummistiefel",
        "correct horse battery staple",
        "welcome summer dragon monkey",
        "Mein Hund heißt Bello",
        "vorfuehrung-bielefeld",
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
        ("Bielefeld Verein 26", "Wörtern, die zu dieser Anwendung gehören"),
        ("Begegnung-2026", "Wörtern, die zu dieser Anwendung gehören"),
        ("Hallo123456789", "Liste bekannter Kennwörter"),
        ("123456789012", "Liste bekannter Kennwörter"),
        ("P4ssw0rt12345", "Liste bekannter Kennwörter"),
        ("qwertzuiop123", "Liste bekannter Kennwörter"),
        ("schalke04schalke", "Liste bekannter Kennwörter"),
        ("Deutschland2026", "Liste bekannter Kennwörter"),
        ("Willkommen2026", "leicht zu erraten"),
    ],
)
def test_short_repeated_and_obvious_passwords_are_refused(password: str, says: str) -> None:
    problem = password_problem(password, personal=PERSONAL)
    assert problem is not None
    assert says in problem
