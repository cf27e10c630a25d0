"""What can go wrong between us and the national service; the reason is one word that may be kept and shown."""

from __future__ import annotations


class GatewayError(Exception):
    """Base. `reason` is one word of `words_of.REASONS`; nothing of anybody is in it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class LineDown(GatewayError):
    """No answer that can be believed: ask again later. `wait`: seconds that the other side asked us to wait."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Refusal(GatewayError):
    """The other side understood and said no: asking again would not change it."""


class NotSetUp(GatewayError):
    """An address, a client's name or a secret is missing or may not be used."""
