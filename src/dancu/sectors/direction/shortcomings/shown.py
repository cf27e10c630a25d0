"""Shortcomings as a page shows them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.engine.report.indicators import Figure
from dancu.kit.reports import NoIndicator
from dancu.kit.reports import get as indicator_of
from dancu.kit.web import full_name
from dancu.sectors.direction import workflow
from dancu.sectors.direction.reading import Act
from dancu.sectors.direction.shortcomings import kinds
from dancu.sectors.direction.shortcomings.period import Period
from dancu.sectors.direction.shortcomings.reading import Shortcoming

STATES = {
    "open": gettext_lazy("Chưa khắc phục"),
    "late": gettext_lazy("Quá hạn khắc phục"),
    "silent": gettext_lazy("Chưa giải trình"),
    "fixed": gettext_lazy("Đã khắc phục"),
    "all": gettext_lazy("Tất cả"),
}
LEVELS = {
    "province": gettext_lazy("Cấp tỉnh"),
    "district": gettext_lazy("Cấp huyện"),
    "commune": gettext_lazy("Cấp xã"),
}


def line(one: Shortcoming, on: dt.date) -> dict[str, Any]:
    """A row of the list."""
    look, word = kinds.RESULTS[one.result]
    return {
        "one": one, "unit": one.place.name, "kind": kinds.KINDS[one.kind], "look": look, "word": word,
        "due": one.task_due, "task": _task(one, on), "period": period(one.period),
        "escalated": full_name(one.escalated_to, one.unit_on) if one.escalated_to else "",
    }  # fmt: skip


def _task(one: Shortcoming, on: dt.date) -> tuple[str, Any]:
    """The badge of its task."""
    if one.task_state is None:
        return "none", _("Chưa giao")
    if one.task_state == workflow.OPEN and one.task_due and one.task_due < on:
        return "bad", _("Quá hạn")
    look = {workflow.OPEN: "info", workflow.REPORTED: "fair", workflow.ACCEPTED: "good"}
    return look.get(one.task_state, "none"), workflow.STATES[one.task_state][get_language() == "en"]


def period(code: str) -> str:
    """A half-year by name."""
    found = Period.read(code)
    if found is None:
        return code
    return (_("6 tháng đầu năm %(year)s") if found.half == 1 else _("6 tháng cuối năm %(year)s")) % {
        "year": found.year
    }  # fmt: skip


def pairs(one: Shortcoming) -> list[tuple[Any, Any]]:
    """What the page of one says at the top."""
    told: list[tuple[Any, Any]] = [
        (_("Đơn vị"), f"{one.place.name} ({one.unit_code})"),
        (_("Loại"), kinds.KINDS[one.kind]),
        (_("Kỳ phát hiện"), f"{period(one.period)} ({one.found_on:%d/%m/%Y})"),
        (_("Kiểm tra lần cuối"), f"{one.checked_on:%d/%m/%Y}"),
    ]
    if one.indicator:
        told += _of_indicator(one)
    elif one.denominator:
        told.append((_("Số liệu"), f"{_int(one.numerator)}/{_int(one.denominator)}"))
    return told


def _of_indicator(one: Shortcoming) -> list[tuple[Any, Any]]:
    try:
        known = indicator_of(one.indicator)
        name = known.name_en if get_language() == "en" else known.name_vi
    except NoIndicator:
        name = one.indicator
    return [
        (_("Chỉ tiêu"), f"{name} ({one.indicator}, v{one.indicator_version})"),
        (_("Số liệu"), value(one)),
        (_("Mục tiêu"), kinds.goal(one.target or Decimal(0), one.comparison, "%" if is_share(one) else "")),
        (_("Còn thiếu"), gap(one)),
    ]  # fmt: skip


def is_share(one: Shortcoming) -> bool:
    """Whether its figure is in per cent."""
    try:
        return indicator_of(one.indicator).measure == "share"
    except NoIndicator:
        return False


def value(one: Shortcoming) -> str:
    """The figure with the parts it was counted from."""
    if one.numerator is None or one.denominator is None:
        return "—"
    return figure(one.indicator, one.numerator, one.denominator)


def figure(code: str, numerator: Decimal, denominator: Decimal) -> str:
    """A figure of an indicator as it is written, with its parts when it is a share."""
    try:
        known = indicator_of(code)
    except NoIndicator:
        return _int(numerator)
    if known.measure in ("count", "sum"):
        return _int(numerator)
    found = Figure(None, numerator, denominator, known.measure, known.decimals).value
    if found is None:
        return _("Chưa có dữ liệu")
    said = f"{found:,.{known.decimals}f}".translate(str.maketrans(",.", ".,"))
    return (
        f"{said}{'%' if known.measure == 'share' else ''} ({_int(numerator)}/{_int(denominator)})"
    )


def gap(one: Shortcoming) -> str:
    """What is missing, in records, in both readings."""
    if one.gap_new is None:
        return _("%(n)s hồ sơ, bản ghi") % {"n": _int(one.gap)}
    return _("%(n)s trong số đã có, hoặc thêm %(m)s mới đều đạt") % {
        "n": _int(one.gap), "m": _int(one.gap_new),
    }  # fmt: skip


def act(one: Act) -> dict[str, Any]:
    """A line of the history."""
    detail = one.detail
    if one.action == "explain":
        more = f"{_('Nguyên nhân')}: {one.reason}. {_('Biện pháp')}: {detail.get('remedy', '')}"
        return {
            "at": one.at,
            "by": one.by,
            "look": "info",
            "word": _("Giải trình"),
            "more": more,
            "due": one.due_on,
        }
    look, word = kinds.RESULTS.get(one.state, ("none", one.state))
    checked = detail.get("on", "")
    said = f"{_('Kỳ')} {period(str(detail.get('period', '')))}"
    more = f"{said}. {detail['title']}" if detail.get("title") else said
    return {"at": one.at, "by": one.by, "look": look, "word": word, "more": more, "on": checked}  # fmt: skip


def _int(value: Any) -> str:
    return "—" if value is None else f"{int(value):,}".replace(",", ".")
