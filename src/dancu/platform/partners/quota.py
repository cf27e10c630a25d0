"""How much of a day's quota a partner has left, over all web processes: lent to each of them in small lots.

One row a partner and day; a process takes a lot at a time, so a question does not wait for another's row. Never more
than the quota is lent; what a process that ended had left over is lost for the day.
"""

from __future__ import annotations

import datetime as dt
import threading

from django.db import connections

GATE = "gate"
_lent: dict[tuple[str, dt.date], int] = {}
_lock = threading.Lock()


def take(client_id: str, a_day: int, n: int = 1, *, on: dt.date) -> bool:
    """Whether `n` questions more are within the quota of the day; counts them when they are."""
    key = (client_id, on)
    with _lock:
        left = _lent.get(key, 0)
        if left < n:
            left += _lend(client_id, a_day, max(n - left, lot(a_day)), n - left, on)
        passed = left >= n
        _lent[key] = left - n if passed else left
        for old in [k for k in _lent if k[1] < on]:
            del _lent[old]
    return passed


def lot(a_day: int) -> int:
    """How much is lent at once."""
    return max(1, min(500, a_day // 50))


def _lend(client_id: str, a_day: int, wanted: int, least: int, on: dt.date) -> int:
    """As much of `wanted` as is left, 0 when that is less than `least`."""
    with connections[GATE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO partners_lease (client_id, day, taken) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING",
            [client_id, on],
        )
        cursor.execute(
            "WITH before AS (SELECT taken FROM partners_lease WHERE client_id = %s AND day = %s FOR UPDATE)"
            " UPDATE partners_lease l SET taken = least(%s, b.taken + %s) FROM before b"
            " WHERE l.client_id = %s AND l.day = %s AND b.taken + %s <= %s"
            " RETURNING l.taken - b.taken",
            [client_id, on, a_day, wanted, client_id, on, least, a_day],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
