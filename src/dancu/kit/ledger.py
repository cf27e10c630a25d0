"""The ledger: a sector says which of its insert-only tables go in; a command signs, exports, checks.

What a command does needs Django set up and works as the owner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from dancu.platform.ledger.kinds import Kind
from dancu_verify.found import Finding

__all__ = ["Kind", "Progress", "check", "export", "sign"]

Progress = Callable[[str, float], None]


def sign(*, at: dt.datetime) -> None:
    """A head of everything up to now, stamped and handed over as far as that goes through."""
    from dancu.platform.ledger import keeper

    keeper.sign(at=at)
    keeper.stamp()
    keeper.hand_over(at=at)


def export(
    folder: Path, *, by: str, basis: str, with_rows: bool, at: dt.datetime, progress: Progress
) -> int:
    """The whole ledger into a new folder; how many leaves. With rows it is kept as a bulk read."""
    from dancu.platform.ledger import exports

    return exports.make(folder, by=by, basis=basis, with_rows=with_rows, at=at, progress=progress)


def check(*, by: str, progress: Progress) -> list[Finding]:
    """Everything recomputed; what does not hold."""
    from dancu.platform.ledger import checks

    return checks.run(by=by, progress=progress)
