"""Code lists of a person: sex, marital and life status, blood group, relation, religion, ethnic.

Sources: `codes/person_codes.csv` (public source code of two systems that talk to the population
database), `codes/religions.csv` (QCVN 109:2017 annex G), `codes/ethnic_groups.csv` (Decisions
121-TCTK/PPCD of 1979 and 1019/QD-TCTK of 2008). `codes/own_codes.csv` holds what those lists
lack and our registers need: the head of household (`CH`), no religion (`00`), nationalities
(ISO 3166-1 alpha-3). Spellings seen in lists are in `codes/synonyms.csv`.

>>> relation_to_head.from_text("Chủ hộ"), relation_to_head.from_text("Ba"), sex.label("2")
('CH', '3', 'Nữ')
>>> ethnic.code("06", scheme="2008"), ethnic.code("Cao Lan")
('04', '15')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dancu.lib.text import fold, nfc
from dancu.reference.errors import UnknownCodeError
from dancu.reference.loader import rows

HEAD_OF_HOUSEHOLD = "CH"
Scheme = Literal["1979", "2008"]


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a list with its names in both languages."""

    code: str
    name_vi: str
    name_en: str


def _marked(text: str) -> str:
    return " ".join(nfc(text).lower().split())


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Spelling -> code, without the spellings that two codes share."""
    found: dict[str, set[str]] = {}
    for text, code in pairs:
        found.setdefault(text, set()).add(code)
    return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1}


@dataclass(frozen=True)
class CodeList:
    """A closed list. Spellings are tried in order: code, marked name, marked synonym, then both
    without marks; a spelling shared by two codes answers nothing at its step."""

    name: str
    codes: tuple[Code, ...]
    synonyms: tuple[tuple[str, str], ...] = ()
    prefixes: tuple[str, ...] = ()
    _by_code: Mapping[str, Code] = field(init=False, repr=False, compare=False)
    _steps: tuple[Mapping[str, str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [(c.name_vi, c.code) for c in self.codes]
        both = [*names, *self.synonyms, *((c.name_en, c.code) for c in self.codes)]
        steps = (
            _unique((_marked(t), c) for t, c in names),
            _unique((_marked(t), c) for t, c in both),
            _unique((fold(t), c) for t, c in names),
            _unique((fold(t), c) for t, c in both),
        )
        object.__setattr__(self, "_by_code", {c.code: c for c in self.codes})
        object.__setattr__(self, "_steps", steps)

    def validate(self, code: str) -> str:
        """The code itself; raises UnknownCodeError when it is not in the list."""
        if code not in self._by_code:
            raise UnknownCodeError(
                f"Giá trị không có trong danh mục “{self.name}”. Hãy chọn một mã của danh mục. "
                f"(The value is not a code of the list {self.name}.)"
            )
        return code

    def is_valid(self, code: str) -> bool:
        """Whether the code is in the list."""
        return code in self._by_code

    def label(self, code: str, *, lang: Literal["vi", "en"] = "vi") -> str:
        """The official name of a code; raises UnknownCodeError for an unknown one."""
        found = self._by_code[self.validate(code)]
        return found.name_vi if lang == "vi" else found.name_en

    def from_text(self, text: str) -> str | None:
        """The code that a cell means (code, name or known spelling), or None."""
        return self._lookup(text) or next(
            (found for rest in self._without_prefix(text) if (found := self._lookup(rest))), None
        )

    def _lookup(self, text: str) -> str | None:
        bare = text.strip()
        found = self._by_code.get(bare) or self._by_code.get(bare.zfill(self._width()))
        if found is not None:
            return found.code
        marked, folded = _marked(text), fold(text)
        keys = (marked, marked, folded, folded)
        return next((s[k] for s, k in zip(self._steps, keys, strict=True) if k in s), None)

    def _width(self) -> int:
        return min(len(c.code) for c in self.codes) if self.codes[0].code.isdigit() else 0

    def _without_prefix(self, text: str) -> Iterable[str]:
        marked = _marked(text)
        for prefix in self.prefixes:
            if marked.startswith(prefix):
                yield marked.removeprefix(prefix).strip(" :.-")


def _codes(name: str) -> tuple[Code, ...]:
    files = ("codes/person_codes.csv", "codes/own_codes.csv")
    return tuple(
        Code(r["code"], r["name_vi"], r["name_en"])
        for path in files
        for r in rows(path)
        if r["list"] == name
    )


def _synonyms(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((r["text"], r["code"]) for r in rows("codes/synonyms.csv") if r["list"] == name)


def _list(name: str, *more: Code, prefixes: tuple[str, ...] = ()) -> CodeList:
    return CodeList(name, (*more, *_codes(name)), _synonyms(name), prefixes)


class EthnicList(CodeList):
    """The 54 groups, stored under the numbering of 1979; 2008 is read by those who declare it."""

    def code(self, name_or_code: str, *, scheme: Scheme = "1979") -> str | None:
        """The 1979 code of a name, or of a number read in `scheme`; None when not known.

        A number of the 2008 list that our sources do not show (34 small groups) gives None.
        """
        bare = name_or_code.strip()
        if bare.isdigit() and scheme == "2008":
            return _FROM_2008.get(bare.zfill(2))
        return self.from_text(name_or_code)

    def in_scheme(self, code: str, *, scheme: Scheme) -> str | None:
        """A 1979 code written in the asked numbering; None where 2008 is not known."""
        self.validate(code)
        return code if scheme == "1979" else _TO_2008.get(code)


def _ethnic() -> EthnicList:
    groups = rows("codes/ethnic_groups.csv")
    others = [
        (name.strip(), r["code_1979"])
        for r in groups
        for name in r["other_names"].split(",")
        if name.strip()
    ]
    return EthnicList(
        "ethnic",
        tuple(Code(r["code_1979"], r["name"], r["name"]) for r in groups),
        (*others, *_synonyms("ethnic")),
        ("dân tộc", "dan toc", "người", "nguoi", "dt"),
    )


_TO_2008 = {
    r["code_1979"]: r["code_2008"] for r in rows("codes/ethnic_groups.csv") if r["code_2008"]
}
_FROM_2008 = {new: old for old, new in _TO_2008.items()}

sex = _list("sex", prefixes=("giới tính",))
marital_status = _list("marital_status")
life_status = _list("life_status")
blood_group = _list("blood_group", prefixes=("nhóm máu", "nhóm"))
relation_to_head = _list("relation_to_head", prefixes=("là",))
religion = _list(
    "religion",
    *(Code(r["code"], r["name"], "") for r in rows("codes/religions.csv")),
    prefixes=("tôn giáo", "đạo"),
)
nationality = _list("nationality", prefixes=("quốc tịch",))
ethnic = _ethnic()

LISTS: dict[str, CodeList] = {
    found.name: found
    for found in (
        sex,
        marital_status,
        life_status,
        blood_group,
        relation_to_head,
        religion,
        nationality,
        ethnic,
    )
}
