"""One page for everybody, in plain words: what was reached, what was not, what the numbers mean. No small counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dancu.engine.report.content import FigureRef, Report
from dancu.engine.report.indicators import change, reaches
from dancu.engine.report.printed import vi
from dancu.engine.report.sentences import over, share
from dancu.platform.reports import registry, targets
from dancu.platform.reports_writing.open_data import few

# Of a hundred dossiers so many: plain enough for whoever reads it, and never more exact than the figure.
PLAIN = {
    "online_rate_all": "Cứ 100 hồ sơ thì có {n} hồ sơ được nộp qua mạng, không phải đến quầy.",
    "online_rate_essential_25": "Với 25 dịch vụ người dân hay cần nhất: cứ 100 hồ sơ thì {n} hồ sơ nộp qua mạng.",
    "online_rate_driving_licence": "Đổi, cấp lại giấy phép lái xe: cứ 100 hồ sơ thì {n} hồ sơ nộp qua mạng.",
    "on_time_rate": "Cứ 100 hồ sơ thì {n} hồ sơ được trả đúng hẹn hoặc sớm hơn.",
    "electronic_result_rate": "Cứ 100 kết quả là giấy tờ thì {n} kết quả có bản điện tử.",
    "saved_papers": "Người dân không phải nộp {n} giấy tờ, vì cơ quan nhà nước đã có dữ liệu.",
    "citizen_records": "{n} người dân có dữ liệu trong hệ thống của tỉnh.",
}  # fmt: skip


@dataclass(frozen=True)
class Plain:
    """A sentence for everybody, the exact figure beside it, and whether it rose, and reached its targets."""

    text: str
    exact: str
    moved: str
    state: str
    short_code: str


def plain(report: Report) -> Iterator[Plain]:
    """Those figures of the report for which there are plain words; small ones are left out."""
    own = {ref.code: ref for ref in report.figures.values() if ref.unit == report.unit}
    for code, words in PLAIN.items():
        ref = own.get(code)
        known = registry.indicators().get(code)
        if ref is None or known is None or not ref.figure.numerator:
            continue
        counts = int(ref.figure.numerator), int(ref.figure.denominator)
        if known.unit_kind != "unit" and few(*counts):
            continue
        yield Plain(
            words.format(n=_plainly(ref)),
            _exact(ref),
            _moved(ref),
            _state(ref, report),
            ref.short_code,
        )


def _plainly(ref: FigureRef) -> str:
    if ref.figure.measure == "share":
        exact = 100 * ref.figure.numerator / ref.figure.denominator
        return str(exact) if exact == int(exact) else f"hơn {int(exact)}"
    word, number, unit = over(ref.figure.numerator)
    return f"{word}{number}{unit}"


def _exact(ref: FigureRef) -> str:
    if ref.figure.measure != "share":
        return vi(ref.figure.numerator)
    parts = f"{vi(ref.figure.numerator)}/{vi(ref.figure.denominator)}"
    return f"{share(ref.figure)}% ({parts})"


def _moved(ref: FigureRef) -> str:
    if ref.before is None or ref.before.value is None or ref.figure.measure != "share":
        return ""
    points = change(ref.figure, ref.before).points
    if not points:
        return ""
    return f"{'tăng' if points > 0 else 'giảm'} {vi(abs(points))} điểm % so với cùng kỳ năm trước"


def _state(ref: FigureRef, report: Report) -> str:
    """`reached` when all targets are, `missed` when one is not, empty without targets."""
    found = [
        reaches(ref.figure, t.value, t.comparison)
        for t in targets.of(ref.code, ref.unit, on=report.asked.last)
    ]
    return "" if not found else "reached" if all(found) else "missed"
