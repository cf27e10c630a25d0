"""Pages that show many persons in a line each (name, year, commune, masked number) without a line in the log of each.

Opening one of them writes the line. They are counted by themselves on the public page, so that nobody takes them for
answers; a page that is not named here and shows a person without a line is a gap. Adding a name is a decision of the
province, seen in the history of this file.
"""

from __future__ import annotations

LISTS: dict[str, str] = {
    "reports:records": "mã bản ghi mà một chỉ số đếm, không có tên; mở một người thì có dòng",
    "services_importing:rejected": "dòng không nhận của một tệp hồ sơ, chưa gắn với ai trong sổ",
    "consent:processing_file": "tệp hồ sơ hoạt động xử lý, không có ai trong đó",
    "units:rule": "ví dụ bịa của một quy tắc, không phải người thật",
}
"""The view → why no line is written for each."""

LINKED: dict[str, str] = {}
"""Views about a person of whom a line is written, which also lead to other persons → why those need none."""

EARLIER: dict[str, str] = {
    "ledger:api-receipt": "bằng chứng của một biên nhận mà người hỏi đã có",
    "citizen:download": "bản sao cho chính người dân: biên nhận của những lần trước",
    "citizen:consent_file": "biên nhận của một sự đồng ý, không phải của một lần xem",
    "consent:receipt_file": "biên nhận của một sự đồng ý, không phải của một lần xem",
}
"""Views that tell receipts of before, or of other things than looks → why. In any other answer a receipt is its own."""
