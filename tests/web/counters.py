"""A counter in tests: an officer's or a leader's browser, and dossiers as they stand."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client
from tests.web.register import RegisterSite

from dancu.sectors.public_services import workflow


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@dataclass
class Desk:
    """An officer's or a leader's browser, and the database behind it."""

    client: Client
    site: RegisterSite

    @property
    def name(self) -> str:
        return self.client.user.username  # type: ignore[attr-defined]

    def hidden(self, number: int, query: str = "") -> dict[str, str]:
        page = self.client.get(f"/ho-so/{number}/{query}").content.decode()
        event, version = (
            re.search(rf'name="{n}" value="([^"]+)"', page) for n in ("event_id", "version")
        )
        assert event and version, "no action is open on the page"
        return {"event_id": event[1], "version": version[1]}

    def act(self, number: int, action: str, **given: Any) -> Any:
        return self.client.post(
            f"/ho-so/{number}/lam/", self.hidden(number) | {"action": action} | given
        )

    def row(self, number: int, columns: str = "status, holder, proposed_by") -> tuple[Any, ...]:
        return self.site.ask(
            f"SELECT {columns} FROM services.dossier WHERE dossier_no = %s", number
        )[0]


def filed(
    site: RegisterSite, place: str, *, status: int = workflow.ACCEPTED, due: dt.timedelta = dt.timedelta(days=9),
    applicant: str | None = None, name: str = "GIÁP THỊ MẪU", procedure: str = "1.004222", **more: Any,
) -> int:  # fmt: skip
    """A dossier as it stands, written by the owner: ten days old, due after `due` from now."""
    now = dt.datetime.now(dt.UTC)
    columns = {
        "code": f"H02.{uuid4().hex[:12]}", "procedure": procedure, "version": 1, "procedure_group": "police",
        "place": place, "unit_code": place, "channel": 2, "applicant": applicant, "applicant_name": name,
        "form": '{"phone": "0912345678"}',
        "status": status, "filed_at": now - dt.timedelta(days=10),
        "accepted_at": None if status == workflow.FILED else now - dt.timedelta(days=9),
        "due_at": None if status == workflow.FILED else now + due,
        "paused_at": now if status in workflow.PAUSED else None,
    } | more  # fmt: skip
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    return int(
        site.ask(
            f"INSERT INTO services.dossier ({names}) VALUES ({marks}) RETURNING dossier_no",
            *columns.values(),
        )[0][0]
    )
