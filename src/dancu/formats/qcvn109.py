"""Messages about persons of the national population database: QCVN 109:2017/BTTTT, XML or JSON.

Specification. Elements `CongDan` (one or many, in `CongdanCollection`, perhaps in a SOAP envelope
or under any other wrapper) hold `SoDinhDanh SoCMND HoVaTen GioiTinh DanToc TonGiao NhomMau
TinhTrangHonNhan NgayThangNamSinh NoiDangKyKhaiSinh QuocTich QueQuan ThuongTru NoiOHienTai Cha Me
VoChong NguoiDaiDien ChuHo SoSoHoKhau`. Two shapes are in use: nested (`HoVaTen` = `Ho`, `ChuDem`,
`Ten`, the whole name often in `Ten`; `NgayThangNamSinh` = `NgayThangNam` yyyymmdd or only `Nam`;
places = codes and `ChiTiet`) and flat (`HoVaTen`, `NgayThangNamSinh` and places as plain text). XML
carries namespaces such as `http://www.mic.gov.vn/dancu/1.0`; prefixes differ and are ignored.
Source. QCVN 109:2017/BTTTT; shapes as seen in public code of systems that read the database.
What it gives. `read` flattens a person to raw texts: `Cha.SoDinhDanh`, `ThuongTru.MaPhuongXa`. For
the nested shape it adds what the flat one has: `HoVaTen` (the parts joined), `NgayThangNamSinh`,
`ThuongTru` (= `ChiTiet`). Values are not judged here; numbers in JSON stay as they were typed.
Standard form: that flat object as JSON, or a list of them.
Safety. XML entities and DTDs are refused (defusedxml); so is nesting deeper than 40.

>>> validate('{"data": {"CongDan": {"SoDinhDanh": "024299000001", "HoVaTen": {"Ten": "A"}}}}')
'{"SoDinhDanh": "024299000001", "HoVaTen": "A", "HoVaTen.Ten": "A"}'
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Union
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dancu.formats._text import NEVER
from dancu.formats._verbs import passes
from dancu.formats.errors import FormatError, Reason, common, refusal

NAME = "qcvn109"
ALREADY = NEVER
_DEEPEST = 40
_PERSON_HAS = frozenset({"SoDinhDanh", "SoCMND", "SoCCCD", "HoVaTen"})
_WHOLE = {
    "HoVaTen": ("Ho", "ChuDem", "Ten"),
    "NgayThangNamSinh": ("NgayThangNam", "Nam"),
    "NoiDangKyKhaiSinh": ("ChiTiet",),
    "QueQuan": ("ChiTiet",),
    "ThuongTru": ("ChiTiet",),
    "NoiOHienTai": ("ChiTiet",),
}
REASONS: dict[str, Reason] = common("bản tin công dân", "person message", "empty") | {
    "not_message": Reason(
        "Không đọc được bản tin: không phải XML hay JSON đúng cú pháp.",
        "the message is neither well-formed XML nor JSON",
        "Tải lại tệp từ hệ thống gửi; tệp có thể bị cắt hoặc mở rồi lưu bằng phần mềm khác.",
    ),
    "forbidden_xml": Reason(
        "Bản tin XML có khai báo thực thể (DTD, ENTITY), không được phép.",
        "the XML declares entities or a DTD, which is forbidden",
        "Báo đơn vị gửi; không mở tệp này bằng phần mềm khác.",
    ),
    "too_deep": Reason(
        "Bản tin lồng quá nhiều tầng.",
        "the message is nested too deeply",
        "Báo đơn vị gửi kiểm tra lại phần mềm xuất dữ liệu.",
    ),
    "no_person": Reason(
        "Bản tin không có công dân nào.",
        "the message holds no person",
        "Kiểm tra kết quả trả về: có thể tra cứu không thấy người hoặc phiên đã hết hạn.",
    ),
}
Tree = Union[str, list["Tree"], dict[str, "Tree"]]  # noqa: UP007 - recursive, so quoted


def compact(text: str) -> str:
    """The standard form where the text is a message, else the text without outer blanks."""
    try:
        return _written(read(text))
    except FormatError:
        return text.strip("\ufeff \t\r\n")


def validate(text: str) -> str:
    """The standard form, or FormatError."""
    return _written(read(text))


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """The standard form on several lines, for reading."""
    plain = compact(text)
    return json.dumps(json.loads(plain), ensure_ascii=False, indent=2) if is_valid(plain) else plain


def parse(text: str) -> list[dict[str, str]]:
    """The persons of a message as flat raw texts, or FormatError."""
    return read(text)


def read(message: str | bytes) -> list[dict[str, str]]:
    """The persons of a message given as text or as the bytes of a file, or FormatError."""
    if not message.strip():
        raise refusal(NAME, REASONS, "empty")
    people = [dict(_flat(person)) for person in _people(_tree(message))]
    if not people:
        raise refusal(NAME, REASONS, "no_person")
    return people


def _written(people: list[dict[str, str]]) -> str:
    return json.dumps(people[0] if len(people) == 1 else people, ensure_ascii=False)


def _tree(message: str | bytes) -> Tree:
    try:
        return _xml(message) if _looks_like_xml(message) else _json(message)
    except DefusedXmlException as error:
        raise refusal(NAME, REASONS, "forbidden_xml") from error
    except RecursionError as error:
        raise refusal(NAME, REASONS, "too_deep") from error
    except (ParseError, ValueError, LookupError) as error:
        # LookupError: the XML declares an encoding that does not exist.
        if isinstance(error, FormatError):
            raise
        raise refusal(NAME, REASONS, "not_message") from error


def _looks_like_xml(message: str | bytes) -> bool:
    head = message[:64].decode("latin-1") if isinstance(message, bytes) else message[:64]
    return head.lstrip("\ufeffï»¿ÿþ\x00 \t\r\n").startswith("<")


def _json(message: str | bytes) -> Tree:
    # Numbers stay text: a personal number without quotes must not lose how it was typed.
    text = message.removeprefix("\ufeff") if isinstance(message, str) else message
    return _texts(json.loads(text, parse_int=str, parse_float=str), 0)


def _texts(value: object, depth: int) -> Tree:
    _check_depth(depth)
    if isinstance(value, dict):
        return {str(name): _texts(child, depth + 1) for name, child in value.items()}
    if isinstance(value, list):
        return [_texts(child, depth + 1) for child in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _xml(message: str | bytes) -> Tree:
    text = message.lstrip("\ufeff \t\r\n") if isinstance(message, str) else message
    root: Element = fromstring(text, forbid_dtd=True)
    return {_local(root): _element(root, 0)}


def _element(element: Element, depth: int) -> Tree:
    _check_depth(depth)
    if len(element) == 0:
        return (element.text or "").strip()
    children: dict[str, Tree] = {}
    for child in element:
        _add(children, _local(child), _element(child, depth + 1))
    return children


def _add(children: dict[str, Tree], name: str, value: Tree) -> None:
    """Set a child; a repeated one makes a list."""
    if name not in children:
        children[name] = value
        return
    before = children[name]
    children[name] = [*before, value] if isinstance(before, list) else [before, value]


def _local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _check_depth(depth: int) -> None:
    if depth > _DEEPEST:
        raise refusal(NAME, REASONS, "too_deep")


def _people(tree: Tree) -> Iterator[dict[str, Tree]]:
    """The outermost persons: father and mother inside a person are no persons of the message."""
    if isinstance(tree, dict) and _PERSON_HAS.intersection(tree):
        yield tree
    elif not isinstance(tree, str):
        for child in tree.values() if isinstance(tree, dict) else tree:
            yield from _people(child)


def _flat(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree
        return
    if isinstance(tree, list):
        named: dict[str, Tree] = {str(i): child for i, child in enumerate(tree, start=1)}
    else:
        named = tree
        whole = _whole(path.rsplit(".", 1)[-1], tree)
        if whole is not None:
            yield path, whole
    for name, child in named.items():
        yield from _flat(child, f"{path}.{name}" if path else name)


def _whole(name: str, parts: dict[str, Tree]) -> str | None:
    """What the flat shape would say for a nested field: joined name, first date, place."""
    if name not in _WHOLE:
        return None
    texts = [part for key in _WHOLE[name] if isinstance(part := parts.get(key, ""), str) and part]
    return " ".join(texts) if name == "HoVaTen" else next(iter(texts), "")
