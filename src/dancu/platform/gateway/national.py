"""The national service as we speak with it: a token, one question, one answer that is checked before it is believed.

Each question carries its own number, which the other side must give back with the answer and by which it knows a
question that comes twice. What it says in how many words: docs/how-to/verify-only.md.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dancu.engine.verify import dates
from dancu.engine.verify.model import Answer, Asked
from dancu.lib.text import fold
from dancu.platform.gateway import codes
from dancu.platform.gateway.errors import LineDown, Refusal
from dancu.platform.gateway.line import Heard, Line
from dancu.platform.gateway.setup import Setup

TOKEN, VERIFY, STATUS = "/oauth/token", "/v1/verifications", "/v1/status"
_EARLY = 30.0
"""Seconds before its end at which a token is no longer used."""


_SEXES = {"nam": "male", "1": "male", "nu": "female", "2": "female"}


@dataclass(frozen=True)
class Officer:
    """Who asks, as the gateway's law wants it told: the officer's own name and number."""

    name: str
    number: str


@dataclass(frozen=True)
class Told:
    """An answer of the national service, with its own number for it."""

    answer: Answer
    transaction: str
    codes: tuple[str, ...]


class National:
    """The client. Several threads may use it; at most `setup.lines` questions are under way at once."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._free: queue.SimpleQueue[Line] = queue.SimpleQueue()
        for _ in range(setup.lines):
            self._free.put(Line(setup.url, ca_file=setup.ca_file))
        self._token: tuple[str, float] | None = None
        self._token_lock = threading.Lock()

    def ask(self, asked: Asked, *, number: UUID, purpose: str, officer: Officer, on: dt.date) -> Told:  # fmt: skip
        """The answer to question `number`; raises LineDown (ask again later) or Refusal (never)."""
        given = {
            "request_id": str(number), "purpose": purpose, "personal_number": asked.number,
            "old_number": asked.old_number, "claims": _plain(asked.claims),
            "officer": {"name": officer.name, "number": officer.number},
        }  # fmt: skip
        with self._line() as (line, until):
            told = self._authorised(line, VERIFY, given, until)
        if told.get("request_id") != str(number) or not isinstance(told.get("codes"), list):
            raise LineDown("not_understood")
        found = codes.read((str(c) for c in told["codes"]), claims=asked.claims, on=on)
        return Told(found.answer, _transaction(told), found.codes)

    def check(self) -> None:
        """Whether the line stands: log-in and a call about nobody; raises LineDown or Refusal."""
        with self._line() as (line, until):
            if self._authorised(line, STATUS, {}, until).get("status") != "ok":
                raise LineDown("server_error")

    @contextmanager
    def _line(self) -> Iterator[tuple[Line, float]]:
        """A free line and the moment by which all must be over; LineDown when all are busy."""
        try:
            line = self._free.get_nowait()
        except queue.Empty:
            raise LineDown("busy") from None
        try:
            yield line, time.monotonic() + self._setup.timeout
        finally:
            self._free.put(line)

    def _authorised(
        self, line: Line, path: str, given: dict[str, Any], until: float
    ) -> Mapping[str, Any]:
        """With a token; with a fresh one when the other side no longer knows ours."""
        heard = line.post(path, seconds=_left(until), json=given, headers=self._bearer(line, until))
        if heard.status == 401:
            self._token = None
            heard = line.post(
                path, seconds=_left(until), json=given, headers=self._bearer(line, until)
            )
        return _believed(heard)

    def _bearer(self, line: Line, until: float) -> dict[str, str]:
        with self._token_lock:
            if self._token is None or time.monotonic() >= self._token[1]:
                self._token = self._fetched(line, until)
            return {"Authorization": f"Bearer {self._token[0]}"}

    def _fetched(self, line: Line, until: float) -> tuple[str, float]:
        auth = (self._setup.client_id, self._setup.secret)
        told = _believed(
            line.post(TOKEN, seconds=_left(until), auth=auth, data={"grant_type": "client_credentials"})
        )  # fmt: skip
        token, lives = told.get("access_token"), told.get("expires_in")
        if not isinstance(token, str) or not isinstance(lives, int | float):
            raise LineDown("not_understood")
        return token, time.monotonic() + max(lives - _EARLY, lives / 2)


def _plain(claims: Mapping[str, str]) -> dict[str, str]:
    """Claims as the other side writes them: dates yyyy-mm-dd as far as they are known, sex male or female."""
    told = dict(claims)
    if (parts := dates.read(told.get("birth_date", ""))) is not None:
        told["birth_date"] = "-".join(f"{part:02d}" for part in parts if part)
    if "sex" in told:
        told["sex"] = _SEXES.get(fold(told["sex"]), told["sex"])
    return told


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise LineDown("slow")
    return left


def _believed(heard: Heard) -> Mapping[str, Any]:
    """What a good answer says; everything else is one of our words."""
    if heard.status == 429 or (heard.status == 503 and heard.wait):
        raise LineDown("too_many", heard.wait or 60.0)
    if heard.status == 401:
        raise LineDown("not_let_in", 60.0)
    if heard.status in (400, 403, 404, 422):
        raise Refusal("not_allowed" if heard.status == 403 else "not_accepted")
    if heard.status >= 500:
        raise LineDown("server_error")
    if heard.status != 200 or heard.told is None:
        raise LineDown("not_understood")
    return heard.told


def _transaction(told: Mapping[str, Any]) -> str:
    found = told.get("transaction")
    if not isinstance(found, str) or not 0 < len(found) <= 80:
        raise LineDown("not_understood")
    return found
