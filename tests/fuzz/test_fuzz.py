"""Readers of what strangers send, under a fuzzer: 200,000 inputs in all at every commit, 10 million by `make slow`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARES = {
    "card_qr": 0.3,
    "card_mrz": 0.3,
    "cloudevent": 0.15,
    "jws": 0.1,
    "question": 0.1,
    "signs": 0.05,
}
"""Of the inputs, by what an input costs."""
CI, SLOW = 200_000, 10_000_000


def throw(runs: int, found: Path) -> dict[str, dict[str, float]]:
    """Throw so many in all; what is told of each target."""
    shares = {target: round(runs * share) for target, share in SHARES.items()}
    assert sum(shares.values()) == runs
    ran = subprocess.run(
        [sys.executable, HERE / "targets.py", *(f"{target}={share}" for target, share in shares.items())],
        capture_output=True, text=True, env={"DANCU_FUZZ_FOUND": str(found), "PATH": "", "DANCU_HOME": str(found)},
    )  # fmt: skip
    assert ran.returncode == 0, f"{ran.stdout[-1500:]} {ran.stderr[-1500:]}"
    lines = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    told = {line["target"]: line for line in lines}
    assert {target: line["runs"] for target, line in told.items()} == shares
    return told


def test_200_000_inputs_find_nothing(tmp_path: Path) -> None:
    assert set(throw(CI, tmp_path)) == set(SHARES)


@pytest.mark.slow
def test_ten_million_inputs_find_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = throw(SLOW, tmp_path)
    assert set(told) == set(SHARES)
    with capsys.disabled():
        for target, line in told.items():
            print(
                f"\nfuzz {target}: {line['runs']:,} inputs in {line['seconds']:.0f} s, nothing found"
            )


def test_the_fuzzer_finds_what_there_is_to_be_found(tmp_path: Path) -> None:
    """A reader with a planted fault: an input that begins with three given bytes."""
    planted = (
        "import sys, atheris\n"
        "def bad(data):\n"
        "    if len(data) > 2 and data[0] == 0x7c and data[1] == 0x39 and data[2] == 0x0a: raise KeyError('planted')\n"
        f"atheris.Setup([sys.argv[0], '-runs=2000000', '-seed=7', '-artifact_prefix={tmp_path}/'],"
        " atheris.instrument_func(bad))\n"
        "atheris.Fuzz()\n"
    )
    (tmp_path / "planted.py").write_text(planted)
    ran = subprocess.run([sys.executable, tmp_path / "planted.py"], capture_output=True, text=True)
    assert ran.returncode != 0 and "planted" in ran.stdout + ran.stderr
