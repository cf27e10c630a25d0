"""The one writer of this web process: made with the first event, closed when the process ends."""

from __future__ import annotations

import atexit
import threading

from django.db import connections
from psycopg import conninfo

from dancu.store.register.desk import Desk

_desks: dict[str, Desk] = {}
_lock = threading.Lock()


def desk() -> Desk:
    """The desk of the register that this site serves; it connects as the owner, past row-level security.

    Who may record what about whom is decided before (`recording`), and by the register in the same transaction
    (`Incoming.only_in`).
    """
    address = owner()
    with _lock:
        if address not in _desks:
            _desks[address] = Desk(address)
        return _desks[address]


def owner() -> str:
    """The owner's address of the database, as the settings have it."""
    wrapper = connections["owner"]
    given = wrapper.get_connection_params()
    known = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options"}
    return conninfo.make_conninfo("", **{k: v for k, v in given.items() if k in known and v})


@atexit.register
def close() -> None:
    """Finish what is waiting and let the connections go."""
    with _lock:
        for one in _desks.values():
            one.close()
        _desks.clear()
