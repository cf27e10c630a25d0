"""May this user do this, here? ``check_right`` raises the reason, ``has_right`` answers yes or no.

The answer comes from the user's grants of today; the database holds its own proof (``claims``), so that a
mistake here shows a page without rows and not a stranger's.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.reference.rights import RoleRight, rights, rights_of


class Refused(PermissionDenied):
    """No right; the message says which one and is shown to the user."""


def check_right(user: Any, right: str, *, unit: str | None = None) -> None:
    """Raise :class:`Refused` unless the user has the right (in the unit, when one is named)."""
    if right not in rights():
        raise LookupError(f"{right} is not in rights.csv")
    held = _held(user, right)
    if not held:
        raise Refused(_("Bạn chưa được giao quyền «%(right)s».") % {"right": name(right)})
    if unit is not None and not _covers(user, held, unit):
        raise Refused(
            _("Quyền «%(right)s» của bạn không gồm đơn vị %(unit)s.")
            % {"right": name(right), "unit": unit}
        )


def has_right(user: Any, right: str, unit: str | None = None) -> bool:
    """Whether the user has the right (in the unit, when one is named)."""
    try:
        check_right(user, right, unit=unit)
    except Refused:
        return False
    return True


def rights_held(user: Any) -> dict[str, str]:
    """All rights of the user with the widest scope of each."""
    found: dict[str, str] = {}
    for grant in user.grants_today:
        for entry in rights_of(grant.role):
            if found.get(entry.right) != "all":
                found[entry.right] = entry.scope
    return found


def field_groups(user: Any, right: str = "person.view") -> frozenset[str]:
    """The groups of a citizen's fields that this right opens to the user."""
    return frozenset().union(*(entry.field_groups for _grant, entry in _held(user, right)))


def name(right: str) -> str:
    """The right in the language of the page."""
    vietnamese, english = rights()[right]
    return english if get_language() == "en" else vietnamese


def _held(user: Any, right: str) -> list[tuple[Any, RoleRight]]:
    if not getattr(user, "is_authenticated", False):
        return []
    return [
        (grant, entry)
        for grant in user.grants_today
        for entry in rights_of(grant.role)
        if entry.right == right
    ]


def _covers(user: Any, held: list[tuple[Any, RoleRight]], unit: str) -> bool:
    """Whether all communes of ``unit`` lie in the territory of these grants, or of a running extraordinary access."""
    from dancu.platform.access import extraordinary, territory

    if any(entry.scope == "all" for _grant, entry in held):
        return True
    asked = territory.communes(unit)
    own = {code for grant, _entry in held for code in territory.of_grant(grant)}
    if asked and asked <= own:
        return True
    return bool(asked) and asked <= own | extraordinary.units()
