"""``make rule NAME=dimension/what-it-finds`` and ``make sector NAME=name TITLE="…"``: a start to fill in."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import new_sector, workflows
from tools.new_sector import NewError

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).resolve().parent / "templates" / "rule.yml"
PREFIXES = {
    "correct": "COR", "complete": "COM", "clean": "CLE", "living": "LIV", "consistent": "CON",
}  # fmt: skip
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


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


def sector(name: str, title: str = "") -> list[Path]:
    """Copy ``sectors/demo`` (see `new_sector`), put it into the house's form, draw its workflow."""
    made = new_sector.make(name, title, ROOT)
    code = [str(path) for path in made if path.suffix == ".py"]
    tools = Path(sys.executable).parent
    subprocess.run([tools / "ruff", "format", "-q", *code], check=True)
    subprocess.run([tools / "ruff", "check", "-q", "--fix", "--exit-zero", *code], check=True)
    page = ROOT / "docs/reference/workflows.md"
    importlib.invalidate_caches()
    page.write_text(workflows.text(ROOT), encoding="utf-8")
    return [*made, page]


def main(argv: list[str]) -> int:
    """Make it and say where; exit code 2 for a name that cannot be used."""
    try:
        if argv[0] == "sector":
            made = sector(*argv[1:])
        else:
            made = [rule(argv[1])]
    except NewError as error:
        print(error, file=sys.stderr)
        return 2
    for path in made:
        print(path.relative_to(ROOT))
    print(
        "Điền nốt nội dung, rồi chạy make test và make docs. (Fill it in, then run make test and make docs.)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
