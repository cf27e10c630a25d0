"""The reasons why two rows of one dossier count differently, and why one side has a row that the other has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dancu.reference import services
from dancu.sectors.public_services.importing import turns
from dancu.sectors.public_services.importing.counted import Difference, Figures, Period, Row
from dancu.sectors.public_services.importing.fields import CANCELLED
from dancu.sectors.public_services.importing.sides import Side

Ints = npt.NDArray[np.int64]
_ZONE: Final = dt.timedelta(hours=7)
_LATE_DAYS: Final = 7


@dataclass(frozen=True)
class Pair:
    a: Side
    b: Side
    period: Period
    seen_a: dt.datetime | None
    seen_b: dt.datetime | None

    def row(self, which: str, at: int) -> Row:
        side = self.side(which)
        return Row(
            _moment(side.received[at]), int(side.status[at]), _moment(side.ended[at]), int(side.channel[at]),
            _moment(side.due[at]), int(side.supplements[at]),
        )  # fmt: skip

    def side(self, which: str) -> Side:
        return self.a if which == "a" else self.b

    def found(
        self, which: str, at: int, reason: str, words: str, effect: Figures, other: int = -1
    ) -> Difference:
        side = self.side(which)
        places = {which: side.place[at].as_py(), "a": "", "b": ""} | {which: side.place[at].as_py()}
        if other >= 0:
            places["b"] = self.b.place[other].as_py()
        code = side.key[at].as_py() or side.code[at].as_py() or ""
        return Difference(
            code, side.unit[at].as_py() or "", side.procedure[at].as_py() or "", reason, words, effect,
            places["a"], places["b"],
        )  # fmt: skip


def more(pair: Pair, which: str, own: Ints, best: Ints) -> Iterator[Difference]:
    """Rows of a dossier beside the one that stands for it."""
    for at in np.flatnonzero(best[own] != np.arange(len(own))).tolist():
        row = pair.row(which, at)
        if pair.period.holds(row.received):
            effect = row.figures(pair.period)
            words = f"Dòng lặp của hồ sơ đã có ở {which.upper()}."
            yield pair.found(which, at, f"duplicate_{which}", words, _signed(effect, which))


def only(pair: Pair, which: str, at: int) -> Iterator[Difference]:
    row, side = pair.row(which, at), pair.side(which)
    if not pair.period.holds(row.received) or row.received is None:
        return
    other = "b" if which == "a" else "a"
    seen = pair.seen_b if which == "a" else pair.seen_a
    if side.void[at]:
        reason, words = "test", "Hồ sơ hủy hoặc thử nghiệm."
    elif side.key[at].as_py() is None:
        reason, words = "unread", f"Mã ghi «{side.code[at].as_py() or ''}»."
    elif seen is not None and row.received > seen:
        reason, words = (
            "unsent",
            f"Tiếp nhận {row.received:%d/%m/%Y %H:%M}; {other.upper()} chỉ có đến {seen:%d/%m/%Y %H:%M}.",
        )
    else:
        reason, words = (
            "only",
            f"Tiếp nhận {row.received:%d/%m/%Y %H:%M}; không thấy mã này ở {other.upper()}.",
        )
    effect = _signed(row.figures(pair.period), which)
    yield pair.found(which, at, f"{reason}_{which}", words, effect)


def steps(pair: Pair, at_a: int, at_b: int) -> Iterator[Difference]:
    """B's row becomes A's; each field that differs is a reason of its own."""
    target, here = pair.row("a", at_a), pair.row("b", at_b)
    inside = pair.period.holds(target.received) or pair.period.holds(here.received)
    if not inside:
        return
    for fields, reason, words, shown in _fields(pair, target, here, at_a, at_b):
        turned = replace(here, **{name: getattr(target, name) for name in fields})
        effect = turned.figures(pair.period).less(here.figures(pair.period))
        if shown or any(effect):
            yield pair.found("a", at_a, reason, words, effect, at_b)
        here = turned
    for name in ("unit", "procedure", "code"):
        u, v = getattr(pair.a, name)[at_a].as_py(), getattr(pair.b, name)[at_b].as_py()
        if u != v and u and v:
            reason = "code_form" if name == "code" else name
            yield pair.found("a", at_a, reason, f"A: {u}; B: {v}.", Figures(), at_b)


_Field = tuple[tuple[str, ...], str, str, bool]


def _fields(pair: Pair, a: Row, b: Row, at_a: int, at_b: int) -> Iterator[_Field]:
    """Fields to be turned, the reason, its words, and whether it is told also when no figure moves."""
    told = f"A: {_said(a.received)}; B: {_said(b.received)}."
    yield (
        ("received",),
        _received_reason(pair.period, a, b),
        told,
        _day(a.received) != _day(b.received),
    )
    told = f"A: {_status(a.status)}; B: {_status(b.status)}."
    ends = (a.ended is None) != (b.ended is None) or CANCELLED in (a.status, b.status)
    fields = ("status", "ended") if a.status != b.status and ends else ("status",)
    yield fields, _status_reason(a.status, b.status), told, a.status != b.status
    given_a, given_b = bool(pair.a.channel_given[at_a]), bool(pair.b.channel_given[at_b])
    told = f"A: {_channel(a.channel, given_a)}; B: {_channel(b.channel, given_b)}."
    yield (
        ("channel",),
        "channel" if given_a and given_b else "channel_missing",
        told,
        a.channel != b.channel,
    )
    told = f"A: {_said(a.ended)}; B: {_said(b.ended)}."
    yield ("ended",), "end", told, a.status == b.status and _day(a.ended) != _day(b.ended)
    yield ("due",), "due", f"A: {_said(a.due)}; B: {_said(b.due)}.", _day(a.due) != _day(b.due)
    told = f"A: {a.supplements}; B: {b.supplements}."
    yield ("supplements",), "supplements", told, a.supplements != b.supplements


def _received_reason(period: Period, a: Row, b: Row) -> str:
    if a.received is None or b.received is None:
        return "received_day"
    apart = abs(a.received - b.received)
    if abs(apart - _ZONE) <= dt.timedelta(minutes=1):
        return "zone"
    if apart < dt.timedelta(days=2) and period.holds(a.received) != period.holds(b.received):
        return "edge"
    return "late_received" if apart < dt.timedelta(days=_LATE_DAYS) else "received_day"


def _status_reason(a: int, b: int) -> str:
    if CANCELLED in (a, b):
        return "cancelled_one"
    ranks = turns.rank(np.array([max(a, 0), max(b, 0)]))
    return "late_sync" if a and b and ranks[0] != ranks[1] else "status"


def _signed(effect: Figures, which: str) -> Figures:
    return effect if which == "a" else Figures().less(effect)


def _moment(at: Any) -> dt.datetime | None:
    return None if np.isnat(at) else at.astype(dt.datetime)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def _said(moment: dt.datetime | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M}" if moment else "không có"


def _status(code: int) -> str:
    known = services.statuses()
    return known[code].name_vi if code in known else "đã hủy" if code == CANCELLED else "không rõ"


def _channel(code: int, given: bool) -> str:
    names = services.channels()
    return names[code][0] if given and code in names else "không ghi"
