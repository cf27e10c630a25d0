"""Log lines without personal data: the kind of an error and its places in the code, never a message of it."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path


class WithoutPersonalData(logging.Formatter):
    """One JSON line a record: time, level, logger, the template of the message, the path of the code."""

    def format(self, record: logging.LogRecord) -> str:
        """The arguments of a message are left out: they may hold an address with a number in it."""
        line: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": str(record.msg)[:300] if record.args or not record.exc_info else "error",
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-6:]]
        return json.dumps(line, ensure_ascii=False)
