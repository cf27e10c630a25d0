"""What an officer does about an event of a dossier: the child's number, what the register refused, a correction.

Each is a move of the dossier, so that it stands in its history and in the ledger; values are not repeated there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from dancu.formats import partial_date, personal_number
from dancu.formats.errors import FormatError
from dancu.kit import events
from dancu.kit.web import check_right
from dancu.sectors.public_services import dossiers, workflow
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import NotOpen, ServiceError
from dancu.sectors.public_services.linked import delivering, state, telling
from dancu.sectors.public_services.linked.reach import database
from dancu.sectors.public_services.linked.state import Told

SHORTEST_REASON = 5
_SEXES = {"male": "Nam", "female": "Nữ"}


def do_number(*, dossier: Dossier, number: str, by: Actor, at: dt.datetime) -> None:
    """The personal number that the national side gave a child, into the birth dossier. Raises ServiceError, Refused."""
    check_right(by.user, "dossier.work")
    locked = dossiers.get(dossier.dossier_no, lock=True)
    if locked.procedure_then.event_kind != "birth" or locked.status in workflow.ENDED:
        raise NotOpen(_("Chỉ ghi số định danh của trẻ khi hồ sơ khai sinh đang xử lý."))
    good = _number(number, locked.form)
    with database().cursor() as cursor:
        cursor.execute(
            "UPDATE services.dossier SET form = form || %s::jsonb, version_no = version_no + 1 WHERE dossier_no = %s",
            [json.dumps({"child_number": good}), locked.dossier_no],
        )
    _note(locked, "number", by, at, ["child_number"])


def do_mend(*, told: Told, given: Mapping[str, str], by: Actor, at: dt.datetime) -> None:
    """Tell again what was refused, with what was put right. Raises NotOpen, Refused."""
    check_right(by.user, "dossier.work")
    if told.state != "refused":
        raise NotOpen(_("Sự kiện này không chờ sửa."))
    data, changed = _merged(told, given)
    with database().cursor() as cursor:
        cursor.execute(
            "UPDATE services.told SET data = %s, state = 'waiting', problems = '[]', by = %s WHERE told_no = %s",
            [json.dumps(data), by.name, told.number],
        )
    _note(dossiers.get(told.dossier_no), "mend", by, at, changed)
    telling.soon(told.number)


def do_correct(
    *, told: Told, given: Mapping[str, str], reason: str, by: Actor, at: dt.datetime
) -> None:
    """The result was wrong: its event is taken out of the register, and told anew. Raises NotOpen, ServiceError."""
    check_right(by.user, "dossier.sign")
    if len(reason.strip()) < SHORTEST_REASON:
        raise ServiceError(_("Ghi lý do, ít nhất năm ký tự."))
    if told.state not in ("taken", "doubtful"):
        raise NotOpen(_("Sự kiện này chưa vào sổ dân cư."))
    dossier = dossiers.get(told.dossier_no, lock=True)
    data, changed = _merged(told, given)
    if not changed:
        raise ServiceError(_("Chưa sửa mục nào."))
    _take_back(dossier, told, by)
    with database().cursor() as cursor:
        cursor.execute(
            "UPDATE services.told SET state = 'taken_back' WHERE told_no = %s", [told.number]
        )
    _note(dossier, "correct", by, at, changed, reason=reason.strip())
    telling.tell(dossier, told.kind, data, by=by.name, at=at, turn=told.turn + 1)


def latest(number: int) -> Told | None:
    """What was told under this number, unless a later one took its place."""
    found = state.told("told_no = %s", [number])
    if not found:
        return None
    newest = state.told("dossier_no = %s", [found[0].dossier_no])[0]
    return found[0] if newest.number == number else None


def _take_back(dossier: Dossier, told: Told, by: Actor) -> None:
    name = delivering.name(dossier.code, told.turn)
    try:
        events.take_back(source=delivering.SOURCE, id=name, by=by.name)
    except events.TooLate as error:
        raise NotOpen(str(error)) from error


def _number(text: str, form: Mapping[str, Any]) -> str:
    """A lawful number that fits the child's sex and year of birth."""
    try:
        read = personal_number.parse(text, test_people=events.has_test_people())
    except FormatError as error:
        raise ServiceError(error.message_vi) from error
    sex = str(form.get("child_sex") or "").strip()
    if sex and sex != _SEXES[read.sex]:
        raise ServiceError(_("Số định danh không khớp giới tính của trẻ."))
    if (born := _year(form.get("child_birth_date"))) and born != read.birth_year:
        raise ServiceError(_("Số định danh không khớp năm sinh của trẻ."))
    return read.number


def _year(text: Any) -> int | None:
    try:
        return partial_date.parse(str(text or "")).year
    except FormatError:
        return None


def _merged(told: Told, given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What is told now, and which roles differ; an empty number means that it stays."""
    roles = events.forms()[told.kind].roles
    wanted = {r: t.strip() for r, t in given.items() if r in roles}
    kept = {
        r: t for r, t in told.data.items() if r not in wanted or (not wanted[r] and "number" in r)
    }
    data = {**kept, **{r: t for r, t in wanted.items() if t}}
    return data, sorted(r for r in {*data, *told.data} if data.get(r) != told.data.get(r))


def _note(
    dossier: Dossier, action: str, by: Actor, at: dt.datetime, fields: list[str], reason: str = ""
) -> None:
    """A move that changes no status."""
    with database().cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.move (dossier_no, event_id, action, status_before, status_after, at, by, role,"
            " reason, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [dossier.dossier_no, uuid4(), f"event_{action}", dossier.status, dossier.status, at, by.name, by.role,
             reason, json.dumps({"fields": ", ".join(fields)})],
        )  # fmt: skip
