"""What counts as one address, and what is stored instead of a token."""

import pytest

from tracker.core.hashes import keyed_hash, network, token_hash


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_whoever_has_a_network_of_ipv6_is_one_address(address: str, counts_as: str) -> None:
    assert network(address) == counts_as


def test_whatever_is_sent_as_a_token_has_a_hash() -> None:
    assert token_hash("\ud800") != token_hash("a")
    assert keyed_hash("key", "address", "\ud800") != keyed_hash("other", "address", "\ud800")
    assert keyed_hash("key", "address", "a") != keyed_hash("key", "form", "a")
