"""The worker takes lists in and compares them, on a connection of its own, so that the progress is seen meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.kit.long_work import Told, owner, progress
from dancu.sectors.public_services.importing import differing, handing, taking
from dancu.sectors.public_services.importing.counted import Period
from dancu.sectors.public_services.importing.models import IMPORT, HandIn
from dancu.store.postgres import connect

_QUEUE, _LOCK = "intake", "dossier-import"


@app.task(queue=_QUEUE, lock=_LOCK)
def work(job: int, number: int) -> None:
    """One file handed in; run again after a crash, it does the same once more."""
    with progress(job) as told:
        rows = HandIn.objects.using("owner").filter(pk=number)
        hand = rows.get()
        if hand.state == "done":
            return
        rows.update(state="running", message="")
        do: Callable[[HandIn, Told], int] = _import if hand.kind == IMPORT else _differ
        try:
            result = do(hand, told)
        except taking.NotTaken as error:
            rows.update(state="failed", ended_at=timezone.now(), message=str(error)[:2000])
        except Exception as error:
            rows.update(state="failed", ended_at=timezone.now(), message=type(error).__name__)
            raise
        else:
            rows.update(state="done", ended_at=timezone.now(), result_no=result)
            handing.forget(hand)


def _import(hand: HandIn, told: Told) -> int:
    told("đọc tệp", 0.02)
    sheets = handing.sheets(hand)
    order = taking.Order(hand.username, hand.source, timezone.now())
    with connect(owner()) as con:
        return taking.take(con, sheets, order, progress=told).import_no


def _differ(hand: HandIn, told: Told) -> int:
    if hand.date_from is None or hand.date_to is None:
        raise taking.NotTaken("Không có kỳ so sánh.")
    period = Period(hand.date_from, hand.date_to)
    told("đọc danh sách A", 0.05)
    a = differing.side_of(hand.name, handing.sheets(hand, "a"))
    with connect(owner()) as con:
        told("đọc danh sách B", 0.35)
        b = (
            differing.side_of(hand.second, handing.sheets(hand, "b"))
            if hand.second
            else differing.own_side(con, period)
        )
        told("so từng hồ sơ", 0.6)
        found = differing.compared(a, b, period)
        told("ghi kết quả", 0.9)
        return differing.keep(
            con, found, names=(a.name, b.name), by=hand.username, at=timezone.now()
        )


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="dossier-import-expire", pass_context=False)
def expire(timestamp: int) -> int:
    """Each night: files that nobody started."""
    return handing.expire(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
