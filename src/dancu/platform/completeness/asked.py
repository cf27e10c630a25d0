"""The number of the request being answered: given by the edge, written beside every line of the log.

`claims.use` names it in the request's transaction (`dancu.request`), where column defaults read it: who writes a line
does nothing for it, and work that no request asked for has none.
"""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

number: ContextVar[UUID | None] = ContextVar("dancu_request", default=None)


def request_id() -> str:
    """As the database reads it; empty where no request is being answered."""
    found = number.get()
    return str(found) if found else ""
