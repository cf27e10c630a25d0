"""Vehicle plate (biển số xe): province, series, number; standard form `98A-12345`, `98B1-12345`.

Specification. Two digits of the province, a series, a dash, five digits (four before 2010):
- car: one letter of twenty (A B C D E F G H K L M N P S T U V X Y Z; R for trailers);
- motorcycle: a letter and a digit (B1), or two letters since Circular 24/2023 (AA);
- electric motorcycle: MĐ and a digit;
- special series of cars: LD DA KT CD HC MK RM TĐ (LD: companies with foreign capital);
- foreign missions: province, three digits of the country, NG QT CV or NN, two or three digits.
People write it `98A-123.45`, `98-B1 123.45`, `98-AA 123.45`.
Source. Circulars 15/2014, 58/2020, 24/2023 and 79/2024/TT-BCA. Province codes: `reference/data/ids`
(before July 2025; a merged province keeps issuing all of its codes).
Choices. The letters O and I are in no series, so they are read as 0 and 1. Eight characters
without any separator (98B11234) are read as a car of five digits; a motorcycle of four digits needs
its blank or dash (98B1-1234), which is why the standard form keeps one. A pair such as DA that is
both a car's special series and a motorcycle's is called special.

>>> validate("98a 123.45"), format("98B1 12345"), format("98MD1-01353")
('98A-12345', '98-B1 123.45', '98-MĐ1 013.53')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dancu.formats._text import is_stand_in, tidy
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.reference import ids

NAME = "plate"
_LETTER = "[ABCDEFGHKLMNPSTUVXYZ]"
_SPECIAL = "LD|DA|KT|CD|HC|MK|RM|TĐ"
_FIVE = r"(?:[0-9]{3} ?[0-9]{2}|[0-9]{2} [0-9]{3})"
# The order decides: what only one kind can be comes first.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("electric_motorcycle", rf"([0-9]{{2}}) ?(M[DĐ][0-9]) ?({_FIVE})"),
        ("motorcycle", rf"([0-9]{{2}}) ?({_LETTER}[0-9]) ?({_FIVE})"),
        ("motorcycle", rf"([0-9]{{2}}) ?({_LETTER} [0-9]) ({_FIVE})"),
        ("motorcycle", rf"([0-9]{{2}}) ?({_LETTER}[0-9]) ([0-9]{{4}})"),
        ("car", rf"([0-9]{{2}}) ?((?:{_LETTER}|R)) ?({_FIVE}|[0-9]{{4}})"),
        ("car_special", rf"([0-9]{{2}}) ?({_SPECIAL}) ?({_FIVE}|[0-9]{{4}})"),
        ("motorcycle", rf"([0-9]{{2}}) ?({_LETTER}{{2}}) ?({_FIVE})"),
        ("foreign", r"([0-9]{2}) ?([0-9]{3} ?(?:NG|QT|CV|NN)) ?([0-9]{2,3})"),
    )
)
_MILITARY = re.compile(r"[A-Z]{2}[0-9]{4}")
_SHAPE = re.compile(r"[0-9]{2}([A-ZĐ]{1,2})[0-9]?[0-9]{4,5}")
_BREAKS = re.compile(r"[\s.,\-_/'`\"]+")
_READ = str.maketrans({"O": "0", "I": "1"})
REASONS: dict[str, Reason] = common("biển số xe", "plate", "empty", "placeholder") | {
    "province_unknown": Reason(
        "Hai chữ số đầu của biển số không phải ký hiệu địa phương.",
        "the first two digits of the plate are no province",
        "Xem lại giấy đăng ký xe (Bắc Giang 98, Bắc Ninh 99).",
    ),
    "series_unknown": Reason(
        "Sê-ri biển số có chữ cái không dùng (chỉ dùng A B C D E F G H K L M N P S T U V X Y Z).",
        "the series of the plate uses letters that no series has",
        "Xem lại chữ cái trên giấy đăng ký xe.",
    ),
    "military": Reason(
        "Đây là biển số quân đội, không thuộc đăng ký xe dân sự.",
        "this is a military plate, not a civil one",
        "Bỏ khỏi danh sách xe dân sự.",
    ),
    "shape": Reason(
        "Không phải dạng biển số xe (ví dụ 98A-123.45, 98-B1 123.45).",
        "this is not the shape of a plate (98A-123.45, 98-B1 123.45)",
        "Kiểm tra thừa, thiếu ký tự hoặc số khung, số máy ghi nhầm cột.",
    ),
}


@dataclass(frozen=True)
class Plate:
    """The parts of a plate; `province` is the code, `province_name` that of before July 2025."""

    kind: str
    province: str
    province_name: str
    series: str
    number: str


def compact(text: str) -> str:
    """`98B1-12345` where the text can be read as a plate, else capitals; never raises."""
    plain = tidy(tidy(text).upper()).translate(_READ)
    spaced = _BREAKS.sub(" ", plain).strip()
    found = _match(spaced)
    return f"{found[1]}{found[2]}-{found[3]}" if found else spaced.replace(" ", "-")


def validate(text: str) -> str:
    """The standard form, or FormatError."""
    plate = compact(text)
    if not plate:
        raise refusal(NAME, REASONS, "empty")
    if is_stand_in(plate):
        raise refusal(NAME, REASONS, "placeholder")
    found = _match(_BREAKS.sub(" ", plate))
    if found is None:
        raise refusal(NAME, REASONS, _why_not(plate))
    if found[1] not in ids.plate_provinces():
        raise refusal(NAME, REASONS, "province_unknown")
    if not found[3].strip("0"):
        raise refusal(NAME, REASONS, "placeholder")
    return plate


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """As painted: `98A-123.45` for cars, `98-B1 123.45` for motorcycles."""
    plate = compact(text)
    found = _match(_BREAKS.sub(" ", plate))
    if found is None:
        return plate
    kind, province, series, number = found
    dotted = f"{number[:3]}.{number[3:]}" if len(number) == 5 else number
    if kind == "foreign":
        return f"{province}-{series[:3]}-{series[3:]}-{number}"
    if "motorcycle" in kind:
        return f"{province}-{series} {dotted}"
    return f"{province}{series}-{dotted}"


def parse(text: str) -> Plate:
    """The parts of a lawful plate, or FormatError."""
    found = _match(_BREAKS.sub(" ", validate(text)))
    if found is None:
        raise refusal(NAME, REASONS, "shape")
    kind, province, series, number = found
    return Plate(kind, province, ids.plate_provinces()[province], series, number)


def _match(spaced: str) -> tuple[str, str, str, str] | None:
    """Kind, province, series, number without blanks; None when it is no plate."""
    for kind, pattern in _KINDS:
        if found := pattern.fullmatch(spaced):
            province, series, number = (part.replace(" ", "") for part in found.groups())
            electric = kind == "electric_motorcycle"
            return kind, province, series.replace("D", "Đ") if electric else series, number
    return None


def _why_not(plate: str) -> str:
    bare = plate.replace("-", "")
    if _MILITARY.fullmatch(bare):
        return "military"
    letters = _SHAPE.fullmatch(bare)
    return "series_unknown" if letters and not re.fullmatch(_LETTER, letters[1]) else "shape"


ALREADY: str = (
    rf"(?:{'|'.join(ids.plate_provinces())})"
    rf"(?:MĐ[0-9]|{_LETTER}[0-9]?|{_LETTER}{{2}})-(?:[1-9][0-9]{{4}}|0[1-9][0-9]{{3}})"
)
