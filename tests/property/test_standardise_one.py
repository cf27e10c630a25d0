"""Whatever stands in the cells, one record by itself is read as the batch reads it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.standardise.batch import alone, standardised_alone

from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise.one import standard_row, standard_table
from dancu.reference.fields import fields, raw_roles

ON = dt.date(2024, 6, 21)
SPEC = SectorSpec(
    id="clerk",
    name_vi="Danh sách",
    name_en="A clerk's list",
    owner="",
    law="",
    expects=("full_name", "birth_date"),
    subject="event",
    event_kind="move",
    lookups={
        "sex": {"trai": "Nam", "gái": "Nữ"},
        "event_kind": {"khai tử": "death", "tạm trú": "temporary_residence"},
        "household_number": {"12": "số 12"},
        "full_name": {"Nguyễn Văn A": "Nguyễn Văn An"},
    },
)
CONTEXT = Context(on=ON, test_people=True, sources={"clerk": SPEC})

HOSTILE = yaml.safe_load((Path(__file__).parent / "hostile_cells.yml").read_text("utf-8"))
BESIDE = (" ", "\u00a0", "\u3000", "\t", "\n", "'", ".", "\u200b")
CHANGES: tuple[Callable[[str], str], ...] = (
    *[str] * 3,
    str.upper,
    str.lower,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: f"  {text}\u00a0",
    lambda text: text.replace(" ", "  "),
    lambda text: text[:-1],
    lambda text: text[1:],
)
Cells = dict[str, str]


def usual(role: str) -> list[str]:
    """Texts that are known to stand in the cells of a role."""
    field = fields()[role]
    if role in HOSTILE["only"]:
        return HOSTILE["only"][role]
    kinds = HOSTILE["of_type"]
    kind = HOSTILE["of_role"].get(role) or kinds.get(field.format) or kinds.get(field.type)
    return HOSTILE[kind or ("codes" if field.format.startswith("codes.") else "others")]


def written(role: str) -> st.SearchStrategy[str]:
    """Cells of one role: lawful, slightly off, of another role altogether, or anything."""
    known = st.sampled_from([*usual(role) * 2, *HOSTILE["others"]])
    changed = st.builds(lambda text, change: change(text), known, st.sampled_from(CHANGES))
    beside = st.sampled_from(BESIDE)
    padded = st.builds("{}{}{}".format, beside, changed, beside)
    letters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
    return st.one_of(*[changed] * 6, padded, st.text(letters, max_size=12))


@st.composite
def records(draw: st.DrawFn) -> Cells:
    """A record with some roles filled; those that every person has more often than the rest."""
    often = (
        "full_name",
        "birth_date",
        "sex",
        "personal_number",
        "household_number",
        "event_kind",
        "address",
    )
    roles = draw(
        st.lists(st.sampled_from((*often, *often, *raw_roles())), max_size=14, unique=True)
    )
    return {role: draw(written(role)) for role in roles}


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(records(), min_size=1, max_size=80))
def test_a_record_by_itself_is_the_batch_s(drawn: list[Cells]) -> None:
    rows = [alone(i + 1, "clerk", cells) for i, cells in enumerate(drawn)]
    batch = standardised_alone(rows, CONTEXT, entered=True)
    single = standard_table(
        standard_row(
            cells, spec=SPEC, context=CONTEXT, record_id=i + 1, file_no=i + 1, row=2, list_date=ON
        )
        for i, cells in enumerate(drawn)
    )
    assert single.schema == batch.schema
    assert single.to_pylist() == batch.to_pylist()
