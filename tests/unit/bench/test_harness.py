"""The bench harness measures what it says: CPU, wall and memory of each contender alone."""

import json
from pathlib import Path

import pytest
from bench.harness import Bench, BenchError, Row, table


def burn(*, megabytes: int) -> dict[str, object]:
    held = bytearray(megabytes << 20)
    return {"held": len(held) >> 20}


def sleep() -> None:
    import time

    time.sleep(0.3)


def fail() -> None:
    raise ValueError("broken on purpose")


def test_memory_is_the_contenders_own_not_the_benchs(tmp_path: Path) -> None:
    ballast = bytearray(b"x" * (200 << 20))
    bench = Bench("t", 1.0, out=tmp_path)
    small = bench.call(burn, who="small", what="hold", args={"megabytes": 0})
    large = bench.call(burn, who="large", what="hold", args={"megabytes": 100})
    assert len(ballast) and small.rss_mb < 200
    assert 90 < large.rss_mb - small.rss_mb < 120


def test_waiting_costs_wall_time_and_no_processor(tmp_path: Path) -> None:
    row = Bench("t", 1.0, out=tmp_path).command(["sleep", "0.3"], who="sleep", what="wait")
    assert row.wall_s >= 0.3 and row.cpu_s < 0.2


def test_a_failing_contender_is_an_error_that_shows_its_words(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="broken on purpose"):
        Bench("t", 1.0, out=tmp_path).call(fail, who="x", what="y")


def test_the_file_holds_rows_and_goals(tmp_path: Path) -> None:
    bench = Bench("t", 0.1, out=tmp_path)
    bench.row(who="a", what="w", cpu_s=1.0, wall_s=2.0, rss_mb=3.0, extra={"rows": 5})
    bench.goal("ratio", goal=20, got=21.5)
    bench.goal("memory", goal=8, got=9, at_most=True)
    written = json.loads(bench.finish().read_text(encoding="utf-8"))
    assert written["name"] == "t" and written["scale"] == 0.1
    assert written["rows"] == [
        {"who": "a", "what": "w", "cpu_s": 1.0, "wall_s": 2.0, "rss_mb": 3.0, "rows": 5}
    ]
    assert [goal["met"] for goal in written["goals"]] == [True, False]


def test_ratios_are_against_the_first_of_the_same_task() -> None:
    lines = table([Row("us", "t", 2.0, 4.0, 10.0), Row("them", "t", 5.0, 4.0, 40.0)]).splitlines()
    assert lines[2].split() == ["t", "them", "5.00", "2.50", "4.00", "1.00", "40.00", "4.00"]
