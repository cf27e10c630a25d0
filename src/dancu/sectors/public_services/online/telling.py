"""How a dossier stands, in words for its applicant: what has been done, what happens next, what is to be done."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.reference import services
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.dossiers import Dossier, local

NEXT = {
    workflow.FILED: gettext_lazy(
        "Cán bộ xem hồ sơ của bạn và báo đã tiếp nhận, hoặc báo thiếu gì."
    ),
    workflow.ACCEPTED: gettext_lazy("Cán bộ chuyên môn xử lý. Bạn chưa cần làm gì."),
    workflow.PROCESSING: gettext_lazy("Cán bộ chuyên môn đang xử lý. Bạn chưa cần làm gì."),
    workflow.SUPPLEMENT: gettext_lazy(
        "Đang chờ bạn bổ sung giấy tờ. Thời gian chờ không tính vào thời hạn."
    ),
    workflow.PAYMENT: gettext_lazy("Đang chờ bạn nộp phí. Thời gian chờ không tính vào thời hạn."),
    workflow.PROCESSED: gettext_lazy("Đã có kết quả. Tải ở dưới, hoặc đến nhận ở nơi đã hẹn."),
    workflow.RETURNED: gettext_lazy("Bạn đã nhận kết quả."),
    workflow.REFUSED: gettext_lazy("Hồ sơ không được tiếp nhận. Xem lý do, sửa rồi nộp lại."),
    workflow.WITHDRAWN: gettext_lazy("Bạn đã rút hồ sơ. Có thể nộp lại khi cần."),
    workflow.STOPPED: gettext_lazy(
        "Hồ sơ đã dừng. Xem lý do ở dưới; nếu không đồng ý, gửi phản ánh."
    ),
}
COLOURS = {
    workflow.SUPPLEMENT: "fair", workflow.PAYMENT: "fair", workflow.REFUSED: "bad", workflow.STOPPED: "bad",
    workflow.PROCESSED: "good", workflow.RETURNED: "good",
}  # fmt: skip
TOLD = {
    "file": gettext_lazy("Đã nộp"),
    "accept": gettext_lazy("Đã tiếp nhận"),
    "refuse": gettext_lazy("Không tiếp nhận"),
    "take": gettext_lazy("Cán bộ bắt đầu xử lý"),
    "forward": gettext_lazy("Chuyển sang bước sau"),
    "transfer": gettext_lazy("Chuyển sang cơ quan khác"),
    "ask_supplement": gettext_lazy("Yêu cầu bổ sung giấy tờ"),
    "supplement": gettext_lazy("Đã nhận giấy tờ bổ sung"),
    "ask_payment": gettext_lazy("Yêu cầu nộp phí"),
    "paid": gettext_lazy("Đã nhận phí"),
    "extend": gettext_lazy("Gia hạn"),
    "apologise": gettext_lazy("Xin lỗi và hẹn lại"),
    "propose": gettext_lazy("Trình lãnh đạo ký"),
    "sign": gettext_lazy("Lãnh đạo đã ký kết quả"),
    "stop": gettext_lazy("Dừng xử lý"),
    "withdraw": gettext_lazy("Đã rút hồ sơ"),
    "complete": gettext_lazy("Đã xong tất cả các phần"),
    "give": gettext_lazy("Đã trả kết quả"),
}
WITH_REASON = ("refuse", "transfer", "ask_supplement", "extend", "apologise", "stop")
"""Their reason is written for the applicant."""


@dataclass(frozen=True)
class Done:
    """One thing that was done; never by whom."""

    name: str
    at: dt.datetime
    reason: str
    papers: str


@dataclass(frozen=True)
class Place:
    """A step of the handling; `state`: done, now or later."""

    name: str
    state: str


def done(dossier_no: int) -> list[Done]:
    """What the applicant is told of, the first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, at, reason, detail FROM services.move WHERE dossier_no = %s ORDER BY move_no",
            [dossier_no],
        )
        rows = cursor.fetchall()
    return [
        Done(
            str(TOLD[action]),
            at,
            reason if action in WITH_REASON else "",
            _detail(detail).get("papers", ""),
        )
        for action, at, reason, detail in rows
        if action in TOLD
    ]


def steps(dossier: Dossier) -> list[Place]:
    """The steps of the procedure, and at which of them the dossier is."""
    named = services.steps(dossier.procedure, on=local(dossier.filed_at).date())
    if dossier.status in (workflow.REFUSED, workflow.WITHDRAWN, workflow.STOPPED):
        return []
    at = _step(dossier, len(named))
    words = {True: "done", False: "later"}
    return [Place(s.name_vi, "now" if n == at else words[n < at]) for n, s in enumerate(named)]


def status(dossier: Dossier) -> str:
    """Its official name."""
    return services.statuses()[dossier.status].name_vi


def due(dossier: Dossier) -> dt.date | None:
    """The day that was promised last."""
    day = dossier.promised_at or dossier.due_at
    return local(day).date() if day else None


def limit(procedure: services.Procedure) -> str:
    """How long it takes, in words."""
    if procedure.limit_unit == "hour":
        return _("%(n)s giờ làm việc") % {"n": procedure.limit}
    if procedure.limit == 0:
        return _("trong ngày, nhận sau 15 giờ thì trả ngày làm việc tiếp theo")
    return _("%(n)s ngày làm việc") % {"n": procedure.limit}


def _step(dossier: Dossier, count: int) -> int:
    if dossier.status == workflow.FILED:
        return 0
    if dossier.status in (workflow.PROCESSED, workflow.RETURNED):
        return count - 1 if dossier.status == workflow.PROCESSED else count
    return min(max(dossier.step, 1), count - 1)


def _detail(detail: Any) -> Mapping[str, str]:
    return json.loads(detail) if isinstance(detail, str) else detail
