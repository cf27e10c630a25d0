"""docs/reference/workflows.md: the state machine of each sector in which people work, drawn from its table."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

SECTORS = "src/dancu/sectors"
_TABLE = re.compile(r"^MOVES\b", re.M)


def modules(root: Path) -> list[str]:
    """Modules of sectors that hold a table ``MOVES``, by their dotted names."""
    paths = sorted((root / SECTORS).rglob("*.py"))
    return [
        ".".join(path.relative_to(root / "src").with_suffix("").parts)
        for path in paths
        if _TABLE.search(path.read_text(encoding="utf-8"))
    ]


def text(root: Path) -> str:
    """The page: for each table what its module says of it, and its diagram."""
    parts = [
        "# Workflows of the sectors",
        "Made by `make docs` from the tables `MOVES`; they are drawn by `dancu.lib.moves`.",
    ]
    for name in modules(root):
        module = import_module(name)
        said = (module.__doc__ or "").split(">>>")[0].strip().splitlines()
        parts += [f"## {name.removeprefix('dancu.sectors.')}", said[0] if said else ""]
        parts.append(f"```mermaid\n{module.MOVES.diagram()}\n```")
    return "\n\n".join(parts) + "\n"
