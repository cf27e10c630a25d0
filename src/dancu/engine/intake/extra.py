"""The cells of unread columns as one JSON object a row, built column by column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_CONTROL: Final = r"[\x00-\x1f]"


def extra_json(
    columns: Sequence[pa.ChunkedArray], names: Sequence[str], rows: int
) -> pa.ChunkedArray:
    """`{"heading": "cell", …}` of the filled cells of each row; null where none is filled."""
    nothing = pa.chunked_array([pa.nulls(rows, pa.string())])
    filled = [(c, n) for c, n in zip(columns, names, strict=True) if c.null_count < rows]
    if not filled:
        return nothing
    parts = [pc.fill_null(_member(column, name), "") for column, name in filled]
    # Not null_handling="skip": of a single column that drops the null rows (pyarrow 26).
    joined = pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else parts[0]
    whole = pc.binary_join_element_wise("{", pc.utf8_rtrim(joined, ","), "}", "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), whole)


def _member(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    prefix = json.dumps(name, ensure_ascii=False) + ":"
    if pc.any(pc.match_substring_regex(column, pattern=_CONTROL)).as_py():
        cells = [
            None if cell is None else json.dumps(cell, ensure_ascii=False)
            for cell in column.to_pylist()
        ]
        return pc.binary_join_element_wise(
            prefix, pa.chunked_array([pa.array(cells, pa.string())]), ",", ""
        )
    safe = pc.replace_substring(column, "\\", "\\\\")
    safe = pc.replace_substring(safe, '"', '\\"')
    return pc.binary_join_element_wise(prefix + '"', safe, '",', "")
