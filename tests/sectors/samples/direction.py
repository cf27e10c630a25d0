"""What the suite tries direction on: a task with its evidence, a plan, money and a post of the own commune."""

from __future__ import annotations

import datetime as dt
import io
from importlib import import_module
from pathlib import Path
from uuid import uuid4

from PIL import Image
from tests.sectors.world import ON, OWN, Sample, World

from dancu.sectors.direction import entries, tasks
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import New
from dancu.sectors.direction.tasks import Ask, NewTask

SECRET = "Việc thử chỉ của xã này"
_ENTRIES = {
    "plan": {"year": 2024, "number": "7/KH-UBND", "issued_on": dt.date(2024, 1, 9), "title": SECRET},
    "budget": {
        "year": 2024, "amount": 5_000_000, "source": "local", "decision": SECRET, "decided_on": dt.date(2024, 2, 1),
    },
    "spending": {"year": 2024, "amount": 1_000_000, "spent_on": dt.date(2024, 3, 1), "what": SECRET},
    "post": {
        "kind": "it_officer", "full_time": True, "seat": "1", "state": "filled", "valid_from": dt.date(2024, 1, 2),
        "valid_to": None, "decision": SECRET,
    },
    "equipment": {
        "kind": "scanner", "pieces": 2, "state": "working", "since": dt.date(2024, 1, 2), "note": SECRET,
    },
    "directive": {
        "number": "8/UBND", "issued_on": dt.date(2024, 1, 9), "body": "committee", "kind": "letter",
        "subject": "Văn bản để mọi đơn vị đọc", "about": "project06",
    },
    "inspection": {
        "other_code": OWN, "number": "9/KH", "held_on": dt.date(2024, 5, 7), "team": SECRET, "subject": SECRET,
        "result": "",
    },
    "campaign": {
        "name": "Đợt để mọi đơn vị biết", "first_day": dt.date(2024, 5, 6), "last_day": dt.date(2024, 5, 31),
        "aim": "Mỗi thôn một buổi", "indicator": "inspections_made", "units": [OWN],
    },
    "model": {
        "name": "Mô hình để mọi đơn vị học", "kind": "model", "since": dt.date(2024, 3, 4), "what": "Làm theo thôn",
        "result": "",
    },
    "pairing": {
        "other_code": "07213", "what": SECRET, "indicator": "", "valid_from": dt.date(2024, 3, 4), "valid_to": None,
        "result": "",
    },
}  # fmt: skip
_PARTS = {
    "finding": ("inspection_no", {"what": SECRET, "indicator": ""}),
    "reach": ("campaign_no", {"held_on": dt.date(2024, 5, 8), "what": SECRET, "people": 40}),
}  # fmt: skip


def make(world: World) -> Sample:
    """Done by officers of the commune, within their claims."""
    giver, doer = world.officer("task_force", "unit_head"), world.officer("task_force")
    today = world.now.date()
    with world.within(giver):
        made = {
            table: entries.do_record(
                book=BY_TABLE[table], new=New(world.own, ON, values), by=giver.user, at=world.now
            )
            for table, values in _ENTRIES.items()
        }
        for table, (parent, values) in _PARTS.items():
            of = made[parent.removesuffix("_no")].thing_no
            new = New(world.own, ON, {**values, parent: of})
            made[table] = entries.do_record(
                book=BY_TABLE[table], new=new, by=giver.user, at=world.now
            )
        task_of = NewTask(SECRET, world.own, working_days=10, unit_day=ON)
        task = tasks.do_open(new=task_of, by=giver.user, at=world.now, on=today)
    with world.within(doer):
        tasks.do_report(
            task_no=task.task_no, ask=Ask(1, SECRET), percent=20, by=doer.user, at=world.now, on=today,
            evidence=_picture(),
        )  # fmt: skip
    paper = world.ask("SELECT paper_no FROM direction.paper")[0][0]
    plan = made["plan"]
    given: dict[str, object] = {
        "book": "ke-hoach", "thing": plan.thing_no, "task": task.task_no, "paper": paper,
        "direction:thing.number": made["inspection"].thing_no,
    }  # fmt: skip
    form = {
        "action": "report", "version": "2", "reason": "Thử của bộ kiểm", "percent": "30", "unit": world.own,
        "event_id": str(uuid4()),
    }  # fmt: skip
    changed = {
        "version": str(plan.version_no), "year": "2024", "number": "9/KH-UBND", "issued_on": "10/01/2024",
        "title": "Kế hoạch đã sửa", "event_id": str(uuid4()),
    }  # fmt: skip
    forms = {"direction:change": changed, "direction:record": changed | {"year": "2025"}}
    return _with_parts(Sample(given, form, forms, marks=(SECRET,)), world)


def _with_parts(sample: Sample, world: World) -> Sample:
    """The same with what `direction_<part>.py` beside this brings: `more(world, sample) -> Sample`."""
    for path in sorted(Path(__file__).parent.glob("direction_*.py")):
        sample = import_module(f"tests.sectors.samples.{path.stem}").more(world, sample)
    return sample


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()
