"""What the dossiers of a unit tell about the twenty indicators; of the others there is no data here.

2.1 counts what ended in the period and what came in it and is still open, as of its last day. 5.4 takes a rating of one
or two stars for displeasure, ours to decide since the decision's word is a tick on another portal. What only other
systems know (1.1 to 1.4, 3.5, 4.4, 5.1) stays without data.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from dancu.engine.report.indicators import Asked
from dancu.reference import services
from dancu.sectors.public_services.figures import score766
from dancu.sectors.public_services.figures.counting import Counted
from dancu.sectors.public_services.figures.places import codes_of, state_of
from dancu.sectors.public_services.figures.score766 import Value, at_least, at_most, exact
from dancu.sectors.public_services.indicators import ACCEPTED, ENDED

LEVELS = {"commune": ("commune",), "district": ("commune", "district")}
DISPLEASED = 2
"""So many stars or fewer."""
MEASURED = ("2.1", "2.2", "3.1", "3.2", "3.3", "3.6", "4.1", "4.3", "4.5", "5.2", "5.3", "5.4")
"""Those of which something is known here."""
Pair = tuple[int, int]


def values(
    counted: Counted, *, asked: Asked, root: str, unit: str, level: str, until: dt.datetime
) -> dict[str, Value | None]:
    """By the indicator's number. `counted`: of this unit by procedure; `until`: the moment up to which is looked."""

    def share(code: str, how: str = "exact") -> Value | None:
        figure = counted.figure(code, unit)
        return exact(figure.numerator, figure.denominator, how)

    on_time, of = _on_time(asked, root, unit, until)
    ended = counted.figure("on_time_rate", unit)
    timely = exact(ended.numerator + on_time, ended.denominator + of)
    late, displeased, rated = _voices(asked, root, unit, until)
    offered, online, used = _catalogue(counted, unit, level, timezone.localdate(until))
    mean = counted.figure("index766_2_2", unit)
    return {
        "2.1": timely,
        "2.2": Value(mean.numerator, mean.denominator, Decimal(0), Decimal(0), "minutes") if mean.denominator else None,
        "3.1": exact(online, offered, "catalogue"),
        "3.2": exact(used, online, "catalogue"),
        "3.3": score766.times(share("index766_3_3"), None),
        "3.6": at_least(share("online_payment_rate"), "free_unknown"),
        "4.1": share("electronic_result_rate"),
        "4.3": share("reuse_rate", "stand_in"),
        "4.5": share("identified_rate", "stand_in"),
        "5.2": exact(late[1] - late[0], late[1], "voices"),
        "5.3": at_most(exact(late[1] - late[0], late[1]), "displeasure_unknown"),
        "5.4": _satisfied(timely, displeased, rated),
    }  # fmt: skip


def _satisfied(timely: Value | None, displeased: int, rated: int) -> Value | None:
    """100 per cent less the late and the displeased; without any rating no more than that is known."""
    if timely is None:
        return None
    late = timely.denominator - timely.numerator
    found = exact(
        max(Decimal(0), timely.denominator - late - displeased), timely.denominator, "ratings"
    )
    return found if rated else at_most(found, "ratings_unknown")


def _catalogue(counted: Counted, unit: str, level: str, on: dt.date) -> tuple[int, int, int]:
    """Procedures of the unit's level, those of them offered online, those of which a dossier came online."""
    levels = LEVELS.get(level, ("commune", "district", "province"))
    every = [p for p in services.procedures(on=on) if p.level in levels]
    online = [p for p in every if p.online_level in ("full", "partial")]
    used = [p for p in online if counted.figure("online_rate_all", unit, p.code).numerator]
    return len(every), len(online), len(used)


_OF_UNIT = " JOIN unnest(%s::text[], %s::int[]) AS p(code, state) ON p.code = d.unit_code AND p.state = {state}"


def _on_time(asked: Asked, root: str, unit: str, until: dt.datetime) -> Pair:
    """Of what came in the period and had not ended by its last day: how much is not late, and how much there is."""
    of_unit = _OF_UNIT.format(state=state_of(ACCEPTED, asked.first, asked.last))
    late = "d.due_at <= least(%s, coalesce(d.paused_at, %s))"
    timely = f"count(*) FILTER (WHERE d.supplements <= 1 AND NOT coalesce({late}, false))"
    still = (
        f"SELECT {timely}, count(*) FROM services.dossier d{of_unit} WHERE {ACCEPTED} BETWEEN %s AND %s"
        " AND d.accepted_at IS NOT NULL AND "
    )
    given = [until, until, *codes_of(unit, root, asked.first, asked.last), asked.first, asked.last]
    top = bottom = 0
    with connection.cursor() as cursor:
        for condition, more in (("d.ended_at IS NULL", []), (f"{ENDED} > %s", [asked.last])):
            cursor.execute(still + condition, [*given, *more])
            a, b = cursor.fetchone()
            top, bottom = top + a, bottom + b
    return top, bottom


def _voices(asked: Asked, root: str, unit: str, until: dt.datetime) -> tuple[Pair, int, int]:
    """Late complaints and complaints of the period; displeased and all ratings of it."""
    given = [*codes_of(unit, root, asked.first, asked.last), asked.first, asked.last]
    said = "(v.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    of_unit = _OF_UNIT.format(state=state_of(said, asked.first, asked.last))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE"
            " (coalesce(v.answered_at, %s) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date > v.due_on), count(*)"
            f" FROM services.complaint v JOIN services.dossier d USING (dossier_no){of_unit}"
            f" WHERE {said} BETWEEN %s AND %s", [until, *given],
        )  # fmt: skip
        late, complaints = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE v.stars <= %s), count(*)"
            f" FROM services.rating v JOIN services.dossier d USING (dossier_no){of_unit}"
            f" WHERE {said} BETWEEN %s AND %s", [DISPLEASED, *given],
        )  # fmt: skip
        displeased, rated = cursor.fetchone()
    return (late, complaints), displeased, rated
