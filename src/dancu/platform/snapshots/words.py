"""The English of this app's texts."""

from __future__ import annotations

EN = {
    "%(n)s bản ghi": "%(n)s records",
    ", báo cáo chưa ban hành": ", the report is not issued",
    ", đã chốt, không đổi nữa": ", frozen, never changing again",
    "Bạn xem được %(n)s bản ghi; mẫu số của con số là %(of)s.":
    "You may see %(n)s records; the figure's denominator is %(of)s.",
    "Báo cáo chưa ban hành hoặc đã chốt.": "The report is not issued, or frozen already.",
    "Báo cáo đã chốt giữ nguyên từng chữ số: định nghĩa, đơn vị hành chính của ngày đó và cam kết của từng tập bản ghi được ký cùng văn bản và ghi vào sổ cái.":
    "A frozen report keeps every digit: definitions, the units of its day and a commitment to each set of records are signed with the document and written into the ledger.",
    "Báo cáo đã chốt số": "Frozen reports",
    "Bản chốt": "Frozen report",
    "Chưa chốt báo cáo nào": "No report is frozen yet",
    "Chốt lúc": "Frozen at",
    "Chốt số và ký": "Freeze and sign",
    "Cam kết của tập bản ghi": "Commitment to the records",
    "Cam kết là mã băm của các bản ghi, mỗi bản ghi có muối riêng: không ai sửa được một bản ghi mà mã không đổi, và không suy ra được bản ghi từ mã. Kiểm tra lại cả báo cáo bằng lệnh «dancu report verify».":
    "The commitment is a hash over the records, each with a salt of its own: nobody can change a record without changing it, and no record can be read from it. Check the whole report by «dancu report verify».",
    "Con số này được tính thế nào": "How this figure is counted",
    "Câu lệnh đếm": "How it is counted",
    "Cán bộ có quyền xem báo cáo đăng nhập để mở từng bản ghi trong địa bàn của mình.":
    "Officers who may view reports log in to open the records of their territory.",
    "Danh sách như đã biết lúc chốt.": "The list is as known when it was frozen.",
    "Không có báo cáo nào đã ban hành mang mã số liệu này.": "No issued report carries this code.",
    "Không có tệp: mọi bản ghi do cán bộ hoặc người dân nhập, mỗi bước là một sự kiện trong bản ghi.":
    "No file: officers or citizens entered all records, each step is an event in the record.",
    "Kiểm tra lại tệp tải về bằng lệnh «dancu report verify tệp.pdf»: mọi con số được tính lại từ sổ như đã biết lúc chốt.":
    "Check a file by «dancu report verify file.pdf»: each figure is counted again from the register as known then.",
    "Mã số liệu": "Code of the figure",
    "Mã số liệu có 8 chữ và số, không có 0, 1, I, O; sau đó có thể là một chữ kiểm tra.":
    "A code has 8 letters and digits, no 0, 1, I, O; a check character may follow.",
    "Mã số liệu sai một chữ; so lại từng chữ với tờ giấy.": "One letter of the code is wrong; compare it with the paper.",
    "Mỗi con số trong báo cáo có một mã ngắn in bên cạnh hoặc trong mã QR. Nhập mã để xem con số đó được tính từ đâu.":
    "Each figure of a report has a short code beside it or in the QR code. Enter it to see where the figure comes from.",
    "Mở các bản ghi": "Open the records",
    "Mở một bản ghi để xem các bước và nguồn của nó. Hồ sơ công dân mở qua một cửa: lần xem được ghi lại và người đó đọc được.":
    "Open a record to see its steps and where it came from. A citizen's record leaves a trace that the person can read.",
    "Như đã biết lúc": "As known at",
    "Phiên bản": "Version",
    "Số liệu này tính trên dưới 5 trường hợp, hoặc có thể suy ra số như vậy, nên không hiện công khai.":
    "This figure is of fewer than 5 cases, or tells such a number; it is not shown in public.",
    "Theo những gì đã biết": "As known",
    "Tra mã số liệu": "Look a figure up",
    "Trong báo cáo": "In the report",
    "Tải về": "Download",
    "Tử số": "Numerator",
    "Tệp nguồn": "Source files",
    "Ví dụ: S7QC-28PS-4. Viết hoa hay thường đều được.": "For example S7QC-28PS-4; capitals or not.",
    "Xem câu lệnh": "Show the statement",
    "Xem số liệu": "Show the figure",
    "Xem định nghĩa đầy đủ": "Show the full definition",
    "của câu lệnh đếm. Mỗi dòng câu lệnh cho ra là một bản ghi; con số chỉ là số dòng đó.":
    "of the statement. Each row that it gives is a record; the figure is no more than the count of these rows.",
    "dòng": "rows",
    "khi lập báo cáo lúc": "when the report was written, at",
    "khi lập báo cáo, ban hành lúc": "when the report was written; issued at",
    "lúc": "at",
    "trên": "of",
    "tử số / mẫu số": "numerator / denominator",
    "Đã ban hành, chưa chốt": "Issued, not frozen",
}  # fmt: skip
