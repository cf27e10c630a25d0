"""`make sector` as somebody new does it: the commands of docs/how-to/new-sector.md, in a copy of the tree."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import new_sector

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/how-to/new-sector.md"
NAME = "nha_van_hoa"
_LENT = "-o .venv/.installed"
"""The environment of the copy is this one, and make has nothing to do there."""
PACKAGE, DATA = f"src/dancu/sectors/{NAME}", "src/dancu/reference/data"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as it stands, in a repository of its own, with this environment."""
    target = tmp_path_factory.mktemp("tree")
    listed = _out(ROOT, "git", "ls-files", "-co", "--exclude-standard", "-z").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    _environment(target)
    (target / ".git").mkdir()
    _out(target, "git", "init", "-q")
    (target / ".git/info").mkdir(exist_ok=True)
    (target / ".git/info/exclude").write_text(".venv/\n")
    _out(target, "git", "add", "-A")
    who = ("-c", "user.name=t", "-c", "user.email=t@t.example")
    _out(target, "git", *who, "commit", "-q", "-m", "as it stands")
    return target


def _environment(target: Path) -> None:
    """This environment, lent: with a stamp of its own, so that make there has nothing to install."""
    (target / ".venv").mkdir()
    for path in (ROOT / ".venv").iterdir():
        if path.name != ".installed":
            (target / ".venv" / path.name).symlink_to(path)
    (target / ".venv/.installed").touch()


def _out(where: Path, *command: str) -> str:
    done = _run(where, *command)
    assert done.returncode == 0, (
        f"{' '.join(command)}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    )
    return done.stdout


def _run(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("GIT_", "DANCU_", "DJANGO_", "PYTEST_", "MAKE"))
    }
    # Whatever the times of files say: nothing is installed into the environment that is lent.
    env |= {"PYTHONPATH": str(where / "src"), "PIP_DRY_RUN": "1"}
    return subprocess.run(
        command, cwd=where, env=env, capture_output=True, text=True, timeout=300, check=False
    )


def _commands() -> Iterator[str]:
    """The lines of the guide that are to be typed, in order."""
    for block in re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.S | re.M):
        yield from block.splitlines()


def test_the_commands_of_the_guide_make_a_sector_that_passes_the_suite(tree: Path) -> None:
    said = {
        command: _out(tree, "sh", "-c", f'make() {{ command make {_LENT} "$@"; }}; {command}')
        for command in _commands()
    }
    (made, status, suite, _docs) = said.values()
    named = {line for line in made.splitlines() if "/" in line and " " not in line}
    changed = {line[3:] for line in status.splitlines()}
    assert changed == named, changed ^ named
    assert f"src/dancu/sectors/{NAME}/views.py" in named and len(named) > 25
    passed = re.search(r"(\d+) passed", suite)
    assert passed and int(passed[1]) >= 18 and "skipped" not in suite, suite
    _out(tree, ".venv/bin/python", "tools/generate.py", "--check", "docs/reference/workflows.md")
    _holds_elsewhere(tree)


def _holds_elsewhere(tree: Path) -> None:
    """What the new sector has to do with the rest of the house: sums, manuals, style."""
    sources = (tree / DATA / "SOURCES.md").read_text(encoding="utf-8")
    for table in new_sector.TABLES:
        data = (tree / DATA / table).read_bytes()
        assert NAME in data.decode()
        assert f"| `{table}` |" not in sources or hashlib.sha256(data).hexdigest() in sources, table
    items = (tree / PACKAGE / "nav.py").read_text(encoding="utf-8")
    found = re.findall(r'Item\(\s*_\("([^"]+)"\),.+?"(\w+\.\w+)"', items, re.S)
    pages = {right: label for label, right in found}
    with (tree / DATA / "role_rights.csv").open(encoding="utf-8") as file:
        held = [
            (row["role"], row["right"]) for row in csv.DictReader(file) if row["right"] in pages
        ]
    assert len(held) == 3
    for role, right in held:
        manual = (tree / f"docs/manual/{role}.md").read_text(encoding="utf-8")
        assert f"\n| {pages[right]} | — | " in manual.partition("\n## Bắt đầu")[0], role
    for check in (["check"], ["format", "--check"]):
        _out(tree, ".venv/bin/ruff", *check, PACKAGE, f"tests/sectors/samples/{NAME}.py")


