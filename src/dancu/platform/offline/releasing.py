"""A list and its key are handed to a device of somebody who is logged in: who, which device, when, and to how many."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.access.rights import has_right
from dancu.platform.gateway import sealing
from dancu.platform.offline.form import USE
from dancu.platform.offline.making import CHECK
from dancu.platform.offline.models import OfflineList, Release
from dancu.reference import purposes
from dancu.store import keyring


class NotReleased(LookupError):
    """The message says why, to who may see lists at all."""


@dataclass(frozen=True)
class Released:
    """What a device gets: the signed file, its key in hex, the public keys that may have signed it."""

    file: str
    key: str
    keys: list[dict[str, str]]


def lists_for(user: Any, *, at: dt.datetime) -> list[OfflineList]:
    """The lists that this user's devices may have now: right in their unit, a purpose of the user's roles."""
    day = territory.register_day()
    open_ones = OfflineList.objects.filter(state="ready", revoked_at=None, until__gt=at)
    return [
        one
        for one in open_ones.defer("file", "key", "wanted")
        if has_right(user, CHECK, one.unit_code)
        and purposes.get(one.purpose, on=day).is_open_to(user.roles_today)
    ]


@transaction.atomic
def do_release(*, number: UUID, by: Any, device: UUID, at: dt.datetime) -> Released:
    """Hand out, and write down that it was; NotReleased."""
    if number not in {one.pk for one in lists_for(by, at=at)}:
        raise NotReleased(_("Danh sách không có, đã hết hạn hoặc đã thu hồi."))
    with connection.cursor() as cursor:  # one after the other, so that the last place is given once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"offline:{number}"])  # fmt: skip
    found = OfflineList.objects.get(pk=number)
    known = set(Release.objects.filter(list_id=number).values_list("device", flat=True))
    if device not in known and len(known) >= found.devices:
        raise NotReleased(_("Danh sách này đã được tải về đủ số máy cho phép."))
    key = sealing.opened(found.key or b"", number=number)
    Release.objects.create(list_id=number, at=at, by=by.username, device=device)
    public = [one.jwk for one in keyring.public(USE)]
    return Released(bytes(found.file or b"").decode(), key, public)
