"""The books of direction: which there are, what an entry of each says, and what the database refuses, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from dancu.sectors.direction.numbers import normalised
from dancu.sectors.direction.places import Place

FieldKind = Literal[
    "text",
    "long",
    "day",
    "money",
    "year",
    "count",
    "choice",
    "yes",
    "indicator",
    "unit",
    "units",
    "entry",
]
FIXED = ("unit", "entry")
"""Kinds that say which entry it is: they never change; who was mistaken takes the entry back."""
BODIES = {
    "committee": _("Ủy ban nhân dân"),
    "task_force": _("Tổ công tác Đề án 06"),
    "police": _("Công an"),
    "office": _("Văn phòng UBND"),
    "department": _("Sở, phòng, ban"),
    "other": _("Cơ quan khác"),
}
KINDS_OF_DIRECTIVE = {
    "directive": _("Chỉ thị"),
    "plan": _("Kế hoạch"),
    "letter": _("Công văn"),
    "decision": _("Quyết định"),
    "notice": _("Thông báo kết luận"),
    "report": _("Báo cáo"),
    "telegram": _("Công điện"),
    "other": _("Văn bản khác"),
}
ABOUT = {"project06": _("Đề án 06"), "other": _("Nội dung khác")}
SOURCES = {
    "local": _("Ngân sách địa phương"),
    "central": _("Ngân sách trung ương"),
    "other": _("Nguồn khác"),
}
POSTS = {
    "it_officer": _("Cán bộ công nghệ thông tin"),
    "project06_officer": _("Cán bộ theo dõi Đề án 06"),
    "security_officer": _("Cán bộ an toàn thông tin"),
}
POST_STATES = {"filled": _("Đã bố trí"), "vacant": _("Còn khuyết")}
EQUIPMENT = {
    "computer": _("Máy tính"),
    "scanner": _("Máy quét"),
    "printer": _("Máy in"),
    "card_reader": _("Thiết bị đọc thẻ căn cước"),
    "kiosk": _("Ki-ốt"),
    "camera": _("Máy ảnh"),
    "network": _("Thiết bị mạng"),
    "other": _("Thiết bị khác"),
}
EQUIPMENT_STATES = {
    "working": _("Đang dùng tốt"),
    "broken": _("Hỏng"),
    "stored": _("Chưa dùng"),
    "gone": _("Đã thanh lý"),
}
MODELS = {"model": _("Mô hình điểm"), "practice": _("Cách làm hay")}


@dataclass(frozen=True)
class Field:
    """A field of an entry. `past`: a day that cannot lie ahead; `listed`: a column of the list.

    `book`: the table of the entry that this one belongs to; `within`: the other unit lies in the own one.
    """

    name: str
    label: Any
    kind: FieldKind = "text"
    choices: Mapping[str, Any] = field(default_factory=dict)
    hint: Any = ""
    required: bool = True
    past: bool = False
    listed: bool = True
    book: str = ""
    within: bool = False


def _nothing(values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    del values, place
    return {}


def _of_directive(values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """What is told by the number and the issuer."""
    return {"number_key": normalised(values["number"]), "level": place.level}


@dataclass(frozen=True)
class Book:
    """`slug`: in addresses; `derive`: columns that follow from the others; `refused`: constraint → why and what to do.

    `day`: the column by which entries are ordered and fall into a year, unless they have a field `year`; `name`: the
    field that names an entry, and whether lists show it first; `tasks`: whether tasks can come from one; `taken`:
    column → that of the entry it belongs to, whose unit is its own too; `unit`: what the recording unit is called
    where an entry names a second one.
    """

    slug: str
    table: str
    title: Any
    one: Any
    icon: str
    day: str
    fields: tuple[Field, ...]
    derive: Callable[[Mapping[str, Any], Place], dict[str, Any]] = _nothing
    refused: Mapping[str, Any] = field(default_factory=dict)
    name: str = "number"
    listed_by_name: bool = False
    tasks: bool = False
    taken: Mapping[str, str] = field(default_factory=dict)
    unit: Any = ""

    @property
    def part_of(self) -> Field | None:
        """The field that names the entry it belongs to."""
        return next((f for f in self.fields if f.kind == "entry"), None)

    @property
    def parts(self) -> tuple[Book, ...]:
        """The books whose entries belong to entries of this one."""
        return tuple(b for b in BOOKS.values() if b.part_of and b.part_of.book == self.table)

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them: filled in, and what follows from these and is read."""
        day = tuple(f"{f.name.removesuffix('code')}on" for f in self.fields if f.kind == "unit")
        return (*self.names, *day, *self.taken)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that a person fills in."""
        return tuple(f.name for f in self.fields)

    @property
    def by_year(self) -> str:
        """SQL of the year of an entry."""
        return "year" if "year" in self.names else f"extract(year FROM {self.day})::int"


_DAY_HINT = _("Ngày/tháng/năm, ví dụ 15/03/2024")
_YEAR = Field("year", _("Năm"), "year", hint=_("Ví dụ 2024"))
_DECISION = _("Số quyết định")
_SHORT = _("Ghi rõ nội dung, ít nhất năm ký tự.")

BOOKS: dict[str, Book] = {
    book.slug: book
    for book in (
        Book(
            "van-ban", "directive", _("Văn bản chỉ đạo"), _("văn bản"), "file-text", "issued_on",
            (
                Field("number", _("Số, ký hiệu"), hint=_("Ví dụ 1234/UBND-NC")),
                Field("issued_on", _("Ngày ban hành"), "day", hint=_DAY_HINT, past=True),
                Field("body", _("Cơ quan ban hành"), "choice", BODIES),
                Field("kind", _("Loại văn bản"), "choice", KINDS_OF_DIRECTIVE),
                Field("subject", _("Trích yếu"), "long", hint=_("Nội dung chính, ít nhất năm ký tự")),
                Field("about", _("Thuộc"), "choice", ABOUT, listed=False),
            ),
            _of_directive,
            listed_by_name=True, tasks=True,
            refused={
                "directive_once": _("Văn bản này đã có trong sổ (cùng số, cơ quan, năm). Tìm rồi sửa dòng đã ghi."),
                "directive_number_key_check": _("Ghi số của văn bản, ví dụ 1234/UBND-NC."),
                "directive_subject_check": _("Ghi trích yếu, ít nhất năm ký tự."),
            },
        ),
        Book(
            "ke-hoach", "plan", _("Kế hoạch năm"), _("kế hoạch"), "calendar", "issued_on",
            (
                _YEAR,
                Field("number", _("Số, ký hiệu"), hint=_("Ví dụ 12/KH-UBND")),
                Field("issued_on", _("Ngày ban hành"), "day", hint=_DAY_HINT, past=True),
                Field("title", _("Tên kế hoạch"), "long"),
            ),
            refused={"plan_once": _("Đơn vị đã có kế hoạch của năm này. Mở dòng đã ghi rồi sửa.")},
            tasks=True,
        ),
        Book(
            "kinh-phi", "budget", _("Kinh phí được bố trí"), _("khoản bố trí"), "building", "decided_on",
            (
                _YEAR,
                Field("amount", _("Số tiền (đồng)"), "money", hint=_("Ví dụ 1.500.000.000")),
                Field("source", _("Nguồn"), "choice", SOURCES),
                Field("decision", _DECISION, hint=_("Ví dụ 345/QĐ-UBND")),
                Field("decided_on", _("Ngày quyết định"), "day", hint=_DAY_HINT, past=True),
            ),
        ),
        Book(
            "chi", "spending", _("Kinh phí đã chi"), _("khoản chi"), "archive", "spent_on",
            (
                _YEAR,
                Field("amount", _("Số tiền (đồng)"), "money", hint=_("Ví dụ 25.000.000")),
                Field("spent_on", _("Ngày chi"), "day", hint=_DAY_HINT, past=True),
                Field("what", _("Nội dung chi"), "long"),
            ),
        ),
        Book(
            "nhan-su", "post", _("Vị trí cán bộ"), _("vị trí"), "user-check", "valid_from",
            (
                Field("kind", _("Vị trí"), "choice", POSTS),
                Field("full_time", _("Chuyên trách"), "yes", required=False, hint=_("Không kiêm nhiệm việc khác")),
                Field("seat", _("Số thứ tự vị trí"), hint=_("Ví dụ 1; hai người thì ghi 1 và 2 ở hai dòng")),
                Field("state", _("Tình trạng"), "choice", POST_STATES),
                Field("valid_from", _("Từ ngày"), "day", hint=_DAY_HINT),
                Field("valid_to", _("Đến hết ngày"), "day", hint=_("Để trống khi chưa biết"), required=False),
                Field("decision", _DECISION, required=False, listed=False, hint=_("Không ghi tên người")),
            ),
            refused={
                "post_one_state":
                    _("Vị trí này đã có dòng khác trong thời gian đó. Ghi ngày kết thúc của dòng cũ trước."),
                "post_check": _("Ngày kết thúc không được trước ngày bắt đầu."),
            },
        ),
        Book(
            "thiet-bi", "equipment", _("Thiết bị"), _("thiết bị"), "device-mobile", "since",
            (
                Field("kind", _("Loại thiết bị"), "choice", EQUIPMENT),
                Field("pieces", _("Số lượng"), "count", hint=_("Ví dụ 2")),
                Field("state", _("Tình trạng"), "choice", EQUIPMENT_STATES),
                Field("since", _("Từ ngày"), "day", hint=_DAY_HINT, past=True),
                Field("note", _("Ghi chú"), required=False, listed=False),
            ),
        ),
        Book(
            "kiem-tra", "inspection", _("Kiểm tra đơn vị"), _("cuộc kiểm tra"), "checklist", "held_on",
            (
                Field("other_code", _("Đơn vị được kiểm tra"), "unit", within=True),
                Field("number", _("Kế hoạch, quyết định số"), hint=_("Ví dụ 45/KH-TCT")),
                Field("held_on", _("Ngày kiểm tra"), "day", hint=_("Có thể ghi trước ngày sẽ kiểm tra")),
                Field("team", _("Đoàn kiểm tra"), hint=_("Cơ quan, không ghi tên người; ví dụ Công an tỉnh, Sở TT&TT")),
                Field("subject", _("Nội dung kiểm tra"), "long", listed=False),
                Field("result", _("Kết luận chung"), "long", required=False, listed=False),
            ),
            refused={
                "inspection_once": _("Cuộc kiểm tra này đã có trong sổ. Mở dòng đã ghi rồi sửa."),
                "inspection_subject_check": _SHORT,
            },
            listed_by_name=True, unit=_("Đơn vị kiểm tra"),
        ),
        Book(
            "ket-qua-kiem-tra", "finding", _("Tồn tại qua kiểm tra"), _("tồn tại qua kiểm tra"), "alert-triangle",
            "found_on",
            (
                Field("inspection_no", _("Cuộc kiểm tra"), "entry", book="inspection"),
                Field("what", _("Tồn tại"), "long", hint=_("Ghi xong thì giao nhiệm vụ khắc phục ở trang sau")),
                Field("indicator", _("Chỉ tiêu liên quan"), "indicator", required=False, listed=False),
            ),
            refused={"finding_what_check": _SHORT},
            name="what", listed_by_name=True, tasks=True,
            taken={"other_code": "other_code", "other_on": "other_on", "found_on": "held_on"},
            unit=_("Đơn vị kiểm tra"),
        ),
        Book(
            "cao-diem", "campaign", _("Đợt cao điểm"), _("đợt cao điểm"), "flag", "first_day",
            (
                Field("name", _("Tên đợt"), hint=_("Ví dụ: 30 ngày đêm kích hoạt định danh điện tử")),
                Field("first_day", _("Từ ngày"), "day", hint=_DAY_HINT),
                Field("last_day", _("Đến hết ngày"), "day", hint=_DAY_HINT),
                Field("aim", _("Mục đích, yêu cầu"), "long", listed=False),
                Field("indicator", _("Chỉ tiêu cần nâng"), "indicator"),
                Field("units", _("Đơn vị tham gia"), "units", listed=False),
            ),
            refused={
                "campaign_days": _("Ngày kết thúc không được trước ngày bắt đầu."),
                "campaign_name_check": _SHORT,
            },
            name="name", listed_by_name=True,
        ),
        Book(
            "tiep-can", "reach", _("Người được tiếp cận"), _("lượt tuyên truyền"), "users", "held_on",
            (
                Field("campaign_no", _("Đợt cao điểm"), "entry", book="campaign"),
                Field("held_on", _("Ngày"), "day", hint=_("Trong thời gian của đợt"), past=True),
                Field("what", _("Hình thức"), hint=_("Ví dụ: họp thôn, phát thanh, đến từng nhà")),
                Field("people", _("Số người"), "count", hint=_("Số người được tiếp cận, ví dụ 120")),
            ),
            name="what",
        ),
        Book(
            "mo-hinh", "model", _("Mô hình điểm, cách làm hay"), _("mô hình"), "trophy", "since",
            (
                Field("name", _("Tên mô hình, cách làm")),
                Field("kind", _("Loại"), "choice", MODELS),
                Field("since", _("Từ ngày"), "day", hint=_DAY_HINT, past=True),
                Field("what", _("Cách làm"), "long", listed=False, hint=_("Đủ để đơn vị khác làm theo")),
                Field("result", _("Kết quả"), "long", required=False, listed=False),
            ),
            refused={
                "model_once": _("Đơn vị đã có mô hình mang tên này. Mở dòng đã ghi rồi sửa."),
                "model_name_check": _SHORT,
            },
            name="name", listed_by_name=True,
        ),
        Book(
            "nhan-rong", "copy", _("Nhân rộng mô hình"), _("đơn vị làm theo"), "copy", "since",
            (
                Field("model_no", _("Mô hình"), "entry", book="model"),
                Field("since", _("Từ ngày"), "day", hint=_DAY_HINT, past=True),
                Field("note", _("Ghi chú"), required=False, hint=_("Làm khác nơi đầu ở điểm nào")),
            ),
            refused={"copy_once": _("Đơn vị đã ghi làm theo mô hình này.")},
            name="note",
        ),
        Book(
            "giup-do", "pairing", _("Đơn vị giúp đơn vị"), _("cặp đơn vị"), "arrows-join", "valid_from",
            (
                Field("other_code", _("Đơn vị được giúp"), "unit"),
                Field("what", _("Giúp việc gì"), "long"),
                Field("indicator", _("Chỉ tiêu cần nâng"), "indicator", required=False),
                Field("valid_from", _("Từ ngày"), "day", hint=_DAY_HINT),
                Field("valid_to", _("Đến hết ngày"), "day", hint=_("Để trống khi chưa biết"), required=False),
                Field("result", _("Kết quả"), "long", required=False, listed=False),
            ),
            refused={
                "pairing_of_two": _("Đơn vị giúp phải khác đơn vị được giúp."),
                "pairing_days": _("Ngày kết thúc không được trước ngày bắt đầu."),
                "pairing_once": _("Hai đơn vị này đã có dòng khác cùng chỉ tiêu trong thời gian đó. Mở dòng đã ghi."),
                "pairing_what_check": _SHORT,
            },
            name="what", unit=_("Đơn vị giúp"),
        ),
    )
}  # fmt: skip
BY_TABLE = {book.table: book for book in BOOKS.values()}
