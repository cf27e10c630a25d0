"""MISSION.md: every row of the seed article, with the tests that show it or "not built".

A test declares what it shows with ``@pytest.mark.mission("S01", …)`` (on a function or a class, or
as ``pytestmark`` of a module). The marks are read from the source text; no test is imported.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

ROWS = "src/dancu/reference/data/domain/seed_requirements.csv"
NOT_BUILT = "not built"


class MissionError(ValueError):
    """A test marks a row that the seed does not have; the message names both."""


def text(root: Path) -> str:
    """The page for the repository at ``root``."""
    with (root / ROWS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = tests_by_row(root)
    if unknown := sorted(set(shown) - {row["req_id"] for row in rows}):
        raise MissionError(f"no row {unknown[0]} in {ROWS}, but {shown[unknown[0]][0]} marks it")
    built = sum(row["req_id"] in shown for row in rows)
    head = [
        "# The mission, row by row",
        "",
        f"Made by `make docs` from `{ROWS}` and the marks",
        "`@pytest.mark.mission(…)` in `tests/`; do not edit. A row is shown when at least one test",
        "demands part of it: read the test for what exactly. "
        '"not built" means that no test shows it.',
        "",
        f"**{len(rows)} rows: {built} shown by a test, {len(rows) - built} not built.**",
        "",
        "| row | the seed says | the system must | shown by |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *(_line(row, shown) for row in rows)]) + "\n"


def tests_by_row(root: Path) -> dict[str, list[str]]:
    """Row id → the tests that mark it, as ``path::name``, in a fixed order."""
    shown: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        place = path.relative_to(root).as_posix()
        for name, row in marks(ast.parse(path.read_text(encoding="utf-8"))):
            shown.setdefault(row, []).append(f"{place}::{name}" if name else place)
    return shown


def marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(test name, row id) for each mark; the name is empty for a mark on the whole module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from ((node.name, row) for d in node.decorator_list for row in _rows(d))
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    name = f"{node.name}::{inner.name}"
                    yield from ((name, row) for d in inner.decorator_list for row in _rows(d))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            yield from (("", row) for part in ast.walk(node.value) for row in _rows(part))


def _rows(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.mission":
        return [str(ast.literal_eval(argument)) for argument in node.args]
    return []


def _line(row: Mapping[str, str], shown: Mapping[str, list[str]]) -> str:
    tests = shown.get(row["req_id"], [])
    links = "<br>".join(f"[{name.split('::')[-1]}]({name.split('::')[0]})" for name in tests)
    cells = (row["req_id"], row["statement_en"], row["system_must"], links or NOT_BUILT)
    return "| " + " | ".join(cell.replace("|", "\\|").strip() for cell in cells) + " |"
