"""A figure, its parts, its change and its targets as a page writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.engine.report.indicators import Change, Figure, Indicator
from dancu.engine.report.printed import rounded, vi
from dancu.platform.reports import registry
from dancu.platform.reports.targets import Distance, Target
from dancu.reference import report_targets
from dancu.reference.report_benchmarks import Benchmark

NOTHING = "—"
SIGNS = {"gt": ">", "ge": "≥", "eq": "=", "le": "≤", "lt": "<"}
BASES = {
    "flow": gettext_lazy("phát sinh trong kỳ"),
    "stock": gettext_lazy("tại ngày cuối kỳ"),
    "cumulative": gettext_lazy("lũy kế từ đầu đến ngày cuối kỳ"),
}
KINDS = {
    "case": gettext_lazy("trường hợp"), "occurrence": gettext_lazy("lượt việc"),
    "dossier": gettext_lazy("hồ sơ thủ tục"), "person": gettext_lazy("người"),
    "document": gettext_lazy("văn bản, giấy tờ"), "unit": gettext_lazy("đơn vị"),
}  # fmt: skip
MEASURES = {
    "share": gettext_lazy("tỷ lệ phần trăm: tử số chia mẫu số"),
    "count": gettext_lazy("số đếm"),
    "sum": gettext_lazy("tổng"),
    "mean": gettext_lazy("bình quân: tổng chia số đếm"),
}
BETTER = {
    "high": gettext_lazy("cao hơn là tốt hơn"),
    "low": gettext_lazy("thấp hơn là tốt hơn"),
    "neither": gettext_lazy("không có chiều tốt hơn"),
}
UTILITIES = {
    "public_services": gettext_lazy("Giải quyết thủ tục hành chính, dịch vụ công trực tuyến"),
    "socio_economic": gettext_lazy("Phát triển kinh tế - xã hội"),
    "digital_citizens": gettext_lazy("Phát triển công dân số"),
    "data": gettext_lazy("Kết nối, khai thác, bổ sung, làm giàu dữ liệu dân cư"),
    "direction": gettext_lazy("Phục vụ chỉ đạo, điều hành"),
    "": gettext_lazy("Chưa xếp nhóm"),
}
"""The five groups of the programme, in its order."""
PILLARS = {
    "government": gettext_lazy("Chính quyền số"),
    "society": gettext_lazy("Xã hội số"),
    "economy": gettext_lazy("Kinh tế số"),
    "citizen": gettext_lazy("Công dân số"),
    "": gettext_lazy("Chưa xếp trụ cột"),
}


def english() -> bool:
    """Whether the page is in English."""
    return get_language() == "en"


def name(indicator: Indicator) -> str:
    """In the language of the page."""
    return indicator.name_en if english() else indicator.name_vi


def text(figure: Figure, indicator: Indicator) -> str:
    """«96,67%», «321.335», «7,5 giờ làm việc»; a dash where there is nothing to divide by."""
    value = figure.value
    if value is None:
        return NOTHING
    if figure.measure == "share":
        return f"{vi(value)}%"
    if indicator.amount_unit == "minute":
        minutes = figure.numerator / (figure.denominator if figure.measure == "mean" else 1)
        return _("%(n)s giờ làm việc") % {"n": vi(rounded(minutes / 60, 1))}
    return f"{vi(value)} đ" if indicator.amount_unit == "dong" else vi(value)


def parts(figure: Figure) -> str:
    """«321.335 / 332.400» of a share; of how many a mean is; nothing of a plain number."""
    if figure.measure == "share":
        return f"{vi(figure.numerator)} / {vi(figure.denominator)}"
    return vi(figure.denominator) if figure.measure == "mean" else ""


def changed(moved: Change, figure: Figure) -> tuple[str, str]:
    """In points (of a share, else nothing) and in per cent of what it was, each with its sign."""
    points = signed(moved.points, _("điểm %")) if figure.measure == "share" else ""
    return points, signed(moved.percent, "%")


def signed(value: Decimal | None, unit: str) -> str:
    """«+7,00 điểm %», «−3,12 %»; a dash when it cannot be said."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{vi(abs(value))} {unit}"


def target_words(target: Target, indicator: Indicator | None) -> str:
    """«> 60%», with its sign: strict or not."""
    unit = "%" if indicator is None or indicator.measure == "share" else ""
    return f"{SIGNS[target.comparison]} {vi(target.value)}{unit}"


def owner(target: Target) -> str:
    """Who set it."""
    return target.set_by_en if english() else target.set_by_vi


def distance(one: Distance, figure: Figure) -> str:
    """«đạt», «còn 399 hồ sơ»; how many too many where a count is to be low."""
    if one.reached is None:
        return _("chưa có dữ liệu")
    if one.reached:
        return _("đạt")
    if not one.convert:
        return _("chưa đạt")
    n = {"n": vi(Decimal(one.convert))}
    too_many = figure.measure in ("count", "sum") and figure.numerator > one.target.value
    return (_("chưa đạt, thừa %(n)s") if too_many else _("chưa đạt, còn thiếu %(n)s")) % n


@dataclass(frozen=True)
class Group:
    """Indicators of one group of the programme."""

    title: Any
    lines: list[Indicator]


def groups(found: Iterable[Indicator]) -> list[Group]:
    """By group, in the programme's order; those of no group last."""
    every = list(found)
    made = [
        Group(title, [i for i in every if (i.utility if i.utility in UTILITIES else "") == key])
        for key, title in UTILITIES.items()
    ]
    return [group for group in made if group.lines]


def all_targets(code: str) -> list[dict[str, Any]]:
    """Every target of an indicator, whenever valid, with the levels it binds."""
    indicator = registry.indicators().get(code)
    levels = {"province": _("tỉnh"), "district": _("huyện"), "commune": _("xã")}
    return [
        {"words": target_words(t, indicator), "owner": owner(t), "target": t,
         "levels": ", ".join(word for level, word in levels.items() if level in bound)}
        for t, bound in report_targets.targets() if t.indicator == code
    ]  # fmt: skip


def benchmark(one: Benchmark) -> dict[str, Any]:
    """A published figure of somebody else, in words."""
    told = vi(one.value) + ("%" if one.unit == "percent" else "")
    shares = ""
    if one.numerator is not None and one.denominator is not None:
        shares = f"{vi(one.numerator)} / {vi(one.denominator)}"
    return {
        "scope": one.scope_en if english() else one.scope_vi, "period": one.period_en if english() else one.period_vi,
        "value": told, "parts": shares, "source": one.source, "date": one.source_date,
    }  # fmt: skip
