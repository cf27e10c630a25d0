"""The comparison of findings with planted flaws, on a run folder of six records made by hand."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench import quality

READS = [
    ("COM-1", 1, "personal_number"),
    ("CLE-1", 4, "full_name"),
    ("COR-1", 6, "sex"),
    ("COR-1", 6, "personal_number"),
    ("CON-1", 5, "household_number"),
    ("CLE-3", 3, "birth_date"),
]
# file, sheet, row, field, kind, error group, role
FLAWS = [
    ("a/x.csv", "", 2, "personal_number", "number_missing", 1, "planted"),
    ("a/x.csv", "", 3, "full_name", "name_capitals", 4, "planted"),
    ("a/x.csv", "", 4, "sex", "sex_conflict", 6, "planted"),
    ("a/y.xlsx", "Xã 1", 7, "personal_number", "number_absent", 1, "noise"),
    ("a/y.xlsx", "Xã 2", 7, "household_number", "head_missing", 5, "planted"),
    ("a/y.xlsx", "Xã 2", 8, "household_number", "head_missing", 5, "affected"),
]
# record, file_no, sheet, row, person
RECORDS = [
    (1, 1, "x", 2, 1), (2, 1, "x", 3, 2), (3, 1, "x", 4, 3),
    (4, 2, "Xã 1", 7, 4), (5, 2, "Xã 2", 7, 5), (6, 2, "Xã 2", 8, 6),
]  # fmt: skip
# Record 2 is of the same human being as record 1; all others are one each.
HUMANS = [1, 1, 3, 4, 5, 6]
# human, household, father, mother, spouse
PEOPLE = [
    (1, 1, None, None, None), (3, 2, None, None, None), (4, 3, None, 6, None),
    (5, 4, None, None, None), (6, 5, None, None, None),
]  # fmt: skip
FINDINGS = [
    ("COM-1", "record", 1, None),  # right, finds number_missing
    ("COM-1", "record", 2, None),  # false alarm: the number of that record is not wrong
    ("COM-1", "record", 4, None),  # right: noise is wrong as well
    ("COR-1", "record", 1, None),  # right: the field it reads is flawed, though another group
    ("COR-1", "record", 3, None),  # right, finds sex_conflict
    ("CON-1", "person", 5, None),  # right, finds head_missing through the person
    ("CON-1", "person", 6, None),  # right: affected
    ("CON-1", "person", 3, None),  # false alarm on a person
    ("CON-1", "person", 4, "hộ"),  # right: a group rule, and the mother's record is flawed
    ("CON-1", "person", 4, None),  # false alarm: alone, nothing of that person is wrong
    ("CLE-3", "person", 1, "tên"),  # right: that human being is two persons of the register
    ("CLE-3", "person", 3, "tên"),  # false alarm: one person
]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    def table(path: Path, names: str, rows: list[tuple[object, ...]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = dict(zip(names.split(), map(list, zip(*rows, strict=True)), strict=True))
        pq.write_table(pa.table(columns), path.with_suffix(".parquet"))

    truth, run = tmp_path / "truth", tmp_path / "run"
    files = {1: "a/x.csv", 2: "a/y.xlsx"}
    stands = [
        (files[f], "" if f == 1 else sheet, row, human)
        for (_, f, sheet, row, _), human in zip(RECORDS, HUMANS, strict=True)
    ]
    whose = {stand[:3]: stand[3] for stand in stands}
    flaws = [(*flaw, whose[flaw[:3]]) for flaw in FLAWS]
    table(truth / "errors", "file sheet row field kind error_group role person", flaws)
    table(truth / "records", "file sheet row person", stands)
    table(truth / "people", "person household father mother spouse", PEOPLE)
    table(
        run / "intake" / "records" / "part-1",
        "record_id file_no sheet row",
        [r[:4] for r in RECORDS],
    )
    table(
        run / "intake" / "files",
        "file_no name sheet",
        [(1, "a/x.csv", "x"), (2, "a/y.xlsx", "Xã 1"), (2, "a/y.xlsx", "Xã 2")],
    )
    table(run / "link" / "links", "record_id person_id", [(r[0], r[4]) for r in RECORDS])
    table(run / "validate" / "findings", "rule_id level id group_key", FINDINGS)
    return truth, run


EXPECTED = [
    # group, planted, found, findings, right, findings_all, right_all
    (1, 1, 1, 3, 2, 3, 2),
    (4, 1, 0, 0, 0, 0, 0),
    (5, 1, 1, 0, 0, 5, 3),
    (6, 1, 1, 2, 2, 2, 2),
    (3, 0, 0, 0, 0, 2, 1),
]


@pytest.mark.parametrize("expected", EXPECTED)
def test_recall_and_precision_are_counted_per_error_group(
    folders: tuple[Path, Path], expected: tuple[int, ...]
) -> None:
    found = {o.error_group: o for o in quality.measure(*folders, reads=READS)}
    outcome = found[expected[0]]
    assert (outcome.error_group, outcome.planted, outcome.found) == expected[:3]
    assert (outcome.findings, outcome.right, outcome.findings_all, outcome.right_all) == expected[
        3:
    ]


def test_ratios_of_an_outcome() -> None:
    row = quality.Outcome(1, 4, 3, 10, 9, 20, 10).as_row()
    assert (row["recall"], row["precision"], row["precision_all"]) == (0.75, 0.9, 0.5)
    assert quality.Outcome(1, 0, 0, 0, 0, 0, 0).recall == 1.0


@pytest.mark.parametrize(
    ("column", "field"),
    [("full_name_fix", "full_name"), ("birth_year", "birth_date"), ("personal_number_sex", "personal_number"),
     ("permanent_unit_status", "permanent_unit"), ("sex", "sex")],
)  # fmt: skip
def test_a_rules_column_speaks_of_a_field(column: str, field: str) -> None:
    assert quality.base_field(column) == field
