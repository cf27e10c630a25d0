"""On which ground a person may be looked at: a purpose of the day, open to who asks, and the person's own word.

Border: decides, hands out nothing. The law is data (`reference/data/purposes.csv`); consents and restrictions are
asked of the database (`consent.given`, `consent.restricted`), at the moment of the look.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dancu.platform.access.rights import Refused
from dancu.platform.partners.models import Partner
from dancu.reference import purposes
from dancu.reference.purposes import Purpose


@dataclass(frozen=True)
class Ground:
    """The purpose of a look, and what a partner's registration leaves of its fields."""

    purpose: Purpose
    fields: frozenset[str]
    partner: str | None = None


def ground(
    *, purpose: str, by: Any, on: dt.date, partner: str | None = None, officer: str = ""
) -> Ground:
    """The ground of the day; Refused, or ReferenceDataError for no such purpose.

    A partner asks for what it is registered for, and names its own officer where the purpose or its registration
    demands that.
    """
    found = purposes.get(purpose, on=on)
    if partner is None:
        if not found.is_open_to(by.roles_today):
            raise _refused(_("Mục đích «%(name)s» không dành cho vai trò của bạn."), found)
        return Ground(found, found.fields)
    asker = Partner.objects.filter(client_id=partner).first()
    if asker is None or not asker.is_active(on=dt.date.today()) or purpose not in asker.purposes:  # noqa: DTZ011
        raise _refused(_("Đơn vị này không được tra cứu cho mục đích «%(name)s»."), found)
    if purposes.PARTNER not in found.askers:
        raise _refused(_("Mục đích «%(name)s» không dành cho đơn vị ngoài."), found)
    if not officer.strip() and (found.officer_required or asker.requires_officer):
        raise Refused(_("Cần họ tên và số hiệu của cán bộ tra cứu."))
    return Ground(found, found.fields & asker.fields_for(purpose), partner)


def check_person(citizen: str, of: Ground) -> None:
    """Refused when the person has not consented where consent is the ground, or has had the purpose stopped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent.given(%s::uuid, %s, %s, NULL) IS NOT NULL, consent.restricted(%s::uuid, %s, NULL) IS NULL",
            [citizen, of.purpose.code, of.partner or "", citizen, of.purpose.code],
        )
        consented, is_open = cursor.fetchone()
    if of.purpose.by_consent and not consented:
        raise Refused(_("Công dân chưa đồng ý cho mục đích này, hoặc đã rút lại đồng ý."))
    if not is_open:
        raise Refused(_("Công dân đã yêu cầu ngừng dùng dữ liệu cho mục đích này."))


def check_delay(until: dt.date | None, of: Ground, *, on: dt.date) -> None:
    """Refused when a line is to be hidden for longer than the law of the purpose lets."""
    if until is not None and until > on + dt.timedelta(days=of.purpose.longest_delay):
        raise Refused(_("Mục đích này không cho ẩn dòng nhật ký, hoặc không lâu đến vậy."))


def _refused(words: str, of: Purpose) -> Refused:
    return Refused(words % {"name": of.name_vi})
