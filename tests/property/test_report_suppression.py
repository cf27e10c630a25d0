"""What of a table may be public: whoever takes shown rows from shown totals never finds one to four people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dancu.engine.report.suppression import hidden, is_few

PAIR = st.integers(0, 12).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
TABLES = st.integers(1, 3).flatmap(
    lambda n: st.dictionaries(
        st.text("abcdefghij", min_size=1, max_size=2), st.lists(PAIR, min_size=n, max_size=n), min_size=1, max_size=9
    )
)  # fmt: skip


def _counts(pairs: list[tuple[int, int]]) -> list[int]:
    return [n for top, bottom in pairs for n in (top, bottom, bottom - top)]


@given(TABLES)
def test_nothing_shown_and_no_difference_of_what_is_shown_is_a_small_count(
    table: dict[str, list[tuple[int, int]]],
) -> None:
    out = hidden(table)
    for key, pairs in table.items():
        if key not in out.rows:
            assert not any(map(is_few, _counts(pairs)))
    totals = [sum(column) for column in zip(*map(_counts, table.values()), strict=True)]
    if not out.total:
        assert not any(map(is_few, totals))
        shown = [_counts(p) for key, p in table.items() if key not in out.rows]
        left = [t - sum(row[n] for row in shown) for n, t in enumerate(totals)]
        assert not any(map(is_few, left))
        assert len(out.rows) != 1, "a row alone is the difference itself"


@given(TABLES)
def test_what_is_large_enough_is_shown(table: dict[str, list[tuple[int, int]]]) -> None:
    if not any(is_few(n) for pairs in table.values() for n in _counts(pairs)):
        assert hidden(table).rows == frozenset() and not hidden(table).total
