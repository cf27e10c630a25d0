"""The worked example of docs/how-to/subscribe.md, run as a partner's programmer would: both programs as they stand."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.web.feed import FIELDS, Recorder, partner, person, token
from tests.web.register import RegisterSite

from dancu.platform.feed import delivering, pairwise, services

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "subscribe.md"


def program(name: str, folder: Path) -> Path:
    blocks = re.findall(r"```python\n(# (\w+\.py).*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (folder / name).write_text({n: text for text, n in blocks}[name], "utf-8")
    return folder / name


def test_the_two_programs_of_the_guide_get_the_same_notes(
    register_site: RegisterSite, account: Callable[..., Any], server: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("DANCU_FEED_INSIDE", "127.0.0.0/8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = partner("guide", units=["24"], purposes={"benefit": FIELDS})
    row, secret = services.do_subscribe(
        client_id=name, purpose="benefit", fields=(), values=False, url=f"http://127.0.0.1:{port}/", by="test"
    )  # fmt: skip
    record = Recorder(register_site, account())
    who = person(register_site, *register_site.communes)
    citizen = who.pop("citizen")
    record.send("death", who | {"death_date": "20/6/2024"})
    at = [sys.executable, str(program("receiver.py", tmp_path)), str(port)]
    with subprocess.Popen(
        [*at, "whsec_d3Jvbmc="], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as wrong:
        _listening(port)
        assert delivering.deliver(row.pk) == 0
        wrong.kill()
    services.do_resume(number=row.pk, by="test")
    with subprocess.Popen([*at, secret], cwd=tmp_path, stderr=subprocess.DEVNULL) as ours:
        _listening(port)
        assert delivering.deliver(row.pk) == 1
        ours.kill()
    ((id_, body),) = sqlite3.connect(tmp_path / "notes.db").execute("SELECT id, body FROM note")
    note = json.loads(body)
    assert note["id"] == id_ and note["subject"] == pairwise.of(name, citizen)

    secret_ = token(name)["authorization"].removeprefix("Bearer ")
    read = [sys.executable, str(program("reader.py", tmp_path)), server, secret_]
    said = [subprocess.check_output(read, cwd=tmp_path, text=True) for _ in "12"]
    assert said == [f"{id_} vn.dancu.person.changed.v1 {note['subject']} life_status\n", ""]


def _listening(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return


def test_the_table_of_notes_is_complete() -> None:
    from dancu.platform.feed.shown import KINDS

    told = set(re.findall(r"`((?:person|unit|register|feed)\.\w+)`", GUIDE.read_text("utf-8")))
    assert told == set(KINDS)
