"""«Nhờ nộp thay»: a person lets a relative file for them, online by a code, or at a counter on paper.

The code is shown once and kept as a hash; who enters it first is the helper, and both can end it at any time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from dancu.reference.terms import term

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
TERM = "filing_proxy"
"""How long a consent to be filed for holds, unless it is ended before."""


@dataclass(frozen=True)
class Proxy:
    """Who lets whom."""

    proxy: UUID
    giver: UUID
    giver_name: str
    helper: UUID | None
    helper_name: str
    until: dt.date
    recorded_by: str


_COLUMNS = "proxy, giver, giver_name, helper, helper_name, until, recorded_by"
_HOLDS = "withdrawn_at IS NULL AND until >= %s"


def do_give(*, citizen: str, name: str, at: dt.datetime, on: dt.date) -> str:
    """A new consent; the code that the giver hands over."""
    code = _code()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.proxy (code_hash, giver, giver_name, given_at, until) VALUES (%s, %s, %s, %s, %s)",
            [_hash(code), citizen, name, at, term(TERM, on=on).after(on)],
        )
    return code


def do_give_on_paper(*, citizen: UUID, paper: str, at: dt.datetime, on: dt.date) -> str | None:
    """An officer keeps the consent of somebody who cannot log in; the code, None when the person is not of here."""
    code = _code()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT services.paper_proxy(%s, %s, %s, %s, %s)",
            [_hash(code), citizen, paper, term(TERM, on=on).after(on), at],
        )
        return code if cursor.fetchone()[0] else None


def do_take(code: str, *, name: str, on: dt.date) -> bool:
    """Whether the code was open and now names this helper."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT services.take_proxy(%s, %s, %s)", [_hash(code), name, on])
        return cursor.fetchone()[0] is not None


def do_withdraw(proxy: UUID, *, at: dt.datetime) -> bool:
    """End it, by either of the two; False when it is nobody's of this session, or ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.proxy SET withdrawn_at = %s WHERE proxy = %s AND withdrawn_at IS NULL",
            [at, proxy],
        )
        return bool(cursor.rowcount)


def given(citizen: str, *, on: dt.date) -> list[Proxy]:
    """Those that the person has given and that hold."""
    return _listed("giver = %s", citizen, on)


def held(citizen: str, *, on: dt.date) -> list[Proxy]:
    """Those by which the person may file for others."""
    return _listed("helper = %s", citizen, on)


def _listed(which: str, citizen: str, on: dt.date) -> list[Proxy]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.proxy WHERE {which} AND {_HOLDS} ORDER BY given_at DESC",
            [citizen, on],
        )
        return [Proxy(*row) for row in cursor.fetchall()]


def _code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _hash(code: str) -> bytes:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).digest()
