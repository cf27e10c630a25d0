"""The generated pages: ``make docs`` writes them, ``make check`` compares them (``--check``)."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import cli_reference, dossier_reference, mission, rules_reference, workflows

ROOT = Path(__file__).resolve().parent.parent


def glossary(root: Path) -> str:
    """GLOSSARY.md from the glossary table: one heading an area, one line a term."""
    with (root / "src/dancu/reference/data/domain/glossary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lines = ["# Glossary", "", "Made by `make docs` from `glossary.csv` of the reference data."]
    for area in dict.fromkeys(row["area"] for row in rows):
        lines += [
            "",
            f"## {area}",
            "",
            "| tiếng Việt | English | in code | note |",
            "|---|---|---|---|",
        ]
        for row in rows:
            if row["area"] == area:
                code = f"`{row['code_name']}`" if row["code_name"] else ""
                cells = (row["term_vi"], row["term_en"], code, row["note"])
                lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[Path], str | None]] = {
    "MISSION.md": mission.text,
    "GLOSSARY.md": glossary,
    "docs/reference/cli.md": cli_reference.text,
    "docs/reference/dossier.md": dossier_reference.text,
    "docs/reference/rules.md": rules_reference.text,
    "docs/reference/workflows.md": workflows.text,
}


def main(argv: list[str]) -> int:
    """Write the pages (or those named); with ``--check`` only say which are out of date."""
    check = "--check" in argv
    named = [name for name in argv if not name.startswith("--")]
    stale = 0
    for name in named or PAGES:
        made, path = PAGES[name](ROOT), ROOT / name
        if made == (path.read_text(encoding="utf-8") if path.is_file() else None):
            continue
        stale += 1
        print(f"{name}: {'out of date, run make docs' if check else 'written'}", flush=True)
        if not check and made is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made, encoding="utf-8")
    return int(stale > 0 and check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
