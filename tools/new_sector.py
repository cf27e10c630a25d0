"""``make sector NAME=… [TITLE="…"]``: sectors/demo copied under a name of its own, with the rows that it needs.

What is made: the package, what the conformance suite tries it on (tests/sectors/samples), rows in the tables of rights,
purposes and retention (their sums with them), lines in the manuals of the roles. Every file is named on the screen.
"""

from __future__ import annotations

import csv
import hashlib
import io
import keyword
import re
import shutil
from pathlib import Path

DATA = Path("src/dancu/reference/data")
SECTORS = Path("src/dancu/sectors")
SAMPLES = Path("tests/sectors/samples")
MANUAL = Path("docs/manual")
TABLES = ("rights.csv", "role_rights.csv", "purposes.csv", "retention.csv")
LONGEST_NAME, LONGEST_TITLE = 20, 40
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TITLE = re.compile(r"[^\W\d_][\w ,–-]*\w")
_WORD = re.compile(r"(?<![A-Za-z])(demo|DEMO)(?![A-Za-z])")
_TEXTS = {".py", ".yml", ".html", ".csv", ".json", ".md"}
_HEADING = "## Các trang của bạn"


class NewError(ValueError):
    """The name cannot be used, or there is nothing to copy; the message says what to do."""


def make(name: str, title: str, root: Path) -> list[Path]:
    """Copy and write; every file that was made or changed. Nothing is written when the name cannot be used."""
    check_name(name, root)
    title = title.strip() or name.replace("_", " ").capitalize()
    check_title(title, root)
    made = _package(name, title, root)
    rows = root / SECTORS / "demo" / "rows"
    for table in TABLES:
        made.append(_rows(rows / table, root / DATA / table, name, title))
    made += _sums(root)
    made += _manuals(rows / "manual.csv", name, title, root)
    return made


