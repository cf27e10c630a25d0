"""What a sector in which people work consists of, found in its package: apps, addresses, tables, indicators, moves."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.urls import URLPattern

import dancu
from dancu.engine.report.indicators import Indicator
from dancu.platform.access.pages import Declared, declared

ROOM = "dancu.sectors."
ROOT = Path(dancu.__file__).parent
_DOORS = {"access_citizen", "log_dossier"}
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """An address with what its view declares; `arguments` are the names in it."""

    pattern: str
    view: Any
    name: str

    @property
    def said(self) -> Declared:
        """The suite of the frame has found that every view says something."""
        found = declared(self.view)
        assert found is not None, f"{self.pattern} declares no right"
        return found

    def values(self, given: Mapping[str, object]) -> dict[str, object]:
        """Those for its arguments: given for this view (`view.argument`) before those for all."""
        names = _ARGUMENT.findall(self.pattern)
        return {name: given.get(f"{self.name}.{name}", given.get(name)) for name in names}

    def path(self, given: Mapping[str, object]) -> str | None:
        """The address with values in it; None when one is not given."""
        values = self.values(given)
        if None in values.values():
            return None
        return "/" + _ARGUMENT.sub(lambda hit: str(values[hit[1]]), self.pattern)

    def names_a_row(self, given: Mapping[str, object]) -> bool:
        """Whether a number or an identifier stands in it: that of a record, and not of an entry of a catalogue."""
        return any(not isinstance(value, str) for value in self.values(given).values())


@dataclass(frozen=True)
class Working:
    """A sector with apps of its own."""

    id: str

    @property
    def folder(self) -> Path:
        """Its package."""
        return ROOT / "sectors" / self.id

    @cached_property
    def apps(self) -> list[AppConfig]:
        """The sector's app and the parts of it that are apps."""
        here = ROOM + self.id
        return [
            c for c in apps.get_app_configs() if c.name == here or c.name.startswith(here + ".")
        ]

    @cached_property
    def modules(self) -> dict[str, ast.Module]:
        """Dotted name -> the module as it is written; migrations are not among them."""
        return {
            ".".join(("dancu", *path.relative_to(ROOT).with_suffix("").parts)): ast.parse(
                path.read_text("utf-8")
            )
            for path in sorted(self.folder.rglob("*.py"))
            if "migrations" not in path.parts and path.name != "__init__.py"
        }

    def declared(self, module: str, attribute: str) -> Iterator[Any]:
        """The attribute of each app's module of this name, where there is one."""
        for config in self.apps:
            if find_spec(f"{config.name}.{module}") is not None:
                yield getattr(import_module(f"{config.name}.{module}"), attribute)

    @property
    def grants(self) -> dict[str, dict[str, str]]:
        """Table (or ``SCHEMA x`` …) -> role -> privileges."""
        return {
            name: who
            for grants in self.declared("grants", "GRANTS")
            for name, who in grants.items()
        }

    @cached_property
    def addresses(self) -> list[Address]:
        """All of them."""
        found: list[Address] = []
        for config in self.apps:
            if find_spec(f"{config.name}.urls") is not None:
                module = import_module(f"{config.name}.urls")
                found += _walk(module.urlpatterns, module.PREFIX, module.app_name)
        return found

    def tried(self, given: Mapping[str, object]) -> Iterator[tuple[Address, str]]:
        """Those for which the sample names every value, with it; another test asks for the rest."""
        for address in self.addresses:
            if (path := address.path(given)) is not None:
                yield address, path

    def relations(self, ask: Callable[..., list[Any]]) -> list[str]:
        """Tables and views of the sector: those of its schemas, of its models and of its grants."""
        others = {
            name
            for config in apps.get_app_configs()
            if config.name.startswith("dancu.") and config not in self.apps
            for name in _grants(config)
        }
        schemas = [
            n.removeprefix("SCHEMA ")
            for n in self.grants
            if n.startswith("SCHEMA ") and n not in others
        ]
        named = {n for n in self.grants if " " not in n and n not in others}
        named |= {m._meta.db_table for config in self.apps for m in config.get_models()}
        rows = ask(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition"
            " AND (n.nspname = ANY (%s) OR c.oid = ANY (%s::regclass[]::oid[])) ORDER BY 1",
            schemas, sorted(named),
        )  # fmt: skip
        return [row[0] for row in rows]

    @property
    def opens_persons(self) -> bool:
        """Whether it asks at the one door."""
        calls = (node for tree in self.modules.values() for node in ast.walk(tree))
        return any(isinstance(node, ast.Call) and _called(node) in _DOORS for node in calls)

    def purposes(self) -> Iterator[tuple[str, str]]:
        """(where, purpose) of every call that names one; "?" where it cannot be told from the program.

        A purpose that a function is handed is looked at where it is handed over.
        """
        for name, tree in self.modules.items():
            for function, call in _calls(tree):
                for given in (k.value for k in call.keywords if k.arg == "purpose"):
                    for word in _words(given, function, name):
                        yield f"{name}:{call.lineno}", word

    def indicators(self) -> list[Indicator]:
        """Those that its ``indicators.py`` holds, by whatever name."""
        found: dict[tuple[str, int], Indicator] = {}
        for name in self.modules:
            if name.rpartition(".")[2] == "indicators":
                for value in vars(import_module(name)).values():
                    for one in _flat(value):
                        found[one.code, one.version] = one
        return list(found.values())

    def workflows(self) -> list[str]:
        """Modules with a table ``MOVES``."""
        return [name for name, tree in self.modules.items() if "MOVES" in _assigned(tree)]


