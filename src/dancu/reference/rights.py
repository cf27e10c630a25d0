"""Roles, rights and what a role may: tables that a reader of the law can check line by line.

>>> roles()["commune_police"].name_vi
'Công an xã, phường'
>>> [r.right for r in rights_of("auditor")][:3]
['audit.read', 'score.view', 'rules.view']
>>> session_limits(["commune_police", "auditor"])
(20, 8)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from dancu.reference.loader import rows

ADMINISTRATOR = "administrator"
CITIZEN = "citizen"
"""Held by whoever logs in by e-ID, about the own person alone; never granted to an account."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who somebody is at work: the roles of the province, and the administrator of the system."""

    code: str
    name_vi: str
    name_en: str
    unit_level: str


@dataclass(frozen=True, slots=True)
class RoleRight:
    """What a role may, where (`own_unit` or `all`), and which groups of a citizen's fields it sees doing so."""

    role: str
    right: str
    scope: str
    field_groups: frozenset[str]


@cache
def roles() -> dict[str, Role]:
    """All roles by code."""
    found = [
        Role(r["role_code"], r["name_vi"], r["name_en"], r["unit_level"])
        for r in rows("domain/roles.csv")
    ]
    found.append(Role(ADMINISTRATOR, "Quản trị hệ thống", "System administrator", "province"))
    return {role.code: role for role in found}


@cache
def rights() -> dict[str, tuple[str, str]]:
    """Every right with its Vietnamese and English name."""
    return {r["right"]: (r["name_vi"], r["name_en"]) for r in rows("rights.csv")}


@cache
def role_rights() -> tuple[RoleRight, ...]:
    """The whole table, in the order of the file."""
    return tuple(
        RoleRight(r["role"], r["right"], r["scope"], frozenset(r["field_groups"].split()))
        for r in rows("role_rights.csv")
    )


@cache
def rights_of(role: str) -> tuple[RoleRight, ...]:
    """The rights of one role; empty for a role that is not known."""
    return tuple(r for r in role_rights() if r.role == role)


def session_limits(held: Iterable[str]) -> tuple[int, int]:
    """Minutes of idleness and hours altogether after which who holds these roles is logged out: the strictest."""
    known = {
        r["role"]: (int(r["idle_minutes"]), int(r["absolute_hours"]))
        for r in rows("role_sessions.csv")
    }
    limits = [known.get(role, known[""]) for role in held] or [known[""]]
    return min(idle for idle, _ in limits), min(hours for _, hours in limits)
