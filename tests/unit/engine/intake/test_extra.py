"""What is kept of columns that nobody reads: the same as Python's own JSON, whatever stands in the cells."""

from __future__ import annotations

import json

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dancu.engine.intake.extra import extra_json

_MARKS = st.sampled_from(
    ['"', "\\", "\n", "\t", "\r", "\0", "\x1f", "\x7f", "ễ", ",", "{", "𝄞", " "]
)
_CELL = st.none() | st.text(_MARKS | st.characters(exclude_categories=["Cs"]), max_size=6)
_NAMES = ("Ghi chú", 'Cột "riêng"', "Lý do\n(nếu có)")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=6), st.integers(0, 3))
@example([("a\nb", 'nói "không"', "\\"), (None, "", None)], 0)
@example([('\n"\\', None, None), ("sạch", None, "sạch")], 1)
def test_the_cells_of_a_row_are_the_json_that_python_writes(
    rows: list[tuple[str | None, ...]], skipped: int
) -> None:
    """Also of a part of a table, whose bytes lie among those of other rows."""
    table = [*rows, *rows]
    columns = [
        pa.chunked_array([pa.array(list(c), pa.string()), pa.array(list(c), pa.string())]).slice(skipped)
        for c in zip(*rows, strict=True)
    ]  # fmt: skip
    made = (
        extra_json(columns, _NAMES, len(table) - skipped).to_pylist()
        if skipped < len(table)
        else []
    )
    for row, text in zip(table[skipped:], made, strict=True):
        kept = [(n, c) for n, c in zip(_NAMES, row, strict=True) if c is not None]
        own = ",".join(
            f"{json.dumps(n, ensure_ascii=False)}:{json.dumps(c, ensure_ascii=False)}"
            for n, c in kept
        )
        assert text == ("{" + own + "}" if kept else None)
        assert text is None or json.loads(text) == dict(kept)
