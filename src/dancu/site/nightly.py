"""What the command line asks of the nightly work: the log compared, receipts taken in, old rows deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dancu.site import boot


def compare(*, on: dt.date) -> tuple[Any, list[Any]]:
    """The comparison of a day: its figures and its gaps."""
    boot.ready()
    from dancu.platform.completeness import reconciling

    return reconciling.reconcile(by="dancu", on=on)


def hold(*, partner: str, text: str) -> tuple[int, int]:
    """A partner's receipts: how many, how many of them new. Raises ValueError that names the line."""
    boot.ready()
    from dancu.platform.completeness import receipts

    listed: list[UUID] = receipts.read(text)
    return len(listed), receipts.do_hold(
        by="dancu", partner=partner, receipts=listed, using="owner"
    )


def due(*, at: dt.datetime) -> list[Any]:
    """What a purge at this moment would take."""
    boot.ready()
    from dancu.platform.keeping import services

    return list(services.due(at=at))


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Table → rows that went."""
    boot.ready()
    from dancu.platform.keeping import services

    return services.purge(by="dancu", at=at)
