"""Pairs compared a second a core: our kernel, a plain loop of rapidfuzz on the same pairs, and the memory's limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa

SAMPLE = 3_000_000
LOOPED = 200_000
KEY = "name_year"


def rates(folder: str, sources: list[str]) -> dict[str, Any]:
    """Pairs a second of one core, each on pairs of the same blocks (same name without marks and year of birth)."""
    import pyarrow.parquet as pq

    from bench.link_tight import settings
    from dancu.engine.link import columns, keys, learn, matcher, pairs

    records = pq.read_table(Path(folder, "records.parquet"))
    chosen = settings("tight", tuple(sources))
    read = columns.read(records, chosen)
    source = columns.text_column(records, chosen.source_column, is_name=False)
    contents = learn.contents_of(read, source.of_records())
    told = learn.learn(read, chosen, matcher.only_of(source, chosen), contents)
    place = [k.name for k in chosen.keys].index(KEY)
    order, bounds = keys.blocks(told.hashes[:, place])
    left, right = block_pairs(order, bounds, SAMPLE)
    sample = np.zeros_like(told.hashes)
    sample[left, place] = told.hashes[left, place]
    sample[right, place] = told.hashes[right, place]
    pairs.find(told.model, sample, told.epoch.floor)
    started = time.process_time()
    found = pairs.find(told.model, sample, told.epoch.floor)
    ours = sum(found.compared) / (time.process_time() - started)
    few = slice(0, LOOPED)
    return {
        "pairs": sum(found.compared), "kernel pairs_s": round(ours),
        "rapidfuzz pairs_s": round(_looped(records, left[few], right[few])),
        **_memory(told.model.codes, left, right),
    }  # fmt: skip


def block_pairs(
    order: npt.NDArray[np.int32], bounds: npt.NDArray[np.int64], most: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """All pairs of the first blocks that together have about `most`, as two arrays of rows."""
    left, right, made = [], [], 0
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        a, b = np.triu_indices(end - start, 1)
        left.append(order[start + a])
        right.append(order[start + b])
        made += len(a)
        if made >= most:
            break
    return np.concatenate(left), np.concatenate(right)


def _looped(records: pa.Table, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> float:
    """Pairs a second of a Python loop: names by Jaro-Winkler, numbers by distance, the rest by equality."""
    from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

    near, far = JaroWinkler.normalized_similarity, DamerauLevenshtein.distance
    plain: Callable[[Any, Any], Any] = lambda x, y: x == y  # noqa: E731
    how = {
        "full_name": near, "father_name": near, "mother_name": near, "personal_number": far,
        "old_number": far, "bhxh_number": far, "birth_year": plain, "birth_month": plain,
        "birth_day": plain, "sex": plain, "unit_code": plain, "household_number": plain,
        "phone": plain, "ethnic": plain,
    }  # fmt: skip
    sides = [records.select(list(how)).take(pa.array(rows)).to_pydict() for rows in (left, right)]
    rows = [list(zip(*(side[name] for name in how), strict=True)) for side in sides]
    functions = list(how.values())
    started = time.process_time()
    for one, other in zip(*rows, strict=True):
        for function, x, y in zip(functions, one, other, strict=True):
            if x is not None and y is not None:
                function(x, y)
    return len(left) / (time.process_time() - started)


@numba.njit
def _equal(codes, left, right):  # type: ignore[no-untyped-def]
    same = 0
    for k in range(left.size):
        for c in range(codes.shape[1]):
            same += codes[left[k], c] == codes[right[k], c]
    return same


def _memory(
    codes: npt.NDArray[np.int32], left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> dict[str, Any]:
    """What memory allows one core: GB/s streamed, and pairs a second whose codes are read and found equal or not."""
    block = np.arange(64_000_000)  # written: untouched zeros would all be one page
    started = time.process_time()
    block.sum()
    stream = block.nbytes / (time.process_time() - started)
    draw = np.random.default_rng(7)
    anywhere = [draw.integers(0, len(codes), len(left)).astype(np.int32) for _ in range(2)]
    _equal(codes, left[:10], right[:10])
    made: dict[str, Any] = {"memory GB_s": round(stream / 1e9, 2)}
    for name, (a, b) in {"random": anywhere, "block order": (left, right)}.items():
        started = time.process_time()
        _equal(codes, a, b)
        made[f"codes only, {name} pairs_s"] = round(len(a) / (time.process_time() - started))
    made["streamed pairs_s"] = round(stream / (2 * codes.shape[1] * codes.itemsize))
    return made
