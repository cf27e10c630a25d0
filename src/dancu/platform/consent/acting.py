"""Who may speak for a person: the person; for a child the mother or the father that the register names.

Whoever is under the age of a child does not speak alone. A guardian who is no parent comes with a paper form and
names the decision.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from dancu.platform.consent.errors import NotTheirs
from dancu.reference.terms import term

RELATIONS = ("self", "mother", "father", "guardian")


@dataclass(frozen=True)
class Giver:
    """Who gives, withdraws or asks. `basis`: the decision by which somebody is a guardian."""

    citizen_id: str
    relation: str
    basis: str = ""


def relation_of(*, actor: str | UUID, citizen_id: str | UUID, on: dt.date) -> str | None:
    """`self`, `mother` or `father`; None: may not speak for this person on the day."""
    years = term("child", on=on).amount
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent.acts_for(%s::uuid, %s::uuid, %s, %s)",
            [str(actor), str(citizen_id), years, on],
        )
        found: str | None = cursor.fetchone()[0]
    return found


def giver(
    *, citizen_id: str | UUID, actor: str | UUID | None, on: dt.date, basis: str = ""
) -> Giver:
    """Whoever may speak for the person; `actor` None: the person. Raises NotTheirs.

    `basis`: a guardian's decision, on paper only; then nothing in the register needs to say so.
    """
    who = str(actor or citizen_id)
    relation = relation_of(actor=who, citizen_id=citizen_id, on=on)
    if relation is not None:
        return Giver(who, relation)
    if basis.strip() and who != str(citizen_id):
        return Giver(who, "guardian", basis.strip())
    if who == str(citizen_id):
        raise NotTheirs(
            _(
                "Người chưa đủ tuổi, đã chết hoặc không có trong sổ: cha, mẹ hoặc người giám hộ phải đứng tên."
            )
        )
    raise NotTheirs(
        _(
            "Sổ dân cư không ghi người này là cha hoặc mẹ. Nếu là người giám hộ, ghi số quyết định giám hộ."
        )
    )


def my_children(*, on: dt.date) -> list[dict[str, Any]]:
    """The children for whom the citizen of this session may speak, the eldest first; each finds it in its own log."""
    return _children(
        "SELECT citizen_id::text, full_name, relation FROM consent.my_children(%s, %s)", on
    )


def my_child(*, citizen_id: str | UUID, on: dt.date) -> dict[str, Any] | None:
    """One of them, which alone finds it in its log; None for whoever is not one, as for whoever does not exist."""
    found = _children(
        "SELECT citizen_id::text, full_name, relation FROM consent.my_child(%s::uuid, %s, %s)", on, str(citizen_id)
    )  # fmt: skip
    return found[0] if found else None


def _children(query: str, on: dt.date, *given: Any) -> list[dict[str, Any]]:
    years = term("child", on=on).amount
    with connection.cursor() as cursor:
        cursor.execute(query, [*given, years, on])
        return [
            {"citizen_id": row[0], "full_name": row[1], "relation": row[2]}
            for row in cursor.fetchall()
        ]
