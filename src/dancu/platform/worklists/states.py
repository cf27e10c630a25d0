"""What may become of a task: one table, read by the services, the pages and a test that a clerk can follow.

>>> MOVES.after("new", "refer"), MOVES.after("fixed", "refer")
('referred', None)
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from dancu.lib.moves import Move, Moves
from dancu.reference.terms import term

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
    "ask": _("Công dân đề nghị sửa"),
    "answered": _("Đã trả lời đề nghị sửa"),
}

MOVES: Moves[str, Move] = Moves("new", {
    "take": Move(("new", "referred", "waiting_source", "cannot_fix"), "reviewing"),
    "assign": Move(OPEN, None),
    "visit": Move(("new", "reviewing", "referred", "waiting_source"), "reviewing"),
    "fix": Move(("new", "reviewing", "referred", "waiting_source"), "reviewing"),
    "propose": Move(("new", "reviewing", "referred", "waiting_source"), "waiting_second"),
    "confirm": Move(("waiting_second",), "reviewing"),
    "decline": Move(("waiting_second",), "reviewing"),
    "refer": Move(("new", "reviewing", "waiting_source", "referred"), "referred"),
    "send_back": Move(("new", "reviewing", "referred"), "waiting_source"),
    "source_answered": Move(("waiting_source",), "reviewing"),
    "cannot_fix": Move(("new", "reviewing", "referred", "waiting_source"), "cannot_fix"),
    "not_an_error": Move(("new", "reviewing", "referred", "waiting_source"), "not_an_error"),
    "agree": Move(("not_an_error",), None),
    "reject": Move(("not_an_error",), "reviewing"),
    "settled": Move((*OPEN, "cannot_fix", "not_an_error"), "fixed"),
    "reopen": Move(CLOSED, "new"),
    "undo": Move(("fixed", "reviewing", "waiting_source", "new", "referred"), "reviewing"),
    "evidence": Move((*OPEN, *CLOSED), None),
    "moved": Move((*OPEN, *CLOSED), None),
    "ask": Move((*OPEN, *CLOSED), None),
    "answered": Move((*OPEN, *CLOSED), None),
})  # fmt: skip
NEEDS_REASON = ("refer", "cannot_fix", "not_an_error", "decline", "reject")
SECOND_PERSON = ("confirm", "decline", "agree", "reject")
"""Actions of somebody else than whoever acted before."""


class Due(NamedTuple):
    """The last days to look at a task and to put it right."""

    review: dt.date
    fix: dt.date


def due(start: dt.date, *, visit: bool = False) -> Due:
    """Counted from the day on which the task came, by its terms; a visit gives more time to put it right."""
    review = term("finding_review", on=start).after(start)
    fix = term("finding_fix_visit" if visit else "finding_fix", on=start)
    return Due(review, fix.after(review))