def check_name(name: str, root: Path) -> None:
    """Raise NewError unless nothing else is called so."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        raise NewError(
            f"NAME={name!r}: viết bằng chữ thường không dấu, chữ số và _, bắt đầu bằng chữ, nhiều nhất"
            f" {LONGEST_NAME} ký tự, ví dụ NAME=nha_van_hoa."
            f" (Use lower-case letters, digits and _, at most {LONGEST_NAME} characters.)"
        )
    for taken, where in _taken(root):
        if taken in (name, name.replace("_", "-")):
            raise NewError(
                f"NAME={name}: tên đã được dùng ở {where}; chọn tên khác."
                f" (The name is taken in {where}; choose another.)"
            )


def check_title(title: str, root: Path) -> None:
    """Raise NewError for what would not be a line of the menu of its own."""
    if not _TITLE.fullmatch(title) or len(title) > LONGEST_TITLE:
        raise NewError(
            f"TITLE={title!r}: một cụm danh từ chỉ gồm chữ, số, dấu cách, nhiều nhất {LONGEST_TITLE} ký tự, ví dụ"
            f' TITLE="Thẻ nhà văn hóa". (A noun of letters, digits and blanks, at most {LONGEST_TITLE} characters.)'
        )
    for words in sorted((root / "src/dancu").glob("**/words.py")):
        if f'"{title}"' in words.read_text(encoding="utf-8") and "demo" not in words.parts:
            where = words.relative_to(root)
            raise NewError(
                f"TITLE={title!r}: màn hình đã có chữ này ({where}); chọn tên khác."
                " (The screens have this text already; choose another.)"
            )


def _taken(root: Path) -> list[tuple[str, str]]:
    """Names that are packages, labels, first parts of addresses, rights or purposes, and where."""
    found = []
    for path in sorted((root / "src/dancu").glob("*/*/__init__.py")):
        if path.parent.parent.name in ("platform", "sectors"):
            found.append((path.parent.name, str(path.parent.relative_to(root))))
    found += [(p.parent.name, str(p)) for p in sorted((root / SECTORS).glob("*/sector.yml"))]
    for path in sorted((root / "src/dancu").glob("**/apps.py")):
        found += _found(r'label = "(\w+)"', path, root)
    for path in sorted((root / "src/dancu").glob("**/urls.py")):
        found += _found(r'(?:PREFIX = |path\(\s*)"([a-z0-9-]+)/', path, root)
    found += _found(r"^(\w+)\.", root / DATA / "rights.csv", root)
    found += _found(r"^(\w+),", root / DATA / "purposes.csv", root)
    return found


def _found(pattern: str, path: Path, root: Path) -> list[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    return [(hit, str(path.relative_to(root))) for hit in re.findall(pattern, text, re.M)]


def renamed(text: str, name: str, title: str) -> str:
    """A text of the demo as the new sector has it."""
    text = text.replace('PREFIX = "demo/"', f'PREFIX = "{name.replace("_", "-")}/"')
    upper = name.replace("_", "-").upper()
    text = _WORD.sub(lambda hit: upper if hit[0] == "DEMO" else name, text)
    english = name.replace("_", " ")
    for old, new in (("thẻ thư viện", title), ("library card", english)):
        text = text.replace(old, new[0].lower() + new[1:])
        text = text.replace(old.capitalize(), new[0].upper() + new[1:])
    return text


def _package(name: str, title: str, root: Path) -> list[Path]:
    source, target = (root / SECTORS / part for part in ("demo", name))
    if not source.is_dir():
        raise NewError(f"Không có {source} để chép. ({source} is not there to be copied.)")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "rows"))
    templates = target / "templates" / "demo"
    templates.rename(templates.with_name(name))
    sample = root / SAMPLES / f"{name}.py"
    shutil.copyfile(root / SAMPLES / "demo.py", sample)
    made = sorted(path for path in target.rglob("*") if path.is_file())
    for path in [*made, sample]:
        if path.suffix in _TEXTS:
            text = renamed(path.read_text(encoding="utf-8"), name, title)
            path.write_text(text, encoding="utf-8")
    (target / "__init__.py").write_text(f'"""{title}."""\n', encoding="utf-8")
    return [*made, sample]


def _rows(source: Path, target: Path, name: str, title: str) -> Path:
    """The rows without their head, at the end of the table."""
    head, *rows = renamed(source.read_text(encoding="utf-8"), name, title).splitlines()
    text = target.read_text(encoding="utf-8")
    if text.splitlines()[0] != head:
        raise NewError(f"{source} has other columns than {target}")
    lines = "".join(row + "\n" for row in rows)
    target.write_text(text + ("" if text.endswith("\n") else "\n") + lines, encoding="utf-8")
    return target


def _sums(root: Path) -> list[Path]:
    """SOURCES.md keeps the sum of each table that it names."""
    path = root / DATA / "SOURCES.md"
    before = text = path.read_text(encoding="utf-8")
    for table in TABLES:
        now = hashlib.sha256((root / DATA / table).read_bytes()).hexdigest()
        row = re.compile(rf"^(\| `{re.escape(table)}` \|.*\| )[0-9a-f]{{64}}( \|)$", re.M)
        text = row.sub(rf"\g<1>{now}\g<2>", text)
    path.write_text(text, encoding="utf-8")
    return [path] if text != before else []


def _manuals(source: Path, name: str, title: str, root: Path) -> list[Path]:
    """A line in the table of pages of each role that has the page in its menu."""
    changed = []
    text = renamed(source.read_text(encoding="utf-8"), name, title)
    for row in csv.DictReader(io.StringIO(text)):
        path = root / MANUAL / f"{row['role']}.md"
        before, heading, rest = path.read_text(encoding="utf-8").partition(_HEADING)
        table, end, after = rest.partition("\n\n## ")
        line = f"\n| {row['page']} | {row['key']} | {row['what']} |"
        path.write_text(before + heading + table.rstrip("\n") + line + end + after, "utf-8")
        changed.append(path)
    return list(dict.fromkeys(changed))
