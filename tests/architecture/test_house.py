"""The house keeps its own promises: targets, CI, locks, paths, and no real person anywhere."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tools import check, db, make_names

ROOT = Path(__file__).resolve().parents[2]
ASKED = """
    help setup demo test slow check serve bench golden rule sector docs db db-stop lock wheel clean
""".split()  # noqa: SIM905


def test_every_promised_target_is_there_and_explained(
    golden: Callable[[str, str], None],
) -> None:
    assert set(ASKED) <= set(make_names.targets(ROOT))
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True)
    listed = {line.split()[1] for line in shown.stdout.splitlines()}
    assert listed == set(make_names.targets(ROOT))
    golden("make_help.txt", shown.stdout)


def test_ci_runs_the_readmes_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "make test" in make_names.commands(readme)
    assert "make test" in lines and "make check" in lines


def test_every_command_in_the_documents_is_one_that_exists() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    known = set(make_names.targets(ROOT))
    unknown = [
        (page.name, line)
        for page in pages
        for line in make_names.commands(page.read_text(encoding="utf-8"))
        if (named := re.search(r"\bmake ([a-z-]+)", line)) and named[1] not in known
    ]
    assert unknown == []


def test_every_local_link_in_the_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    dead = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_proof_in_the_threat_model_is_a_test_that_exists() -> None:
    """`file.py::name`, or `::name` of the file named before it: in that file, not just somewhere."""
    tests = {
        path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")
    }
    named, file, dead = 0, "", []
    for found in re.finditer(r"`([\w/]+\.py)?(?:::(\w+))?`", _threats()):
        file = (found[1] or file).rpartition("/")[2]
        named += bool(found[2])
        if file.startswith("test_") and file not in tests:
            dead.append(file)
        elif found[2] and f"def {found[2]}(" not in tests[file]:
            dead.append(f"{file}::{found[2]}")
    assert named > 150 and dead == []


def test_the_threat_model_holds_no_broken_table_and_no_section_twice() -> None:
    lines = _threats().splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert [row for row in rows if row.count("|") != 4 or not row.endswith("|")] == []
    tables = [
        n for n, line in enumerate(lines) if line.startswith("|") and not lines[n - 1].startswith("|")
    ]  # fmt: skip
    assert [lines[n] for n in tables if lines[n + 1] != "|---|---|---|"] == []
    heads = [line for line in lines if line.startswith("## ")]
    assert len(heads) == len(set(heads)) and heads[-1] == "## Not defended yet"
    told = [row for n, row in enumerate(lines) if row in rows and n not in tables and row[1] != "-"]
    assert len(told) == len(set(told))


def _threats() -> str:
    return (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("uv==0.13.9 \\\n    --hash=sha256:ab\n", []),
        ("uv==0.13.9\n", ["requirements.txt: no hash for uv==0.13.9"]),
        ("--index-url x\nuv==1 \\\n    --hash=sha256:ab\n", ["requirements.txt holds an address"]),
        ("uv @ http://a/b \\\n    --hash=sha256:ab\n", ["requirements.txt holds an address"]),
    ],
)
def test_a_lock_with_an_address_or_without_a_hash_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, found: list[str]
) -> None:
    (tmp_path / "requirements.txt").write_text(text)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "LOCKS", ("requirements.txt",))
    assert check.lock() == found


def test_a_path_of_one_machine_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = tmp_path / "bad.py", tmp_path / "good.py"
    bad.write_text("DATA = '" + "/" + "home/lan/data/x.csv'\n")
    good.write_text("DATA = 'src/home/x' + 'var/work/x'\n")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "tracked", lambda *suffixes: [bad, good])
    assert [line.split(":")[0] for line in check.paths()] == ["bad.py"]


def test_make_db_prints_no_password(
    postgres: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres)
    assert db.main("start") == 0
    shown = capsys.readouterr().out
    password = str(psycopg.conninfo.conninfo_to_dict(postgres)["password"])
    assert "postgresql://" in shown and password not in shown


def test_no_statement_takes_the_day_of_the_connections_time_zone() -> None:
    """Connections are of UTC: until seven in the morning its day is yesterday here."""
    said = re.compile(r"\bcurrent_date\b|\bnow\(\)::date\b|\blocaltimestamp\b", re.IGNORECASE)
    sources = [p for kind in ("py", "sql") for p in (ROOT / "src").rglob(f"*.{kind}")]
    assert not [str(p.relative_to(ROOT)) for p in sources if said.search(p.read_text("utf-8"))]
