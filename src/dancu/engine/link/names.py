"""A person's name as syllable codes, with marks and folded: comparing two names is then a few look-ups.

Works on distinct names. Folding happens once for each distinct syllable (some thousands in a province).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link import hashing
from dancu.engine.link.jit import bare
from dancu.lib.text import fold

MOST = 8
"""Syllables kept of one name; a longer name keeps its first and last ones."""

WIDTH = MOST + 2
"""Columns of the table: number of syllables, has marks, then the folded syllable codes."""

Ints = npt.NDArray[np.int32]
_31_BITS = 0x7FFFFFFF


@dataclass(frozen=True)
class Names:
    """Distinct names: `table` int32 [names, WIDTH]; `texts` folded without spaces.

    `keys`: syllable code -> hash of its folded text.
    """

    table: Ints
    keys: npt.NDArray[np.uint64]
    texts: pa.Array

    def shapes(self) -> Ints:
        """int32 [names, WIDTH]: the table with each syllable's own number, the same in every vocabulary."""
        out = np.empty_like(self.table)
        _shapes(self.table, (self.keys & np.uint64(_31_BITS)).astype(np.int32), out)
        return out

    def syllable(self, which: str) -> Ints:
        """Folded code of the `given` (last) or `surname` (first) syllable; -1 for an empty name."""
        count = self.table[:, 0]
        place = np.maximum(count - 1, 0) if which == "given" else np.zeros_like(count)
        found = self.table[np.arange(len(count)), 2 + place]
        return np.where(count > 0, found, -1)

    def hashes(self, which: str) -> npt.NDArray[np.uint64]:
        """Hash of a feature for each name: folded, sorted (any order), given, surname, middle; 0 when there is none.

        `middle`: all between the first and the last syllable; a name without any has a hash of its own.
        """
        if which in ("given", "surname"):
            code = self.syllable(which)
            return np.where(code >= 0, self.keys[code], np.uint64(0))
        table = self._inner() if which == "middle" else self.table
        out = np.empty(len(table), np.uint64)
        _whole(table, self.keys, which == "sorted", np.empty(MOST, np.uint64), out)
        return out

    def _inner(self) -> Ints:
        """The table without the first and the last syllable of each name."""
        count = self.table[:, 0]
        inner = np.full_like(self.table, -1)
        inner[:, 0] = count
        inner[:, 2:-1] = self.table[:, 3:]
        inner[np.arange(len(count)), np.maximum(count, 0)] = np.where(count > 1, -1, inner[:, 0])
        return inner


@bare
def _shapes(table, own, out):  # type: ignore[no-untyped-def]
    for i in range(table.shape[0]):
        out[i, 0], out[i, 1] = table[i, 0], table[i, 1]
        for k in range(2, table.shape[1]):
            out[i, k] = own[table[i, k]] if table[i, k] >= 0 else -1


@bare
def _whole(table, keys, ordered, places, out):  # type: ignore[no-untyped-def]
    """Hash of all syllables of each name, as they stand or in order of their hashes."""
    for i in range(table.shape[0]):
        for k in range(places.size):
            code = table[i, 2 + k]
            value = keys[code] if code >= 0 else np.uint64(0)
            at = k
            while ordered and at > 0 and places[at - 1] > value:
                places[at] = places[at - 1]
                at -= 1
            places[at] = value
        total = np.uint64(0)
        for k in range(places.size):
            total = total * np.uint64(0x100000001B3) + places[k]
        out[i] = hashing.mixed_one(total + np.uint64(1)) if table[i, 0] > 0 else np.uint64(0)


def read(values: pa.Array) -> Names:
    """Distinct names without nulls, in small letters and single spaces, as a table of syllable codes."""
    lists = pc.split_pattern(values, " ")
    flat = pc.list_flatten(lists).dictionary_encode()
    folded, marked = _folded(flat.dictionary)
    codes = folded.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    indices = flat.indices.to_numpy(zero_copy_only=False)
    syllables, has_marks = codes[indices], marked[indices]
    offsets = np.asarray(lists.offsets, dtype=np.int64) - lists.offsets[0].as_py()
    table = _table(syllables, has_marks, offsets)
    keys = hashing.of_texts(folded.dictionary)
    return Names(table, keys, _spelled(table, folded.dictionary))


