"""Correction requests: told to the owner of a source, followed until a later state of that source says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.platform.access.rights import check_right
from dancu.platform.worklists.errors import NotOpen, WorklistError
from dancu.platform.worklists.fixing import NotTaken, read_values
from dancu.platform.worklists.models import CorrectionRequest, Task

ANSWERS = {"received": ("sent",), "refused": ("sent", "received")}
"""What the owner of a source may say, and when. That it was put right, only the source itself can say."""


WORDS = {
    "sent": gettext_lazy("Đã gửi"),
    "received": gettext_lazy("Nguồn đã nhận"),
    "confirmed": gettext_lazy("Nguồn đã sửa"),
    "refused": gettext_lazy("Nguồn từ chối"),
}
BADGES = {"sent": "info", "received": "fair", "confirmed": "good", "refused": "bad"}


def do_request(
    *, task: Task, by: Any, event_id: UUID, data: Mapping[str, Any], reason: str
) -> CorrectionRequest:
    """Ask the owner of the record to put one field right; the caller holds the task."""
    from dancu.platform.worklists.reading import person_of

    field = str(data.get("field", ""))
    given = read_values({field: str(data.get("proposed", ""))})
    if not given:
        raise NotTaken({"proposed": _("Ghi giá trị đề nghị.")})
    told = person_of(task, purpose="Gửi yêu cầu sửa về nguồn", shown=[field]) or {"records": []}
    record = next((r for r in told["records"] if str(r["record"]) == str(data.get("record", ""))), None)  # fmt: skip
    if record is None:
        raise WorklistError(_("Chọn bản ghi của nguồn cần sửa."))
    return CorrectionRequest.objects.create(
        task=task, event_id=event_id, unit_code=task.unit_code, citizen_id=task.citizen_id,
        source=record["source"], record_id=record["record"], file_name=record.get("file") or "",
        sheet=record.get("sheet") or "", row=record.get("row") or 0, field=field,
        value=str(record["values"].get(field) or ""), proposed=given[field], reason=reason.strip(), by=by.username,
    )  # fmt: skip


def do_answer(*, request_id: int, by: Any, state: str, answer: str) -> CorrectionRequest:
    """What the owner of the source says: received, or refused with a reason."""
    found = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    check_right(by, "correction.answer", unit=found.unit_code)
    if state not in ANSWERS or found.state not in ANSWERS[state]:
        raise NotOpen(_("Yêu cầu không còn ở trạng thái này. Tải lại trang."))
    if state == "refused" and len(answer.strip()) < 5:
        raise WorklistError(_("Ghi lý do, ít nhất năm ký tự."))
    found.state, found.answer = state, answer.strip()
    found.answered_by, found.answered_at = by.username, timezone.now()
    found.save()
    return found


_CONFIRMED = """
UPDATE worklists_correctionrequest q
SET state = 'confirmed', answered_at = now(), confirmed_by_record = s.record_id
FROM register.person p
JOIN register.standard s ON s.person_id = p.person_id
JOIN register.record r ON r.record_id = s.record_id
WHERE q.state IN ('sent', 'received') AND p.citizen_id = register.went(q.citizen_id)
  AND s.source = q.source AND r.recorded_from > q.at
  AND to_jsonb(s) ->> q.field = q.proposed
RETURNING q.task_id, q.id, q.source, q.field"""

_BACK = """
WITH back AS (
    UPDATE worklists_task SET state = 'reviewing', version = version + 1, changed_at = now(), changed_by = 'dancu'
    WHERE id = %(task)s AND state = 'waiting_source' RETURNING id
)
INSERT INTO worklists_taskstep (task_id, event_id, action, state_before, state_after, at, by, reason, detail)
SELECT id, gen_random_uuid(), 'source_answered', 'waiting_source', 'reviewing', now(), 'dancu', '',
    jsonb_build_object('request', %(request)s::bigint) FROM back"""


def follow_requests() -> int:
    """Requests that a later record of their own source bears out are confirmed; how many. As the owner."""
    from django.db import transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(_CONFIRMED)
        done = cursor.fetchall()
        for task, request, _source, _field in done:
            cursor.execute(_BACK, {"task": task, "request": request})
        return len(done)


def waiting() -> int:
    """How many requests of the territory are not settled: for the card."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM worklists_correctionrequest WHERE state IN ('sent', 'received')"
        )
        return int(cursor.fetchone()[0])
