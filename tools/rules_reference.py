"""docs/reference/rules.md: every rule, from its own file, in a table per dimension."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DIMENSIONS = ("correct", "complete", "clean", "living", "consistent")


def text(root: Path) -> str | None:
    """The page; None while there is no rule."""
    folder = root / "src" / "dancu" / "rules"
    rules = {name: _rules(folder / name) for name in DIMENSIONS}
    total = sum(map(len, rules.values()))
    if not total:
        return None
    lines = ["# Rules", "", f"Made by `make docs` from the {total} rule files; do not edit."]
    for name, found in rules.items():
        lines += ["", f"## {name} ({len(found)})", ""]
        lines += [
            "| rule | group | severity | weight | in force | what it says |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_line(path, rule, root) for path, rule in found]
    return "\n".join(lines) + "\n"


def _rules(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    made = [
        (p, yaml.safe_load(p.read_text(encoding="utf-8"))) for p in sorted(folder.glob("*.y*ml"))
    ]
    return sorted(made, key=lambda pair: str(pair[1].get("id", pair[0].stem)))


def _line(path: Path, rule: dict[str, Any], root: Path) -> str:
    link = f"[{rule.get('id', path.stem)}](../../{path.relative_to(root).as_posix()})"
    message = rule.get("message") or rule.get("message_vi") or {}
    words = message.get("vi", "") if isinstance(message, dict) else str(message)
    span = f"{rule.get('since') or '…'} – {rule.get('until') or '…'}"
    cells = [link, rule.get("error_group"), rule.get("severity"), rule.get("weight"), span, words]
    plain = (" ".join(str("" if c is None else c).split()).replace("|", "\\|") for c in cells)
    return "| " + " | ".join(plain) + " |"
