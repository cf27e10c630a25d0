"""Columns as codes: each distinct value is looked at once, and records hold its number."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link import hashing, names
from dancu.engine.link.settings import LinkSettings, LinkSettingsError
from dancu.lib.text import fold

NAME_FEATURES = ("folded", "sorted", "given", "surname", "middle")
_SPACES = re.compile(r"[\t\n\f\r ]+")
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
    _made: dict[str, Hashes] = field(default_factory=dict, repr=False, compare=False)

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
        return hashing.counted(self.codes, self.size)

    def made(self) -> Column:
        """This column with its names read, while other columns are read."""
        for feature in NAME_FEATURES if self.is_name else ():
            self.hashes(feature)
        return self

    def hashes(self, feature: str = "") -> Hashes:
        """One hash for each distinct value, 0 where the feature does not apply; raises LinkSettingsError."""
        if feature not in self._made:
            self._made[feature] = self._hashes(feature)
        return self._made[feature]

    def _hashes(self, feature: str) -> Hashes:
        if self.dates is not None:
            return _date_hashes(self.dates, feature)
        if not feature:
            return hashing.of_texts(self.texts)
        if self.is_name and feature in NAME_FEATURES:
            return self.names.hashes(feature)
        if feature in _TEXT_FEATURES:
            made = [_TEXT_FEATURES[feature](text) for text in self.texts.to_pylist()]
            return hashing.of_texts(pa.array(made, pa.string()))
        raise LinkSettingsError(f"link: «{self.name}.{feature}»: đặc trưng không có")

    def of_records(self, feature: str = "") -> Hashes:
        """`hashes` spread over the records; 0 where there is no value."""
        return np.append(self.hashes(feature), np.uint64(0))[self.codes]


def read(records: pa.Table, settings: LinkSettings) -> dict[str, Column]:
    """Every column that the settings name, by its name; date comparisons by the comparison's name."""
    jobs: dict[str, Callable[[], Column]] = {}
    for c in settings.comparisons:
        named = c.name if c.kind == "date" else c.columns[0]
        jobs[named] = partial(_column_of, records, c.name, c.kind, c.columns)
    for name in settings.columns():
        if name not in jobs and not _is_part(name, settings):
            jobs[name] = partial(text_column, records, name, is_name=False)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        made = pool.map(lambda job: job(), jobs.values())
        return dict(zip(jobs, made, strict=True))


def _is_part(name: str, settings: LinkSettings) -> bool:
    return any(c.kind == "date" and name in c.columns for c in settings.comparisons)


def _column_of(records: pa.Table, name: str, kind: str, columns: tuple[str, ...]) -> Column:
    if kind != "date":
        return text_column(records, columns[0], is_name=kind == "name").made()
    parts = [_integers(records, c) for c in columns] if len(columns) == 3 else None
    return _date_column(name, parts or _split_dates(records, columns[0]))


def text_column(records: pa.Table, name: str, *, is_name: bool) -> Column:
    """One column of texts as codes, case and outer spaces not counted; a column that lacks holds no value."""
    if name not in records.column_names:
        return Column(name, np.full(len(records), -1, np.int32), pa.array([], pa.string()), is_name)
    codes, texts, hashes = hashing.coded(_strings(records.column(name)))
    codes, distinct, hashes = _plain(codes, _whole(texts), hashes)
    return Column(name, codes, distinct, is_name, _made={"": hashes})


