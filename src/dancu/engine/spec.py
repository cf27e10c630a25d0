"""SectorSpec: what a source declares about itself, read from its `sector.yml`.

Pure: takes the parsed mapping, opens nothing. A wrong declaration is refused with the path of the
offending key, before any list is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dancu.reference.fields import fields, raw_roles, standard_fields

_SUBJECTS = ("person", "event")
_SCHEMES = ("1979", "2008")
_ORDERS = ("dmy", "mdy", "ymd")


class SpecError(ValueError):
    """A sector.yml that cannot be used; the message says which key and what to write."""


@dataclass(frozen=True)
class SectorSpec:
    """One source of records.

    `columns`: role -> headings known for it (any spelling; compared folded). `required`: roles without which a sheet
    is not this source's list. `lookups`: role -> {odd spelling: standard text}. `trust`: field -> 0..100, with
    `"*"` for the rest. `expects`: standard fields that every record of this source owes.
    `one_per_person`: two records of this source are never one person. `subject`: "person", or "event" for
    lists of births, deaths, moves and marriages. `recognised`: a list nobody named may be taken for this source.
    """

    id: str
    name_vi: str
    name_en: str
    owner: str
    law: str
    subject: str = "person"
    one_per_person: bool = False
    ethnic_scheme: str = "1979"
    dates: str = "dmy"
    refresh: str = ""
    purposes: tuple[str, ...] = ()
    expected_rows: tuple[int, int] = (1, 5_000_000)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    lookups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    trust: Mapping[str, float] = field(default_factory=lambda: {"*": 50.0})
    event_kind: str = ""
    recognised: bool = True

    def trust_in(self, name: str) -> float:
        """Declared trust in this source for one field, 0 to 100."""
        return float(self.trust.get(name, self.trust.get("*", 50.0)))


def read_spec(data: Mapping[str, Any]) -> SectorSpec:
    """A checked SectorSpec from the parsed YAML; raises SpecError."""
    known = set(SectorSpec.__dataclass_fields__)
    unknown = sorted(set(data) - known)
    if unknown:
        raise SpecError(f"sector.yml: khóa không có trong quy định: {', '.join(unknown)}")
    for name in ("id", "name_vi", "name_en", "owner", "law", "columns"):
        if not data.get(name):
            raise SpecError(f"sector.yml: thiếu khóa bắt buộc «{name}»")
    spec = SectorSpec(**{k: _plain(k, v) for k, v in data.items()})
    _check_choices(spec)
    _check_names(spec)
    return spec


def _plain(name: str, value: Any) -> Any:
    if name in ("required", "expects", "purposes"):
        return tuple(value)
    if name == "expected_rows":
        low, high = value
        return (int(low), int(high))
    if name == "columns":
        return {role: tuple(str(h) for h in headings or ()) for role, headings in value.items()}
    if name == "trust" and not isinstance(value, Mapping):
        return {"*": float(value)}
    if name in ("ethnic_scheme", "id"):
        return str(value)
    return value


def _check_choices(spec: SectorSpec) -> None:
    for name, value, allowed in (
        ("subject", spec.subject, _SUBJECTS),
        ("ethnic_scheme", spec.ethnic_scheme, _SCHEMES),
        ("dates", spec.dates, _ORDERS),
    ):
        if value not in allowed:
            raise SpecError(f"sector.yml: «{name}: {value}» phải là một trong {', '.join(allowed)}")


def _check_names(spec: SectorSpec) -> None:
    roles, standard = set(raw_roles()), set(standard_fields())
    for where, names, allowed in (
        ("columns", spec.columns, roles),
        ("required", spec.required, roles),
        ("lookups", spec.lookups, roles),
        ("expects", spec.expects, standard),
        ("trust", [n for n in spec.trust if n != "*"], set(fields())),
    ):
        wrong = sorted(set(names) - allowed)
        if wrong:
            raise SpecError(f"sector.yml: «{where}» nêu trường không có: {', '.join(wrong)}")
