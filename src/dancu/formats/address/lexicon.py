"""The union of all eras, indexed by keys without marks: what a name can mean, and inside what.

Built once from `reference.units`; holds no text of any address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from dancu.formats.address.model import Level
from dancu.formats.address.wording import roman
from dancu.formats.address.words import Splitter
from dancu.lib.text import fold, nfc
from dancu.reference import units
from dancu.reference.loader import rows

Names = dict[str, list["Entry"]]

_ALIASES = {
    "hcm": "hochiminh", "saigon": "hochiminh", "sg": "hochiminh", "hcmc": "hochiminh",
    "hn": "hanoi", "hp": "haiphong", "dng": "danang", "brvt": "bariavungtau",
    "tth": "thuathienhue", "tthue": "thuathienhue", "daclac": "daklak", "dacnong": "daknong",
    "daclak": "daklak", "daklac": "daklak", "darlac": "daklak", "contum": "kontum",
    "congtum": "kontum", "bacan": "backan", "baccan": "backan", "qb": "quangbinh",
    "bariavt": "bariavungtau", "vungtaubaria": "bariavungtau",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit as one or several eras write it; `dkey`/`pkey` are the keys of what it lies in."""

    code: str
    level: Level
    type: str
    key: str
    dkey: str
    dtype: str
    pkey: str
    ptype: str
    words: tuple[str, ...]
    path: str
    former: bool = False
    eras: list[date] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Lexicon:
    """All indexes. A scope is the names of communes inside a province, a district or both."""

    provinces: dict[str, list[Entry]]
    districts: dict[str, list[Entry]]
    in_province: dict[str, Names]
    in_district: dict[tuple[str, str], Names]
    anywhere: Names
    districts_of: dict[str, Names]
    partners: dict[str, tuple[str, ...]]
    aliases: dict[str, tuple[str, ...]]
    hyphened: frozenset[str]
    levels: dict[str, int]
    longest: int
    split: Splitter


@cache
def name_key(name: str) -> str:
    """The key of a name: no marks, no blanks, numbers without leading zeros.

    >>> name_key("Phan Rang-Tháp Chàm"), name_key("07")
    ('phanrangthapcham', '7')
    >>> name_key("VII")
    '7'
    """
    if number := roman(name):
        return str(number)
    return "".join(_syllables(name))


def _syllables(name: str) -> list[str]:
    words = fold(name.replace("’", "").replace("'", "")).split()
    return [str(int(w)) if w.isdigit() else w for w in words]


@cache
def lexicon() -> Lexicon:
    """The lexicon, built at the first address of the process (about a second)."""
    entries = list(_entries())
    communes = [e for e in entries if e.level == "commune"]
    districts = [e for e in entries if e.level == "district"]
    provinces = [e for e in entries if e.level == "province"]
    aliases = _aliases({e.key: e for e in provinces})
    in_province: dict[str, Names] = defaultdict(lambda: defaultdict(list))
    in_district: dict[tuple[str, str], Names] = defaultdict(lambda: defaultdict(list))
    anywhere: Names = defaultdict(list)
    for e in communes:
        in_province[e.pkey][e.key].append(e)
        anywhere[e.key].append(e)
        if e.dkey:
            in_district[e.pkey, e.dkey][e.key].append(e)
    districts_of: dict[str, Names] = defaultdict(lambda: defaultdict(list))
    for e in districts:
        districts_of[e.pkey][e.key].append(e)
    by_key = {level: _by_key(es) for level, es in (("p", provinces), ("d", districts))}
    levels: dict[str, int] = defaultdict(int)
    for e in entries:
        levels[e.key] |= {"province": 1, "district": 2, "commune": 4}[e.level]
    for alias in aliases:
        levels[alias] |= 1
    return Lexicon(
        provinces=by_key["p"],
        districts=by_key["d"],
        in_province={k: dict(v) for k, v in in_province.items()},
        in_district={k: dict(v) for k, v in in_district.items()},
        anywhere=dict(anywhere),
        districts_of={k: dict(v) for k, v in districts_of.items()},
        partners=_partners(),
        aliases=aliases,
        hyphened=frozenset(e.key for e in entries if "-" in e.path.split(",")[0]) | {"brvt"},
        levels=dict(levels),
        longest=max(len(e.words) for e in entries),
        split=_splitter(entries, aliases),
    )