SABOTAGE = [
    (f"{PACKAGE}/views.py", "@page(right=WORK)\n@require_GET\ndef listed", "@page()\n@require_GET\ndef listed",
     "test_no_page_opens_without_the_right", "list names no right"),
    (f"{PACKAGE}/closed.py", f'policy("{NAME}_card", "unit_code", person="citizen_id")', '"SELECT 1;"',
     "test_rows_about_somebody_are_closed_in_the_database_itself", "a neighbour reads, writes, adds [1, 1, 1]"),
    (f"{PACKAGE}/closed.py", "", "", "test_nothing_is_shown_or_changed_outside_the_unit", "outside"),
    (f"{PACKAGE}/templates/{NAME}/lines.html", "{{ line.unit }}", "{{ line.card.citizen_id }}",
     "test_every_answer_about_somebody_has_its_line_in_the_log", f"{NAME}:list: unlogged"),
    (f"{PACKAGE}/ledgered.py", "KINDS = [", "KINDS = [][:0] and [", "test_what_is_only_added_to_is_in_the_ledger",
     f"public.{NAME}_step"),
    (f"{PACKAGE}/indicators.py", "SELECT c.id::text AS subject, c.unit_code, {_DAY.format(column='c.issued_at')}",
     "SELECT NULL::text AS subject, c.unit_code, {_DAY.format(column='c.issued_at')}",
     "test_every_indicator_opens_to_the_records_that_it_counts", "counts what cannot be opened"),
    (f"{PACKAGE}/workflow.py", "(ASKED,), REFUSED", "(REFUSED,), REFUSED",
     "test_every_state_is_reached_ends_and_is_drawn", "make docs"),
    (f"{PACKAGE}/words.py", '    "Số thẻ":', '    "So the":',
     "test_every_text_of_the_screens_has_its_english", "Số thẻ"),
    (f"{DATA}/retention.csv", f"public.{NAME}_card", "public.something_else",
     "test_every_table_says_what_it_holds_how_long_and_to_whom_it_is_open", "has no row in retention.csv"),
    (f"{PACKAGE}/figures.py", "MOST = 500", 'MOST = 500\n\n\ndef look(by):\n    access_citizen(purpose="tien_tay")',
     "test_every_purpose_is_one_of_the_law", "tien_tay"),
    (f"{PACKAGE}/models.py", "max_length=500", "max_length=400", "test_models_and_migrations_agree", "SystemExit"),
]  # fmt: skip
"""Where -> what is put instead of what, which test must fail, and what it must say."""


@pytest.mark.slow
def test_each_promise_broken_in_the_new_sector_is_found_by_its_test(tree: Path) -> None:
    """A suite that everything passes would show nothing."""
    if not (tree / PACKAGE).is_dir():
        _out(tree, "make", *_LENT.split(), "-s", "sector", f"NAME={NAME}")
    for file, old, new, _, _ in SABOTAGE:
        text = (tree / file).read_text(encoding="utf-8")
        assert old in text, (file, old)
        (tree / file).write_text(text.replace(old, new) if old else text, encoding="utf-8")
    suite = ["tests/sectors/test_every_working_sector.py", "-k", NAME, "--tb=short"]
    said = _run(tree, ".venv/bin/python", "-m", "pytest", "-n", "0", *suite).stdout
    _, *found = re.split(r"^_+ (test_\w+)\[", said, flags=re.M)
    parts = dict(zip(found[::2], found[1::2], strict=True))
    for _, _, _, test, words in SABOTAGE:
        assert words in parts.get(test, ""), f"{test} does not say «{words}»\n{said[-8000:]}"


BAD = [
    ("", "chữ thường không dấu", "lower-case"),
    ("Nha_van_hoa", "chữ thường không dấu", "lower-case"),
    ("nhà_văn_hóa", "chữ thường không dấu", "lower-case"),
    ("../x", "chữ thường không dấu", "lower-case"),
    ("a" * 21, "nhiều nhất 20", "at most 20"),
    ("class", "chữ thường không dấu", "lower-case"),
    ("demo", "tên đã được dùng", "is taken in src/dancu/sectors/demo"),
    ("tax", "tên đã được dùng", "is taken in src/dancu/sectors/tax"),
    ("register", "tên đã được dùng", "is taken in src/dancu/platform/register"),
    ("viec", "tên đã được dùng", "is taken in src/dancu/platform/worklists/urls.py"),
    ("cong_dan", "tên đã được dùng", "is taken in"),
    ("person", "tên đã được dùng", "is taken in src/dancu/reference/data/rights.csv"),
    ("traffic", "tên đã được dùng", "is taken in src/dancu/reference/data/purposes.csv"),
]


@pytest.mark.parametrize(("name", "vietnamese", "english"), BAD, ids=[bad[0] for bad in BAD])
def test_a_bad_or_taken_name_is_refused_in_both_languages(
    name: str, vietnamese: str, english: str
) -> None:
    with pytest.raises(new_sector.NewError, match=re.escape(vietnamese)) as refused:
        new_sector.check_name(name, ROOT)
    assert english in str(refused.value)


@pytest.mark.parametrize("title", ["", "Việc cần làm", 'Thẻ "x"', "{{ x }}", "100%", "T" * 41])
def test_a_title_that_cannot_be_a_line_of_the_menu_is_refused(title: str) -> None:
    with pytest.raises(new_sector.NewError, match="TITLE="):
        new_sector.check_title(title, ROOT)
    new_sector.check_title("Thẻ nhà văn hóa", ROOT)
