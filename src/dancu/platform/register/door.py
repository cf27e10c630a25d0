"""The one door to a citizen: who asks, for what, on which legal basis; and the line in the log, in one transaction.

No other function of the platform hands out a person: pages get the frozen view made here, with the groups of fields
that the asker's role opens in the commune of the person, numbers masked. What hangs on a person (``parts``) is asked
for with that view in hand. The database's row-level security stands behind all of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.platform.access import extraordinary, territory
from dancu.platform.access.rights import Refused, check_right, has_right
from dancu.platform.register import grounds, log
from dancu.platform.register.grounds import Ground
from dancu.platform.register.words_of import group_of, is_number
from dancu.reference import purposes
from dancu.reference.fields import fields as dictionary
from dancu.reference.rights import rights_of

VIEW, UNMASK, HOUSEHOLD = "person.view", "person.unmask", "household.view"
HEAD = ("full_name", "sex", "birth_date", "life_status")
"""What every view of a person shows."""


class NoCitizen(LookupError):
    """Nobody with this identifier in the territory of the log-in; says no more, so that nobody can ask who exists."""


@dataclass(frozen=True)
class Citizen:
    """A person as this asker may see it now. `values`: the fields of the open groups that hold something.

    Numbers in `values` are whole: templates show them through `words_of.worded`, which masks them unless they are
    in `full`. `asked_id`: the identifier that was asked for, when it has been merged into this one.
    """

    citizen_id: str
    person_id: int
    unit_code: str | None
    groups: frozenset[str]
    values: Mapping[str, Any]
    origins: Mapping[str, int]
    companions: Mapping[str, str]
    full: frozenset[str]
    purpose: str
    on: dt.date
    sources: tuple[str, ...]
    last_confirmed: dt.date | None
    recorded_from: dt.datetime
    event_no: int | None
    birth_parts: tuple[int | None, int | None, int | None]
    outside: str | None
    """The reason of the extraordinary access by which the person is seen."""
    asked_id: str | None = None
    receipt: str = ""
    """The number of this look's line in the log."""

    def sees(self, group: str) -> bool:
        """Whether the asker's role opens this group of fields."""
        return group in self.groups


@dataclass(frozen=True)
class Member:
    """One of a household, as the list of its members shows it."""

    citizen_id: str
    full_name: str
    birth_date: dt.date | None
    birth_year: int | None
    sex: str | None
    relation_to_head: str | None
    life_status: str | None


@transaction.atomic
def access_citizen(
    *,
    citizen_id: str | UUID,
    by: Any,
    purpose: str,
    basis: str = "",
    fields: Sequence[str] | None = None,
    on: dt.date | None = None,
    full: bool = False,
    partner: str | None = None,
    officer: str = "",
    channel: str = log.PAGE,
    request_id: UUID | None = None,
    hidden_until: dt.date | None = None,
) -> Citizen:
    """A citizen for `by`; Refused (no right, no ground), NoCitizen (not in the territory), ReferenceDataError.

    `fields`: only these (each must be open to the role and the purpose); None: all that are. `full`: the numbers among
    `fields` are shown unmasked, which needs its own right. `on`: the day whose purposes apply (the register's day if
    not given). `partner`, `officer`: the registered body that asks through `by`, and its own officer, name and number.
    `hidden_until`: the day on which the person may read of this look, where the purpose lets it be hidden at all.
    """
    check_right(by, UNMASK if full else VIEW)
    day = on or territory.register_day()
    ground = grounds.ground(purpose=purpose, by=by, on=day, partner=partner, officer=officer)
    grounds.check_delay(hidden_until, ground, on=dt.date.today())  # noqa: DTZ011
    row = _row(citizen_id)
    grounds.check_person(str(row["citizen_id"]), ground)
    outside = _outside(str(row["citizen_id"]), row["unit_code"])
    groups = _groups(by, VIEW, row["unit_code"], outside, day)
    if not groups:
        raise Refused(_("Vai trò của bạn không xem được hồ sơ công dân ở đơn vị này."))
    wanted = _wanted(fields, groups, ground)
    shown_full = _full(wanted, by, row["unit_code"], outside, day) if full else frozenset()
    citizen = _view(row, groups, wanted, shown_full, ground, day, outside, str(citizen_id))
    look = log.Look(
        by, purpose, basis or ground.purpose.law, sorted(wanted) if fields is not None else sorted(groups),
        outside, partner, officer or None, channel, request_id, hidden_until,
    )  # fmt: skip
    (receipt,) = log.write(look, [(citizen.citizen_id, citizen.unit_code)])
    return replace(citizen, receipt=receipt)


@transaction.atomic
def access_household(*, of: Citizen, by: Any, basis: str = "") -> list[Member]:
    """Who lives under the same household number in the same commune, the head first; a line in the log of each."""
    check_right(by, HOUSEHOLD)
    number = of.values.get("household_number")
    if not number or not of.unit_code or not of.sees("residence"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT citizen_id, full_name, birth_date, birth_year, sex, relation_to_head, life_status"
            " FROM register.person WHERE household_number = %s AND unit_code = %s"
            " ORDER BY relation_to_head IS DISTINCT FROM 'CH', birth_earliest NULLS LAST, person_id",
            [number, of.unit_code],
        )
        members = [Member(str(row[0]), *row[1:]) for row in cursor.fetchall()]
    others = [(m.citizen_id, of.unit_code) for m in members if m.citizen_id != of.citizen_id]
    law = purposes.get(of.purpose, on=of.on).law
    log.write(log.Look(by, of.purpose, basis or law, ["household"], of.outside), others)
    return members


