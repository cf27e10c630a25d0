"""One record under an epoch as bytes and keys: the same bytes as `packed.pack_all` makes of a whole table.

Some tens of microseconds a record: every value is hashed once, syllables and short texts are remembered.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from dancu.engine.link import columns, hashing, model, names
from dancu.engine.link.epoch import Epoch
from dancu.engine.link.packed import LETTERS, Packed
from dancu.engine.link.settings import Comparison, Key

Value = str | tuple[int, int, int]
_MASK = (1 << 64) - 1
_HASHED, _DATE, _TEXT, _NAME = (struct.Struct(f) for f in ("<BQ", "<BQ2fiBB", "<BQf", "<BQ4fBB"))
_text = lru_cache(maxsize=100_000)(hashing.text)


def pack(record: Mapping[str, Any], epoch: Epoch) -> Packed:
    """One record, its columns by name; dates as the settings read them (three integers, a date, or text)."""
    made = vars(epoch).get("_packer")
    if made is None:
        made = vars(epoch)["_packer"] = Packer(epoch)
    packed: Packed = made(record)
    return packed


class _Read:
    """The values of one record and the hash of each feature asked for, made once."""

    def __init__(self, values: Mapping[str, Value], named: frozenset[str]) -> None:
        self.values = values
        self.names = {n: names.read_one(values[n]) for n in named if values[n]}  # type: ignore[arg-type]
        self._made: dict[str, int] = {}

    def hash(self, part: str) -> int:
        """Hash of `column` or `column.feature`; 0 where there is none."""
        found = self._made.get(part)
        if found is None:
            found = self._made[part] = self._hash(*part.partition(".")[::2])
        return found

    def _hash(self, name: str, feature: str) -> int:
        value = self.values[name]
        if not value or value == columns.NO_DATE:
            return 0
        if isinstance(value, str) and not feature:
            return _text(value)
        if name in self.names and feature in columns.NAME_FEATURES:
            return names.feature_of(self.names[name][1], feature)
        return columns.hash_of(value, feature, is_name=name in self.names)


class Packer:
    """Packs records under one epoch."""

    def __init__(self, epoch: Epoch) -> None:
        settings = epoch.settings
        self._source = settings.source_column
        self._once = {columns.even_text(s) for s in settings.one_per_source}
        self._dates = [(c.name, c.columns) for c in settings.comparisons if c.kind == "date"]
        parts = {n for _, names_ in self._dates for n in names_}
        dates = {name for name, _ in self._dates}
        self._texts = [n for n in settings.columns() if n not in parts | dates]
        self._sorted = sorted([*dates, *self._texts])
        self._named = frozenset(c.columns[0] for c in settings.comparisons if c.kind == "name")
        self._sure = [c.column for c in settings.cannot_link]
        self._head = struct.Struct(f"<{2 + len(self._sure)}Q")
        self._writers = [_writer(c, epoch) for c in settings.comparisons]
        self._keys = [_keyed(k, epoch) for k in settings.keys]

    def __call__(self, record: Mapping[str, Any]) -> Packed:
        """The bytes and keys of one record."""
        get = record.get
        values: dict[str, Value] = {
            name: columns.date_of([get(c) for c in parts]) for name, parts in self._dates
        }
        for name in self._texts:
            given = get(name)
            values[name] = "" if given is None else columns.even_text(str(given))
        read = _Read(values, self._named)
        source = columns.even_text(str(get(self._source) or ""))
        first = _text(source)
        total = first
        for name in self._sorted:
            total = hashing.mix((total * 3 + read.hash(name) + 11) & _MASK)
        head = self._head.pack(
            total, first if source in self._once else 0, *[read.hash(c) for c in self._sure]
        )
        return Packed(
            head + b"".join([write(read) for write in self._writers]),
            tuple([key(read) for key in self._keys]),
        )


def _writer(comparison: Comparison, epoch: Epoch) -> Callable[[_Read], bytes]:
    """What writes the value of one comparison."""
    name = model.column_name(comparison)
    features = model.FEATURES[comparison.kind]
    parts = [f"{name}.{f}" if f else name for f in features]
    shares = [_share(comparison, f, epoch) for f in features]
    make = {"date": _date, "exact": _exact}.get(comparison.kind, _plain)
    if comparison.kind == "name":
        make = partial(_name, model.blend_of(epoch, comparison.name))

    def write(read: _Read) -> bytes:
        value = read.values[name]
        if not value or value == columns.NO_DATE:
            return b"\0"
        found = [share(read.hash(part)) for share, part in zip(shares, parts, strict=True)]
        return make(read, name, value, found)

    return write


def _share(comparison: Comparison, feature: str, epoch: Epoch) -> Callable[[int], float]:
    shares = epoch.shares[comparison.name, feature]
    # Rounded as the tables of a batch are: float32.
    rest, found = float(np.float32(shares.rest)), shares.of_one
    return lambda value: rest if (log := found(value)) == shares.rest else log


def _date(read: _Read, name: str, value: Any, found: Sequence[float]) -> bytes:
    return _DATE.pack(1, read.hash(name), *found, *value)


def _exact(read: _Read, name: str, value: Any, found: Sequence[float]) -> bytes:
    return _TEXT.pack(1, read.hash(name), found[0]) + b"\0\0"


def _plain(read: _Read, name: str, value: Any, found: Sequence[float]) -> bytes:
    return _TEXT.pack(1, read.hash(name), found[0]) + _letters(value)


def _name(
    blend: float | None, read: _Read, name: str, _value: Any, found: Sequence[float]
) -> bytes:
    own, folded, surname, given, middle = found
    if blend is not None:
        thought = surname + given + middle + blend
        own, folded = (_single(np.logaddexp2(f, thought)) for f in (own, folded))
    row, keys, letters = read.names[name]
    # As `model.of_features` says, one value at a time.
    shares = (own, folded, max(surname + given, folded), given)
    head = _NAME.pack(1, read.hash(name), *shares, row[0], row[1])
    return head + struct.pack(f"<{len(keys)}i", *row[2 : 2 + len(keys)]) + _letters(letters)


def _single(value: float) -> float:
    return float(np.float32(value))


def _letters(text: str) -> bytes:
    data = text.encode()[:LETTERS]
    return len(data).to_bytes(2, "little") + data


def _keyed(key: Key, epoch: Epoch) -> Callable[[_Read], int]:
    """What makes one key of a record, 0 for none."""
    seed = hashing.text(key.name)
    split, left_out = epoch.splits[key.name].sets

    def joined(read: _Read, total: int, parts: Sequence[str]) -> int:
        for part in parts:
            total = hashing.join(total, read.hash(part)) if total else 0
        return total

    def keyed(read: _Read) -> int:
        found = joined(read, seed, key.parts)
        if found in split and key.then:
            found = joined(read, found, key.then)
        return 0 if found in left_out else found

    return keyed
