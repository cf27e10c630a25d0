"""Reads the rule files, one rule a file in the folder of its dimension, once per process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from dancu.rules.model import DIMENSIONS, FURTHER_TABLES, Example, Rule, RuleError, Text

try:  # libyaml is ten times as fast; wheels have it, a source build may not
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_REQUIRED = [
    "id",
    "slug",
    "dimension",
    "error_group",
    "field",
    "columns",
    "level",
    "severity",
    "weight",
    "message",
    "fix",
    "law",
    "examples",
]
_OPTIONAL = {"since", "until", "sql", "examined", "failing"}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of every day, by id."""
    found = [_read(path) for path in rule_files()]
    return tuple(sorted(found, key=lambda rule: rule.id))


def on(day: dt.date) -> tuple[Rule, ...]:
    """The rules in force when the asked day is `day`, by id."""
    return tuple(rule for rule in all_rules() if rule.in_force(on=day))


def get(rule_id: str) -> Rule:
    """The rule of that id; RuleError when there is none."""
    try:
        return _by_id()[rule_id]
    except KeyError:
        raise RuleError(f"không có quy tắc mang số «{rule_id}» (no such rule)") from None


def rule_files() -> Iterator[Traversable]:
    """The YAML files of the room."""
    room = resources.files("dancu.rules")
    for dimension in DIMENSIONS:
        files = room.joinpath(dimension).iterdir()
        yield from sorted((f for f in files if f.name.endswith(".yml")), key=lambda f: f.name)


def read_rule(data: Mapping[str, Any], *, name: str) -> Rule:
    """A rule from the parsed YAML of file `name`; raises RuleError."""
    _check_keys(data, name)
    return Rule(
        **{key: data[key] for key in ("id", "slug", "dimension", "field", "level", "severity")},
        error_group=int(data["error_group"]),
        columns=tuple(data["columns"]),
        weight=float(data["weight"]),
        message=Text(**data["message"]),
        fix=Text(**data["fix"]),
        law=data["law"],
        since=data.get("since"),
        until=data.get("until"),
        sql=data.get("sql", "").strip(),
        examined=data.get("examined", "").strip(),
        failing=data.get("failing", "").strip(),
        examples=tuple(_example(item, name) for item in data["examples"]),
    )


@cache
def _by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in all_rules()}


def _read(path: Traversable) -> Rule:
    return read_rule(yaml.load(path.read_bytes(), _Loader), name=path.name)


def _check_keys(data: Mapping[str, Any], name: str) -> None:
    missing = [key for key in _REQUIRED if key not in data]
    unknown = sorted(set(data) - set(_REQUIRED) - _OPTIONAL)
    if missing or unknown:
        raise RuleError(f"{name}: thiếu khóa {missing}, khóa lạ {unknown} (missing, unknown keys)")
    if ("sql" in data) == ("failing" in data) or ("examined" in data) != ("failing" in data):
        raise RuleError(f"{name}: ghi «sql», hoặc cả «examined» và «failing» (one kind of rule)")


def _example(item: Mapping[str, Any], name: str) -> Example:
    if "row" in item:
        return Example(item["why"], (item["row"],), (item["expect"],), {})
    if "rows" not in item:
        raise RuleError(f"{name}: ví dụ cần «row» hoặc «rows» (an example needs rows)")
    rows = tuple({k: v for k, v in row.items() if k != "expect"} for row in item["rows"])
    others = {key: tuple(item[key]) for key in FURTHER_TABLES if key in item}
    return Example(item["why"], rows, tuple(row["expect"] for row in item["rows"]), others)
