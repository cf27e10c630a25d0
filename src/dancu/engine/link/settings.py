"""What a matching job is told: columns, comparisons, keys, constraints, thresholds. Plain data in, frozen out.

Nothing about Vietnam is in this room's code; it is in `presets/vietnamese_person.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

LEVELS: Mapping[str, tuple[str, ...]] = {
    "exact": ("same", "different"),
    "text": ("same", "very_close", "close", "different"),
    "number": ("same", "one_digit", "different"),
    "date": ("same", "swapped", "partial", "two_parts", "same_year", "different", "generation"),
    "name": (
        "same",
        "no_marks",
        "other_marks",
        "other_order",
        "shorter",
        "one_letter",
        "one_syllable",
        "given_only",
        "given_differs",
        "different",
    ),
}
MISSING = 15
"""Level of a comparison that has no value on one side: it weighs nothing."""


def level_number(kind: str, level: str) -> int:
    """The number of a level of a kind of comparison; `missing` is one of every kind."""
    return MISSING if level == "missing" else LEVELS[kind].index(level)


MAX_COMPARISONS = 16
MAX_KEYS = 16


class LinkSettingsError(ValueError):
    """Settings that cannot be used; the message names the key and what to write."""


@dataclass(frozen=True)
class Comparison:
    """One piece of evidence. `m`, `u`: level -> how often it is seen in the same / in different people.

    `columns`: one column, or three of integers (year, month, day) for a date. `spare`: records that one person
    is expected to bring, left out of the frequency of a value. `group`: comparisons that repeat one another.
    `known`: a table of the reference data that tells how frequent names are, for files too small to tell.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    m: Mapping[str, float]
    u: Mapping[str, float]
    spare: int = 0
    group: str = ""
    known: str = ""


@dataclass(frozen=True)
class Key:
    """Records that agree on every part (`column` or `column.feature`) are compared.

    `then`: parts that split a block too large.
    """

    name: str
    parts: tuple[str, ...]
    then: tuple[str, ...] = ()


