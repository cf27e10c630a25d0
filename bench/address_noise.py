"""Made addresses with a known commune: every kind of noise over every era and province, by seed.

Not the shipped test sets: a new seed is a set that nobody has tuned to.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from dancu.lib.text import strip_marks
from dancu.reference import units

Path = list[units.Unit]
_HEADS = (
    "", "Thôn Tân Lập", "Tổ 5", "Số 12 đường Lê Lợi", "Xóm Mới", "KDC Hưng Thịnh", "Ấp 3", "Khu 7",
    "Tân Lập", "TDP Minh Khai", "12/5 ngõ 3", "Bản Hua", "Thôn Trung", "SN 4B phố Thắng",
)  # fmt: skip
_SHORT = {
    "Xã": "X.", "Phường": "P.", "Thị trấn": "TT ", "Huyện": "H.", "Quận": "Q.", "Thị xã": "TX.",
    "Thị Xã": "TX ", "Thành phố": "TP.", "Tỉnh": "T.", "Đặc khu": "ĐK ",
}  # fmt: skip
_SCANNED = str.maketrans("ươộệạấĩđăềủờ", "uoôêaâidaêuò")


class Made(NamedTuple):
    kind: str
    era: str
    text: str
    code: str


def _name(unit: units.Unit) -> str:
    return unit.full_name if unit.name.isdigit() else unit.name


def _full(path: Path, joint: str = ", ") -> str:
    return joint.join(u.full_name for u in path)


def _typo(text: str, rng: random.Random) -> str:
    """One letter lost, doubled, swapped with the next or wrong."""
    spots = [i for i, c in enumerate(text[:-1]) if c.isalpha()]
    if len(spots) < 5:
        return text
    i = rng.choice(spots)
    made = (
        text[:i] + text[i + 1 :],
        text[:i] + text[i] + text[i:],
        text[:i] + text[i + 1] + text[i] + text[i + 2 :],
        text[:i] + rng.choice("abcdeghiklmnoprstuvxy") + text[i + 1 :],
    )
    return rng.choice(made)


def _scan(text: str, rng: random.Random) -> str:
    return "".join(c.translate(_SCANNED) if rng.random() < 0.3 else c for c in text)


def _half_marked(text: str, rng: random.Random) -> str:
    return " ".join(strip_marks(w) if rng.random() < 0.4 else w for w in text.split(" "))


KINDS: dict[str, Callable[[Path, random.Random], str]] = {
    "full": lambda p, _: _full(p),
    "short": lambda p, _: ", ".join(_name(u) for u in p),
    "abbr": lambda p, _: ", ".join(_SHORT[u.type] + u.name for u in p),
    "glued words": lambda p, _: _full(p).replace(" ", ""),
    "all glued": lambda p, _: _full(p, "").replace(" ", ""),
    "glued type": lambda p, _: ",".join(u.type + u.name for u in p),
    "glued, no marks": lambda p, _: strip_marks(_full(p)).replace(" ", "").lower(),
    "no marks": lambda p, _: strip_marks(_full(p)),
    "short, no marks, no comma": lambda p, _: strip_marks(" ".join(_name(u) for u in p)),
    "half the marks": lambda p, rng: _half_marked(_full(p), rng),
    "scanned": lambda p, rng: _scan(_full(p), rng),
    "typo in commune": lambda p, rng: ", ".join([_typo(p[0].full_name, rng), _full(p[1:])]),
    "typo in short commune": lambda p, rng: ", ".join(
        [_typo(_name(p[0]), rng), *(_name(u) for u in p[1:])]
    ),
    "typos above": lambda p, rng: ", ".join(
        [p[0].full_name, *(_typo(u.full_name, rng) for u in p[1:])]
    ),
    "other order": lambda p, _: _full(p[::-1]),
    "no district": lambda p, _: _full([p[0], p[-1]]),
    "no province": lambda p, _: _full(p[:-1] if len(p) > 2 else p),
    "dash": lambda p, _: " - ".join(_name(u) for u in p),
    "no comma": lambda p, _: _full(p, " "),
    "(cũ)": lambda p, _: ", ".join(f"{u.full_name} (cũ)" for u in p),
    "Việt Nam": lambda p, _: _full(p) + ", Việt Nam",
    "decomposed": lambda p, _: unicodedata.normalize("NFD", _full(p)),
    "capitals": lambda p, _: _full(p).upper(),
    "small letters": lambda p, _: _full(p).lower(),
}
_WITHOUT_HEAD = {"other order", "all glued", "short, no marks, no comma"}


def made(*, seed: int, each: int) -> list[Made]:
    """`each` addresses of every kind and state of the units, distinct texts."""
    rng = random.Random(seed)
    found: dict[str, Made] = {}
    for day in units.days_of_change():
        tree = units.on(day)
        for kind, write in KINDS.items():
            for unit in rng.sample(tree.communes, each):
                text = write(list(tree.path(unit.code))[::-1], rng)
                head = "" if kind in _WITHOUT_HEAD else rng.choice(_HEADS)
                text = f"{head}, {text}" if head else text
                found.setdefault(text, Made(kind, day.isoformat(), text, unit.code))
    return list(found.values())
