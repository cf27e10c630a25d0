"""What a format says when a value is not lawful: one error, one table of reasons per format.

The border this room keeps: the value itself is personal data and never stands in a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What is wrong (both languages) and what a clerk does next; holds no value."""

    message_vi: str
    message_en: str
    hint_vi: str


class FormatError(ValueError):
    """A value that is not a lawful `format`; `reason` is a slug that never changes its meaning."""

    def __init__(self, format: str, reason: str, text: Reason) -> None:
        super().__init__(f"{format}/{reason}: {text.message_en}")
        self.format = format
        self.reason = reason
        self.message_vi = text.message_vi
        self.message_en = text.message_en
        self.hint_vi = text.hint_vi


def refusal(format: str, reasons: Mapping[str, Reason], reason: str) -> FormatError:
    """The error to raise for one slug of a format's `REASONS`.

    >>> reasons = common("số thẻ", "card number")
    >>> raise refusal("card", reasons, "empty")
    Traceback (most recent call last):
        ...
    dancu.formats.errors.FormatError: card/empty: the card number is empty
    """
    return FormatError(format, reason, reasons[reason])


def common(name_vi: str, name_en: str, *only: str) -> dict[str, Reason]:
    """The reasons that identifiers share, said with the name of each; with `only`, just those."""
    ask = "Hỏi lại công dân hoặc xem giấy tờ gốc rồi nhập lại."
    reasons = {
        "empty": Reason(f"Để trống {name_vi}.", f"the {name_en} is empty", ask),
        "placeholder": Reason(
            f"Ghi tạm, không phải {name_vi} thật (ví dụ: 000…, không rõ).",
            f"a stand-in was typed instead of the {name_en}",
            ask,
        ),
        "lost_digits": Reason(
            f"Bảng tính đã làm mất chữ số của {name_vi} (dạng 1.2E+11).",
            f"a spreadsheet lost digits of the {name_en} (scientific notation)",
            "Không khôi phục được từ ô này; lấy lại từ tệp gốc hoặc giấy tờ gốc.",
        ),
        "not_digits": Reason(
            f"Có ký tự không được phép trong {name_vi}.",
            f"the {name_en} holds characters that it cannot have",
            "Kiểm tra chữ gõ nhầm, dấu lạ hoặc hai giá trị nằm chung một ô.",
        ),
        "length": Reason(
            f"Sai độ dài {name_vi}.",
            f"the {name_en} has the wrong length",
            "Đếm lại số ký tự trên giấy tờ gốc; thừa hoặc thiếu đều phải sửa.",
        ),
    }
    return {slug: text for slug, text in reasons.items() if not only or slug in only}
