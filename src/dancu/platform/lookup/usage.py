"""How partners ask, counted: in this process, and every few seconds added to the hour's row of each partner.

The line of a look does not hold how its comparison ended (it is written before), so this is where it shows that
somebody asks about people whom it does not know. What a process had not written when it died is lost.
"""

from __future__ import annotations

import threading
import time
from collections import Counter

from django.db import DatabaseError, connections
from django.utils import timezone

from dancu.platform.lookup.answering import Told

EVERY = 5.0
"""Seconds."""
_counted: Counter[tuple[str, str]] = Counter()
_lock = threading.Lock()
_written = [0.0]


def count(client_id: str, told: Told) -> None:
    """One question of a partner and what came of it."""
    what = told.answer.result if told.state == "answered" else told.state
    now = time.monotonic()
    with _lock:
        _counted[client_id, what] += 1
        due = now - _written[0] >= EVERY
        if due:
            _written[0] = now
    if due:
        write()


def write() -> None:
    """Add what was counted to the rows of this hour."""
    with _lock:
        rows = [(client, what, n) for (client, what), n in _counted.items()]
        _counted.clear()
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    try:
        with connections["gate"].cursor() as cursor:
            for client, what, n in sorted(rows):
                cursor.execute(
                    "INSERT INTO partners_usage (client_id, hour, outcome, n) VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT (client_id, hour, outcome) DO UPDATE SET n = partners_usage.n + excluded.n",
                    [client, hour, what, n],
                )
    except DatabaseError:
        with _lock:
            _counted.update({(client, what): n for client, what, n in rows})
