"""Whether TRUSTED_PROXIES fits what arrives: otherwise everybody has the proxy's address."""

from __future__ import annotations

from flask import current_app, request

from tracker.core.settings import Settings
from tracker.web.runtime import settings

_WARNED = "tracker_proxies_warned"
_FORWARDED = "X-Forwarded-For"
_UNNAMED = (
    "TRUSTED_PROXIES ist 0, aber ein Proxy nennt Adressen (X-Forwarded-For). Alle Anfragen zählen "
    "als eine Adresse: Wer bei der Anmeldung rät, bremst alle. Setzen Sie TRUSTED_PROXIES auf die "
    "Zahl der Proxys vor der Anwendung."
)
_PROBABLY_UNNAMED = (
    "BASE_URL beginnt mit https, also steht ein Proxy davor, aber TRUSTED_PROXIES ist 0. Alle "
    "Anfragen zählen dann als eine Adresse: Wer bei der Anmeldung rät, bremst alle. Setzen Sie "
    "TRUSTED_PROXIES auf die Zahl der Proxys vor der Anwendung."
)
_MISSING = (
    "TRUSTED_PROXIES ist größer als 0, aber eine Anfrage kam ohne X-Forwarded-For. Lassen Sie den "
    "Proxy die Adresse der Nutzenden mitschicken, oder setzen Sie TRUSTED_PROXIES auf 0, wenn "
    "keiner davorsteht."
)


def problem_at_start(settings: Settings) -> str:
    """Return what is wrong with the setting before any request shows it; "" if nothing."""
    speaks_tls = settings.base_url.lower().startswith("https:")  # which we do not
    return _PROBABLY_UNNAMED if speaks_tls and not settings.trusted_proxies else ""


def problem() -> str:
    """Return what is wrong with the setting as this request shows it, and the remedy; "" if not."""
    forwarded = _FORWARDED in request.headers
    if forwarded and not settings().trusted_proxies:
        return _UNNAMED
    return _MISSING if settings().trusted_proxies and not forwarded else ""


def warn_once() -> None:
    """Log what is wrong, once for each process.

    For requests that sign in: others may be a probe of the machine itself.
    """
    if current_app.extensions.get(_WARNED) or not (what := problem()):
        return
    current_app.extensions[_WARNED] = True
    current_app.logger.warning(what)
