"""Columns as codes: each distinct value is looked at once, and records hold its number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link import hashing, names
from dancu.engine.link.settings import LinkSettings, LinkSettingsError
from dancu.lib.text import fold

Ints = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Column:
    """One column. `codes`: int32 for each record, -1 for none; `texts`: the distinct values as given."""

    name: str
    codes: Ints
    texts: pa.Array
    is_name: bool = False
    dates: Ints | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Number of distinct values."""
        return len(self.dates) if self.dates is not None else len(self.texts)

    @cached_property
    def names(self) -> names.Names:
        """The distinct values read as names."""
        return names.read(self.texts)

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Records that have each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=self.size)

    def hashes(self, feature: str = "") -> Hashes:
        """One hash for each distinct value, 0 where the feature does not apply; raises LinkSettingsError."""
        if self.dates is not None:
            return _date_hashes(self.dates, feature)
        if not feature:
            return hashing.of_texts(self.texts)
        if self.is_name and feature in ("folded", "sorted", "given", "surname"):
            return self.names.hashes(feature)
        if feature in _TEXT_FEATURES:
            made = [_TEXT_FEATURES[feature](text) for text in self.texts.to_pylist()]
            return hashing.of_texts(pa.array(made, pa.string()))
        raise LinkSettingsError(f"link: «{self.name}.{feature}»: đặc trưng không có")

    def of_records(self, feature: str = "") -> Hashes:
        """`hashes` spread over the records; 0 where there is no value."""
        table = np.append(self.hashes(feature), np.uint64(0))
        return table[self.codes]


def read(records: pa.Table, settings: LinkSettings) -> dict[str, Column]:
    """Every column that the settings name, by its name; date comparisons by the comparison's name."""
    found: dict[str, Column] = {}
    for comparison in settings.comparisons:
        for column in _columns_of(records, comparison.name, comparison.kind, comparison.columns):
            found[column.name] = column
    for name in settings.columns():
        if name not in found and not _is_part(name, settings):
            found[name] = text_column(records, name, is_name=False)
    return found


def _is_part(name: str, settings: LinkSettings) -> bool:
    return any(c.kind == "date" and name in c.columns for c in settings.comparisons)


def _columns_of(
    records: pa.Table, name: str, kind: str, columns: tuple[str, ...]
) -> tuple[Column, ...]:
    if kind != "date":
        return (text_column(records, columns[0], is_name=kind == "name"),)
    parts = [_integers(records, c) for c in columns] if len(columns) == 3 else None
    return (_date_column(name, parts or _split_dates(records, columns[0])),)


def text_column(records: pa.Table, name: str, *, is_name: bool) -> Column:
    """One column of texts as codes; a column that the records lack holds no value."""
    if name not in records.column_names:
        return Column(name, np.full(len(records), -1, np.int32), pa.array([], pa.string()), is_name)
    values = records.column(name)
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    # A dictionary of large strings: 3 million names do not fit the 2 GB of a plain string array.
    values = values.cast(pa.large_string())
    encoded = pc.if_else(pc.equal(values, ""), None, values).combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return Column(name, codes.astype(np.int32), encoded.dictionary, is_name)


def _integers(records: pa.Table, name: str) -> npt.NDArray[np.int64]:
    if name not in records.column_names:
        return np.zeros(len(records), np.int64)
    values = pc.fill_null(records.column(name).cast(pa.int64()), 0)
    return np.asarray(values.combine_chunks().to_numpy(zero_copy_only=False))


def _split_dates(records: pa.Table, name: str) -> list[npt.NDArray[np.int64]]:
    """Year, month and day of a date column, or of text written YYYYMMDD or YYYY-MM-DD."""
    if name not in records.column_names:
        return [np.zeros(len(records), np.int64)] * 3
    values = records.column(name)
    if not pa.types.is_date(values.type):
        digits = pc.replace_substring(values.cast(pa.string()), "-", "")
        good = pc.match_substring_regex(digits, r"^\d{8}$")
        values = pc.if_else(pc.fill_null(good, False), digits, "00000000").cast(pa.int64())
        packed = values.combine_chunks().to_numpy(zero_copy_only=False)
        return [packed // 10_000, packed // 100 % 100, packed % 100]
    parts = (pc.year(values), pc.month(values), pc.day(values))
    return [pc.fill_null(p, 0).combine_chunks().to_numpy(zero_copy_only=False) for p in parts]


def _date_column(name: str, parts: list[npt.NDArray[np.int64]]) -> Column:
    year, month, day = parts
    packed = year * 10_000 + month * 100 + day
    distinct, codes = np.unique(packed, return_inverse=True)
    dates = np.stack([distinct // 10_000, distinct // 100 % 100, distinct % 100], axis=1)
    codes = np.where(year > 0, codes, -1)
    return Column(
        name, codes.astype(np.int32), pa.array([], pa.string()), dates=dates.astype(np.int32)
    )


def _date_hashes(dates: Ints, feature: str) -> Hashes:
    year, month, day = dates.T.astype(np.uint64)
    full = (year > 0) & (month > 0) & (day > 0)
    low, high = np.minimum(month, day), np.maximum(month, day)
    million = np.uint64(10_000)
    made = {
        "": (year * million + month * np.uint64(100) + day, year > 0),
        "full": (year * million + month * np.uint64(100) + day, full),
        "loose": (year * million + low * np.uint64(100) + high, full),
        "month_day": (month * np.uint64(100) + day, full),
        "year": (year, year > 0),
    }
    if feature not in made:
        raise LinkSettingsError(f"link: đặc trưng ngày «{feature}» không có")
    value, known = made[feature]
    return hashing.mixed(np.where(known, value, np.uint64(0)))


def _phonetic(text: str) -> str:
    """A rough sound: first letter and consonants, doubled ones once."""
    bare = fold(text).replace(" ", "")
    sounds = bare.translate(str.maketrans("ckqzvdpmy", "gggsftbni"))
    kept = [
        c for i, c in enumerate(sounds) if i == 0 or (c not in "aeiouhw" and c != sounds[i - 1])
    ]
    return "".join(kept)[:5]


def _letters(text: str) -> str:
    return "".join(sorted(Counter(fold(text).replace(" ", "")).elements()))


_TEXT_FEATURES = {
    "folded": fold,
    "phonetic": _phonetic,
    "prefix": lambda text: fold(text).replace(" ", "")[:3],
    "letters": _letters,
}
