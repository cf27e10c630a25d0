"""How each office lays out its file: form, headings, titles, delimiter, encoding, dates.

Headings are real spellings, several a role; which one a file uses depends on its number, so that
two districts never send quite the same list. A layout never changes what a cell says, except that
one column may be typed in TCVN3 and birth dates may stand in columns by sex.
"""

from __future__ import annotations

from dataclasses import dataclass

DISTRICT_SLUGS = (
    "tp-bac-giang",
    "yen-the",
    "tan-yen",
    "lang-giang",
    "luc-nam",
    "luc-ngan",
    "son-dong",
    "yen-dung",
    "viet-yen",
    "hiep-hoa",
)
DISTRICT_NAMES = (
    "THÀNH PHỐ BẮC GIANG",
    "HUYỆN YÊN THẾ",
    "HUYỆN TÂN YÊN",
    "HUYỆN LẠNG GIANG",
    "HUYỆN LỤC NAM",
    "HUYỆN LỤC NGẠN",
    "HUYỆN SƠN ĐỘNG",
    "HUYỆN YÊN DŨNG",
    "THỊ XÃ VIỆT YÊN",
    "HUYỆN HIỆP HÒA",
)


@dataclass(frozen=True)
class Layout:
    """`form`: csv, parquet, xlsx, ods, json or xml. `titles` stand above the header row."""

    form: str
    headings: dict[str, str]
    titles: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    serial: str | None = "STT"
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    totals: bool = False
    tcvn3: tuple[str, ...] = ()
    female_tick: str | None = None


_HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "population": {
        "personal_number": ("Số định danh cá nhân", "Số ĐDCN/CCCD", "Số CCCD"),
        "full_name": ("Họ, chữ đệm và tên", "Họ và tên", "HỌ VÀ TÊN KHAI SINH"),
        "birth_date": ("Ngày, tháng, năm sinh", "Ngày sinh", "NTNS"),
        "sex": ("Giới tính", "Nam/Nữ", "GT"),
        "ethnic": ("Dân tộc", "DT", "Dân tộc"),
        "religion": ("Tôn giáo",),
        "nationality": ("Quốc tịch",),
        "marital_status": ("Tình trạng hôn nhân", "Hôn nhân"),
        "life_status": ("Tình trạng", "Tình trạng nhân khẩu"),
        "birth_place": ("Nơi đăng ký khai sinh", "Nơi ĐKKS"),
        "hamlet": ("Thôn/TDP", "Thôn, tổ dân phố"),
        "commune": ("Xã, phường, thị trấn", "Xã/phường"),
        "district": ("Huyện, quận, thị xã", "Huyện/thành phố"),
        "commune_code": ("Mã xã", "Mã ĐVHC"),
        "household_number": ("Số hộ", "Số hồ sơ cư trú", "Mã hộ"),
        "relation_to_head": ("Quan hệ với chủ hộ", "QH với chủ hộ", "Mối QH với chủ hộ"),
        "father_name": ("Họ tên cha", "Họ và tên cha"),
        "mother_name": ("Họ tên mẹ", "Họ và tên mẹ"),
        "mother_number": ("Số định danh của mẹ", "Số ĐDCN mẹ"),
        "spouse_name": ("Họ tên vợ hoặc chồng", "Họ tên vợ/chồng"),
        "card_issued": ("Ngày cấp thẻ", "Ngày cấp CCCD"),
        "card_expires": ("Có giá trị đến", "Ngày hết hạn CCCD"),
    },
    "social_insurance": {
        "bhxh_number": ("Mã số BHXH", "Mã số bảo hiểm xã hội", "Số sổ BHXH"),
        "bhyt_card": ("Số thẻ BHYT", "Mã thẻ BHYT"),
        "full_name": ("Họ và tên", "Họ tên"),
        "birth_date": ("Ngày sinh", "Ngày tháng năm sinh"),
        "sex": ("Giới tính", "Nam/Nữ"),
        "personal_number": ("Số ĐDCN/CCCD", "Số định danh cá nhân"),
        "address": ("Địa chỉ", "Địa chỉ liên hệ"),
        "bhyt_from": ("Thẻ có giá trị từ", "Giá trị thẻ từ"),
        "bhyt_to": ("Thẻ có giá trị đến", "Hạn thẻ đến"),
        "phone": ("Số điện thoại", "Điện thoại liên hệ"),
    },
    "health": {
        "full_name": ("Họ tên bệnh nhân", "Họ và tên", "Họ tên người được tiêm"),
        "birth_date": ("Ngày sinh", "NTNS"),
        "sex": ("Giới tính", "Giới"),
        "personal_number": ("Số CCCD", "Số định danh", "Mã định danh công dân"),
        "bhyt_card": ("Mã thẻ BHYT", "Thẻ BHYT"),
        "address": ("Địa chỉ", "Nơi ở"),
        "phone": ("SĐT", "Điện thoại"),
        "updated_on": ("Ngày khám", "Ngày tiêm"),
    },
    "education": {
        "student_code": ("Mã học sinh", "Mã HS"),
        "surname_middle": ("Họ đệm", "Họ và tên đệm"),
        "given_name": ("Tên",),
        "birth_date": ("Ngày sinh", "Ngày, tháng, năm sinh"),
        "sex": ("Giới tính", "Nam/Nữ"),
        "ethnic": ("Dân tộc",),
        "personal_number": ("Số ĐDCN", "Mã định danh"),
        "school": ("Trường", "Cơ sở giáo dục"),
        "school_class": ("Lớp", "Tên lớp"),
        "father_name": ("Họ tên bố", "Họ tên cha"),
        "mother_name": ("Họ tên mẹ",),
        "address": ("Hộ khẩu thường trú", "Chỗ ở hiện nay của gia đình"),
    },
    "social_benefits": {
        "full_name": ("Họ và tên đối tượng", "Họ tên người hưởng", "Họ và tên"),
        "birth_date": ("Ngày tháng năm sinh", "Ngày sinh"),
        "sex": ("Giới tính", "Nam/Nữ"),
        "personal_number": ("Số CCCD", "Số định danh cá nhân"),
        "hamlet": ("Thôn/Tổ", "Thôn"),
        "commune": ("Xã/phường", "Xã"),
        "district": ("Huyện/TP", "Huyện"),
        "benefit_kind": ("Mã đối tượng", "Loại trợ cấp"),
        "benefit_amount": ("Mức hưởng (đồng)", "Số tiền"),
        "benefit_from": ("Hưởng từ", "Thời điểm hưởng"),
        "bank_account": ("Số tài khoản", "STK"),
        "bank_name": ("Mở tại ngân hàng", "Ngân hàng"),
    },
    "driving_licence": {
        "driving_licence": ("Số GPLX",),
        "full_name": ("Họ tên người lái xe",),
        "birth_date": ("Ngày sinh",),
        "id_number": ("CMND/CCCD/Hộ chiếu",),
        "licence_class": ("Hạng GPLX",),
        "licence_issued": ("Ngày cấp GPLX",),
        "licence_expires": ("Ngày hết hạn GPLX",),
        "address": ("Nơi cư trú",),
    },
    "vehicle": {
        "plate": ("Biển kiểm soát",),
        "full_name": ("Tên chủ xe",),
        "id_number": ("CMND/CCCD chủ xe",),
        "address": ("Địa chỉ chủ xe",),
        "phone": ("Điện thoại chủ xe",),
        "updated_on": ("Ngày đăng ký xe",),
    },
    "tax": {
        "tax_code": ("MST cá nhân",),
        "full_name": ("Tên NNT",),
        "birth_date": ("Ngày sinh",),
        "sex": ("Giới tính",),
        "personal_number": ("Số CCCD",),
        "address": ("Địa chỉ hộ khẩu",),
        "phone": ("SĐT",),
    },
    "civic_members": {
        "full_name": ("Họ và tên hội viên",),
        "birth_date": ("Ngày sinh",),
        "sex": ("Giới tính",),
        "personal_number": ("Số CCCD",),
        "hamlet": ("Chi hội thôn",),
        "commune": ("Hội cơ sở xã",),
        "district": ("Huyện/TP",),
        "registered_on": ("Ngày vào hội",),
    },
    "births": {
        "full_name": ("Họ, chữ đệm, tên người được khai sinh",),
        "personal_number": ("Số định danh của trẻ",),
        "birth_date": ("Ngày sinh của trẻ",),
        "sex": ("Giới tính",),
        "ethnic": ("Dân tộc",),
        "father_name": ("Họ, chữ đệm, tên cha",),
        "father_number": ("Số ĐDCN cha",),
        "mother_name": ("Họ, chữ đệm, tên mẹ",),
        "mother_number": ("Số ĐDCN mẹ",),
        "address": ("Nơi cư trú",),
        "registered_on": ("Ngày đăng ký khai sinh",),
    },
    "deaths": {
        "full_name": ("Họ, chữ đệm, tên người chết",),
        "personal_number": ("Số định danh người chết",),
        "birth_date": ("Ngày sinh",),
        "sex": ("Giới tính",),
        "death_date": ("Ngày, tháng, năm chết",),
        "address": ("Nơi cư trú cuối cùng",),
        "registered_on": ("Ngày đăng ký khai tử",),
    },
    "marriages": {
        "full_name": ("Họ và tên chồng",),
        "personal_number": ("Số CCCD chồng",),
        "birth_date": ("Ngày sinh chồng",),
        "address": ("Nơi cư trú chồng",),
        "spouse_name": ("Họ và tên vợ",),
        "spouse_number": ("Số CCCD vợ",),
        "marriage_date": ("Ngày đăng ký kết hôn",),
        "registered_on": ("Ngày vào sổ",),
    },
    "moves": {
        "event_kind": ("Loại đăng ký",),
        "full_name": ("Họ và tên người chuyển",),
        "personal_number": ("Số định danh cá nhân",),
        "birth_date": ("Ngày/tháng/năm sinh",),
        "sex": ("Giới tính",),
        "address": ("Nơi chuyển đến",),
        "event_date": ("Ngày chuyển đến",),
        "registered_on": ("Ngày đăng ký thường trú",),
        "note": ("Nơi thường trú trước khi chuyển",),
    },
}


def headings(name: str, variant: int, roles: tuple[str, ...]) -> dict[str, str]:
    """Role -> heading of one file, in the order of the columns."""
    table = _HEADINGS[name]
    return {role: table[role][variant % len(table[role])] for role in roles}
