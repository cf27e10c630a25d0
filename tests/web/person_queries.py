"""Every query on the tables of persons in the platform: where it stands, and what it takes out of a row."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dancu.reference.fields import fields

ROOT = Path(__file__).resolve().parents[2]
TABLES = "person|person_history|standard|record|record_history|contested|residence|life_event"
QUERY = re.compile(rf"\b(?:FROM|JOIN)\s+register\.(?:{TABLES})\b", re.I)
_TAKEN = re.compile(r"\bSELECT\b(?P<taken>(?:(?!\bSELECT\b|\bFROM\b).)*)\bFROM\b", re.I | re.S)
_WORD = re.compile(r"[a-z_]+")
_WHOLE = re.compile(r"(?<![\w(])(?:\w+\.)?\*|to_jsonb?\(|row_to_json\(|\bcells\b|\bvalue\b", re.I)
_PERSONAL = {f.field for f in fields().values() if f.standard} - {
    "permanent_unit",
    "temporary_unit",
}


def files() -> dict[str, Path]:
    """Each file of the rooms above the store with such a query."""
    return {
        str(path.relative_to(ROOT)): path
        for room in ("platform", "sectors", "kit", "site")
        for path in sorted((ROOT / "src/dancu" / room).rglob("*"))
        if path.suffix in (".py", ".sql") and QUERY.search(path.read_text(encoding="utf-8"))
    }


def values_taken(path: Path) -> set[str]:
    """Personal fields, or whole rows («*»), that the queries of a file select; nothing where it takes keys alone."""
    found: set[str] = set()
    for text in _texts(path):
        if not QUERY.search(text):
            continue
        for match in _TAKEN.finditer(text):
            taken = re.sub(r"count\(\*\)", "", match["taken"], flags=re.I)
            found |= _PERSONAL & set(_WORD.findall(taken.lower()))
            found |= {"*"} if _WHOLE.search(taken) else set()
    return found


def functions_asking(path: Path) -> Iterator[tuple[str, list[str]]]:
    """(name, arguments) of the functions of a Python file that hold such a query."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and QUERY.search(ast.unparse(node)):
            yield node.name, [arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)]


def _texts(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        yield source
        return
    inner: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in ast.walk(node) if part is not node}
            yield "".join(p.value if isinstance(p, ast.Constant) else " x " for p in node.values)  # type: ignore[misc]
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner
        ):
            yield node.value
