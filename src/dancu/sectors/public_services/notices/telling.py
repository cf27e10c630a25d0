"""What a notice says: the dossier's code, what happened, what to do. Nothing of the person, since anybody may read it.

>>> of("H02.07.204-250707-0001", "ask_payment", due=None)
'Hồ sơ H02.07.204-250707-0001: cần nộp phí. Mở hồ sơ trên trang Dịch vụ công để lấy mã chuyển khoản.'
>>> plain(of("H02.07.204-250707-0001", "accept", due=dt.date(2025, 7, 16)))
'Ho so H02.07.204-250707-0001: da duoc tiep nhan, hen tra ngay 16/07/2025. Chua can lam gi them.'
"""

from __future__ import annotations

import datetime as dt

from dancu.lib.text import strip_marks

TOLD = {
    "file": "đã nộp. Cán bộ xem và báo lại; giữ mã này để theo dõi.",
    "accept": "đã được tiếp nhận{due}. Chưa cần làm gì thêm.",
    "refuse": "không được tiếp nhận. Mở hồ sơ để xem lý do và việc cần làm.",
    "transfer": "đã chuyển sang cơ quan khác xử lý. Chưa cần làm gì thêm.",
    "ask_supplement": "cần bổ sung giấy tờ. Mở hồ sơ để xem cần giấy tờ nào.",
    "supplement": "đã nhận giấy tờ bổ sung{due}. Chưa cần làm gì thêm.",
    "ask_payment": "cần nộp phí. Mở hồ sơ trên trang Dịch vụ công để lấy mã chuyển khoản.",
    "paid": "đã nhận phí{due}. Chưa cần làm gì thêm.",
    "extend": "được gia hạn{due}. Mở hồ sơ để xem lý do.",
    "apologise": "xin lỗi vì chậm{promised}. Mở hồ sơ để xem thư xin lỗi.",
    "sign": "đã có kết quả. Mở hồ sơ để xem cách nhận.",
    "complete": "đã có kết quả. Mở hồ sơ để xem cách nhận.",
    "give": "đã trả kết quả. Mời đánh giá tại trang Dịch vụ công.",
    "stop": "đã dừng xử lý. Mở hồ sơ để xem lý do.",
    "withdraw": "đã rút. Có thể nộp lại khi cần.",
}
"""Action → words. What only moves inside the office (take, forward, propose, send_back) is told on the page alone."""


def of(code: str, action: str, *, due: dt.date | None, promised: dt.date | None = None) -> str:
    """The whole notice; "" for an action of which nobody is told."""
    words = TOLD.get(action, "")
    return words and f"Hồ sơ {code}: " + words.format(
        due=f", hẹn trả ngày {due:%d/%m/%Y}" if due else "",
        promised=f", hẹn lại ngày {promised:%d/%m/%Y}" if promised else "",
    )


def plain(text: str) -> str:
    """Without marks, as a text message costs least and every telephone shows it."""
    return strip_marks(text)
