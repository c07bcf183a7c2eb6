"""The demonstration: an invented, living instance, written through the same actions as real use."""

from seed.demo.fill import fill
from seed.demo.people import Login, logins

__all__ = ["Login", "fill", "logins"]
