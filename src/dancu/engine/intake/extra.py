"""The cells of unread columns as one JSON object a row, built column by column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SPACE, _QUOTE, _BACKSLASH = b' "\\'


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
    for mark in _marks(column):
        column = pc.replace_substring(column, mark, json.dumps(mark)[1:-1])
    return pc.binary_join_element_wise(prefix + '"', column, '",', "")


def _marks(column: pa.ChunkedArray) -> list[str]:
    """What stands in the cells and JSON writes otherwise; the backslash first, since the others become one and more."""
    found = set[int]()
    for text in _bytes(column):
        found.update(np.unique(text[(text < _SPACE) | (text == _QUOTE) | (text == _BACKSLASH)]))
    return [chr(mark) for mark in sorted(found, key=lambda mark: (mark != _BACKSLASH, mark))]


def _bytes(column: pa.ChunkedArray) -> Iterator[np.ndarray]:
    """The bytes of the cells as they lie: one look at them all costs a thirtieth of a search in each."""
    for chunk in column.chunks:
        _, ends, texts = chunk.buffers()
        if len(chunk) and texts is not None:
            offsets = np.frombuffer(ends, np.int32)
            first, last = offsets[chunk.offset], offsets[chunk.offset + len(chunk)]
            yield np.frombuffer(texts, np.uint8)[first:last]
