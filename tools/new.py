"""``make rule NAME=dimension/name`` and ``make sector NAME=name``: a start that is filled in."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIMENSIONS = ("correct", "complete", "clean", "living", "consistent")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class NewError(ValueError):
    """The name cannot be used, or there is nothing to copy; the message says what to do."""


def rule(name: str, root: Path = ROOT) -> Path:
    """Copy ``rules/template.yml`` to ``rules/<dimension>/<name>.yml``."""
    dimension, _, own = name.partition("/")
    if dimension not in DIMENSIONS or not _NAME.fullmatch(own):
        raise NewError(f"NAME={name!r}: write dimension/name, the dimension one of {DIMENSIONS}")
    folder = root / "src" / "dancu" / "rules"
    templates = sorted(folder.glob("template.y*ml"))
    if not templates:
        raise NewError(f"no template.yml in {folder.relative_to(root)}")
    target = folder / dimension / f"{own}{templates[0].suffix}"
    text = templates[0].read_text(encoding="utf-8")
    return _write(target, text.replace("NAME", own).replace("DIMENSION", dimension), root)


def sector(name: str, root: Path = ROOT) -> Path:
    """Copy ``sectors/demo`` to ``sectors/<name>``, its name changed."""
    if not _NAME.fullmatch(name):
        raise NewError(f"NAME={name!r}: lower-case letters, digits and _ (as in social_insurance)")
    source, target = (root / "src" / "dancu" / "sectors" / part for part in ("demo", name))
    if target.exists():
        raise NewError(f"{target.relative_to(root)} is already there")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for path in target.rglob("*"):
        if path.suffix in {".py", ".yml", ".yaml", ".md"}:
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"\bdemo\b", name, text), encoding="utf-8")
    return target


def main(argv: list[str]) -> int:
    """Make it and say where; exit code 2 for a name that cannot be used."""
    try:
        made = {"rule": rule, "sector": sector}[argv[0]](argv[1])
    except NewError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{made.relative_to(ROOT)}: fill it in, then run make test and make docs")
    return 0


def _write(target: Path, text: str, root: Path) -> Path:
    if target.exists():
        raise NewError(f"{target.relative_to(root)} is already there")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
