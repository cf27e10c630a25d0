"""A cell longer than anything that a field can hold costs no time: it is not looked into, and nothing is half read."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from tests.spec.standardise.batch import alone, standardised_alone

from dancu.engine.intake import body, layout
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise import dialects
from dancu.engine.standardise.one import standard_row
from dancu.engine.standardise.readers import LONGEST
from dancu.reference.fields import raw_roles

ON = dt.date(2024, 6, 21)
SPEC = SectorSpec("clerk", "Danh sách", "A clerk's list", "", "")
CONTEXT = Context(on=ON, test_people=True, sources={"clerk": SPEC})
SEEDS = ("a", "0", "\n", "1-", "Ă", "A<", "a\n", " x", "thôn ")
LONG = 50_000
MOST = 1.5
"""Seconds of processor time for a record whose every cell is that long; what grows with its square takes minutes."""

FIELDS = [
    # role, a cell that is right, field, issue when it is too long
    ("full_name", "Nguyễn Văn An", "full_name", "length"),
    ("personal_number", "924099000011", "personal_number", "length"),
    ("birth_date", "05/09/1999", "birth_date", "not_a_date"),
    ("phone", "0912345678", "phone", "length"),
    ("plate", "24A-123.45", "plate", "shape"),
    ("bank_account", "0011001234567", "bank_account", "length"),
    ("ethnic", "Kinh", "ethnic", "not_in_list"),
    ("address", "Quế Nham, Tân Yên", "permanent_unit", "not_found"),
]


def both(cells: dict[str, str]) -> list[dict[str, Any]]:
    """The record by itself, and as a row of a list."""
    record = alone(1, "clerk", cells)
    one = standard_row(
        cells, spec=SPEC, context=CONTEXT, record_id=1, file_no=1, row=2, list_date=ON
    )
    return [one, *standardised_alone([record], CONTEXT, entered=True).to_pylist()]


@pytest.mark.parametrize(("role", "right", "field", "issue"), FIELDS)
def test_what_is_right_and_then_goes_on_is_unreadable_and_never_half_read(
    role: str, right: str, field: str, issue: str
) -> None:
    for row in both({role: right}):
        assert row[field] is not None or row[f"{field}_issue"] == "bank_missing"
    for row in both({role: right + " " * LONGEST + "x"}):
        assert (row[field], row[f"{field}_issue"]) == (None, issue)


def test_a_long_address_is_still_read_by_its_end_and_its_house_is_kept() -> None:
    house = "Nhà ông Ba cạnh cây đa " * 40
    for row in both({"address": f"{house}, Xã Quế Nham, Huyện Tân Yên, Tỉnh Bắc Giang"}):
        assert row["permanent_unit"] == "07366" and row["address_head"] == house.strip()


def test_plain_text_may_have_any_length() -> None:
    note = "Đã đối chiếu sổ gốc " * 60
    for row in both({"household_number": note}):
        assert row["household_number"] == note.strip()


@pytest.mark.parametrize("seed", SEEDS)
def test_cells_of_50_000_letters_take_no_time(seed: str) -> None:
    cell = (seed * (LONG // len(seed))).strip() + "!"
    both({"full_name": "An"})  # word lists are read at the first call
    began = time.process_time()
    standard_row(
        dict.fromkeys(raw_roles(), cell), spec=SPEC, context=CONTEXT, record_id=1, file_no=1, row=2, list_date=ON
    )  # fmt: skip
    dialects._judge("birth_date", [cell], "dmy")
    layout.is_numbering([cell])
    body._reason([cell], 1, [], ("a", "b", "c"))
    assert time.process_time() - began < MOST
