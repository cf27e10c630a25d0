"""A record made standard by itself is the row that the batch makes of it, column by column."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pyarrow as pa
import pytest
from tests.spec.standardise.batch import Row, alone, standardised, standardised_alone

from dancu.engine.intake.gather import Gathering, Input
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise.one import standard_row, standard_table
from dancu.province.making import make
from dancu.reference.fields import raw_roles
from dancu.sectors import specs
from dancu.store.files import list_inputs, read_file

ON = dt.date(2024, 6, 21)
CONTEXT = Context(on=ON, test_people=True, sources=specs())
Tables = tuple[pa.Table, pa.Table]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """`records` and `files` of an invented province, whose files nobody looked at as a whole."""
    folder = tmp_path_factory.mktemp("province")
    make(0.001, 11, folder, ON)
    gathering = Gathering(CONTEXT)
    for file in list_inputs(folder / "lists"):
        gathering.add(Input(file.name, file.sha256, file.size, partial(read_file, file.path)))
    files = gathering.files()
    entered = pa.repeat(pa.scalar(True), files.num_rows)
    place = files.schema.get_field_index("entered")
    return gathering.take(), files.set_column(place, "entered", entered)


def one_by_one(records: list[Row], list_dates: dict[tuple[int, str], dt.date]) -> pa.Table:
    """Table `standard`, each record made by itself."""
    return standard_table(
        standard_row(
            {role: record[role] for role in raw_roles()},
            spec=CONTEXT.sources[record["source"]],
            context=CONTEXT,
            record_id=record["record_id"],
            file_no=record["file_no"],
            row=record["row"],
            list_date=list_dates[record["file_no"], record["sheet"]],
        )
        for record in records
    )


def test_every_record_of_a_province_is_the_batch_s(province: Tables) -> None:
    records, files = province
    list_dates = {(f["file_no"], f["sheet"]): f["list_date"] for f in files.to_pylist()}
    batch = standardised(records, files, CONTEXT)
    single = one_by_one(records.to_pylist(), list_dates)
    assert len(single) > 1000 and len(set(single["source"].to_pylist())) > 10
    assert single.schema == batch.schema
    wrong = [name for name in batch.column_names if not batch[name].equals(single[name])]
    assert wrong == []


def clerk(**declared: str) -> Context:
    """A run with one source that declares this."""
    return Context(on=ON, sources={"clerk": SectorSpec("clerk", "", "", "", "", **declared)})


@pytest.mark.parametrize(
    ("order", "cell", "day"),
    [
        ("dmy", "03/04/1990", dt.date(1990, 4, 3)),
        ("mdy", "03/04/1990", dt.date(1990, 3, 4)),
        ("mdy", "1990-04-03", dt.date(1990, 4, 3)),
        ("ymd", "03/04/1990", dt.date(1990, 4, 3)),
    ],
)
def test_a_date_entered_alone_is_in_the_source_s_own_order(
    order: str, cell: str, day: dt.date
) -> None:
    context = clerk(dates=order)
    records = [alone(1, "clerk", {"birth_date": cell})]
    (row,) = standardised_alone(records, context, entered=True).to_pylist()
    assert row["birth_date"] == day
    assert row == standard_row(
        {"birth_date": cell},
        spec=context.sources["clerk"],
        context=context,
        record_id=1,
        file_no=1,
        row=2,
        list_date=ON,
    )


@pytest.mark.parametrize(
    ("told", "permanent", "temporary"),
    [
        ({"address": "Quế Nham, Tân Yên, Bắc Giang"}, None, "07366"),
        ({"current_address": "Quế Nham, Tân Yên, Bắc Giang"}, None, "07366"),
        (
            {"address": "Phi Mô, Lạng Giang", "current_address": "Quế Nham, Tân Yên, Bắc Giang"},
            "07375",
            "07366",
        ),
    ],
)
def test_the_one_place_of_a_temporary_residence_is_where_somebody_stays(
    told: dict[str, str], permanent: str | None, temporary: str
) -> None:
    cells = {"full_name": "Lê Văn Tư", "event_kind": "tạm trú", **told}
    records = [alone(1, "residence_moves", cells)]
    (row,) = standardised_alone(records, CONTEXT, entered=True).to_pylist()
    assert (row["permanent_unit"], row["temporary_unit"]) == (permanent, temporary)
    assert one_by_one(with_roles(records), {(1, "1"): ON}).to_pylist() == [row]


def with_roles(records: list[Row]) -> list[Row]:
    """The records with every raw role, as `records` has them."""
    return [dict.fromkeys(raw_roles()) | record for record in records]


def test_a_tick_left_out_by_an_officer_says_nothing_of_the_sex() -> None:
    records = [alone(1, "clerk", {"full_name": "Trần Văn Nam", "female_tick": ""})]
    said = {
        entered: standardised_alone(records, clerk(), entered=entered)["sex"].to_pylist()
        for entered in (False, True)
    }
    assert said == {False: ["1"], True: [None]}
