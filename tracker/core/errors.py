"""What can be refused, and how the edge answers: each error carries its remedy in German."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the field's name and the code of the sentence that says how."""

    field: str
    code: str
    values: tuple[tuple[str, Any], ...] = ()


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """Something was not done; `message` says what is wrong and what to do.

    `field` names what is to be mended, where it is one thing.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(Refused):
    """There is no such thing for this actor (unknown or somebody else's): HTTP 404."""


class Forbidden(Refused):
    """The actor's role or function may not do this: HTTP 403."""


class IllegalTransition(Refused):
    """The state does not allow this now: HTTP 409; `possible` names what can be done instead."""

    def __init__(self, message: str, *, possible: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.possible = possible


class Conflict(Refused):
    """Somebody else saved in the meantime: HTTP 409; both texts are to be shown."""


class TooMany(Conflict):
    """The same came too often within a while: HTTP 429; `message` says when it may come again."""


class Invalid(Refused):
    """The input has problems to mend, each at its field: HTTP 422."""

    def __init__(
        self, message: str, *, problems: tuple[Problem, ...] = (), field: str = ""
    ) -> None:
        super().__init__(message, field=field)
        self.problems = problems


class Busy(Refused):
    """There is too much to do at this moment: HTTP 503; a little later it works."""
