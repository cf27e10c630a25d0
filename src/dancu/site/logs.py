"""Log lines without personal data: one JSON line an event, the kind of an error and its places in the code.

What is never in a line: a path or a query, a form, a name, a citizen's identifier, the words of an error (they may
quote a row). A user is a number. A line of a request and the errors in it bear the same `request`, which the answer
shows in X-Request-ID: an officer reads it out over the telephone.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import traceback
from contextvars import ContextVar
from pathlib import Path

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The number of the request that this thread is answering."""

REQUEST = "dancu.request"
_OURS = "dancu"
FIELDS = ("user", "role", "view", "status", "ms", "method")
"""What a request's line tells besides time, level and number; given as `extra={"told": {...}}`."""


class WithoutPersonalData(logging.Formatter):
    """One JSON line a record: time, level, logger, the template of the message, the places in the code."""

    def format(self, record: logging.LogRecord) -> str:
        """The arguments of a message are left out: they may hold an address with a number in it."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
        }
        if number := request_id.get():
            line["request"] = number
        told = getattr(record, "told", None)
        if record.name == REQUEST and isinstance(told, dict):
            line |= {name: told[name] for name in FIELDS if told.get(name) not in (None, "")}
        else:
            line["message"] = _message(record)
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = _places(traceback.extract_tb(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The template; of others' messages that were put together before they came here, only the place.

    A library that writes ``f"job {arguments}"`` has no template: what it says may be anybody's name.
    """
    ours = record.name == _OURS or record.name.startswith(f"{_OURS}.")
    if ours or record.args:
        return str(record.msg)[:300]
    return f"{record.filename}:{record.lineno} {record.funcName}"


def _places(frames: traceback.StackSummary) -> list[str]:
    """The last steps in our own code, and the last two wherever they are."""
    ours = [frame for frame in frames if "site-packages" not in frame.filename][-5:]
    kept = [frame for frame in frames if frame in ours or frame in frames[-2:]]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in kept]