@dataclass(frozen=True)
class CannotLink:
    """Two different values of `column` keep two records apart.

    Excused where, in one of the alternatives of `unless`, every comparison is at one of its levels; `missing` is the
    level of a comparison that lacks a value.
    """

    name: str
    column: str
    unless: tuple[Mapping[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class LinkSettings:
    """A whole matching job. Probabilities are between 0 and 1; `caps` in bits for each group of comparisons.

    `population`: the fewest people that the records are drawn from: what makes a shared name weak evidence
    in a small file as well. `one_per_source`: sources of which a person has at most one record. `learn`: whether m
    is estimated anew from the records (EM) or stays as given. `adjust`: comparison -> level -> bits that clerks'
    judgements add to a weight (`refine`).
    """

    comparisons: tuple[Comparison, ...]
    keys: tuple[Key, ...]
    cannot_link: tuple[CannotLink, ...] = ()
    one_per_source: tuple[str, ...] = ()
    caps: Mapping[str, float] = field(default_factory=dict)
    adjust: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    threshold: float = 0.9
    clerical: tuple[float, float] = (0.2, 0.98)
    cluster_floor: float = 0.0
    max_block: int = 2000
    population: int = 10_000
    matches_per_record: float = 0.7
    learn: bool = True
    id_column: str = "record_id"
    source_column: str = "source"

    def columns(self) -> tuple[str, ...]:
        """Every column of the records that is read, without the identifiers."""
        named = [c for comparison in self.comparisons for c in comparison.columns]
        named += [p.split(".")[0] for k in self.keys for p in (*k.parts, *k.then)]
        named += [c.column for c in self.cannot_link]
        dates = {c.name for c in self.comparisons if len(c.columns) == 3}
        return tuple(dict.fromkeys(n for n in named if n not in dates))

    def index(self, comparison: str) -> int:
        """The place of a comparison by its name; raises LinkSettingsError."""
        names = [c.name for c in self.comparisons]
        if comparison not in names:
            raise LinkSettingsError(f"link: không có phép so sánh «{comparison}» trong comparisons")
        return names.index(comparison)


def read_settings(data: Mapping[str, Any]) -> LinkSettings:
    """Checked settings from parsed YAML; raises LinkSettingsError."""
    unknown = sorted(set(data) - set(LinkSettings.__dataclass_fields__))
    if unknown:
        raise LinkSettingsError(f"link: khóa không có trong quy định: {', '.join(unknown)}")
    for needed in ("comparisons", "keys"):
        if not data.get(needed):
            raise LinkSettingsError(f"link: thiếu khóa bắt buộc «{needed}»")
    plain = dict(data)
    plain["comparisons"] = tuple(_comparison(c) for c in data["comparisons"])
    plain["keys"] = tuple(
        Key(k["name"], tuple(k["parts"]), tuple(k.get("then", ()))) for k in data["keys"]
    )
    plain["cannot_link"] = tuple(_cannot_link(c) for c in data.get("cannot_link", ()))
    plain["one_per_source"] = tuple(data.get("one_per_source", ()))
    if "clerical" in data:
        low, high = data["clerical"]
        plain["clerical"] = (float(low), float(high))
    settings = LinkSettings(**plain)
    _check(settings)
    return settings


@cache
def preset(name: str) -> LinkSettings:
    """A preset of this package: `vietnamese_person` or `generic`."""
    file = resources.files("dancu.engine.link").joinpath(f"presets/{name}.yml")
    if not file.is_file():
        raise LinkSettingsError(f"link: không có bộ cài sẵn «{name}»")
    return read_settings(yaml.safe_load(file.read_text("utf-8")))


def _comparison(data: Mapping[str, Any]) -> Comparison:
    kind, name = str(data.get("kind")), str(data.get("name"))
    if kind not in LEVELS:
        raise LinkSettingsError(f"link: «{name}.kind» phải là một trong {', '.join(LEVELS)}")
    for table in ("m", "u"):
        wrong = sorted(set(data.get(table, {})) - set(LEVELS[kind]))
        missing = sorted(set(LEVELS[kind]) - set(data.get(table, {})))
        if wrong or missing:
            raise LinkSettingsError(
                f"link: «{name}.{table}» cần đúng các mức {', '.join(LEVELS[kind])}"
            )
    return Comparison(
        name=name,
        kind=kind,
        columns=tuple(data.get("columns") or (name,)),
        m={k: float(v) for k, v in data["m"].items()},
        u={k: float(v) for k, v in data["u"].items()},
        spare=int(data.get("spare", 0)),
        group=str(data.get("group", "")),
        known=str(data.get("known", "")),
    )


def _cannot_link(data: Mapping[str, Any]) -> CannotLink:
    given = data.get("unless") or ()
    alternatives = [given] if isinstance(given, Mapping) else given
    unless = tuple({k: tuple(v) for k, v in one.items()} for one in alternatives)
    return CannotLink(str(data["name"]), str(data["column"]), unless)


def _check(settings: LinkSettings) -> None:
    if len(settings.comparisons) > MAX_COMPARISONS or len(settings.keys) > MAX_KEYS:
        raise LinkSettingsError(f"link: nhiều nhất {MAX_COMPARISONS} phép so sánh, {MAX_KEYS} khóa")
    for name, bits in settings.adjust.items():
        kind = settings.comparisons[settings.index(name)].kind
        if set(bits) - set(LEVELS[kind]):
            raise LinkSettingsError(f"link: «adjust.{name}»: mức không có")
    for rule in settings.cannot_link:
        for name, levels in ((n, v) for one in rule.unless for n, v in one.items()):
            kind = settings.comparisons[settings.index(name)].kind
            if set(levels) - {*LEVELS[kind], "missing"}:
                raise LinkSettingsError(f"link: «{rule.name}.unless.{name}»: mức không có")
