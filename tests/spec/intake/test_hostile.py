"""Hostile files: one clear message each, bounded memory, nothing left behind."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.spec.intake.builders import HOSTILE, build

from dancu.engine.intake import IntakeError, read
from dancu.sectors import specs

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "hostile.yml").read_text("utf-8"))
ON = dt.date(2024, 6, 30)


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_hostile_file_gets_one_clear_message(case: dict[str, str]) -> None:
    with pytest.raises(IntakeError) as refused:
        read(build(case), name=case["name"], specs=specs(), on=ON)
    assert refused.value.reason == case["reason"]
    assert refused.value.message_vi == case.get("message", refused.value.message_vi)
    assert refused.value.message_vi.startswith(f"{case['name']}: ")
    assert refused.value.message_en


def test_the_table_names_at_least_eighteen_hostile_files() -> None:
    assert len(CASES) >= 18
    assert set(HOSTILE) == {case["build"] for case in CASES if "build" in case}


_IN_LITTLE_MEMORY = """
import resource, sys, datetime as dt
import fastexcel, pyarrow.compute, pyarrow.csv, pyarrow.parquet
from dancu.engine.intake import IntakeError, read
from dancu.sectors import specs
data = sys.stdin.buffer.read()
known = specs()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 200 * 2**20,) * 2)
try:
    read(data, name="x.xlsx", specs=known, on=dt.date(2024, 6, 30))
except IntakeError as error:
    print(error.reason)
"""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("zip_bomb", "zip_bomb"),
        ("zip_bomb_lying", "zip_bomb"),
        ("xml_bomb", "forbidden_xml"),
        ("stray_corner", "sparse_sheet"),
    ],
)
def test_a_bomb_is_refused_within_200_megabytes_and_leaves_nothing(
    name: str, reason: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IN_LITTLE_MEMORY],
        input=HOSTILE[name](),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=False,
    )
    assert done.stdout.decode().strip() == reason, done.stderr.decode()[-500:]
    assert list(tmp_path.iterdir()) == []
