"""Entry by entry: is the row what was committed to, was it there at its time, may it be gone."""

from __future__ import annotations

import datetime as dt
import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import sha256

from dancu_verify.found import Report
from dancu_verify.heads import Read
from dancu_verify.merkle import leaf_hash, root_of
from dancu_verify.reading import Entry, Export, moment

CLOCK = dt.timedelta(minutes=5)
MOST_KEYS = 5_000_000
_RANGE = re.compile(r"\[(\d+),(\d+)\)")


class Rows:
    """Passes entries on as it checks them; `end` judges what needs all of them."""

    def __init__(
        self, export: Export, heads: Sequence[Read], tolerance: dt.timedelta, report: Report
    ) -> None:
        self._export, self._report, self._tolerance = export, report, tolerance
        good = sorted((r.head for r in heads if r.good), key=lambda head: (head.size, head.at))
        self._sizes = [head.size for head in good]
        self._ats = [head.at for head in good]
        self._bare: list[tuple[int, str]] = []
        self._there: list[tuple[int, str]] = []
        self._erased: list[tuple[int, int]] = []
        self._sets = export.sets()
        self._keys: set[bytes] = set()

    def entries(self) -> Iterator[Entry | None]:
        """Every entry at its place, None where one is missing."""
        place = 0
        for entry in self._export.entries():
            if entry.index < place:
                self._report.add("order", entry.index, entry.name)
                continue
            while place < entry.index:
                yield None
                place += 1
            self._look(entry)
            yield entry
            place += 1
        while True:
            yield None

    def _look(self, entry: Entry) -> None:
        self._twice(entry)
        self._time(entry)
        if self._export.with_rows:
            self._row(entry)

    def _twice(self, entry: Entry) -> None:
        if len(self._keys) < MOST_KEYS:
            key = sha256(entry.name.encode()).digest()[:12]
            if key in self._keys:
                self._report.add("twice", entry.index, entry.name)
            self._keys.add(key)

    def _time(self, entry: Entry) -> None:
        """No earlier than the last head that did not have it, no later than the first that has."""
        at, place = entry.moment(), bisect_right(self._sizes, entry.index)
        if place and at < self._ats[place - 1] - self._tolerance:
            head = self._ats[place - 1].isoformat()
            self._report.add("back_dated", entry.index, entry.name, at=entry.at, head=head)
        if place < len(self._ats) and at > self._ats[place] + CLOCK:
            head = self._ats[place].isoformat()
            self._report.add("post_dated", entry.index, entry.name, at=entry.at, head=head)

    def _row(self, entry: Entry) -> None:
        if entry.row is None:
            if entry.salt is None:
                self._bare.append((entry.index, entry.name))
            else:
                self._report.add("row_dropped", entry.index, entry.name)
            return
        self._there.append((entry.index, entry.name))
        if entry.salt is None:
            self._report.add("salt_gone", entry.index, entry.name)
        elif not entry.holds():
            self._report.add("row_changed", entry.index, entry.name)
        else:
            self._believed(entry)

    def _believed(self, entry: Entry) -> None:
        """What a row that holds tells: its own time, what was erased, the root of a set."""
        column = self._export.times.get(entry.kind)
        if not (column or entry.kind.startswith(("erasure.", "bulk."))):
            return
        row = json.loads(entry.row or "{}")
        if column and not entry.adopted:
            gap = abs(moment(row[column]) - entry.moment())
            if gap > self._tolerance:
                self._report.add("row_back_dated", entry.index, entry.name, gap=str(gap))
        if entry.kind.startswith("erasure."):
            found = _RANGE.findall(str(row["leaves"]))
            self._erased += [(int(first), int(end)) for first, end in found]
        if entry.kind.startswith("bulk."):
            self._set(entry, str(row["set_root"]))

    def _set(self, entry: Entry, root: str) -> None:
        chunks = self._sets.get(entry.key, [])
        leaves = [leaf_hash(n.to_bytes(4, "big") + c.to_bytes(4, "big") + r) for n, c, r in chunks]
        if root.removeprefix("\\x") != root_of(leaves).hex():
            self._report.add("set_changed", entry.index, entry.name)

    def end(self) -> None:
        """Which rows may be gone, and which may not be there."""
        merged = _merged(self._erased)
        starts = [first for first, _ in merged]

        def is_erased(index: int) -> bool:
            at = bisect_right(starts, index) - 1
            return at >= 0 and index < merged[at][1]

        for index, name in self._bare:
            if not is_erased(index):
                self._report.add("row_dropped", index, name)
        for index, name in self._there if merged else ():
            if is_erased(index):
                self._report.add("erased_but_there", index, name)
        for kind, key in self._export.loose():
            self._report.add("row_without_entry", None, f"{kind} {key}")
        self._report.counted |= {"rows": len(self._there), "erased": len(self._bare)}


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for first, end in sorted(ranges):
        if made and first <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((first, end))
    return made
