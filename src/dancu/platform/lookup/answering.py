"""One question answered: the database logs and hands out, `engine.verify` compares, the answer is signed.

Border: of a person's values nothing leaves this module but what `compare` says of them. Whoever is not named is told
`not_identified` in the same shape and by the same steps as when nobody bears the number.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, LiteralString

from django.conf import settings
from django.db import connections

from dancu.engine.verify import COLUMNS, Answer, Asked, Known, compare, not_identified
from dancu.lib.signing import b64
from dancu.platform.completeness.asked import request_id
from dancu.platform.lookup import reading
from dancu.platform.lookup.reading import Question
from dancu.reference.purposes import Purpose
from dancu.store import hot, keyring
from dancu.store.keyring import Key

# The request's number is named in the one statement that is the transaction: an argument is there before its function.
_BY_PARTNER = (
    "SELECT * FROM lookup.by_partner(CASE WHEN set_config('dancu.request', %s, true) IS NOT NULL THEN %s::text END, %s,"
    " %s, %s, %s::text[], %s, %s, %s, %s, %s::date, %s::uuid, %s::bytea,"
    " %s::bytea, %s::smallint)"
)
_BY_OFFICER = (
    "SELECT * FROM lookup.by_officer(%s, %s, %s, %s::text[], %s, %s, %s, %s, %s::date, %s::bytea,"
    " %s::smallint)"
)
_OF_LIST = (
    "SELECT * FROM lookup.ask(%s, NULL, %s, NULL, 50, NULL, 'list', %s, %s, %s::text[], %s, %s, %s, %s, %s::date, NULL,"
    " NULL, %s::bytea, %s::smallint)"
)
_kept: list[tuple[float, Key]] = []


@dataclass(frozen=True)
class Told:
    """What came of a question. `state`: answered, no_consent, stopped, closed, too_many, conflict."""

    state: str
    answer: Answer
    receipt: str
    repeated: bool = False


def for_partner(
    asked: Question, *, token: str, purpose: Purpose, on: dt.date, values: Collection[str] = ()
) -> Told:
    """A partner's question under its token; one statement, committed with its line in the log."""
    block, last = reading.number_hash(asked.asked, settings.SECRET_KEY)
    row = _ask(
        _BY_PARTNER,
        [request_id(), token, asked.officer, purpose.code, purpose.law, sorted(asked.asked.claims), purpose.by_consent,
         asked.asked.number, asked.asked.old_number, asked.name_key, asked.born, asked.request_id, asked.digest,
         block, last],
    )  # fmt: skip
    return _told(row, asked.asked, on, values)


def for_officer(
    asked: Asked, *, purpose: Purpose, on: dt.date, channel: str = "scan", basis: str = ""
) -> Told:
    """The question of the officer of this request's session, in its transaction."""
    block, last = reading.number_hash(asked, settings.SECRET_KEY)
    whole = Question(asked, purpose.code, "", None, b"")
    row = _ask(
        _BY_OFFICER,
        [channel, purpose.code, basis or purpose.law, sorted(asked.claims), purpose.by_consent, asked.number,
         asked.old_number, whole.name_key, whole.born, block, last],
    )  # fmt: skip
    return _told(row, asked, on, ())


def for_list(
    asked: Asked, *, by: str, role: str, purpose: Purpose, on: dt.date, basis: str
) -> Told:
    """A line of a list, by the worker as the owner, in the name of the officer who handed it in."""
    block, last = reading.number_hash(asked, settings.SECRET_KEY)
    whole = Question(asked, purpose.code, "", None, b"")
    row = _ask(
        _OF_LIST,
        [by, role, purpose.code, basis, sorted(asked.claims), purpose.by_consent, asked.number, asked.old_number,
         whole.name_key, whole.born, block, last],
        using="owner",
    )  # fmt: skip
    return _told(row, asked, on, (), using="owner")


def _ask(query: LiteralString, given: Sequence[Any], *, using: str = "default") -> tuple[Any, ...]:
    """On the page's own connection and transaction; outside of one it commits by itself."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        row = hot.row(connection.connection, query, given)
    assert row is not None
    return row


def _told(
    row: tuple[Any, ...], asked: Asked, on: dt.date, values: Collection[str], *, using: str = "default"
) -> Told:  # fmt: skip
    state, receipt, repeated = row[:3]
    if state in ("closed", "too_many", "conflict"):
        return Told(state, not_identified(asked, on=on), "")
    known = None if state == "none" else Known(dict(zip(COLUMNS, row[3:], strict=True)))
    answer = compare(asked, known, on=on, values=values)
    if _needs_more(answer, asked):
        # Also for nobody: the second look takes its time whoever is asked about.
        answer = compare(asked, _with_more(known, receipt, using), on=on, values=values)
    if state in ("no_consent", "stopped") and answer.result != "not_identified":
        return Told(state, not_identified(asked, on=on), str(receipt))
    return Told("answered", answer, str(receipt), repeated)


def _needs_more(answer: Answer, asked: Asked) -> bool:
    """Whether former values or homes may change what is said."""
    if answer.result == "not_identified" or "lived_in" in asked.claims:
        return True
    return any(one.verdict == "mismatch" for one in answer.attributes)


def _with_more(known: Known | None, receipt: Any, using: str) -> Known | None:
    former, homes = _ask("SELECT former, homes FROM lookup.more(%s::uuid)", [receipt], using=using)
    if known is None:
        return None
    return Known(known.values, _former(former), _homes(homes))


def _former(told: Any) -> Mapping[str, tuple[str, ...]]:
    listed = json.loads(told) if isinstance(told, str) else told or {}
    return {field: tuple(values) for field, values in listed.items()}


def _homes(told: Any) -> tuple[tuple[str, dt.date | None, dt.date | None], ...]:
    listed = json.loads(told) if isinstance(told, str) else told or []
    return tuple((unit, _day(first), _day(last)) for unit, first, last in listed)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def statement(told: Told, *, purpose: str, audience: str, request_id: Any) -> dict[str, Any]:
    """What is signed: the answer with its receipt, for whom, when. No number and no claim of the question."""
    return {
        "iss": "dancu", "aud": audience, "iat": int(time.time()), "jti": told.receipt,
        "request_id": str(request_id) if request_id else None, "purpose": purpose, **told.answer.as_json(),
    }  # fmt: skip


def signed(statement: Mapping[str, Any]) -> str:
    """A compact JWS (EdDSA) by the installation's key for answers."""
    key = _key()
    body = f"{_head(key.kid)}.{b64(_compact(statement))}"
    return f"{body}.{b64(key.sign(body.encode('ascii')))}"


def _key() -> Key:
    """The key in force, as of at most a second ago: a rotation is felt at once."""
    if not _kept or _kept[0][0] < time.monotonic():
        _kept[:] = [(time.monotonic() + 1.0, keyring.current("answer"))]
    return _kept[0][1]


@lru_cache(maxsize=8)
def _head(kid: str) -> str:
    return b64(_compact({"alg": "EdDSA", "kid": kid, "typ": "dancu-verification+jwt"}))


def _compact(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
