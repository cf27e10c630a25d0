"""Which adapter this installation uses, and the one client of the process."""

from __future__ import annotations

import threading

from dancu.platform.gateway import setup
from dancu.platform.gateway.asking import NationalGateway
from dancu.platform.gateway.errors import NotSetUp
from dancu.platform.gateway.national import National
from dancu.platform.gateway.port import NOT_YET, Gateway, Reply, Request
from dancu.platform.gateway.register import RegisterGateway

_lock = threading.Lock()
_client: tuple[setup.Setup, National] | None = None


class Nobody:
    """The adapter of an installation that may keep no copy and has no line: it says so."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def ask(self, request: Request) -> Reply:
        """Nothing is asked, so nothing is logged."""
        return Reply("unavailable", NOT_YET, request.number, "", self._reason)


def client() -> National:
    """The process's client; another one when the settings changed (tests). Raises NotSetUp."""
    global _client
    wanted = setup.read()
    with _lock:
        if _client is None or _client[0] != wanted:
            _client = (wanted, National(wanted))
        return _client[1]


def gateway() -> Gateway:
    """Whoever answers here: the national service in verify-only mode, else our register."""
    return remote() if setup.verify_only() else RegisterGateway()


def remote() -> Gateway:
    """The way to the national service, as far as it is set up."""
    try:
        return NationalGateway(client())
    except NotSetUp as error:
        return Nobody(error.reason)
