"""Which network addresses a fetch may connect to.

A feed's address comes from outside, so it may name the operator's own network. The question is asked for the numeric
address of each connection, after every name look-up and redirect, never for a name. No look-ups happen here.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Public by number, private by use: a cloud's metadata service, and a translation prefix for local networks.
OTHER_REFUSED: tuple[Network, ...] = (
    ipaddress.IPv4Network("168.63.129.16/32"),
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("2001::/32"),
)


def networks(allowed: Iterable[str | Network]) -> tuple[Network, ...]:
    """Networks from their text form (`127.0.0.0/8`, `::1`). Raises ValueError for what is none."""
    return tuple(
        ipaddress.ip_network(network) if isinstance(network, str) else network for network in allowed
    )


@functools.lru_cache(maxsize=4096)
def may_connect(text: str, allowed: tuple[Network, ...] = ()) -> bool:
    """Whether a numeric address is public, or in one of the allowed networks."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    target = _target(address)
    if any(candidate in network for network in allowed for candidate in (address, target)):
        return True
    return _is_public(target)


@functools.lru_cache(maxsize=4096)
def is_own(host: str, allowed: tuple[Network, ...]) -> bool:
    """Whether a host (`name:port`) is by its very name in an allowed network: a literal, or localhost."""
    name = host.rpartition(":")[0].strip("[]")
    try:
        address = ipaddress.ip_address("127.0.0.1" if name == "localhost" else name)
    except ValueError:
        return False
    return any(address in network for network in allowed)


def _target(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to, where it is only a wrapping."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    if any(address in network for network in OTHER_REFUSED):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
