"""The generated pages say what is there: rows of the mission, marks in tests, rules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml
from tools import generate, mission, new, rules_reference

from dancu.rules.loader import read_rule

ROOT = Path(__file__).resolve().parents[2]
TEST = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.mission("S03")]
@pytest.mark.mission("S01", "S02")
def test_one(): ...
class TestTwo:
    @pytest.mark.mission("S02")
    def test_inside(self): ...
def test_unmarked(): ...
"""
ROWS = "req_id,statement_en,system_must\nS01,one|two,do\nS02,b,do\nS03,c,do\nS04,d,do\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    rows = tmp_path / mission.ROWS
    rows.parent.mkdir(parents=True)
    rows.write_text(ROWS)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(TEST)
    return tmp_path


def test_marks_are_read_without_running_the_test() -> None:
    assert list(mission.marks(ast.parse(TEST))) == [
        ("", "S03"),
        ("test_one", "S01"),
        ("test_one", "S02"),
        ("TestTwo::test_inside", "S02"),
    ]


def test_a_row_names_its_tests_or_says_not_built(house: Path) -> None:
    text = mission.text(house)
    assert "**4 rows: 3 shown by a test, 1 not built.**" in text
    assert "| S01 | one\\|two | do | [test_one](tests/test_a.py) |" in text
    assert "| S04 | d | do | not built |" in text


def test_a_mark_for_a_row_that_is_not_there_is_refused(house: Path) -> None:
    (house / "tests" / "test_b.py").write_text(TEST.replace("S03", "S99"))
    with pytest.raises(mission.MissionError, match=r"S99.*test_b\.py"):
        mission.text(house)


def test_the_mission_has_all_rows_of_the_seed() -> None:
    assert mission.text(ROOT).count("\n| S") == 62


def test_the_glossary_has_every_term() -> None:
    assert generate.glossary(ROOT).count("\n| ") - generate.glossary(ROOT).count("\n## ") == 118


def test_rules_come_from_their_files(tmp_path: Path) -> None:
    assert rules_reference.text(tmp_path) is None
    folder = tmp_path / "src/dancu/rules/living"
    folder.mkdir(parents=True)
    (folder / "x.yml").write_text("id: SONG-001\nweight: 2\nmessage: {vi: Đã mất | còn trợ cấp}\n")
    assert "[SONG-001](../../src/dancu/rules/living/x.yml)" in (
        rules_reference.text(tmp_path) or ""
    )


def test_a_new_rule_has_the_next_number_and_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "src/dancu/rules/living"
    folder.mkdir(parents=True)
    (folder / "old.yml").write_text("id: LIV-007\n")
    made = new.rule("living/card-past-renewal", tmp_path)
    rule = read_rule(yaml.safe_load(made.read_text(encoding="utf-8")), name=made.name)
    assert (rule.id, rule.slug, rule.dimension) == ("LIV-008", "card-past-renewal", "living")
    for bad in ("living/card-past-renewal", "lively/x", "living/../x", "living/A", "x"):
        with pytest.raises(new.NewError):
            new.rule(bad, tmp_path)
