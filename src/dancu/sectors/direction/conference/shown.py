"""Conferences, briefs and conclusions as a page shows them, in the language of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.kit.web import full_name
from dancu.sectors.direction import workflow
from dancu.sectors.direction.conference import states
from dancu.sectors.direction.conference.reading import Conclusion, Conference, Point
from dancu.sectors.direction.shortcomings import kinds
from dancu.sectors.direction.shortcomings import shown as shortcomings


def line(one: Conference) -> dict[str, Any]:
    """A row of the list."""
    look, word = states.STATES[one.state]
    return {"one": one, "host": one.host.name, "look": look, "word": word}


def point(one: Point) -> dict[str, Any]:
    """A row of the roll."""
    look, word = states.POINTS[one.state]
    return {"one": one, "name": one.place.name, "look": look, "word": word}


def roll(points: Sequence[Point]) -> list[dict[str, Any]]:
    """How many of each level are connected, absent, not yet."""
    found = []
    for level, name in shortcomings.LEVELS.items():
        own = [p for p in points if p.level == level]
        if own:
            held = {state: sum(p.state == state for p in own) for state in states.POINTS}
            people = sum(p.people for p in own)
            found.append({"level": level, "name": name, "all": len(own), **held, "people": people})
    return found


def conclusion(one: Conclusion, on: dt.date) -> dict[str, Any]:
    """A conclusion with its task, and what the check said of its shortcoming."""
    told: dict[str, Any] = {
        "one": one,
        "unit": one.place.name,
        "task": None,
        "check": None,
        "escalated": "",
    }
    if one.task_state:
        late = one.task_state == workflow.OPEN and one.due_on < on
        look = {workflow.OPEN: "info", workflow.REPORTED: "fair", workflow.ACCEPTED: "good"}
        word = _("Quá hạn") if late else workflow.STATES[one.task_state][get_language() == "en"]
        told["task"] = ("bad" if late else look.get(one.task_state, "none"), word)
    if one.result:
        told["check"] = kinds.RESULTS[one.result]
    if one.escalated_to:
        told["escalated"] = full_name(one.escalated_to, one.unit_on)
    return told


def brief(content: Mapping[str, Any]) -> dict[str, Any]:
    """A brief: its figures, shortcomings and tasks, ready to be shown."""
    return {
        **content,
        "period": f"{_day(content['first'])} – {_day(content['last'])}",
        "lines": [_figure(one) for one in content["figures"]],
        "open": [{**s, "badge": kinds.RESULTS[s["result"]]} for s in content["shortcomings"]],
    }  # fmt: skip


def _figure(one: Mapping[str, Any]) -> dict[str, Any]:
    english = get_language() == "en"
    return {
        "code": one["code"], "name": one["name_en" if english else "name_vi"],
        "value": shortcomings.figure(one["code"], Decimal(one["numerator"]), Decimal(one["denominator"])),
        "points": points(one["points"]), "rank": one["rank"], "few": one["few"],
        "targets": [
            {"by": t["by_en" if english else "by_vi"], "goal": t["goal"], **_reached(t), "convert": t["convert"],
             "fresh": t["fresh"]}
            for t in one["targets"]
        ],
    }  # fmt: skip


def points(value: Any) -> str:
    """A rise in points, with its sign."""
    if value is None:
        return "—"
    return f"{Decimal(str(value)):+.2f}".replace(".", ",").replace("-", "−")


def _reached(target: Mapping[str, Any]) -> dict[str, Any]:
    if target["reached"] is None:
        return {"look": "none", "word": _("Chưa có dữ liệu")}
    if target["reached"]:
        return {"look": "good", "word": _("Đạt")}
    return {"look": "bad", "word": _("Chưa đạt")}


def _day(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}"
