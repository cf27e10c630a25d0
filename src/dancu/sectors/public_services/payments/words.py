"""The English of this app's texts."""

from __future__ import annotations

EN = {
    "Hồ sơ không còn chờ nộp phí": "The fee is not awaited any more",
    "Khoản nộp cần xem": "Payments to look at",
    "Không có khoản nào cần xem": "No payments to look at",
    "Không rõ hồ sơ": "No known dossier",
    "Mã giao dịch của ngân hàng": "The bank's transaction",
    "Nộp thừa: phí đã nộp trước đó": "Paid before",
    "Phải nộp (đ)": "Due (đ)",
    "Sai số tiền": "Wrong amount",
    "Tiền đã vào tài khoản nhưng không ghi được vào hồ sơ: sai số tiền, nộp thừa hoặc hồ sơ không còn chờ phí. Liên hệ người nộp để hoàn trả hoặc thu thêm.": "Money came in that could not be booked: a wrong amount, paid twice, or not awaited any more. Contact the payer to pay it back or to collect the rest.",
    "Đã chuyển (đ)": "Transferred (đ)",
    "Đã ghi nhận": "Booked",
}
