"""The page of a household, and its members as a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dancu.platform.access import territory
from dancu.platform.register.door import Citizen, Member
from dancu.platform.register.words_of import worded


def member_lines(of: Citizen, members: Sequence[Member], day: dt.date) -> list[dict[str, Any]]:
    """The members in words; the one that is being looked at is marked."""
    return [
        {
            "citizen_id": m.citizen_id,
            "name": m.full_name,
            "born": str(m.birth_year or ""),
            "sex": worded("sex", m.sex, on=day),
            "relation": worded("relation_to_head", m.relation_to_head, on=day),
            "dead": m.life_status == "2",
            "self": m.citizen_id == of.citizen_id,
        }
        for m in members
    ]


def household_page(
    of: Citizen, members: Sequence[Member], *, day: dt.date, query: Mapping[str, str]
) -> dict[str, Any]:
    """The context of the template."""
    return {
        "of": of,
        "day": day,
        "number": of.values.get("household_number", ""),
        "address": of.values.get("address_head", ""),
        "commune": territory.full_name(of.unit_code, day) if of.unit_code else "",
        "members": member_lines(of, members, day),
        "living": sum(m.life_status != "2" for m in members),
        "merged_from": query.get("gop-tu", ""),
    }
