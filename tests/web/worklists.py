"""Tasks to order: a person without findings whose list loses a cell, as events of the register do it."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import uuid
from typing import Any

from tests.web.register import RegisterSite

from dancu.platform.events.writer import desk
from dancu.platform.worklists import making
from dancu.store.register.told import Change, Incoming

MISSING = "COM-005"
"""The rule that finds a missing ethnic group."""
_numbers = itertools.count(1)
_CLEAN = """
SELECT p.person_id FROM register.person p
WHERE p.unit_code = %s AND p.n_records = 1 AND p.ethnic IS NOT NULL AND p.sources = ARRAY['population']
  AND NOT EXISTS (SELECT 1 FROM register.finding f WHERE f.subject_id = p.person_id AND f.closed_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM worklists_task t WHERE t.citizen_id = p.citizen_id)
ORDER BY p.person_id LIMIT 1"""


def record(register: RegisterSite, number: int) -> dict[str, Any]:
    """The standard row of a record, typed."""
    ((row,),) = register.ask("SELECT to_jsonb(s) FROM register.standard s WHERE record_id = %s", number)  # fmt: skip
    days = {
        c for (c,) in register.ask(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'register'"
            " AND table_name = 'standard' AND data_type = 'date'"
        )
    }  # fmt: skip
    return {k: dt.date.fromisoformat(v) if k in days and v else v for k, v in row.items()}


def change(register: RegisterSite, number: int, **columns: Any) -> None:
    """The record's list is loaded again, with these columns changed."""
    ((source, cells, file_no, sheet, row_no),) = register.ask(
        "SELECT source, cells, file_no, sheet, row FROM register.record WHERE record_id = %s", number
    )  # fmt: skip
    row = {**record(register, number), **columns}
    one = Change(number, source, row, cells, file_no, sheet, row_no)
    desk().submit(Incoming("test", f"load{next(_numbers)}", "load", "test", b"-", {}, (one,)))


def communes(register: RegisterSite) -> list[str]:
    """Communes with enough clean people to play with, the largest first."""
    return [c for c in register.communes if register.ask(_CLEAN, c)]


def a_task(register: RegisterSite, unit: str | None = None) -> int:
    """A new task whose only finding is a missing ethnic group."""
    for code in [unit] if unit else register.communes:
        found = register.ask(_CLEAN, code)
        if not found:
            continue
        change(register, found[0][0], ethnic=None)
        making.follow_events()
        rows = register.ask(
            "SELECT id FROM worklists_task WHERE person_id = %s AND rules = ARRAY[%s]::varchar[]",
            found[0][0], MISSING,
        )  # fmt: skip
        if rows:
            return int(rows[0][0])
    raise AssertionError("no clean person is left to take the ethnic group from")


class Officer:
    """Somebody at a page: opens tasks and acts on them as a form would."""

    def __init__(self, client: Any, register: RegisterSite) -> None:
        self.client, self.register = client, register

    @property
    def name(self) -> str:
        return str(self.client.user.username)

    def open(self, task: int) -> str:
        page = self.client.get(f"/viec/{task}/")
        assert page.status_code == 200
        return html.unescape(page.content.decode())

    def act(
        self, task: int, action: str, *, event: str = "", version: int | None = None, **data: str
    ) -> Any:
        seen = version if version is not None else self.state(task)[1]
        form = {"action": action, "version": seen, "event_id": event or str(uuid.uuid4()), **data}
        return self.client.post(f"/viec/{task}/lam/", form)

    def state(self, task: int) -> tuple[str, int]:
        found = self.register.ask("SELECT state, version FROM worklists_task WHERE id = %s", task)
        return str(found[0][0]), int(found[0][1])
