"""64-bit hashes of values, the same in every process and order: what keys and tie-breaks are made of.

Zero means "no value" everywhere; a hash that falls on zero is moved to one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.engine.link.jit import kernel

U64 = npt.NDArray[np.uint64]


@kernel
def _fnv(data, offsets, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        h = np.uint64(14695981039346656037)
        for k in range(offsets[i], offsets[i + 1]):
            h = (h ^ np.uint64(data[k])) * np.uint64(1099511628211)
        out[i] = h


def flat(values: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """UTF-8 bytes and offsets of a string array without nulls."""
    large = values.cast(pa.large_string())
    _, offsets, data = large.buffers()
    start = large.offset
    marks = np.frombuffer(offsets, np.int64)[start : start + len(large) + 1]
    raw = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    return raw, marks


def of_texts(values: pa.Array) -> U64:
    """One hash for each text; 0 for the empty one."""
    data, offsets = flat(values)
    out = np.zeros(len(values), np.uint64)
    _fnv(data, offsets, out)
    out = mixed(out)
    out[np.diff(offsets) == 0] = 0
    return out


def mixed(values: U64) -> U64:
    """Bits well spread (splitmix64); 0 stays 0, nothing else becomes 0."""
    zero = values == 0
    x = values + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    x[x == 0] = 1
    x[zero] = 0
    return x


def joined(parts: list[U64]) -> U64:
    """One hash of several, in order; 0 where any part is 0."""
    total = mixed(parts[0])
    for part in parts[1:]:
        missing = (total == 0) | (part == 0)
        total = mixed(total * np.uint64(3) + mixed(part))
        total[missing] = 0
    return total
