"""What of a table may be public: no count of fewer than five people, not even by taking one number from another.

A row is hidden when a count in it, or what is left of the whole beside it, is one to four. Hidden rows are then joined
by further ones until their sums, which total minus shown rows gives away, are not one to four either and no row stands
alone. A total that is one to four itself is hidden too. Nought is shown: it is nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True)
class Hidden:
    """Which rows are not shown, and whether the total is not."""

    rows: frozenset[str]
    total: bool


def is_few(count: int) -> bool:
    """One to four people."""
    return 0 < count < FEWEST


def hidden(rows: Mapping[str, Sequence[tuple[int, int]]], *, total: bool = True) -> Hidden:
    """Of rows by key, each with pairs (numerator, denominator) of one or several figures.

    `total`: whether the sums of all rows are shown as well.

    >>> sorted(hidden({"a": [(3, 50)], "b": [(40, 60)], "c": [(90, 100)]}).rows)
    ['a', 'b']
    >>> hidden({"a": [(10, 50)], "b": [(0, 60)]}).rows
    frozenset()
    """
    counts = {key: _counts(pairs) for key, pairs in rows.items()}
    out = {key for key, own in counts.items() if any(map(is_few, own))}
    if not out or not total:
        return Hidden(frozenset(out), False)
    if any(map(is_few, _sums(counts.values()))):
        return Hidden(frozenset(out), True)
    # The smallest first; an empty row would hide nothing.
    left = sorted(
        counts.keys() - out, key=lambda key: (not any(counts[key]), max(counts[key]), key)
    )
    while left and (len(out) < 2 or any(map(is_few, _sums(counts[key] for key in out)))):
        out.add(left.pop(0))
    return Hidden(frozenset(out), False)


def _counts(pairs: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Numerator, denominator and what is between them, of each pair."""
    return tuple(n for top, bottom in pairs for n in (top, bottom, max(0, bottom - top)))


def _sums(rows: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True))
