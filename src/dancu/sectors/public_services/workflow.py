"""What may become of a dossier: one table over the ten official statuses, read by services, pages and a clerk's test.

Source: codes of the national exchange (`services/dossier_statuses.csv`); Decree 61/2018 as amended by 107/2021 and
118/2025.

>>> MOVES.after(PROCESSING, "ask_supplement"), MOVES.after(SUPPLEMENT, "sign")
(5, None)
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from dancu.lib.moves import Moves
from dancu.reference import services

FILED, ACCEPTED, REFUSED, PROCESSING, SUPPLEMENT = 1, 2, 3, 4, 5
PAYMENT, WITHDRAWN, STOPPED, PROCESSED, RETURNED = 6, 7, 8, 9, 10
RUNNING = (ACCEPTED, PROCESSING)
"""The clock runs."""
PAUSED = (SUPPLEMENT, PAYMENT)
"""The clock stands: the applicant is awaited."""
ENDED = (REFUSED, WITHDRAWN, STOPPED, PROCESSED, RETURNED)
OPEN = (FILED, *RUNNING, *PAUSED)


class Move(NamedTuple):
    """An action: from these statuses, to this one (None: it stays), who may, and what it must bring.

    `who`: citizen (the applicant or who files for them), officer, leader, system. `needs`: reason, due, unit, law.
    """

    name_vi: str
    name_en: str
    of: tuple[int, ...]
    to: int | None
    who: tuple[str, ...]
    needs: tuple[str, ...] = ()


MOVES = Moves(FILED, {
    "accept": Move("Tiếp nhận", "Accept", (FILED,), ACCEPTED, ("officer", "system")),
    "refuse": Move("Từ chối tiếp nhận", "Refuse", (FILED,), REFUSED, ("officer", "system"), ("reason", "law")),
    "take": Move("Nhận xử lý", "Take up", (ACCEPTED, PROCESSING), PROCESSING, ("officer",)),
    "forward": Move("Chuyển bước", "Forward", (ACCEPTED, PROCESSING), PROCESSING, ("officer",)),
    "transfer": Move(
        "Chuyển cơ quan khác", "Transfer", (ACCEPTED, PROCESSING), PROCESSING, ("officer",), ("unit", "reason")
    ),
    "ask_supplement": Move(
        "Yêu cầu bổ sung", "Ask for papers", (FILED, *RUNNING), SUPPLEMENT, ("officer",), ("reason", "papers")
    ),
    "supplement": Move("Bổ sung giấy tờ", "Hand in papers", (SUPPLEMENT,), PROCESSING, ("citizen", "officer")),
    "ask_payment": Move("Yêu cầu nộp phí", "Ask for payment", RUNNING, PAYMENT, ("officer",)),
    "paid": Move("Đã nộp phí", "Paid", (PAYMENT,), PROCESSING, ("system", "officer")),
    "extend": Move("Gia hạn", "Extend", RUNNING, None, ("leader",), ("reason", "due", "law")),
    "apologise": Move("Xin lỗi và hẹn lại", "Apologise", RUNNING, None, ("officer",), ("reason", "due")),
    "propose": Move("Trình ký", "Submit for signature", (PROCESSING,), None, ("officer",)),
    "send_back": Move("Trả lại người xử lý", "Send back", (PROCESSING,), None, ("leader",), ("reason",)),
    "release": Move("Trả về hàng chung", "Put back", (PROCESSING,), None, ("officer",)),
    "recall": Move("Rút lại trình ký", "Take back from signature", (PROCESSING,), None, ("officer",)),
    "sign": Move("Ký, kết thúc xử lý", "Sign", (PROCESSING,), PROCESSED, ("leader",)),
    "complete": Move("Hoàn tất liên thông", "Complete", RUNNING, PROCESSED, ("system",)),
    "stop": Move("Dừng xử lý", "Stop", (*RUNNING, *PAUSED), STOPPED, ("officer", "system"), ("reason", "law")),
    "withdraw": Move("Rút hồ sơ", "Withdraw", OPEN, WITHDRAWN, ("citizen", "officer", "system"), ("reason",)),
    "give": Move("Trả kết quả", "Give the result", (PROCESSED,), RETURNED, ("officer", "system")),
}, names={code: status.name_vi for code, status in services.statuses().items()})  # fmt: skip
NOTES = {
    "event_number": ("Ghi số định danh của trẻ", "Child's number entered"),
    "event_mend": ("Sửa sự kiện gửi vào sổ dân cư", "Event for the register put right"),
    "event_correct": ("Đính chính kết quả trong sổ dân cư", "Result corrected in the register"),
}
"""What stands among the moves and moves nothing."""
ONCE = ("extend",)
"""At most once for a dossier."""
UNDONE_BY = {"take": "release", "propose": "recall"}
"""An action -> the one by which whoever did it takes it back; every other stands."""


def may_ask_again(asked: int, *, on: dt.date) -> bool:
    """Whether the applicant may be asked for papers once more."""
    most = services.most_supplements(on=on)
    return most is None or asked < most