def sectors() -> list[Working]:
    """Every sector that is an app of this installation."""
    names = {
        c.name.removeprefix(ROOM).split(".")[0]
        for c in apps.get_app_configs()
        if c.name.startswith(ROOM)
    }
    return [Working(name) for name in sorted(names)]


def _walk(patterns: Any, before: str, space: str) -> Iterator[Address]:
    for entry in patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(here, entry.callback, f"{space}:{entry.name or here}")
        else:
            yield from _walk(entry.url_patterns, here, entry.namespace or space)


def _grants(config: AppConfig) -> dict[str, Any]:
    if find_spec(f"{config.name}.grants") is None:
        return {}
    found: dict[str, Any] = import_module(f"{config.name}.grants").GRANTS
    return found


def _assigned(tree: ast.Module) -> dict[str, ast.expr | None]:
    found: dict[str, ast.expr | None] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node.value
        elif isinstance(node, ast.Assign):
            found |= {t.id: node.value for t in node.targets if isinstance(t, ast.Name)}
    return found


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _calls(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
    """Every call with the function that it stands in."""
    inside: set[int] = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                inside.add(id(node))
                yield function, node
    yield from (
        (None, n) for n in ast.walk(tree) if isinstance(n, ast.Call) and id(n) not in inside
    )


def _words(given: ast.expr, function: ast.FunctionDef | None, module: str) -> list[str]:
    """What the expression stands for: a literal, a name of the module, one of a loop over literals."""
    if isinstance(given, ast.Constant):
        return [str(given.value)]
    if function is not None and isinstance(given, ast.Name):
        named = function.args
        if given.id in {a.arg for a in (*named.args, *named.kwonlyargs)}:
            return []
        for loop in (n for n in ast.walk(function) if isinstance(n, ast.For)):
            if isinstance(loop.target, ast.Name) and loop.target.id == given.id:
                return [str(value) for value in ast.literal_eval(loop.iter)]
    try:
        said = eval(ast.unparse(given), vars(import_module(module)).copy())
    except (NameError, AttributeError):
        return ["?"]
    return [str(said)]


def _flat(value: Any) -> Iterator[Indicator]:
    if isinstance(value, Indicator):
        yield value
    elif isinstance(value, (list, tuple)):
        yield from (one for one in value if isinstance(one, Indicator))
    elif isinstance(value, dict):
        yield from (one for one in value.values() if isinstance(one, Indicator))
