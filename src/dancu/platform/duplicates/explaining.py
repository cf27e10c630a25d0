"""The one reader of this web process that explains pairs; it connects as the owner and tells no value of anybody."""

from __future__ import annotations

import atexit
import threading

from dancu.platform.events.writer import owner
from dancu.store.register.explained import Reader

_readers: dict[str, Reader] = {}
_lock = threading.Lock()


def reader() -> Reader:
    """Of the register that this site serves. Whether the pair may be seen is asked before, of the database."""
    address = owner()
    with _lock:
        if address not in _readers:
            _readers[address] = Reader(address)
        return _readers[address]


@atexit.register
def close() -> None:
    """Let the connections go."""
    with _lock:
        for one in _readers.values():
            one.close()
        _readers.clear()
