"""From what an officer typed to a record of the source `corrections`, and back out again: the one place that writes.

All fixes of a task stand in one record (two of the same day would otherwise tie), joined to its person by the
officer's word and not by the score. An undo takes that record out, or gives it what the other fixes say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from dancu.engine.report.answers import AnswerError, value
from dancu.engine.report.corrections import SCHEMA, as_records
from dancu.engine.report.corrections_apply import role_of
from dancu.engine.standardise.one import standard_row
from dancu.platform.events.writer import desk
from dancu.platform.worklists.models import Fix, Task
from dancu.reference import codes, units
from dancu.reference.fields import fields
from dancu.rules import get as rule
from dancu.store.register.desk import digest
from dancu.store.register.told import Change, Incoming, Outcome

SOURCE = "corrections"
CE_SOURCE = "dancu/worklists"
IDENTITY = ("personal_number", "full_name", "birth_date", "sex")
"""Fields by which a person is told: two people put them right."""
_CHOICES = ("sex", "marital_status", "life_status", "relation_to_head")


class NotTaken(ValueError):
    """Some fields cannot be taken as they were typed; `problems`: field → what to write instead."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(self.problems.values()))


def editable(field: str) -> bool:
    """Whether a correction can speak of the field."""
    known = fields().get(field)
    if known is None or not known.standard or known.group in ("event", "record"):
        return False
    try:
        role = role_of(field)
    except KeyError:
        return False
    return role in desk().context().sources[SOURCE].columns


def in_question(rules: Sequence[str]) -> tuple[list[str], list[str]]:
    """(fields that the findings are about, further ones that these rules look at), those that can be put right."""
    first = [f for r in rules if editable(f := rule(r).field)]
    more = [c for r in rules for c in rule(r).columns if editable(c)]
    main = list(dict.fromkeys(first))
    return main, [c for c in dict.fromkeys(more) if c not in main]


def choices(field: str) -> list[tuple[str, str]]:
    """(code, name) of a short list of codes; empty for a field that is typed."""
    kind = fields()[field].format.removeprefix("codes.")
    known = getattr(codes, kind, None) if field in _CHOICES else None
    return [(c.code, c.name_vi) for c in known.codes] if known else []


def written(field: str, standard: Any) -> str:
    """A standard value as an office writes it."""
    if standard in (None, ""):
        return ""
    text, known = str(standard), fields()[field]
    if known.type == "date" and len(text) == 10 and text[4] == "-":
        return "/".join(reversed(text.split("-")))
    if known.format.startswith("codes."):
        listed = getattr(codes, known.format.removeprefix("codes."))
        return next((c.name_vi for c in getattr(listed, "codes", ()) if c.code == text), text)
    if field in ("permanent_unit", "temporary_unit") and units.history(text):
        return f"{units.history(text)[-1].full_name} ({text})"
    return text


def read_values(typed: Mapping[str, str]) -> dict[str, str]:
    """Field → standard value; raises NotTaken with every field at fault."""
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    test_people = desk().context().test_people
    for field, text in typed.items():
        if not text.strip():
            continue
        try:
            if not editable(field):
                raise AnswerError(f"trường «{field}» không sửa được tại đây")
            found[field] = value(text.strip(), field, test_people=test_people)
        except AnswerError as error:
            wrong[field] = f"{str(error).rstrip('.')}."
    if wrong:
        raise NotTaken(wrong)
    return found


def needs_second(values: Mapping[str, Any]) -> bool:
    """Whether a second person has to confirm."""
    return any(field in IDENTITY for field in values)


def record_fix(task: Task, fix: Fix, *, earlier: Sequence[Fix], by: str) -> Outcome:
    """Take the fix into the register, together with the earlier ones of the task that still hold."""
    row, cells = _record(task, [*earlier, fix])
    known = next((f.record_id for f in reversed(earlier) if f.record_id), None)
    change = Change(known, SOURCE, row, cells, same_as=task.person_id)
    return _send(task, fix, "correction", (change,), by=by)


def take_out(task: Task, fix: Fix, *, others: Sequence[Fix], by: str) -> Outcome:
    """The register as if the fix had not been made; `others`: the fixes of the task that still hold."""
    if others:
        row, cells = _record(task, others)
        change = Change(fix.record_id, SOURCE, row, cells, same_as=_other_record(task, fix))
    else:
        change = Change(fix.record_id, SOURCE, None)
    return _send(task, fix, "correction_undone", (change,), by=by)


def _other_record(task: Task, fix: Fix) -> int | None:
    return task.person_id if task.person_id != fix.record_id else None


def _send(
    task: Task, fix: Fix, kind: str, changes: tuple[Change, ...], *, by: str
) -> Outcome:  # fmt: skip
    """Named after the fix, so that sending it again does nothing."""
    told = {"fields": sorted(fix.values), "task": task.pk}
    name = f"{fix.event_id}/{kind}"
    event = Incoming(
        CE_SOURCE, name, kind, by, digest(kind, {**told, "values": fix.values}), told, changes,
        only_in=frozenset({task.unit_code}),
    )  # fmt: skip
    return desk().submit(event)


def _record(task: Task, fixes: Sequence[Fix]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The standard row and the cells of the task's record: later fixes over earlier ones."""
    context = desk().context()
    values: dict[str, str] = {"full_name": fixes[0].name_before} if fixes[0].name_before else {}
    for fix in fixes:
        values |= fix.values
    day = min(dt.date.today(), context.on)  # noqa: DTZ011
    cells = _cells(task, values, fixes[-1], day)
    row = standard_row(
        cells, spec=context.sources[SOURCE], context=context,
        record_id=0, file_no=0, row=0, list_date=context.on,
    )  # fmt: skip
    answered = sorted({field for fix in fixes for field in fix.values})
    return row, {**cells, "extra": {"answered": ",".join(answered)}}


def _cells(task: Task, values: Mapping[str, str], fix: Fix, day: dt.date) -> dict[str, str]:
    blank = dict.fromkeys(SCHEMA.names) | {"old_value": "", "row": 0, "run": ""}
    rows = [
        {**blank, "finding_id": f"task{task.pk}", "person_id": task.person_id, "record_id": task.person_id,
         "field": field, "new_value": text, "verdict": "fixed", "evidence": fix.note, "handled_by": fix.by,
         "handled_on": day}
        for field, text in values.items()
    ]  # fmt: skip
    (record,) = as_records(pa.Table.from_pylist(rows, SCHEMA)).to_pylist()
    return {role: text for role, text in record.items() if text and role != "person_id"}
