"""What looks odd in how partners ask: a job of the owner, some minutes apart, writes it down for the auditor.

Many about nobody or another's name; numbers counted through; one person asked about by many; whole nights. The worst
stops the partner at once, and the auditor and the administrator see why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.utils.translation import get_language

from dancu.platform.access.models import Notice
from dancu.platform.partners import services, tokens
from dancu.platform.partners.models import Flag

FEW, SHARE = 50, 0.5
"""From so many questions of an hour, and this share of them about nobody, it is odd."""
COUNTED, COUNTED_STOP = 10, 50
"""Different last digits behind the same nine first ones in a day: counted through; so many stop the partner."""
MANY_ASKERS = 5
NIGHT, NIGHT_FEW = (22, 5), 100
STOPPED_BY = "máy"
KINDS = {
    "vain": ("Nhiều câu hỏi về người không xác nhận được", "Many questions about nobody that fits"),
    "counted": ("Hỏi lần lượt các số liền nhau", "Numbers counted through"),
    "many_askers": ("Nhiều đơn vị cùng hỏi về một người", "One person asked about by many"),
    "night": ("Hỏi nhiều vào ban đêm", "Many questions at night"),
}
COUNTS = {
    "asked": ("số câu hỏi", "questions"),
    "vain": ("không xác nhận được", "about nobody that fits"),
    "numbers": ("số khác nhau", "different numbers"),
    "partners": ("số đơn vị", "partners"),
    "night": ("ban đêm", "at night"),
}


def name_of(kind: str, lang: str | None = None) -> str:
    """A kind, or what it counts, in words."""
    vi, en = KINDS.get(kind) or COUNTS.get(kind, (kind, kind))
    return en if (lang or get_language()) == "en" else vi


def look(*, at: dt.datetime) -> int:
    """Write down what is odd up to a moment, each kind of a partner once a day; how many were new."""
    new = 0
    for client, kind, detail, worst in [*_vain(at), *_counted(at), *_askers(at), *_night(at)]:
        since = at - dt.timedelta(days=1)
        if Flag.objects.using("owner").filter(client_id=client, kind=kind, at__gt=since).exists():
            continue
        Flag.objects.using("owner").create(client_id=client, kind=kind, since=since, detail=detail)
        Notice.objects.using("owner").create(
            for_role="auditor", kind=f"partner.{kind}", subject=f"{client}: {name_of(kind, 'vi')}", detail=detail
        )  # fmt: skip
        if worst:
            services.do_suspend(client_id=client, by=STOPPED_BY, why=name_of(kind, "vi"))
        new += 1
    tokens.purge(at=at)
    return new


Odd = tuple[str, str, dict[str, Any], bool]


def _vain(at: dt.datetime) -> Iterator[Odd]:
    rows = _ask(
        "SELECT client_id, hour, sum(n), sum(n) FILTER (WHERE outcome = 'not_identified') FROM partners_usage"
        " WHERE hour > %s GROUP BY 1, 2", [at - dt.timedelta(hours=2)],
    )  # fmt: skip
    for client, _hour, n, vain in rows:
        if n >= FEW and (vain or 0) / n >= SHARE:
            yield client, "vain", {"asked": int(n), "vain": int(vain)}, int(vain) >= 10 * FEW


def _counted(at: dt.datetime) -> Iterator[Odd]:
    """Also numbers that somebody bears: those stand in the log by their person."""
    rows = _ask(
        "WITH asked(client, block, last) AS ("
        " SELECT v.partner, encode(v.block, 'hex'), v.last_digits FROM lookup.vain v"
        "  WHERE v.partner IS NOT NULL AND v.at > %s AND v.at <= %s)"
        " SELECT client, count(DISTINCT last) FROM asked GROUP BY client, block HAVING count(DISTINCT last) >= %s",
        [at - dt.timedelta(days=1), at, COUNTED],
    )  # fmt: skip
    for client, n in rows:
        yield client, "counted", {"numbers": int(n)}, n >= COUNTED_STOP


def _askers(at: dt.datetime) -> Iterator[Odd]:
    rows = _ask(
        "SELECT array_agg(DISTINCT partner) FROM register.access_log WHERE partner IS NOT NULL AND at > %s AND at <= %s"
        " GROUP BY citizen_id HAVING count(DISTINCT partner) >= %s", [at - dt.timedelta(days=1), at, MANY_ASKERS],
    )  # fmt: skip
    for (partners,) in rows:
        for client in partners:
            yield client, "many_askers", {"partners": len(partners)}, False


def _night(at: dt.datetime) -> Iterator[Odd]:
    first, last = NIGHT
    rows = _ask(
        "SELECT client_id, sum(n), sum(n) FILTER (WHERE extract(hour FROM hour AT TIME ZONE 'Asia/Ho_Chi_Minh') >= %s"
        " OR extract(hour FROM hour AT TIME ZONE 'Asia/Ho_Chi_Minh') < %s) FROM partners_usage WHERE hour > %s"
        " GROUP BY 1", [first, last, at - dt.timedelta(days=1)],
    )  # fmt: skip
    for client, n, night in rows:
        if (night or 0) >= NIGHT_FEW and night / n >= SHARE:
            yield client, "night", {"asked": int(n), "night": int(night)}, False


def _ask(query: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())
