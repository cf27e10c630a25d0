"""What may become of a task: one table, read by the services, the pages and a test that a clerk can follow.

>>> after("new", "refer"), after("fixed", "refer")
('referred', None)
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from dancu.reference.holidays import working_days_after

REVIEW_DAYS, FIX_DAYS, VISIT_DAYS = 5, 5, 15
"""Working days to look at a task, then to put it right; with a visit to the household."""

STATES = {
    "new": _("Mới"),
    "reviewing": _("Đang xem xét"),
    "waiting_second": _("Chờ người thứ hai"),
    "waiting_source": _("Chờ nguồn sửa"),
    "referred": _("Đã chuyển đơn vị khác"),
    "cannot_fix": _("Không sửa được"),
    "not_an_error": _("Không phải lỗi"),
    "fixed": _("Đã sửa xong"),
}
OPEN = ("new", "reviewing", "waiting_second", "waiting_source", "referred")
CLOSED = ("fixed", "cannot_fix", "not_an_error")
BADGES = {
    "new": "info", "reviewing": "info", "waiting_second": "fair", "waiting_source": "fair", "referred": "fair",
    "cannot_fix": "bad", "not_an_error": "none", "fixed": "good",
}  # fmt: skip

ACTIONS = {
    "take": _("Nhận xem xét"),
    "assign": _("Giao việc"),
    "visit": _("Cần xác minh tại nhà"),
    "fix": _("Sửa theo giấy tờ"),
    "propose": _("Đề nghị sửa, chờ người thứ hai"),
    "confirm": _("Xác nhận lần hai"),
    "decline": _("Không xác nhận"),
    "refer": _("Chuyển đơn vị khác"),
    "send_back": _("Gửi về nguồn"),
    "source_answered": _("Nguồn đã trả lời"),
    "cannot_fix": _("Không sửa được"),
    "not_an_error": _("Không phải lỗi"),
    "agree": _("Đồng ý không phải lỗi"),
    "reject": _("Vẫn là lỗi, làm lại"),
    "settled": _("Không còn lỗi nào"),
    "reopen": _("Có lỗi mới"),
    "undo": _("Rút lại lần sửa"),
    "evidence": _("Thêm giấy tờ chứng minh"),
    "moved": _("Công dân chuyển đơn vị"),
}

# action → (from these states, to this state; None: the state stays)
MOVES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "take": (("new", "referred", "waiting_source", "cannot_fix"), "reviewing"),
    "assign": (OPEN, None),
    "visit": (("new", "reviewing", "referred", "waiting_source"), "reviewing"),
    "fix": (("new", "reviewing", "referred", "waiting_source"), "reviewing"),
    "propose": (("new", "reviewing", "referred", "waiting_source"), "waiting_second"),
    "confirm": (("waiting_second",), "reviewing"),
    "decline": (("waiting_second",), "reviewing"),
    "refer": (("new", "reviewing", "waiting_source", "referred"), "referred"),
    "send_back": (("new", "reviewing", "referred"), "waiting_source"),
    "source_answered": (("waiting_source",), "reviewing"),
    "cannot_fix": (("new", "reviewing", "referred", "waiting_source"), "cannot_fix"),
    "not_an_error": (("new", "reviewing", "referred", "waiting_source"), "not_an_error"),
    "agree": (("not_an_error",), None),
    "reject": (("not_an_error",), "reviewing"),
    "settled": ((*OPEN, "cannot_fix", "not_an_error"), "fixed"),
    "reopen": (CLOSED, "new"),
    "undo": (("fixed", "reviewing", "waiting_source", "new", "referred"), "reviewing"),
    "evidence": ((*OPEN, *CLOSED), None),
    "moved": ((*OPEN, *CLOSED), None),
}
NEEDS_REASON = ("refer", "cannot_fix", "not_an_error", "decline", "reject")
SECOND_PERSON = ("confirm", "decline", "agree", "reject")
"""Actions of somebody else than whoever acted before."""


def after(state: str, action: str) -> str | None:
    """The state after the action; None when the action is not open in this state."""
    allowed, target = MOVES[action]
    return (target or state) if state in allowed else None


class Due(NamedTuple):
    """The last days to look at a task and to put it right."""

    review: dt.date
    fix: dt.date


def due(start: dt.date, *, visit: bool = False) -> Due:
    """Counted in working days from the day on which the task came; a visit gives more time to put it right."""
    review = working_days_after(start, REVIEW_DAYS)
    return Due(review, working_days_after(review, VISIT_DAYS if visit else FIX_DAYS))