def _by_key(entries: Iterable[Entry]) -> Names:
    found: Names = defaultdict(list)
    for entry in entries:
        found[entry.key].append(entry)
    return dict(found)


def _splitter(entries: Iterable[Entry], aliases: Iterable[str]) -> Splitter:
    folded = {w for e in entries if not e.former for word in e.words for w in _syllables(word)}
    short = frozenset(a for a in aliases if len(a) <= 3 or a in _ALIASES)
    return Splitter(frozenset(folded), short)


def _entries() -> Iterable[Entry]:
    """One entry for each way of writing a unit; eras that write it alike share the entry."""
    found: dict[tuple[str, ...], Entry] = {}
    for first in units.days_of_change():
        tree = units.on(first)
        for unit in tree.by_code.values():
            path = tuple(u.full_name for u in reversed(tree.path(unit.code)))
            sign = (unit.code, *path)
            if sign not in found:
                found[sign] = _entry(unit, tree, ", ".join(path))
            found[sign].eras.append(first)
    return [*found.values(), *_former()]


def _entry(unit: units.Unit, tree: units.UnitTree, path: str) -> Entry:
    district = tree.find(unit.district_code) if unit.level == "commune" else None
    province = tree.get(unit.province_code)
    return Entry(
        code=unit.code,
        level=unit.level,
        type=unit.type.lower(),
        key=name_key(unit.name),
        dkey=name_key(district.name) if district else "",
        dtype=district.type.lower() if district else "",
        pkey=name_key(province.name),
        ptype=province.type.lower(),
        words=tuple(nfc(unit.name).lower().replace("-", " ").split()),
        path=path,
    )


def _former() -> Iterable[Entry]:
    """Names of Bắc Giang that ended in 2019/20; those of 2025 stand in the list of 2024."""
    first = units.days_of_change()[1]
    now, before = units.on(first), units.on(units.FIRST_DAY)
    for name in units.former_names():
        kinds = (t for t in _FORMER_TYPES if name.key.startswith(t))
        bare = name.key.removeprefix(next(kinds, ""))
        if name.reform_year > 2019 or len(bare) < 3:
            continue
        heir = now.get(name.code_2025h1)
        homes = {heir.district_code} | {u.district_code for u in heir.as_of(units.FIRST_DAY)}
        for code in sorted(homes):
            district = now.find(code) or before.get(code)
            path = f"{heir.full_name}, {district.full_name}, Tỉnh Bắc Giang"
            yield Entry(
                heir.code, "commune", "", bare, name_key(district.name), district.type.lower(),
                "bacgiang", "tỉnh", (bare,), path, former=True, eras=[first],
            )  # fmt: skip


_FORMER_TYPES = ("phuong", "thitran", "xa", "tt")


def _partners() -> dict[str, tuple[str, ...]]:
    """Old province -> the new one that holds it, and new -> the old ones, by key."""
    before, after = units.on(units.FIRST_DAY), units.on(units.days_of_change()[-1])
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows("admin/mapping_2025-07-01.csv"):
        old, new = before.find(row["old_province_code"]), after.find(row["new_province_code"])
        if old and new and (a := name_key(old.name)) != (b := name_key(new.name)):
            found[a].add(b)
            found[b].add(a)
    return {k: tuple(sorted(v)) for k, v in found.items()}


def _aliases(provinces: dict[str, Entry]) -> dict[str, tuple[str, ...]]:
    """Short ways to write a province; a short form of several means all of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, entry in provinces.items():
        words = _syllables(" ".join(entry.words))
        initials = "".join(w[0] for w in words)
        if len(words) > 1:
            found[initials].add(key)
            found[initials[:-1] + words[-1]].add(key)
    for alias, key in _ALIASES.items():
        if alias in ("hn", "hp", "hcm", "qb"):
            found[alias].clear()
        if key in provinces:
            found[alias].add(key)
    return {k: tuple(sorted(v)) for k, v in found.items() if k not in provinces}
