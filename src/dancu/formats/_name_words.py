"""The words around names: reasons of refusal, what is typed instead of a name, titles."""

from __future__ import annotations

from dancu.formats.errors import Reason, common

_ASK = "Xem giấy khai sinh hoặc thẻ căn cước rồi nhập lại đủ họ, chữ đệm và tên."
_COMMON = common("họ tên", "person name")
REASONS: dict[str, Reason] = {
    "empty": _COMMON["empty"],
    "placeholder": Reason(
        "Ghi tạm, không phải họ tên thật (ví dụ: không rõ, N/A, test).",
        "a stand-in was typed instead of the name",
        _ASK,
    ),
    "lost_letters": Reason(
        "Họ tên bị mất chữ (dấu ? hoặc ký tự lạ do sai bảng mã).",
        "letters of the name were lost (? or signs of another encoding)",
        "Lấy lại từ tệp gốc; nếu cả cột bị lỗi thì khai báo bảng mã TCVN3, VNI hoặc VISCII.",
    ),
    "digits": Reason(
        "Có chữ số trong họ tên.",
        "there are digits in the name",
        "Bỏ số thứ tự hoặc số giấy tờ khỏi ô họ tên; chữ O và l gõ nhầm thành số thì sửa lại.",
    ),
    "note": Reason(
        "Có ghi chú kèm theo họ tên (ngoặc, dấu hai chấm, dấu phẩy).",
        "a note stands beside the name (brackets, colon, comma)",
        "Chuyển ghi chú sang cột ghi chú; ô họ tên chỉ có họ tên.",
    ),
    "two_people": Reason(
        "Một ô ghi tên của hai người.",
        "one cell names two people",
        "Tách thành hai dòng, mỗi người một dòng.",
    ),
    "title": Reason(
        "Có danh xưng đứng trước họ tên (Ông, Bà, Mr …).",
        "a title stands before the name",
        "Bỏ danh xưng khỏi ô họ tên.",
    ),
    "abbreviated": Reason(
        "Họ tên viết tắt (có dấu chấm).", "the name is abbreviated (a dot after a letter)", _ASK
    ),
    "characters": Reason(
        "Có ký tự không được phép trong họ tên.",
        "the name holds signs that are not letters",
        "Chỉ dùng chữ cái, khoảng trắng, dấu ' và dấu gạch nối.",
    ),
    "one_syllable": Reason(
        "Chỉ có một tiếng; họ tên cần ít nhất họ và tên.",
        "only one syllable; a name has at least a surname and a given name",
        _ASK,
    ),
    "length": Reason(
        "Có từ dài quá 20 chữ cái; họ tên bị gõ dính.",
        "a word of over 20 letters: the blanks are missing",
        _ASK,
    ),
}

PLACEHOLDERS = frozenset(
    line.strip()
    for line in [
        "không rõ",
        "không có",
        "không",
        "không tên",
        "không biết",
        "chưa rõ",
        "chưa có",
        "chưa đặt tên",
        "chưa biết",
        "chưa cập nhật",
        "vô danh",
        "khuyết danh",
        "họ và tên",
        "họ tên",
        "trống",
        "bỏ trống",
        "không xác định",
        "khong ro",
        "khong co",
        "khong",
        "khong ten",
        "khong biet",
        "chua ro",
        "chua co",
        "chua dat ten",
        "chua biet",
        "chua cap nhat",
        "khuyet danh",
        "ho va ten",
        "ho ten",
        "khong xac dinh",
        "n a",
        "na",
        "nan",
        "null",
        "none",
        "nil",
        "test",
        "unknown",
        "no name",
        "noname",
        "tên",
        "ten",
        "demo",
        "mẫu",
        "tba",
    ]
)
SURE_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "bs", "ths", "đ/c"})
TITLES = SURE_TITLES | frozenset(
    ("ông", "bà", "anh", "chị", "em", "cô", "chú", "bác", "cụ", "cháu", "bé", "thầy", "ong", "ba")
)
