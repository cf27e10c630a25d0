"""The second sheet of a worklist: what an officer does with the first."""

from __future__ import annotations

from datetime import date

from dancu.engine.report.sheet_layout import DUPLICATE, FIXED, GUIDE, KEPT, UNKNOWN
from dancu.engine.report.words import day_of
from dancu.engine.report.workbook import Book, sheet_of

_STEPS = (
    (
        "1. Làm từ trên xuống",
        "Việc đứng trước đưa điểm của đơn vị lên nhanh hơn. Mỗi dòng là một lỗi của một người.",
    ),
    (
        "2. Xem giấy tờ, hỏi người dân",
        "«Cần làm» và «Giấy tờ cần xem» cho biết cách xác minh; «Nguồn và giá trị khác» là điều các danh sách ghi.",
    ),
    ("3. Chọn «Kết quả xử lý»", f"«{FIXED}»: đã biết giá trị đúng, ghi vào cột «Giá trị đúng»."),
    (
        "",
        "Nếu trường sai là trường khác, ghi tên trường trước, mỗi trường một dòng trong ô, ví dụ: Giới tính: Nữ.",
    ),
    ("", f"«{KEPT}»: giá trị hiện có là đúng, dù trái với quy tắc; để trống «Giá trị đúng»."),
    ("", f"«{UNKNOWN}»: chưa đủ căn cứ; để trống «Giá trị đúng». Việc sẽ còn trong danh sách sau."),
    (
        "",
        f"«{DUPLICATE}»: người này và người khác là một; ghi 12 chữ số định danh của người kia vào «Giá trị đúng».",
    ),
    ("4. Ghi «Căn cứ»", "Tên giấy tờ, số, ngày. Bắt buộc khi đã sửa, giữ nguyên hoặc trùng."),
    ("5. Ghi «Người xử lý» và «Ngày xử lý»", "Ngày ghi dạng 21/06/2024."),
    (
        "6. Không làm",
        "Không gõ công thức, không sửa hay chép đè các cột khác, không xóa cột ẩn: dòng đó sẽ bị trả lại.",
    ),
    (
        "7. Gửi lại",
        "Lưu tệp, giữ dạng .xlsx, gửi về nơi đã gửi danh sách. Dòng chưa điền không sao.",
    ),
)


def write_guide(book: Book, *, name: str, run: str, on: date, masked: bool) -> None:
    """Add the sheet; it also carries the run's code, which the reader of corrections checks."""
    with sheet_of(book, GUIDE, landscape=False) as sheet:
        bold, text = (
            book.format({"bold": True, "valign": "top", "text_wrap": True}),
            book.format({"text_wrap": True}),
        )
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 78)
        sheet.write_string(0, 0, "HƯỚNG DẪN", book.format({"bold": True}, font_size=14))
        rows = [("Đơn vị", name), ("Số liệu ngày", day_of(on)), ("Mã lượt chạy", run), *_STEPS]
        if masked:
            rows.append(
                (
                    "Số định danh",
                    "Được che bớt (924•••••0017) vì đây là dữ liệu cá nhân; tra đủ số trên hệ thống.",
                )
            )
        for at, (left, right) in enumerate(rows, start=2):
            sheet.write_string(at, 0, left, bold)
            sheet.write_string(at, 1, right, text)
        sheet.protect("")
