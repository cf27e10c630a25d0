"""Every text of the screens that has to have an English word: from templates and from code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("src/dancu/platform", "src/dancu/sectors", "src/dancu/site")
COPIED = ROOT / "src/dancu/sectors/demo"
"""No app of the site, so its words are not loaded: those of a copy of it are (tests/sectors/test_new_sector.py)."""
_TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
_BLOCK = re.compile(r"\{%\s*blocktranslate([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.S)
_GETTEXT = {"_", "gettext", "gettext_lazy"}


def texts() -> set[str]:
    """All of them."""
    return {text for room in ROOMS for text in texts_in(ROOT / room)}


def texts_in(folder: Path) -> set[str]:
    """Those of a folder."""
    paths = (path for path in folder.rglob("*") if COPIED not in path.parents)
    return {text for path in paths for text in _of(path)}


def _of(path: Path) -> Iterator[str]:
    if path.suffix in (".html", ".txt") and "templates" in path.parts:
        yield from _of_template(path.read_text(encoding="utf-8"))
    elif path.suffix == ".py" and "migrations" not in path.parts:
        yield from _of_code(path.read_text(encoding="utf-8"))


def _of_template(text: str) -> Iterator[str]:
    for double, single in _TRANSLATE.findall(text):
        yield double or single
    for options, body in _BLOCK.findall(text):
        said = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", body)
        yield " ".join(said.split()) if "trimmed" in options else said


def _of_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _GETTEXT
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)
