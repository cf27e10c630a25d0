"""What the system does to dossiers by itself, in the worker: with the owner's rights, by the same functions as pages.

Pages ask through the alias `default`, for which row-level security holds. A job has no session: inside `as_system`
the owner's connection stands in its place, for this thread alone and everything called in it (acting, listeners,
models), in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from dancu.sectors.public_services.acting import Actor

SYSTEM = Actor("hệ thống", "system")


@contextmanager
def as_system() -> Iterator[Actor]:
    """One transaction of the owner; gives the actor. Never in a request: there somebody else's rows would open."""
    pages = connections["default"]
    connections["default"] = connections["owner"]
    try:
        with transaction.atomic():
            yield SYSTEM
    finally:
        connections["default"] = pages
