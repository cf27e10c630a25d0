"""The environment of another process that works on a database of the tests' server."""

from __future__ import annotations

import os

from dancu.site import addresses


def environment(owner: str, **more: str) -> dict[str, str]:
    """With the address of every role: a process that is given none makes passwords of its own for it, on the server."""
    return {**os.environ, **addresses.environment(owner), **more}
