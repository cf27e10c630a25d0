"""The checklist of level-3 controls names evidence that is there, and is honest about what is not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATES = {"có", "một phần", "tổ chức", "chưa"}
NO_EVIDENCE = ("DANCU_", "journald")


def rows() -> list[list[str]]:
    text = (ROOT / "docs/reference/level-3.md").read_text(encoding="utf-8")
    found = [
        [c.strip() for c in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in found if row[0] != "nhóm"]


def test_every_control_has_a_state_and_what_is_done_has_evidence() -> None:
    assert len(rows()) >= 30
    assert {row[2] for row in rows()} == STATES
    assert [row[1] for row in rows() if row[2] in ("có", "một phần") and "`" not in row[3]] == []


def test_each_named_evidence_exists() -> None:
    named = [
        n
        for row in rows()
        for n in re.findall(r"`([^`]+)`", row[3])
        if not n.startswith(NO_EVIDENCE)
    ]
    missing = []
    for name in named:
        file, _, test = name.partition("::")
        path = ROOT / file
        if not path.exists() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            missing.append(name)
    assert len(named) > 25 and missing == []
