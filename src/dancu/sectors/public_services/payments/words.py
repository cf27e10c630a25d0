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
    "Hoàn trả %(amount)s": "Pay back %(amount)s",
    "Phí vẫn chờ nộp": "The fee is still awaited",
    "Phí đã nộp đủ": "The fee is paid",
    "Tiền vào lúc": "Came in at",
    "Tiền đã vào tài khoản nhưng không ghi được vào hồ sơ. Mở hồ sơ để liên hệ người nộp, hoàn trả cả khoản; nếu phí vẫn chờ nộp thì hướng dẫn chuyển lại đúng số tiền.": "Money came in that could not be booked. Open the dossier to reach the payer and pay the whole sum back; where the fee is still awaited, ask for the right sum.",
    "Đã chuyển (đ)": "Transferred (đ)",
    "Đã ghi nhận": "Booked",
}