@transaction.atomic
def access_sheet(
    *, citizens: Sequence[str], by: Any, basis: str
) -> dict[str, tuple[str, int | None, str]]:
    """Citizen -> name, year of birth, house and hamlet: a sheet to go out with; a line in the log of each.

    Those who are not in the territory are left out. `basis`: the survey or re-inspection that the sheet is of.
    """
    check_right(by, VIEW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT citizen_id::text, full_name, birth_year, address_head, unit_code FROM register.person"
            " WHERE citizen_id = ANY (%s::uuid[])",
            [list(citizens)],
        )
        rows = cursor.fetchall()
    look = log.Look(by, "data_quality", basis, ["address_head", "birth_year", "full_name"])
    log.write(look, [(row[0], row[4]) for row in rows])
    return {row[0]: (row[1] or "", row[2], row[3] or "") for row in rows}


def _row(citizen_id: str | UUID) -> dict[str, Any]:
    """The person as the database shows it to this log-in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM register.person WHERE citizen_id = register.went(%s::uuid)",
            [str(citizen_id)],
        )
        found = cursor.fetchone()
        if found is None:
            raise NoCitizen(str(citizen_id))
        return dict(zip((column.name for column in cursor.description), found, strict=True))


def _outside(citizen_id: str, unit: str | None) -> str | None:
    """The reason of the extraordinary access that opens this person, if one runs."""
    for opening in extraordinary.running():
        if citizen_id == opening.target or (unit and unit in opening.units):
            return opening.reason
    return None


def _groups(
    by: Any, right: str, unit: str | None, outside: str | None, day: dt.date
) -> frozenset[str]:
    """The groups that the roles open here: a role of another commune opens none."""
    found: set[str] = set()
    for grant in by.grants_today:
        for entry in rights_of(grant.role):
            if entry.right != right:
                continue
            if (
                entry.scope == "all"
                or outside
                or (unit and unit in territory.of_grant(grant, on=day))
            ):
                found |= entry.field_groups
    return frozenset(found)


def _wanted(asked: Sequence[str] | None, groups: frozenset[str], ground: Ground) -> frozenset[str]:
    """What is asked for of what both the role and the purpose open."""
    open_ones = ground.fields & frozenset(
        f.field for f in dictionary().values() if f.standard and f.group in groups
    )
    if asked is None:
        return open_ones
    if closed := sorted(set(asked) - open_ones):
        raise Refused(
            _("Vai trò của bạn, cho mục đích này, không xem được: %(fields)s.")
            % {"fields": ", ".join(closed)}
        )
    return frozenset(asked)


def _full(
    wanted: frozenset[str], by: Any, unit: str | None, outside: str | None, day: dt.date
) -> frozenset[str]:
    groups = _groups(by, UNMASK, unit, outside, day)
    found = frozenset(f for f in wanted if is_number(f) and group_of(f) in groups)
    if not found:
        raise Refused(_("Vai trò của bạn không xem được đủ số này."))
    return found


def _view(
    row: Mapping[str, Any], groups: frozenset[str], wanted: frozenset[str], full: frozenset[str],
    ground: Ground, day: dt.date, outside: str | None, asked: str,
) -> Citizen:  # fmt: skip
    citizen_id = str(row["citizen_id"])
    shown = wanted | set(HEAD)
    companions = ("_issue", "_fix")
    return Citizen(
        citizen_id=citizen_id,
        person_id=row["person_id"],
        unit_code=row["unit_code"],
        groups=groups,
        values={f: row[f] for f in dictionary() if f in shown and row.get(f) is not None},
        origins={f: row[f"{f}_from"] for f in shown if row.get(f"{f}_from") is not None},
        companions={f + c: row[f + c] for f in shown for c in companions if row.get(f + c)},
        full=full,
        purpose=ground.purpose.code,
        on=day,
        sources=tuple(row["sources"] or ()),
        last_confirmed=row["last_confirmed"],
        recorded_from=row["recorded_from"],
        event_no=row["event_no"],
        birth_parts=(row["birth_day"], row["birth_month"], row["birth_year"]),
        outside=outside,
        asked_id=asked if asked != citizen_id else None,
    )


def may_view(by: Any) -> bool:
    """Whether a line of a list may lead to the person at all."""
    return has_right(by, VIEW)


def went(citizen_id: str | UUID) -> str:
    """Where an identifier leads today: itself, or the one it was merged into. Tells nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT register.went(%s::uuid)", [str(citizen_id)])
        return str(cursor.fetchone()[0])


def unmaskable(of: Citizen, by: Any) -> frozenset[str]:
    """The masked numbers of this view that `by` may ask to see in full."""
    groups = _groups(by, UNMASK, of.unit_code, of.outside, of.on)
    return frozenset(f for f in of.values if is_number(f) and group_of(f) in groups)
