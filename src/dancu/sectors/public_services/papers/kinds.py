"""Kinds of papers: headings, symbols, and which action demands which. Pure."""

from __future__ import annotations

RESULT = "result"
KINDS = {
    "receipt": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "TNHS"),
    "supplement": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "HDHS"),
    "refusal": ("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "TCHS"),
    "apology": ("Phiếu xin lỗi và hẹn lại ngày trả kết quả", "XLHS"),
    "control_slip": ("Phiếu kiểm soát quá trình giải quyết hồ sơ", "KSHS"),
    "stop": ("Thông báo dừng giải quyết hồ sơ", "DHS"),
}
"""Kind → heading and symbol: models 01 to 05 of Circular 01/2018/TT-VPCP; of a stop no model is known to us."""
DEMANDED = {
    "accept": "receipt",
    "ask_supplement": "supplement",
    "refuse": "refusal",
    "apologise": "apology",
    "stop": "stop",
    "sign": RESULT,
}
"""Action → the paper that it makes."""
