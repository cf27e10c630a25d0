"""What the pages say of a pair, a proposal, a person: words around data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.engine.link import picture, wording
from dancu.platform.access import territory
from dancu.platform.duplicates import queue, services
from dancu.platform.duplicates.sides import Side, compared
from dancu.platform.register.parts import Row
from dancu.platform.register.words_of import label
from dancu.reference import units
from dancu.store.register.explained import Told


def lang() -> str:
    """The language of the page."""
    return "en" if get_language() == "en" else "vi"


def kinds() -> dict[str, str]:
    """Kind of doubt -> words."""
    return {
        "da-ghep": _("Máy đã ghép nhưng chưa chắc"),
        "nghi": _("Có thể là một người, máy chưa ghép"),
        "mau-thuan": _("Khớp nhiều nhưng có mâu thuẫn"),
    }


def bands() -> dict[str, str]:
    """Band of probability -> words."""
    return {"cao": _("từ 85%"), "vua": _("50% đến dưới 85%"), "thap": _("dưới 50%")}


def states() -> dict[str, str]:
    """State -> words."""
    return {
        "": _("Chưa kết luận"),
        "chua-ro": _("Đã để «chưa rõ»"),
        "cho-duyet": _("Chờ người thứ hai"),
        "tat-ca": _("Tất cả"),
    }


def verdicts() -> dict[str, str]:
    """Verdict -> words."""
    return {
        "same": _("Cùng một người"),
        "different": _("Không phải một người"),
        "unsure": _("Chưa rõ"),
        "withdrawn": _("Đã rút kết luận"),
    }


def kind_of(row: Mapping[str, Any]) -> str:
    """The kind of doubt of a row of the queue."""
    if row["joined"]:
        return "da-ghep"
    return "nghi" if row["blocked_by"] in (None, "rival") else "mau-thuan"


def line(row: Row, on: dt.date) -> dict[str, Any]:
    """A line of the queue."""
    reason = wording.reason(row["blocked_by"], lang()) if row["blocked_by"] else ""
    codes = dict.fromkeys((row["unit_a"], row["unit_b"]))
    return {
        **row,
        "kind": kinds()[kind_of(row)],
        "reason": reason,
        "chance": wording.percent(row["probability"], lang()),
        "points": wording.points(row["score"], lang()),
        "units": [unit_name(code, on) for code in codes],
        "state": _state(row),
    }


def _state(row: Row) -> tuple[str, str]:
    if row["proposal_no"] is not None:
        return "info", states()["cho-duyet"]
    if row["verdict"] == "unsure":
        return "fair", verdicts()["unsure"]
    return "none", states()[""]


def unit_name(code: str, on: dt.date) -> str:
    """A commune by name; the code where there is none."""
    return territory.full_name(code, on) if code != "?" else _("chưa rõ đơn vị")


def units_of(user: Any) -> list[tuple[str, str]]:
    """(code, name) of the communes of the user, to filter by."""
    day = max(territory.register_day(), units.FIRST_DAY)
    codes = {c for grant in user.grants_today for c in territory.of_grant(grant)}
    tree = units.on(day)
    return [(c, unit.full_name) for c in sorted(codes) if (unit := tree.find(c)) is not None]


def whose(user: Any) -> str:
    """Whose data the page shows."""
    names = dict.fromkeys(g.unit_name for g in user.grants_today if g.unit_code)
    return ", ".join(names) or _("đơn vị của bạn")


def progress(user: Any, filters: queue.Filters) -> dict[str, int]:
    """How many pairs are left under these filters, how many were concluded today."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    left, done = queue.count(filters), queue.judged_since(user.username, midnight)
    return {"left": left, "today": done, "total": left + done}


def explained(told: Told, a: Side, b: Side) -> dict[str, Any]:
    """The explanation with its pictures, and the fields of both sides."""
    story = told.story
    drawn = picture.bars(story["steps"], story["threshold"])
    steps = [{**s, "bar": bar} for s, bar in zip(story["steps"], drawn.bars, strict=True)]
    lines = compared(a, b, story["steps"], lang())
    return {
        "told": story,
        "steps": steps,
        "zero": drawn.zero,
        "goal": drawn.threshold,
        "end": drawn.bars[-1].end,
        "total": story["steps"][-1]["total_shown"],
        "width": picture.WIDTH,
        "graphs": [{"graph": g, "net": picture.net(g["members"], g["links"])} for g in told.graphs],
        "one_person": told.one_person,
        "lines": [x for x in lines if x["first"]],
        "more": [x for x in lines if not x["first"]],
        "differing": sum(x["state"] == "differs" for x in lines),
        "a": a,
        "b": b,
        "say": wording.words()["page"],
        "points": wording.say("phrases", "points", lang()),
        "axis": wording.say("page", "line", lang(), threshold=story["threshold_shown"]),
    }


def proposal(row: Row, user: Any) -> dict[str, Any]:
    """A proposal as a line: what, by whom, until when, what it would change."""
    what = {"judge": _("Kết luận trùng"), "split": _("Tách hồ sơ"), "withdraw": _("Rút kết luận")}
    said = dict.fromkeys(verdict for *_pair, verdict in row["answers"])
    return {
        **row,
        "what_said": what[row["what"]],
        "verdicts": [verdicts()[v] for v in said],
        "changes": [_("người của hai đơn vị") if f == "unit_code" else label(f) for f in row["fields"]],
        "units": [unit_name(c, territory.register_day()) for c in row["unit_codes"]],
        "mine": row["by"] == user.username,
        "may": services.may_confirm(row, user),
        "open": row["outcome"] is None and row["expires_at"] > timezone.now(),
        "outcome_said": {
            "confirmed": _("đã duyệt"), "refused": _("không duyệt"), "withdrawn": _("đã rút"), None: _("hết hạn"),
        }[row["outcome"]],
    }  # fmt: skip


def judgement_lines(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What was said of a person's records, the newest first; each event once."""
    seen: dict[int, dict[str, Any]] = {}
    for row in rows:
        known = seen.setdefault(
            row["event_no"], {**row, "pairs": [], "said": verdicts()[row["verdict"]]}
        )
        known["pairs"].append((row["record_a"], row["record_b"]))
    return list(seen.values())
