"""Who works where, and the line of a look that reads no register: for sectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from dancu.platform.access import territory
from dancu.platform.accounts.models import Grant, User
from dancu.platform.register import log
from dancu.reference import purposes
from dancu.reference.rights import role_rights

__all__ = ["account", "colleagues", "log_dossier", "own_communes"]


def own_communes(user: Any) -> frozenset[str]:
    """The communes that the account's grants open on the register's day."""
    day = territory.register_day()
    return frozenset(c for grant in user.grants_today for c in territory.of_grant(grant, on=day))


def colleagues(communes: Iterable[str], *, right: str) -> list[tuple[str, str]]:
    """(name, display name) of the accounts that hold the right in one of the communes today, in order of names."""
    day, wanted = timezone.localdate(), set(communes)
    roles = {entry.role for entry in role_rights() if entry.right == right}
    grants = Grant.objects.filter(
        role__in=roles, revoked_at=None, valid_from__lte=day, user__is_active=True
    ).select_related("user")
    found = {
        grant.user.username: grant.user.display_name
        for grant in grants
        if (grant.valid_to is None or grant.valid_to >= day) and territory.of_grant(grant) & wanted
    }
    return sorted(found.items(), key=lambda one: one[1])


def log_dossier(
    citizen: UUID, *, unit: str, by: Any, purpose: str, basis: str, request_id: UUID | None = None
) -> str:
    """A line in the person's log: what the person handed in was read, not the register. The line's receipt."""
    law = purposes.get(purpose, on=territory.register_day()).law
    look = log.Look(by, purpose, f"{law} · {basis}", ["dossier"], request_id=request_id)
    (receipt,) = log.write(look, [(str(citizen), unit)])
    return receipt


def account(username: str) -> Any | None:
    """The account of this name, if it still is one."""
    return User.objects.using("owner").filter(username=username, is_active=True).first()
