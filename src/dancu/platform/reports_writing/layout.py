"""What stands around the text of an official report: who issues it, its title, where it goes, who signs."""

from __future__ import annotations

from dancu.engine.report.content import Layout
from dancu.platform.reports_writing.gathering import Order

_HALVES = {(1, 6): "6 tháng đầu năm", (1, 12): "năm", (7, 12): "6 tháng cuối năm"}
BODY = "Ủy ban nhân dân"
RECIPIENTS = (
    "Bộ Công an (để báo cáo)",
    "Thường trực Tỉnh ủy, HĐND tỉnh (để báo cáo)",
    "Chủ tịch, các Phó Chủ tịch UBND tỉnh",
    "Thành viên Tổ công tác Đề án 06 tỉnh",
    "Các sở, ban, ngành; UBND các đơn vị hành chính trực thuộc",
    "Lưu: VT.",
)
OF_A_DISTRICT = (
    "UBND tỉnh, Công an tỉnh (để báo cáo)",
    "Thường trực cấp ủy, HĐND cùng cấp (để báo cáo)",
    "Chủ tịch, các Phó Chủ tịch UBND",
    "Thành viên Tổ công tác Đề án 06",
    "Các phòng, ban; UBND các xã, phường, thị trấn",
    "Lưu: VT.",
)


def layout(order: Order) -> Layout:
    """Of a draft: the number is given when it is issued."""
    unit = order.tree.get(order.unit)
    about = (
        f"{period(order)} thực hiện Đề án phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử"
        " phục vụ chuyển đổi số quốc gia (Đề án 06)"
    )
    return Layout(
        authority="", issuer=f"{BODY} {lower(unit.full_name)}", number="", place=unit.name, day=order.day,
        title="Báo cáo", about=about, signed_for=f"TM. {BODY}", signer_title="KT. Chủ tịch\nPhó Chủ tịch",
        recipients=OF_A_DISTRICT if unit.level == "district" else RECIPIENTS,
    )  # fmt: skip


def period(order: Order) -> str:
    """`Sơ kết 6 tháng đầu năm 2024`; of other days the days themselves."""
    first, last = order.asked.first, order.asked.last
    known = _HALVES.get((first.month, last.month))
    if known and first.day == 1 and first.year == last.year:
        word = "Tổng kết" if known == "năm" else "Sơ kết"
        return f"{word} {known} {last.year}"
    return f"Kết quả từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"


def lower(name: str) -> str:
    """A unit's name within a sentence: `huyện Lục Ngạn`."""
    return name[:1].lower() + name[1:]
