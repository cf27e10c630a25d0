"""Where the national service is and as whom we speak to it: from the environment, checked once, kept in no database.

One address, given by who runs the machine: nothing that anybody types on a page reaches it, no answer leads elsewhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dancu.platform.gateway.errors import NotSetUp

URL, CLIENT, SECRET = "DANCU_NATIONAL_URL", "DANCU_NATIONAL_CLIENT_ID", "DANCU_NATIONAL_SECRET_FILE"
CA, TIMEOUT, LINES = "DANCU_NATIONAL_CA_FILE", "DANCU_NATIONAL_TIMEOUT", "DANCU_NATIONAL_LINES"
MODE = "DANCU_VERIFY_ONLY"


@dataclass(frozen=True)
class Setup:
    """The address without a slash at its end, the client, and how long and how many at once."""

    url: str
    client_id: str
    secret: str
    ca_file: str | None = None
    timeout: float = 3.0
    """Seconds for one question from the first byte sent to the last received, the token's included."""
    lines: int = 4
    """Questions under way at once; one more is not sent but waits, so that a slow line does not hold the site."""

    def __repr__(self) -> str:
        return f"Setup({self.url})"


def verify_only() -> bool:
    """Whether this installation keeps no copy of the register and asks the national service instead."""
    return os.environ.get(MODE) == "1"


def read() -> Setup:
    """What the environment says; raises NotSetUp."""
    url, client, path = (os.environ.get(name, "") for name in (URL, CLIENT, SECRET))
    if not (url and client and path):
        raise NotSetUp("not_set_up")
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotSetUp("secret_unread") from error
    return Setup(
        checked(url), client, secret, os.environ.get(CA) or None,
        float(os.environ.get(TIMEOUT, "3")), int(os.environ.get(LINES, "4")),
    )  # fmt: skip


def checked(url: str) -> str:
    """An address to which a secret may be sent: https, or http on this machine; no name, password, query in it."""
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and _own(parts.hostname))
    if (
        not safe
        or not parts.hostname
        or parts.username
        or parts.password
        or parts.query
        or parts.fragment
    ):
        raise NotSetUp("address_unsafe")
    return url.rstrip("/")


def _own(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
