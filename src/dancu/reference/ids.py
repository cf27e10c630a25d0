"""Small tables behind the identifiers: number provinces, plates, phones, banks, health cards.

Package data only, read once. Where each table comes from: `data/ids/README.md`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from dancu.lib.text import key

_FORMER_BANK_NAMES = frozenset({"DongA Bank", "Ocean Bank", "LienVietPostBank"})


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files("dancu.reference").joinpath("data", "ids", name)
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _column(name: str, of: str, to: str) -> Mapping[str, str]:
    return MappingProxyType({row[of]: row[to] for row in _rows(name)})


@lru_cache(maxsize=1)
def number_provinces() -> Mapping[str, str]:
    """First three digits of the personal number → province of June 2024 (63 rows).

    >>> number_provinces()["024"]
    'Bắc Giang'
    """
    return _column("personal_number_provinces.csv", "code", "province")


@dataclass(frozen=True)
class CenturySex:
    """What the fourth digit of the personal number says: first year of the century, and sex."""

    from_year: int
    sex: str


@lru_cache(maxsize=1)
def century_sex() -> Mapping[str, CenturySex]:
    """Fourth digit of the personal number → century and sex ("male" or "female")."""
    rows = _rows("personal_number_century_sex.csv")
    return MappingProxyType(
        {r["digit"]: CenturySex(int(r["birth_year_from"]), r["sex"]) for r in rows}
    )


@lru_cache(maxsize=1)
def plate_provinces() -> Mapping[str, str]:
    """First two digits of a plate → province before July 2025.

    >>> plate_provinces()["98"]
    'Bắc Giang'
    """
    return _column("plate_codes.csv", "code", "province_before_2025_07")


@lru_cache(maxsize=1)
def mobile_prefixes() -> Mapping[str, str]:
    """Mobile prefix in use (three digits) → operator at allocation."""
    added = _column("mobile_prefixes_added.csv", "prefix", "operator_at_allocation")
    known = _column("mobile_prefixes.csv", "prefix", "operator_at_allocation")
    return MappingProxyType({**known, **added})


@lru_cache(maxsize=1)
def mobile_change_2018() -> Mapping[str, str]:
    """Old prefix of an 11-digit mobile number → the prefix since 2018 (0162 → 032)."""
    return _column("mobile_prefix_change_2018.csv", "old_prefix", "new_prefix")


@lru_cache(maxsize=1)
def landline_change_2017() -> Mapping[str, str]:
    """Old land-line area code → the code since 2017 (0240 → 0204); unchanged ones included."""
    return _column("landline_area_code_change_2017.csv", "old_code", "new_code")


@lru_cache(maxsize=1)
def landline_provinces() -> Mapping[str, str]:
    """Land-line area code in use since 2017 → province."""
    return _column("landline_area_code_change_2017.csv", "new_code", "province")


@lru_cache(maxsize=1)
def banks() -> Mapping[str, str]:
    """Bank identification number (6 digits) → short name, the newest where a bank changed it."""
    rows = [row for row in _rows("bank_bins.csv") if row["short_name"] not in _FORMER_BANK_NAMES]
    return MappingProxyType({row["bin"]: row["short_name"] for row in rows})


@lru_cache(maxsize=1)
def bank_keys() -> Mapping[str, str]:
    """Folded short name, full name or everyday alias of a bank → its number.

    >>> bank_keys()["vietcombank"], bank_keys()["vcb"]
    ('970436', '970436')
    """
    found: dict[str, str] = {}
    for row in _rows("bank_bins.csv"):
        for name in (row["short_name"], row["short_name"].removesuffix(" Bank"), row["name"]):
            found[key(name)] = row["bin"]
    found.update({key(row["alias"]): row["bin"] for row in _rows("bank_aliases.csv")})
    return MappingProxyType(found)


@dataclass(frozen=True)
class HealthObject:
    """An object code of the health-insurance card: who, and the usual level ("" when open)."""

    who_vi: str
    usual_level: str


@lru_cache(maxsize=1)
def health_objects() -> Mapping[str, HealthObject]:
    """Two letters of the health-insurance card → who is insured under them."""
    rows = _rows("bhyt_object_codes.csv")
    return MappingProxyType({r["code"]: HealthObject(r["who_vi"], r["usual_level"]) for r in rows})


@lru_cache(maxsize=1)
def health_levels() -> Mapping[str, int]:
    """Third character of the health-insurance card → share of costs paid, in percent."""
    table = _column("bhyt_benefit_levels.csv", "level", "share_percent")
    return MappingProxyType({level: int(share) for level, share in table.items()})
