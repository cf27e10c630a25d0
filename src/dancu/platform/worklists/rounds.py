"""Going and looking: survey rounds («phúc tra») with coverage, random re-inspection with the true error rate."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.engine.link.quality import Interval, Stratum
from dancu.platform.access import territory
from dancu.platform.access.rights import check_right
from dancu.platform.worklists.errors import WorklistError
from dancu.platform.worklists.models import (
    Reinspection,
    ReinspectionItem,
    SurveyRound,
    SurveyVisit,
)

LARGEST = 2000
RESULTS = {
    "right": gettext_lazy("Đúng như sổ"),
    "wrong": gettext_lazy("Có thông tin sai"),
    "moved": gettext_lazy("Đã chuyển đi"),
    "dead": gettext_lazy("Đã chết"),
    "absent": gettext_lazy("Không gặp"),
}
KINDS = {
    "closed": gettext_lazy("Việc đã sửa xong"),
    "clean": gettext_lazy("Người không có lỗi nào"),
}

# Drawn by a hash of the person with the round's own seed: random, and the same when it is looked at again.
_ALL = """
SELECT p.citizen_id, p.unit_code FROM register.person p
WHERE p.unit_code = ANY (%(units)s::text[]) AND coalesce(p.life_status, '') <> '2'
ORDER BY md5(p.citizen_id::text || %(seed)s::text) LIMIT %(size)s"""
_CLEAN = """
SELECT p.citizen_id, p.unit_code FROM register.person p
WHERE p.unit_code = ANY (%(units)s::text[]) AND NOT EXISTS (
    SELECT 1 FROM register.finding f
    WHERE f.level = 'person' AND f.subject_id = p.person_id AND f.closed_at IS NULL)
ORDER BY md5(p.citizen_id::text || %(seed)s::text)"""
_CLOSED = """
SELECT t.citizen_id, t.unit_code FROM worklists_task t
WHERE t.unit_code = ANY (%(units)s::text[]) AND t.state = 'fixed'
ORDER BY md5(t.citizen_id::text || %(seed)s::text)"""


def do_open_round(
    *, by: Any, unit: str, title: str, starts: dt.date, ends: dt.date, size: int | None
) -> SurveyRound:
    """A round over everybody of the unit (size None) or over a random sample of it."""
    check_right(by, "task.assign", unit=unit)
    if ends < starts:
        raise WorklistError(_("Ngày kết thúc phải sau ngày bắt đầu."))
    if size is not None and not 1 <= size <= LARGEST:
        raise WorklistError(_("Số người từ 1 đến 2.000."))
    communes = sorted(territory.communes(unit))
    drawn = _drawn(_ALL, communes, secrets.randbelow(2**31), size)
    if not drawn:
        raise WorklistError(_("Đơn vị này chưa có ai để phúc tra."))
    with transaction.atomic():
        made = SurveyRound.objects.create(
            unit_code=unit, communes=communes, title=title.strip() or _("Phúc tra"), starts=starts, ends=ends,
            planned=len(drawn), whole=size is None, by=by.username,
        )  # fmt: skip
        SurveyVisit.objects.bulk_create(
            [SurveyVisit(round=made, citizen_id=c, unit_code=u) for c, u in drawn], batch_size=1000
        )
    return made


def do_visit(*, visit: SurveyVisit, by: Any, result: str, note: str) -> None:
    """What was found at one person's; may be put right while the round runs."""
    check_right(by, "task.work", unit=visit.unit_code)
    if result not in RESULTS:
        raise WorklistError(_("Chọn kết quả phúc tra."))
    visit.result, visit.note = result, note.strip()
    visit.by, visit.at = by.username, timezone.now()
    visit.save()


def coverage(found: SurveyRound) -> dict[str, Any]:
    """Visited of planned, and how often which result."""
    counts: dict[str, int] = {}
    for result in found.visits.exclude(result="").values_list("result", flat=True):
        counts[result] = counts.get(result, 0) + 1
    met = sum(n for result, n in counts.items() if result != "absent")
    return {
        "visited": sum(counts.values()),
        "planned": found.visits.count(),
        "results": [(name, counts.get(code, 0)) for code, name in RESULTS.items()],
        "met": met,
        "error": rate(met - counts.get("right", 0), met),
    }


def do_reinspect(*, by: Any, unit: str, kind: str, size: int) -> Reinspection:
    """Draw a random sample of closed tasks, or of persons without findings."""
    check_right(by, "task.assign", unit=unit)
    if kind not in KINDS or not 1 <= size <= LARGEST:
        raise WorklistError(_("Số người từ 1 đến 2.000."))
    communes, seed = sorted(territory.communes(unit)), secrets.randbelow(2**31)
    frame = _drawn(_CLEAN if kind == "clean" else _CLOSED, communes, seed, None)
    if not frame:
        raise WorklistError(_("Chưa có ai thuộc diện này để kiểm tra lại."))
    with transaction.atomic():
        made = Reinspection.objects.create(
            unit_code=unit, communes=communes, kind=kind, frame=len(frame), seed=seed, by=by.username
        )  # fmt: skip
        ReinspectionItem.objects.bulk_create(
            [
                ReinspectionItem(reinspection=made, citizen_id=c, unit_code=u, place=n)
                for n, (c, u) in enumerate(frame[:size], start=1)
            ],
            batch_size=1000,
        )
    return made


def do_inspect(*, item: ReinspectionItem, by: Any, wrong: bool, note: str) -> None:
    """One answer: is what the register says of this person right."""
    check_right(by, "task.work", unit=item.unit_code)
    if wrong and len(note.strip()) < 5:
        raise WorklistError(_("Ghi sai ở đâu, ít nhất năm ký tự."))
    item.wrong, item.note = wrong, note.strip()
    item.by, item.at = by.username, timezone.now()
    item.save()


def result(found: Reinspection) -> dict[str, Any]:
    """How many were looked at, how many were wrong, and the true rate with its 95% interval."""
    answers = list(found.items.values_list("wrong", flat=True))
    looked = [a for a in answers if a is not None]
    return {
        "sample": len(answers),
        "looked": len(looked),
        "wrong": sum(looked),
        "rate": rate(sum(looked), len(looked)),
    }


def rate(wrong: int, looked: int) -> Interval | None:
    """The share of wrong ones with Wilson's 95% interval; None before anybody looked.

    >>> found = rate(2, 50)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.04, 0.011, 0.135)
    """
    return Stratum((0.0, 1.0), False, looked, 0.0, judged=looked, same=wrong).share()


def _drawn(query: str, units: list[str], seed: int, size: int | None) -> list[tuple[Any, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"units": units, "seed": seed, "size": size})
        return list(cursor.fetchall())
