"""What may become of a task: one table, read by services and pages, and drawn in docs/reference/workflows.md.

>>> MOVES.after("open", "finish"), MOVES.after("accepted", "report")
('reported', None)
"""

from __future__ import annotations

from typing import NamedTuple

from dancu.lib.moves import Moves

OPEN, REPORTED, ACCEPTED, CANCELLED = "open", "reported", "accepted", "cancelled"
STATES: dict[str, tuple[str, str]] = {
    OPEN: ("Đang thực hiện", "Being done"),
    REPORTED: ("Chờ nghiệm thu", "Waiting for acceptance"),
    ACCEPTED: ("Đã nghiệm thu", "Accepted"),
    CANCELLED: ("Đã hủy", "Cancelled"),
}
"""The name of each state in Vietnamese and English."""
CLOSED = (ACCEPTED, CANCELLED)
"""Nothing follows."""


class Move(NamedTuple):
    """An action: from these states to this one; who does it, and whether it needs words."""

    name_vi: str
    name_en: str
    of: tuple[str, ...]
    to: str
    by_owner: bool
    needs_reason: bool = False


MOVES = Moves(OPEN, {
    "report": Move("Báo cáo tiến độ", "Report progress", (OPEN,), OPEN, True, True),
    "finish": Move("Báo cáo hoàn thành", "Report it finished", (OPEN,), REPORTED, True, True),
    "accept": Move("Nghiệm thu", "Accept", (REPORTED,), ACCEPTED, False),
    "return": Move("Trả lại làm tiếp", "Return it", (REPORTED,), OPEN, False, True),
    "extend": Move("Gia hạn", "Extend", (OPEN,), OPEN, False, True),
    "cancel": Move("Hủy nhiệm vụ", "Cancel", (OPEN, REPORTED), CANCELLED, False, True),
}, names={state: vi for state, (vi, _) in STATES.items()})  # fmt: skip
