"""The own record in plain words: each field, who gave it and when, what is still missing or doubtful.

Border: asks the register's door, like everybody. Of relatives a name is shown, never a number; what the register
notes about two records that look like one is told without the other one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.citizen.own import Own
from dancu.platform.register import parts
from dancu.platform.register.door import Citizen, access_citizen
from dancu.platform.register.person import GROUPS, Page, Source, born
from dancu.platform.register.words_of import label, worded
from dancu.platform.ui.formats import day as day_in_words
from dancu.reference import purposes

OF_RELATIVES = frozenset({"father_number", "mother_number", "spouse_number"})


@dataclass(frozen=True)
class Field:
    """One field as the citizen reads it. `open`: a masked number that may be asked for in full."""

    field: str
    label: str
    value: str
    origin: str
    open: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """One of the own household. A child of somebody else has no name here."""

    is_self: bool
    full_name: str | None
    relation: str
    born: str
    is_child: bool
    is_dead: bool


def look(own: Own, *, fields: list[str] | None = None, full: bool = False) -> Citizen:
    """Through the door, for one's own purpose: the look is a line in one's own log."""
    return access_citizen(
        citizen_id=own.citizen_id, by=own, purpose=purposes.OWN, fields=fields, full=full, on=own.on
    )


def page(own: Own, *, shown_full: str = "") -> dict[str, Any]:
    """The context of «Dữ liệu của tôi»; `shown_full`: the one number to show whole."""
    of = look(own)
    numbers = {}
    if shown_full:
        seen = look(own, fields=[shown_full], full=True)
        numbers[shown_full] = worded(shown_full, seen.values.get(shown_full), on=own.on, full=True)
    whole = Page(of, own.on, own)
    notes = problems(of, [r.record_id for r in whole.records])
    groups = [(words, _fields(lines, notes)) for _group, words, lines in whole.groups(of, numbers)]
    told = {f.field for _words, listed in groups for f in listed}
    return {
        "name": of.values.get("full_name", ""),
        "born": born(of),
        "commune": territory.full_name(of.unit_code, own.on) if of.unit_code else "",
        "groups": [(words, listed) for words, listed in groups if listed],
        "missing": [
            (field, label(field), said) for field, said in notes.items() if field not in told
        ],
        "confirmed": of.last_confirmed,
        "on": own.on,
        "empty": [str(GROUPS[g]) for g in GROUPS if not any(w == GROUPS[g] for w, _l in groups)],
    }


def _fields(lines: list[Any], notes: dict[str, tuple[str, ...]]) -> list[Field]:
    return [
        Field(line.field, line.label, line.value, origin(line.source), line.open, notes.get(line.field, ()))
        for line in lines
        if line.value and line.field not in OF_RELATIVES
    ]  # fmt: skip


def origin(source: Source | None) -> str:
    """Where a value comes from, as a sentence."""
    if source is None:
        return _("Chưa rõ nguồn: cán bộ đang đối chiếu.")
    if source.list_date is None:
        return _("Theo «%(name)s».") % {"name": source.name}
    return _("Theo «%(name)s», ngày %(day)s.") % {
        "name": source.name, "day": day_in_words(source.list_date),
    }  # fmt: skip


def problems(of: Citizen, record_ids: list[int]) -> dict[str, tuple[str, ...]]:
    """Field -> what is wrong with it, of the open findings about the person."""
    english = get_language() == "en"
    found: dict[str, list[str]] = {}
    for row in parts.findings(of, record_ids):
        if (
            row["closed_at"] is not None
            or row["level"] != "person"
            or row["rule"].field in OF_RELATIVES
        ):
            continue  # fmt: skip
        message = row["rule"].message
        said = message.en if english else message.vi
        # A rule about several people would tell of the others.
        if row["group_key"] is not None:
            said = _("Thông tin này đang chờ cán bộ xác minh.")
        found.setdefault(row["rule"].field, []).append(said)
    return {field: tuple(dict.fromkeys(said)) for field, said in found.items()}


def household(own: Own) -> list[Member]:
    """Who lives in the own household; each of the others finds a line in the own log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM citizen_household()")
        return [_member(row, own) for row in cursor.fetchall()]


def _member(row: tuple[Any, ...], own: Own) -> Member:
    is_self, name, relation, birth_date, birth_year, is_child, is_dead = row
    known = day_in_words(birth_date) if birth_date else str(birth_year or "")
    return Member(
        is_self, name, worded("relation_to_head", relation, on=own.on), known, is_child, is_dead
    )
