"""Where a webhook may go: an address outside, told by TLS; never into the office's own network by accident or intent.

The name is looked up once and the answer itself is connected to (a second look-up could give another). An address
inside needs a line of the administrator of the system (`DANCU_FEED_INSIDE`), not of whoever fills in a page.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LONGEST = 500


class Unreachable(Exception):
    """Nothing may or can be sent there; `why` is a short word for the pages, never an answer of the other side."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Target:
    """An address taken apart: the host for TLS and the Host header, its port, what to ask for."""

    tls: bool
    host: str
    port: int
    path: str


def parse(url: str, *, plain: bool = False) -> Target:
    """The parts of an address; `plain`: http is allowed too (invented people alone)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable("address") from None
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise Unreachable("https")
    odd = parts.username or parts.password or parts.fragment
    if (
        not parts.hostname
        or odd
        or len(url) > _LONGEST
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise Unreachable("address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    tls = parts.scheme == "https"
    return Target(tls, parts.hostname, port or (443 if tls else 80), path)


def resolve(target: Target) -> str:
    """The one address to connect to; every address of the name must be allowed, so that none is tried in its turn."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("name") from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    inside = allowed_inside()
    if not addresses or not all(may_go(ipaddress.ip_address(a), inside) for a in addresses):
        raise Unreachable("inside")
    return addresses[0]


def may_go(
    address: Address, inside: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
) -> bool:
    """Whether an address lies outside, or in a network that the administrator listed."""
    if any(address in network for network in inside):
        return True
    behind = _behind(address)
    if behind is not None:
        return may_go(behind, inside)
    # is_global also answers for shared, documentation and benchmark networks; multicast is asked for by itself.
    return address.is_global and not address.is_multicast and not address.is_reserved


def allowed_inside() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The networks of `DANCU_FEED_INSIDE`, as `10.20.0.0/16,192.168.7.4/32`."""
    given = os.environ.get("DANCU_FEED_INSIDE", "")
    return tuple(ipaddress.ip_network(text.strip()) for text in given.split(",") if text.strip())


def _behind(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address only wraps."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return (
        address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    )
