"""Properties of reading that hold whatever the table: nothing lost, nothing changed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.engine.intake import (
    IntakeError,
    dump_mapping,
    load_mapping,
    propose_mapping,
    read,
    read_arrow,
)
from dancu.engine.intake.columnar import as_text
from dancu.sectors import specs

ON = dt.date(2024, 6, 30)
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Cột riêng", "Ghi chú"]
_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co"]), max_size=12
).map(lambda text: text.strip(" "))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(_CELL, min_size=6, max_size=6), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_every_cell_comes_out_as_it_went_in(rows: list[list[str]], delimiter: str) -> None:
    rows = [[str(i), f"Nguyễn Văn {row[1]}".strip(), *row[2:]] for i, row in enumerate(rows)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEAD, *rows])
    sheet = read(out.getvalue().encode(), name="x.csv", specs=specs(), sector="population", on=ON)[
        0
    ]
    assert sheet.delimiter == delimiter
    kept = {row["row"]: row for row in sheet.rows.to_pylist()}
    rejected = {row["row"]: json.loads(row["cells"]) for row in sheet.rejects.to_pylist()}
    for number, cells in enumerate(rows, start=2):
        if number in rejected:
            assert [cell or "" for cell in rejected[number]] == cells
            continue
        row = kept[number]
        roles = ("serial", "full_name", "birth_date", "personal_number", "note")
        assert [row[role] or "" for role in roles] == [*cells[:4], cells[5]]
        assert json.loads(row["extra"] or "{}").get("Cột riêng", "") == cells[4]
    assert sheet.rows_in == len(rows)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_one_message(data: bytes) -> None:
    for head in (b"", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml", b"{"):
        try:
            sheets = read(head + data, name="x.csv", specs=specs(), on=ON)
        except IntakeError as error:
            assert error.message_vi.startswith("x.csv: ")
        else:
            assert all(sheet.rows_in >= 0 for sheet in sheets)


def test_the_answer_of_a_query_is_read_like_a_list() -> None:
    table = pa.table(
        {
            "ho_va_ten": ["Nguyễn Văn An"],
            "so_cccd": pa.array([924090000001], pa.int64()),
            "ngay_sinh": pa.array([dt.date(1990, 2, 1)]),
            "luong": pa.array([1.0]),
        }
    )
    sheet = read_arrow(table, name="truy vấn 1", specs=specs(), sector="tax", on=ON)
    assert sheet.rows.to_pylist() == [
        {
            "row": 1,
            "full_name": "Nguyễn Văn An",
            "personal_number": "924090000001",
            "birth_date": "1990-02-01",
            "extra": '{"luong":"1"}',
        }
    ]


def test_a_proposal_is_saved_corrected_and_used() -> None:
    lines = "".join(f"x,92409000000{i},Nam\n" for i in range(5))
    data = f"Họ tên,Mã A,Cột B\n{lines}".encode()
    proposal = propose_mapping(data, name="la.csv", specs=specs(), on=ON)[0]
    found = {c.heading: (c.role, c.basis) for c in proposal.columns}
    assert found == {
        "Họ tên": ("full_name", "heading"),
        "Mã A": ("personal_number", "contents"),
        "Cột B": ("sex", "contents"),
    }
    saved = dump_mapping(proposal)
    assert "Nam" not in saved
    mapping = load_mapping(saved) | {"Cột B": "note"}
    sheet = read(data, name="la.csv", specs=specs(), on=ON, mapping=mapping)[0]
    assert sheet.mapping == {"Họ tên": "full_name", "Mã A": "personal_number", "Cột B": "note"}


@pytest.mark.parametrize(
    ("extra", "reason"),
    [({"sector": "khong_co"}, "unknown_sector"), ({"mapping": {"A": "x"}}, "bad_mapping")],
)
def test_a_wrong_request_is_refused(extra: dict[str, object], reason: str) -> None:
    with pytest.raises(IntakeError) as refused:
        read(b"A,B\n1,2\n", name="x.csv", specs=specs(), on=ON, **extra)  # type: ignore[arg-type]
    assert refused.value.reason == reason


def test_many_misfitting_rows_keep_their_numbers() -> None:
    lines = [f"{i},Nguyễn Văn An,1990" + (",9" if i % 3 else "") for i in range(1, 3001)]
    text = "STT,Họ và tên,Ngày sinh,Số CCCD\n" + "\n".join(lines)
    sheet = read(text.encode(), name="x.csv", specs=specs(), sector="population", on=ON)[0]
    rows = sheet.rows.to_pylist()
    assert [row["row"] - 1 for row in rows] == [int(row["serial"]) for row in rows]
    assert len(rows) == 3000


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([924190000100.0, None, float("nan")], ["924190000100", None, None]),
        ([7.0, 1.5], ["7", "1.5"]),
        ([1e300], ["1e+300"]),
        ([None], [None]),
    ],
)
def test_a_column_of_doubles_keeps_the_digits_of_whole_numbers(
    cells: list[float | None], texts: list[str | None]
) -> None:
    assert as_text(pa.chunked_array([pa.array(cells, pa.float64())])).to_pylist() == texts