def _strings(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    stringy = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    return values if stringy else values.cast(pa.string())


def _whole(texts: list[pa.Array]) -> pa.Array:
    """One array of large strings: 3 million names may not fit the 2 GB of a plain array."""
    return pa.concat_arrays([t.cast(pa.large_string()) for t in texts])


def _plain(codes: Ints, texts: pa.Array, hashes: Hashes) -> tuple[Ints, pa.Array, Hashes]:
    """Codes, distinct texts and their hashes once case and spaces are evened out; the empty text is no value."""
    if hashing.even(texts):
        return codes, texts, hashes
    low, odd = hashing.lowered(texts)
    # Few texts need more than small letters: only these are looked at letter by letter.
    spare = texts.filter(pa.array(odd))
    place, distinct, hashes = hashing.coded(pa.chunked_array([low, _evened(spare)]))
    mine = place[: len(texts)]
    mine[odd] = place[len(texts) :]
    return np.append(mine, np.int32(-1))[codes], _whole(distinct), hashes


def _evened(texts: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    spaced = pc.match_substring_regex(trimmed, r"\s\s|[\t\n\f\r]")
    if pc.any(spaced).as_py():
        trimmed = pc.replace_substring_regex(trimmed, r"\s+", " ")
    return pc.utf8_lower(trimmed)


def even_text(value: str) -> str:
    """One text as `text_column` holds it."""
    even = _SPACES.sub(" ", value.strip())
    low = even.lower()
    if even.isascii() or (len(low) == len(even) and "Σ" not in even):
        return low
    # Arrow lowers letter by letter.
    return "".join(letter.lower()[0] for letter in even)


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


NO_DATE = (0, 0, 0)


def date_of(values: Sequence[Any]) -> tuple[int, int, int]:
    """One date as `read` holds it: from year, month and day, or from a date, YYYYMMDD or YYYY-MM-DD."""
    if len(values) == 3:
        year, month, day = (int(v or 0) for v in values)
    elif isinstance(values[0], dt.date):
        year, month, day = values[0].year, values[0].month, values[0].day
    else:
        digits = str(values[0] or "").replace("-", "")
        packed = int(digits) if len(digits) == 8 and digits.isascii() and digits.isdecimal() else 0
        year, month, day = packed // 10_000, packed // 100 % 100, packed % 100
    return (year, month, day) if year > 0 else NO_DATE


def _date_column(name: str, parts: list[npt.NDArray[np.int64]]) -> Column:
    year, month, day = parts
    distinct, codes = _distinct_dates(year, month, day)
    dates = np.stack([distinct // 10_000, distinct // 100 % 100, distinct % 100], axis=1)
    codes[year <= 0] = -1
    return Column(name, codes, pa.array([], pa.string()), dates=dates.astype(np.int32))


def _distinct_dates(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Ints]:
    """Distinct dates as YYYYMMDD in order, and the place of each record's."""
    usual = all(
        not len(p) or (p.min() >= 0 and p.max() <= most)
        for p, most in ((year, 9999), (month, 12), (day, 31))
    )
    if not usual:
        distinct, codes = np.unique(year * 10_000 + month * 100 + day, return_inverse=True)
        return distinct, codes.astype(np.int32)
    # Dates are few and lie close: a table of all there may be instead of sorting the records.
    dense = (year * 13 + month) * 32 + day
    here = np.bincount(dense) > 0
    found = np.flatnonzero(here)
    codes = (np.cumsum(here, dtype=np.int32) - np.int32(1))[dense]
    return found // 416 * 10_000 + found // 32 % 13 * 100 + found % 32, codes


def _date_hashes(dates: Ints, feature: str) -> Hashes:
    if feature not in _DATE_FEATURES:
        raise LinkSettingsError(f"link: đặc trưng ngày «{feature}» không có")
    made = _DATE_FEATURES[feature](*dates.T.astype(np.int64))
    return hashing.mixed(made.astype(np.uint64))


def _full(year: Any, month: Any, day: Any) -> Any:
    return (year * 10_000 + month * 100 + day) * ((year > 0) & (month > 0) & (day > 0))


def _loose(year: Any, month: Any, day: Any) -> Any:
    apart = abs(month - day)
    return _full(year, (month + day - apart) // 2, (month + day + apart) // 2)


# Plain arithmetic: one date as integers, or a column of them as arrays.
_DATE_FEATURES: Mapping[str, Callable[[Any, Any, Any], Any]] = {
    "": lambda year, month, day: (year * 10_000 + month * 100 + day) * (year > 0),
    "full": _full,
    "loose": _loose,
    "month_day": lambda year, month, day: _full(year, month, day) % 10_000,
    "year": lambda year, _month, _day: year * (year > 0),
}


def hash_of(value: str | tuple[int, int, int], feature: str, *, is_name: bool) -> int:
    """`Column.hashes` of one value: an even text, a name, or (year, month, day); 0 where it does not apply."""
    if isinstance(value, tuple):
        return hashing.mix(_DATE_FEATURES[feature](*value))
    if not feature or not value:
        return hashing.text(value)
    if is_name and feature in NAME_FEATURES:
        return names.feature_of(names.read_one(value)[1], feature)
    return hashing.text(_TEXT_FEATURES[feature](value))


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
