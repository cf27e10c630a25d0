"""The differences that changes of dossiers leave are added up into the kept sums, some at a time."""

from __future__ import annotations

from typing import Any

MOST = 20_000


def fold_all(connection: Any, *, most: int = MOST) -> int:
    """How many differences were folded. Each statement is whole by itself; what comes in meanwhile waits."""
    folded = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT services.fold(%s)", [most])
            (n,) = cursor.fetchone()
            folded += n
            if n < most:
                return folded
