"""What is stored instead of a token, a place or a password: hashes that nobody can turn back."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address, ip_network


def token_hash(token: str) -> str:
    """Return the SHA-256 under which a token is stored; it has no pattern to be guessed from."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def keyed_hash(secret_key: str, kind: str, text: str) -> str:
    """Return what stands for a text of a kind ("account", "address"), for who has the key only."""
    message = f"{kind}:{text}".encode("utf-8", "replace")
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()


def network(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64 that one line has for itself."""
    try:
        parsed = ip_address(address)
    except ValueError:  # what a proxy says may be anything
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)
