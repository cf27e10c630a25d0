"""How often one caller may call: a window of a minute, kept in this process.

In the database every call of a key would wait for the row of the call before it, since a request is one transaction.
With several web processes each counts by itself; the site runs one (see `dancu serve`).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

WINDOW = 60


@dataclass(frozen=True)
class Left:
    """What is left of a caller's window: calls, and seconds until it begins anew."""

    limit: int
    remaining: int
    reset: int
    passed: bool

    @property
    def headers(self) -> dict[str, str]:
        """As the answer states it (IETF draft «RateLimit header fields»)."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told if self.passed else told | {"Retry-After": str(self.reset)}


_used: dict[str, tuple[int, int]] = {}
_lock = threading.Lock()


def take(name: str, limit: int, cost: int = 1, *, now: float | None = None) -> Left:
    """Count `cost` calls of this caller; not passed (and not counted) when they are more than what is left."""
    moment = time.time() if now is None else now
    window = int(moment) // WINDOW
    reset = WINDOW - int(moment) % WINDOW
    with _lock:
        if len(_used) > 10_000:
            for old in [n for n, (w, _) in _used.items() if w != window]:
                del _used[old]
        before, used = _used.get(name, (window, 0))
        used = used if before == window else 0
        passed = used + cost <= limit
        _used[name] = (window, used + cost if passed else used)
    return Left(limit, max(0, limit - used - (cost if passed else 0)), reset, passed)
