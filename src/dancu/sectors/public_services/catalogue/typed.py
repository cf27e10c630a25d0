"""A proposal as it was typed: which parts, hours and fee, for which unit, on the dossiers of which months."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dancu.kit.web import full_name, register_day
from dancu.sectors.public_services.catalogue import comparing, effects
from dancu.sectors.public_services.catalogue.effects import Changes
from dancu.sectors.public_services.catalogue.reading import Period
from dancu.sectors.public_services.catalogue.reviews import Proposal
from dancu.sectors.public_services.errors import ServiceError


def proposal(request: HttpRequest, state: comparing.State, on: dt.date) -> Proposal:
    form = request.POST
    unit = form.get("unit", "")
    if unit not in {code for code, _name in units_of(request)}:
        raise ServiceError(_("Chọn đơn vị rà soát."))
    return Proposal(
        state.procedure.code, unit, _changes(request, state), _period(form.get("first", ""), form.get("last", ""), on),
        form.get("reason", ""), event(request),
    )  # fmt: skip


def _changes(request: HttpRequest, state: comparing.State) -> Changes:
    form = request.POST
    choices = {part.code: form.get(f"part_{part.code}", effects.KEEP) for part in state.parts}
    parts = {code: choice for code, choice in choices.items() if choice != effects.KEEP}
    hours = {
        step.number: new
        for step in state.steps
        if (new := _number(form.get(f"hours_{step.number}", ""), step.hours)) != step.hours
    }
    fee = _number(form.get("fee", ""), Decimal(state.procedure.fee))
    if fee != fee.to_integral_value():
        raise ServiceError(_("Phí, lệ phí là số đồng tròn."))
    return Changes(parts, hours, None if fee == state.procedure.fee else int(fee))


def _number(text: str, default: Decimal) -> Decimal:
    """A number as people type it (1.234.567 or 4,5); empty: as it is now."""
    bare = text.strip().removesuffix("đ").strip().replace(" ", "")
    if not bare:
        return default
    try:
        number = Decimal(_plain(bare))
    except InvalidOperation as error:
        raise ServiceError(_("«%(text)s» không phải là số.") % {"text": text}) from error
    if not number.is_finite():
        raise ServiceError(_("«%(text)s» không phải là số.") % {"text": text})
    return number


def _plain(text: str) -> str:
    """Vietnamese writing to plain: dots part thousands, a comma the decimals.

    >>> _plain("1.234.567"), _plain("4,5"), _plain("4.5"), _plain("10.000")
    ('1234567', '4.5', '4.5', '10000')
    """
    head, comma, tail = text.partition(",")
    groups = head.split(".")
    if len(groups) > 1 and (comma or all(len(g) == 3 for g in groups[1:])):
        head = "".join(groups)
    return f"{head}.{tail}" if comma else head


def _period(first: str, last: str, on: dt.date) -> Period:
    """Whole months as typed, the last one included; not beyond the month of the day."""
    try:
        begin, end = (dt.date.fromisoformat(f"{month}-01") for month in (first, last))
    except ValueError as error:
        raise ServiceError(_("Chọn tháng đầu và tháng cuối của kỳ lấy số liệu.")) from error
    if not begin <= end <= on:
        raise ServiceError(
            _("Kỳ lấy số liệu phải có tháng đầu trước tháng cuối, không sau tháng này.")
        )
    return Period(begin, (end + dt.timedelta(days=32)).replace(day=1))


def event(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("event_id", ""))
    except ValueError as error:
        raise ServiceError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error


def units_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The units for which the log-in may propose: those of its grants."""
    codes = sorted({g.unit_code for g in _grants(request) if g.unit_code})
    return [(code, full_name(code, register_day())) for code in codes]


def _grants(request: HttpRequest) -> Any:
    return request.user.grants_today
