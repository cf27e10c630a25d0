"""Printed figures: what each case of the table gets said about it."""

from __future__ import annotations

import csv
import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from dancu.cli import main
from dancu.engine.report import printed

CASES = list(
    csv.DictReader(Path(__file__).with_name("printed.csv").read_text("utf-8").splitlines())
)
ON = date(2024, 6, 21)
SEED = Path(str(files("dancu.reference").joinpath("data/domain/seed_figures.csv")))
HEAD = ",".join(printed.COLUMNS)


def _file(figures: str) -> bytes:
    lines = [HEAD]
    for number, figure in enumerate(figures.split("|"), start=1):
        name, value, numerator, denominator, unit, basis = figure.split(",")
        lines.append(
            f"F{number},{name},{value},{numerator},{denominator},{unit},{basis},exact,province"
        )
    return "\n".join(lines).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_printed(case: dict[str, str]) -> None:
    remarks = printed.check(printed.read(_file(case["figures"])), on=ON)
    assert [f"{r.weight} {r.why}" for r in remarks] == ([case["remark"]] if case["remark"] else [])
    for remark in remarks:
        said = " ".join([remark.text_vi, remark.text_en, *remark.values.values()])
        assert all(
            part in said
            for part in case["contains"].replace("=", " ").replace("printed", " ").split()
        )


@pytest.mark.mission("S38")
def test_the_review_of_june_2024_one_share_one_rise_and_two_means_are_found() -> None:
    result = CliRunner().invoke(
        main, ["report", "check", str(SEED), "--on", "2024-06-21", "--json"]
    )
    assert result.exit_code == 1
    told = [r for r in json.loads(result.stdout) if r["weight"] != "note"]
    assert [(r["figure_id"], r["why"]) for r in told] == [
        ("F04", "ambiguous_change"), ("F13", "implausible_mean"), ("F15", "implausible_mean"), ("F25", "wrong_share"),
    ]  # fmt: skip
    assert told[0]["values"] == {"points": "70.15", "relative": "72.10"}
    assert told[3]["values"] == {"right": "18.46", "printed": "18.47"}


def test_the_example_of_the_package_tells_the_same_in_words() -> None:
    result = CliRunner().invoke(main, ["report", "check", "--example"])
    assert result.exit_code == 1
    told = " ".join(result.stdout.split())
    assert "1.714/9.284 = 18,46%, bản in ghi 18,47%" in told
    assert "“tăng 7%” có hai nghĩa" in told and "70,15%" in told and "72,10%" in told
    assert "Bình quân 955.882 đồng, cao hơn mức 900.000 đồng" in told
    assert "Bình quân 975.166 đồng, thấp hơn mức 1.800.000 đồng" in told
    assert "27 số liệu: 1 sai, 3 cần hỏi lại" in told
    nothing = CliRunner().invoke(main, ["report", "check"])
    assert nothing.exit_code == 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,b\n1,2\n", "Thiếu cột"),
        (f"{HEAD}\nF1,x,mười,,,percent,flow,exact,p\n".encode(), "Dòng 2, cột printed_value"),
        (f"{HEAD}\nF1,x,,,,percent,flow,exact,p\n".encode(), "trống"),
        ("số".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_table_of_figures_is_refused_with_its_place(
    data: bytes, says: str
) -> None:
    with pytest.raises(printed.NotFigures, match=says):
        printed.read(data)
