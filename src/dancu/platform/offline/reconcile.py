"""What a device checked without a line comes in: once, into the log of the person, with what does not fit.

The check did happen, so it is logged whatever has changed since; a conflict is told to the officer and changes
nothing about the line. The device's clock is believed as far as it is possible, and told where it is not.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dancu.platform.offline import form
from dancu.platform.offline.models import OfflineList, Release
from dancu.platform.offline.people import DEAD
from dancu.platform.register import log

CHANNEL = "offline"
SLACK = dt.timedelta(minutes=5)
CONFLICTS: dict[str, Any] = {
    "died": _("Sổ nay ghi người này đã chết."),
    "revoked": _("Danh sách đã bị thu hồi trước lúc kiểm."),
    "ended": _("Kiểm ngoài thời hạn của danh sách."),
    "clock": _("Đồng hồ của máy không đúng."),
    "not_released": _("Máy này không được giao danh sách."),
    "other_answer": _("Kết quả máy báo khác với danh sách."),
    "unlisted": _("Máy báo có trong danh sách, nhưng danh sách không có."),
}
TOLD = (*form.ANSWERS.values(), form.NOT_LISTED)


@dataclass(frozen=True)
class Came:
    """One check as a device sends it. `event`: its own number, which makes a second coming harmless."""

    event: UUID
    tag: bytes
    told: str
    checked_at: dt.datetime
    device: UUID


@dataclass(frozen=True)
class Found:
    """What the tag stands for now."""

    citizen_id: UUID | None
    answer: int
    unit_code: str | None
    life_status: str | None


@transaction.atomic
def do_receive(*, of: OfflineList, came: Came, by: Any, at: dt.datetime) -> tuple[str, ...] | None:
    """The conflicts, perhaps none; None when this check came before. One line in the person's log."""
    found = _found(of, came)
    conflicts = tuple(_conflicts(of, came, found, by, at))
    try:
        with transaction.atomic():
            receipt = _log(of, came, found, by) if found and found.citizen_id else None
            _keep(of, came, found, conflicts, by, receipt, at)
    except _Before:
        return None
    return conflicts


class _Before(Exception):
    """This check came before: the line in the log that was about to be written is taken back."""


def _found(of: OfflineList, came: Came) -> Found | None:
    with connection.cursor() as cursor:
        query = "SELECT citizen_id, answer, unit_code, life_status FROM offline_found(%s, %s)"
        cursor.execute(query, [of.pk, came.tag])
        row = cursor.fetchone()
    return Found(*row) if row else None


def _keep(
    of: OfflineList, came: Came, found: Found | None, conflicts: tuple[str, ...], by: Any, receipt: str | None,
    at: dt.datetime,
) -> None:  # fmt: skip
    """The role of the pages can add to this table and not read it: the primary key says whether it came before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO offline_check (id, list_id, checked_at, received_at, by, device, told, citizen_id, receipt,"
            " conflicts) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [came.event, of.pk, came.checked_at, at, by.username, came.device, came.told,
             found.citizen_id if found else None, receipt, json.dumps(conflicts)],
        )  # fmt: skip
        if not cursor.rowcount:
            raise _Before


def _conflicts(
    of: OfflineList, came: Came, found: Found | None, by: Any, at: dt.datetime
) -> list[str]:
    said = {name: code for code, name in form.ANSWERS.items()}.get(came.told)
    releases = Release.objects.filter(list_id=of.pk, by=by.username, device=came.device)
    first = releases.order_by("at").values_list("at", flat=True).first()
    wrong = {
        "died": found is not None and found.life_status == DEAD and came.told == form.ANSWERS[form.ELIGIBLE],
        "revoked": of.revoked_at is not None and came.checked_at > of.revoked_at,
        "ended": not of.begin - SLACK <= came.checked_at <= of.until + SLACK,
        "clock": came.checked_at > at + SLACK or (first is not None and came.checked_at < first - SLACK),
        "not_released": first is None,
        "other_answer": found is not None and said != found.answer,
        "unlisted": found is None and said is not None,
    }  # fmt: skip
    return [name for name, is_so in wrong.items() if is_so]


def _log(of: OfflineList, came: Came, found: Found, by: Any) -> str:
    checked = timezone.localtime(came.checked_at)
    basis = f"{of.basis}; kiểm ngoại tuyến lúc {checked:%H:%M:%S ngày %d/%m/%Y}"
    look = log.Look(
        by, of.purpose, basis, ["personal_number"], channel=CHANNEL, request_id=came.event, outcome=came.told
    )  # fmt: skip
    return log.write(look, [(str(found.citizen_id), found.unit_code)])[0]
