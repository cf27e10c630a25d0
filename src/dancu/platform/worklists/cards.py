"""The card of the home page: what is due today, what is late, what can be gained."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from dancu.platform.ui.cards import Card
from dancu.platform.worklists import making, reading
from dancu.platform.worklists.reading import Filters


def _content(request: Any) -> dict[str, Any] | None:
    if making.made_from_this_load():
        making.follow_events()
    due = {k: reading.tasks(Filters(due=k), user=request.user).count() for k in ("today", "overdue")}  # fmt: skip
    everything = reading.tasks(Filters(), user=request.user).order_by()
    mine = reading.tasks(Filters(mine=True), user=request.user).count()
    points = everything.aggregate(points=Sum("effect"))["points"]
    units = everything.values("unit_code").distinct().count()
    return {
        "open": everything.count(),
        "today": due["today"] - due["overdue"],
        "overdue": due["overdue"],
        "mine": mine,
        "points": points if units == 1 else None,
    }


CARDS = [Card("worklists/card.html", _content, right="task.work", order=5)]
