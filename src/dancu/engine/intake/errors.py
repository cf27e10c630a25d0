"""Why a file, or a row of it, cannot be taken: one clear message, with what to do.

`MESSAGES` is the only place with the words; `{…}` are filled by whoever refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """A message in Vietnamese (what, where, what to do) and in English."""

    vi: str
    en: str


MESSAGES: Final[dict[str, Words]] = {
    "empty_file": Words(
        "Tệp rỗng, không có dữ liệu nào. Hãy xuất lại tệp từ phần mềm nguồn.",
        "the file is empty; export it again",
    ),
    "too_large": Words(
        "Tệp lớn {size} MB, quá mức cho phép {limit} MB. Hãy tách thành nhiều tệp, mỗi huyện "
        "hoặc mỗi xã một tệp.",
        "the file has {size} MB, more than the {limit} MB allowed; split it",
    ),
    "zip_archive": Words(
        "Đây là tệp nén .zip, không phải bảng tính. Hãy giải nén rồi nạp từng danh sách bên trong.",
        "this is a zip archive, not a spreadsheet; unpack it first",
    ),
    "zip_bomb": Words(
        "Tệp nén bất thường: {packed} MB bung ra {unpacked} MB ở phần «{part}». Không mở tệp này; "
        "hãy hỏi lại nơi gửi và mở bằng Excel rồi lưu lại nếu tệp là thật.",
        "the file would unpack from {packed} MB to {unpacked} MB in {part}; it was not opened",
    ),
    "truncated_zip": Words(
        "Tệp bị cắt cụt hoặc hỏng khi sao chép. Hãy chép hoặc tải lại tệp gốc.",
        "the file is truncated or damaged; copy it again",
    ),
    "damaged_workbook": Words(
        "Không mở được bảng tính: cấu trúc bên trong hỏng ({detail}). Hãy mở bằng Excel hoặc "
        "LibreOffice rồi lưu lại thành .xlsx.",
        "the workbook is damaged inside ({detail}); open it in Excel and save it again",
    ),
    "forbidden_xml": Words(
        "Tệp chứa khai báo thực thể XML (DTD, ENTITY) ở phần «{part}», là dấu hiệu của tệp "
        "tấn công. Không mở tệp này; hãy hỏi lại nơi gửi.",
        "the file declares XML entities in {part}; it was not opened",
    ),
    "password": Words(
        "Tệp có đặt mật khẩu nên không đọc được. Hãy mở bằng Excel, bỏ mật khẩu (Tệp > Thông "
        "tin > Bảo vệ sổ làm việc) rồi lưu lại.",
        "the file is protected by a password; remove it and save again",
    ),
    "sparse_sheet": Words(
        "Trang tính «{sheet}» có ô dữ liệu lạc ở {cell}, khiến bảng phình ra {rows} dòng × "
        "{columns} cột. Hãy xóa các dòng, cột thừa rồi lưu lại.",
        "sheet {sheet} has a stray cell at {cell}; delete the surplus rows and columns",
    ),
    "too_many_columns": Words(
        "Bảng có {columns} cột, quá mức cho phép {limit} cột. Hãy xóa các cột thừa rồi lưu lại.",
        "the table has {columns} columns, more than the {limit} allowed",
    ),
    "binary_junk": Words(
        "Tệp không phải bảng tính hay văn bản (dữ liệu nhị phân). Hãy kiểm tra xem có chọn "
        "nhầm tệp không.",
        "the file is neither a spreadsheet nor text",
    ),
    "not_supported": Words(
        "Tệp là {kind}, chương trình không đọc. Hãy lưu lại thành .xlsx hoặc .csv rồi nạp.",
        "the file is {kind}, which is not read; save it as .xlsx or .csv",
    ),
    "nul_bytes": Words(
        "Tệp văn bản có byte rỗng (NUL) từ dòng {row}: tệp hỏng hoặc không phải văn bản. Hãy "
        "xuất lại từ phần mềm nguồn.",
        "the text has NUL bytes from line {row}; export it again",
    ),
    "unclosed_quote": Words(
        'Dấu ngoặc kép (") mở ở dòng {row} không được đóng, nên các dòng sau bị nuốt vào một '
        "ô. Hãy sửa dòng {row} rồi nạp lại.",
        "the quote opened in row {row} is never closed; correct that row",
    ),
    "cell_too_long": Words(
        "Dòng {row} có ô dài {length} ký tự, quá mức {limit}. Hãy kiểm tra dòng này: tệp có "
        "thể bị dính dòng.",
        "row {row} has a cell of {length} characters, more than {limit}",
    ),
    "no_header": Words(
        "Không tìm thấy dòng tiêu đề cột (như «Họ và tên», «Ngày sinh», «Số CCCD») trong "
        "{rows} dòng đầu của trang «{sheet}». Hãy thêm dòng tiêu đề rồi nạp lại.",
        "no heading row was found in the first {rows} rows of sheet {sheet}",
    ),
    "no_rows": Words(
        "Tệp chỉ có tiêu đề, không có dòng dữ liệu nào. Hãy kiểm tra lại bộ lọc khi xuất tệp.",
        "the file has headings and no rows",
    ),
    "unknown_sector": Words(
        "Không có nguồn dữ liệu tên «{sector}». Các nguồn có: {known}.",
        "there is no sector {sector}; known: {known}",
    ),
    "bad_mapping": Words(
        "Bảng ghép cột nêu trường không có: {roles}. Xem tên trường trong "
        "reference/data/fields.csv.",
        "the mapping names unknown fields: {roles}",
    ),
    "bad_message": Words(
        "Bản tin QCVN 109 không đọc được: {detail}",
        "the QCVN 109 message cannot be read: {detail}",
    ),
    "damaged_parquet": Words(
        "Tệp Parquet hỏng hoặc bị cắt cụt. Hãy xuất hoặc chép lại tệp.",
        "the Parquet file is damaged; export it again",
    ),
}

REJECTED: Final[dict[str, str]] = {
    "too_many_cells": (
        "Dòng {row} có {got} ô trong khi tiêu đề có {expected} cột: có thể thiếu dấu ngoặc "
        "kép quanh ô chứa dấu phân cách. Hãy sửa dòng này trong tệp gốc."
    ),
    "broken_line": (
        "Dòng {row} bị ngắt giữa chừng ({got} ô trên {expected} cột). Hãy nối lại với dòng "
        "liền kề trong tệp gốc."
    ),
    "swallowed_lines": (
        'Dòng {row} có dấu ngoặc kép (") không đóng nên nuốt các dòng sau. Hãy sửa dấu ngoặc '
        "kép trong tệp gốc."
    ),
    "bad_encoding": (
        "Dòng {row} ghi bằng bảng mã khác phần còn lại của tệp. Hãy xuất lại dòng này bằng UTF-8."
    ),
    "repeated_header": "Dòng {row} lặp lại tiêu đề cột, không phải dữ liệu.",
    "totals_row": "Dòng {row} là dòng cộng, không phải một người.",
    "signature_row": "Dòng {row} là phần ký tên, ghi chú cuối bảng, không phải một người.",
    "section_row": "Dòng {row} là dòng tên nhóm (thôn, tổ, mục), không phải một người.",
    "stray_row": (
        "Dòng {row} không có họ tên hay số định danh, chỉ có {got} ô. Hãy kiểm tra trong tệp gốc."
    ),
}


class IntakeError(ValueError):
    """A file that cannot be taken. `reason` slug; `message_vi` and `message_en` name the file."""

    def __init__(self, reason: str, *, name: str, **details: object) -> None:
        words = MESSAGES[reason]
        self.reason = reason
        self.name = name
        self.details = details
        self.message_vi = f"{name}: {words.vi.format(**details)}"
        self.message_en = f"{name}: {words.en.format(**details)}"
        super().__init__(self.message_vi)


def reject_message(reason: str, **details: object) -> str:
    """The sentence for one row that is not taken."""
    return REJECTED[reason].format(**details)
