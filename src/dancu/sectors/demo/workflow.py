"""What may become of a card: one table, read by services and pages, and drawn in docs/reference/workflows.md.

>>> MOVES.after(ASKED, "issue"), MOVES.after(REFUSED, "issue")
('issued', None)
"""

from __future__ import annotations

from typing import NamedTuple

from dancu.lib.moves import Moves

ASKED, ISSUED, LOCKED, REFUSED, ENDED = "asked", "issued", "locked", "refused", "ended"
STATES: dict[str, tuple[str, str]] = {
    ASKED: ("Chờ cấp", "Waiting"),
    ISSUED: ("Đang dùng", "In use"),
    LOCKED: ("Tạm khóa", "Locked"),
    REFUSED: ("Không cấp", "Refused"),
    ENDED: ("Đã thu hồi", "Ended"),
}
"""The name of each state in Vietnamese and English."""
CLOSED = (REFUSED, ENDED)
"""Nothing follows."""


class Move(NamedTuple):
    """An action: from these states to this one, and whether it needs a reason."""

    name_vi: str
    name_en: str
    of: tuple[str, ...]
    to: str
    needs_reason: bool = False


MOVES = Moves(ASKED, {
    "issue": Move("Cấp", "Issue", (ASKED,), ISSUED),
    "refuse": Move("Không cấp", "Refuse", (ASKED,), REFUSED, True),
    "lock": Move("Tạm khóa", "Lock", (ISSUED,), LOCKED, True),
    "unlock": Move("Mở khóa", "Unlock", (LOCKED,), ISSUED),
    "end": Move("Thu hồi", "End", (ISSUED, LOCKED), ENDED, True),
}, names={state: vi for state, (vi, _) in STATES.items()})  # fmt: skip
