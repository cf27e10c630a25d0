"""What a record says anew because the asked day is another one: its unit, and dates that lay in the future.

Most of a standard row does not depend on the asked day. Its `unit_code` follows the change table; where that cannot
tell (a split, several candidates), and where a date was refused as future or written with two digits, the record's
own cells are read again as of both days, and only what differs between the two readings is taken over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from dancu.engine.ports import Context
from dancu.engine.standardise.one import standard_row
from dancu.reference import units
from dancu.reference.fields import citizen_columns, fields


@cache
def heir(code: str, *, since: dt.date, on: dt.date) -> str | None:
    """The one commune of `on` that the people of the commune `code` of `since` are in; None after a split.

    >>> heir("07204", since=dt.date(2024, 6, 21), on=dt.date(2025, 1, 1))
    '07207'
    >>> heir("07549", since=dt.date(2024, 6, 21), on=dt.date(2025, 1, 1)) is None
    True
    """
    unit = units.on(max(since, units.FIRST_DAY)).find(code)
    heirs = unit.as_of(max(on, units.FIRST_DAY)) if unit is not None else ()
    return heirs[0].code if len(heirs) == 1 else None


def heirs(codes: Sequence[str], *, since: dt.date, on: dt.date) -> dict[str, str | None]:
    """`heir` of each code."""
    return {code: heir(code, since=since, on=on) for code in codes}


def to_read_again(since: dt.date, on: dt.date) -> str:
    """Condition for the rows of `standard s` whose reading may depend on more than their unit."""
    dates = [f.field for f in fields().values() if f.type == "date" and f.standard]
    known = citizen_columns().keys()
    future = [f"s.{d}_issue = 'future'" for d in dates if f"{d}_issue" in known]
    short = [f"s.{d}_fix LIKE '%two_digit_year%'" for d in dates if f"{d}_fix" in known]
    # Going back (a change undone), what has come to pass in between lies in the future again.
    back = f"DATE '{on.isoformat()}' AND s.{{}} <= DATE '{since.isoformat()}'"
    future += [f"s.{d} > {back.format(d)}" for d in dates if on < since and f"{d}_issue" in known]
    # Years of two digits are read by the year of the asked day.
    other_year = short if since.year != on.year else []
    unsure = (
        "(s.unit_code IS NULL AND (s.permanent_unit IS NOT NULL"
        " OR s.permanent_unit_status = 'ambiguous' OR s.permanent_unit_issue = 'not_in_list'))"
    )
    return " OR ".join([*future, *other_year, unsure])


def read_again(
    rows: Sequence[Mapping[str, Any]], *, since: Context, to: Context
) -> Iterator[dict[str, Any]]:
    """The rows (of `standard`, with `cells`) that the day changes, changed; their unit is that of the new day."""
    for row in rows:
        spec = to.sources.get(row["source"])
        if spec is None:
            yield {**row, "unit_code": _heir_of(row, since.on, to.on)}
            continue
        before, after = (
            standard_row(
                row["cells"], spec=spec, context=context, record_id=row["record_id"],
                file_no=row["file_no"] or 0, row=row["row"] or 0, list_date=row["list_date"],
            )
            for context in (since, to)
        )  # fmt: skip
        changed = {c: after[c] for c in citizen_columns() if after[c] != before[c]}
        if "unit_code" not in changed:
            changed["unit_code"] = _heir_of(row, since.on, to.on)
        yield {**row, **changed}


def _heir_of(row: Mapping[str, Any], since: dt.date, on: dt.date) -> str | None:
    code = row["unit_code"]
    return heir(code, since=since, on=on) if code else None