def _folded(syllables: pa.Array) -> tuple[pa.DictionaryArray, npt.NDArray[np.bool_]]:
    texts = syllables.to_pylist()
    bare = [_bare(text) for text in texts]
    marked = np.array([a != b for a, b in zip(texts, bare, strict=True)], dtype=bool)
    return pa.array(bare, pa.string()).dictionary_encode(), marked


def _table(syllables: Ints, marked: npt.NDArray[np.bool_], offsets: npt.NDArray[np.int64]) -> Ints:
    counts = np.diff(offsets)
    table = np.full((len(counts), WIDTH), -1, np.int32)
    table[:, 0] = np.minimum(counts, MOST)
    seen = np.concatenate([[0], np.cumsum(marked)])
    table[:, 1] = seen[offsets[1:]] > seen[offsets[:-1]]
    for place in range(MOST):
        here = counts > place
        # The last places of a long name hold its last syllables: the given name must not be lost.
        late = np.maximum(counts - MOST, 0) if place >= MOST // 2 else 0
        at = (offsets[:-1] + place + late)[here]
        table[here, 2 + place] = syllables[at]
    return table


def _spelled(table: Ints, syllables: pa.Array) -> pa.Array:
    """Folded names written without spaces, for comparing letters."""
    data, at = hashing.flat(syllables)
    offsets = np.zeros(len(table) + 1, np.int64)
    _lengths(table, at, offsets)
    out = np.empty(offsets[-1], np.uint8)
    _spell(table, data, at, offsets, out)
    return pa.LargeStringArray.from_buffers(len(table), pa.py_buffer(offsets), pa.py_buffer(out))


@bare
def _lengths(table, at, offsets):  # type: ignore[no-untyped-def]
    for i in range(table.shape[0]):
        end = offsets[i]
        for k in range(2, table.shape[1]):
            if table[i, k] >= 0:
                end += at[table[i, k] + 1] - at[table[i, k]]
        offsets[i + 1] = end


@bare
def _spell(table, data, at, offsets, out):  # type: ignore[no-untyped-def]
    for i in range(table.shape[0]):
        end = offsets[i]
        for k in range(2, table.shape[1]):
            if table[i, k] >= 0:
                for b in range(at[table[i, k]], at[table[i, k] + 1]):
                    out[end] = data[b]
                    end += 1


def read_one(name: str) -> tuple[list[int], list[int], str]:
    """One name as `read` reads it: (row of `shapes`, hashes of its syllables, folded text without spaces)."""
    syllables = name.split(" ")
    if len(syllables) > MOST:
        syllables = [*syllables[: MOST // 2], *syllables[-MOST // 2 :]]
    bare = [_bare(s) for s in syllables]
    keys = [_key(b) for b in bare]
    marked = any(a != b for a, b in zip(name.split(" "), map(_bare, name.split(" ")), strict=True))
    row = [len(keys), int(marked), *(k & _31_BITS for k in keys)]
    return row + [-1] * (WIDTH - len(row)), keys, "".join(bare)


def feature_of(keys: list[int], which: str) -> int:
    """`Names.hashes` of one name from the hashes of its syllables."""
    if not keys:
        return 0
    if which in ("given", "surname"):
        return keys[-1 if which == "given" else 0]
    if which == "middle":
        keys = keys[1:-1]
    total, places = 0, keys + [0] * (MOST - len(keys))
    for place in sorted(places) if which == "sorted" else places:
        total = (total * 0x100000001B3 + place) & ((1 << 64) - 1)
    return hashing.mix((total + 1) & ((1 << 64) - 1))


@lru_cache(maxsize=100_000)
def _bare(syllable: str) -> str:
    return fold(syllable).replace(" ", "")


@lru_cache(maxsize=100_000)
def _key(bare: str) -> int:
    return hashing.text(bare)
