"""``make rule NAME=dimension/what-it-finds`` and ``make sector NAME=name``: a start to fill in."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).resolve().parent / "templates" / "rule.yml"
PREFIXES = {
    "correct": "COR", "complete": "COM", "clean": "CLE", "living": "LIV", "consistent": "CON",
}  # fmt: skip
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class NewError(ValueError):
    """The name cannot be used, or there is nothing to copy; the message says what to do."""


def rule(name: str, root: Path = ROOT) -> Path:
    """Write ``rules/<dimension>/<slug>.yml`` from the template, under the next free number."""
    dimension, _, slug = name.partition("/")
    if dimension not in PREFIXES or not _SLUG.fullmatch(slug):
        raise NewError(
            f"NAME={name!r}: write dimension/what-it-finds, the dimension one of {[*PREFIXES]}"
        )
    folder = root / "src" / "dancu" / "rules" / dimension
    target = folder / f"{slug}.yml"
    if target.exists():
        raise NewError(f"{target.relative_to(root)} is already there")
    text = TEMPLATE.read_text(encoding="utf-8").replace("RULE-SLUG", slug)
    text = text.replace("RULE-DIMENSION", dimension)
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace("RULE-ID", next_id(folder, PREFIXES[dimension])), "utf-8")
    return target


def next_id(folder: Path, prefix: str) -> str:
    """One more than the highest number in the folder: numbers are never used again."""
    texts = (path.read_text(encoding="utf-8") for path in folder.glob("*.yml"))
    used = (re.search(rf"^id: {prefix}-(\d+)$", text, re.M) for text in texts)
    return f"{prefix}-{max((int(found[1]) for found in used if found), default=0) + 1:03}"


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
