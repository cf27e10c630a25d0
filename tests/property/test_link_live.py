"""One record at a time equals batch: after any history the people are those of one job over the final records."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from bench.link import SOURCES, draw
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.engine.link import Epoch, link, packer, preset
from dancu.engine.link.live import Index, as_judgements
from dancu.engine.link.packed import pack_all

RECORDS, TRUTH = draw(300, seed=23)
# Records of one person, and of one household, stand beside each other: edits and answers then concern them.
RECORDS = RECORDS.take(pa.array(np.argsort(TRUTH, kind="stable")))
ROWS: list[dict[str, Any]] = RECORDS.to_pylist()
JOB = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES), population=2_000_000)
IDS = [row["record_id"] for row in ROWS]


@cache
def epoch() -> Epoch:
    found = link(RECORDS, JOB).epoch
    assert found is not None
    return found


def batch(rows: dict[int, dict[str, Any]], answers: dict[tuple[int, int], bool]) -> dict[int, int]:
    """Record -> person, of one job over these records."""
    table = pa.Table.from_pylist(
        [row | {"record_id": i} for i, row in rows.items()], schema=RECORDS.schema
    )
    judged = as_judgements([(a, b, same) for (a, b), same in answers.items()])
    links = link(table, JOB, epoch=epoch(), judgements=judged).links
    return dict(
        zip(*(links.column(c).to_pylist() for c in ("record_id", "person_id")), strict=True)
    )


places = st.integers(0, len(ROWS) - 1)
near = st.integers(-6, 6)
edits = st.tuples(st.just("write"), places, near)
removals = st.tuples(st.just("delete"), places, near)
answers = st.tuples(st.sampled_from(["same", "apart", "unsaid"]), places, near)
histories = st.lists(st.one_of(edits, edits, removals, answers), min_size=20, max_size=60)


class History:
    """An index and, beside it, what it should hold."""

    def __init__(self, begin: int) -> None:
        self.rows = dict(zip(IDS[:begin], ROWS[:begin], strict=True))
        self.answers: dict[tuple[int, int], bool] = {}
        self.index = Index.of(RECORDS.slice(0, begin), epoch())

    def do(self, what: str, place: int, step: int) -> None:
        """One event; the other record is `step` places on."""
        one, other = IDS[place], IDS[(place + step) % len(IDS)]
        if what == "write":
            self.rows[one] = ROWS[IDS.index(other)]
            self.index.insert(one, self.rows[one])
        elif what == "delete":
            if self.rows.pop(one, None):
                self.index.delete(one)
            else:
                with pytest.raises(KeyError):
                    self.index.delete(one)
        elif one != other:
            pair = (min(one, other), max(one, other))
            self.answers.pop(pair, None)
            if what != "unsaid":
                self.answers[pair] = what == "same"
            self.index.judge(one, other, self.answers.get(pair))

    def check(self) -> None:
        assert self.index.labels() == batch(self.rows, self.answers)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.sampled_from([0, 100, len(ROWS)]), histories, st.integers(0, 2**32 - 1))
def test_any_history_ends_with_the_people_of_batch(
    begin: int, events: list[tuple[str, int, int]], seed: int
) -> None:
    history = History(begin)
    # Those not there at the beginning come in any order, events among them.
    coming: list[tuple[str, int, int]] = [("write", i, 0) for i in range(begin, len(ROWS))]
    every = [*coming[: 150 - len(events)], *events]
    for k, place in enumerate(np.random.default_rng(seed).permutation(len(every))):
        history.do(*every[place])
        if k == len(every) // 2:
            history.check()
    history.check()


def test_an_index_filled_one_by_one_in_two_orders_is_the_index_of_the_table() -> None:
    whole = Index.of(RECORDS, epoch()).labels()
    assert whole == batch(dict(zip(IDS, ROWS, strict=True)), {})
    assert len(set(whole.values())) < 0.8 * len(whole)
    for order in (range(len(ROWS)), np.random.default_rng(3).permutation(len(ROWS)).tolist()):
        one_by_one = Index(epoch())
        for k in order:
            one_by_one.insert(IDS[k], ROWS[k])
        assert one_by_one.labels() == whole


def test_finding_tells_what_the_pairs_of_batch_tell() -> None:
    every_second = np.arange(0, len(ROWS), 2)
    index = Index.of(RECORDS.take(pa.array(every_second)), epoch())
    rest, here = ROWS[1::2], set(IDS[::2])
    pairs = link(RECORDS, JOB, epoch=epoch()).pairs.to_pylist()
    wanted: dict[int, dict[int, float]] = {}
    for pair in pairs:
        for one, other in ((pair["record_a"], pair["record_b"]), (pair["record_b"], pair["record_a"])):  # fmt: skip
            if other in here:
                wanted.setdefault(one, {})[other] = pair["score"]
    assert sum(len(wanted.get(row["record_id"], {})) for row in rest) > 20
    for row in rest:
        found = index.find(row)
        assert {m.record_id: round(m.score, 2) for m in found} == pytest.approx(
            wanted.get(row["record_id"], {}), abs=0.011
        )
        assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)


def test_the_same_answer_joins_records_that_share_nothing_and_taking_it_back_parts_them() -> None:
    index = Index.of(RECORDS, epoch())
    before = index.labels()
    a, b = IDS[0], IDS[-1]
    assert before[a] != before[b]
    index.judge(a, b, True)
    assert index.label(a) == index.label(b) == min(before[a], before[b])
    assert index.labels() == batch(dict(zip(IDS, ROWS, strict=True)), {(min(a, b), max(a, b)): True})  # fmt: skip
    index.judge(a, b, None)
    assert index.labels() == before


def test_an_answer_waits_for_its_record() -> None:
    index = Index.of(RECORDS.slice(1), epoch())
    index.judge(IDS[0], IDS[-1], True)
    assert index.label(IDS[-1]) != IDS[0] and IDS[0] not in index
    index.insert(IDS[0], ROWS[0])
    assert index.label(IDS[0]) == index.label(IDS[-1])


ODD: list[dict[str, Any]] = [
    {},
    {"full_name": "", "birth_year": 1990},
    {"full_name": "  NGUYỄN   Văn\tHÙNG ", "source": " POLICE"},
    {"full_name": "Nguyễn\u00a0Văn\u2003Hùng", "sex": "\u00a02 "},
    {"full_name": "Trần\rVăn\fAn", "father_name": "Lê\nVăn Ba"},
    {"full_name": "Công Tằng Tôn Nữ Thị Hoàng Bảo Ngọc Như Ý Lan Anh", "birth_year": 1931},
    {"full_name": "İLKAY ΣΟΦΟΣ", "mother_name": "ẞtraße"},
    {"full_name": "- . '", "father_name": "-", "phone": "0"},
    {"full_name": "Hà", "birth_year": 2001, "birth_month": 0, "birth_day": 31},
    {"full_name": "A" * 300, "personal_number": "9" * 300, "household_number": "h" * 300},
    {"birth_year": 0, "birth_month": 5, "birth_day": 5, "personal_number": " 924301000001 "},
]


def same_bytes(table: pa.Table, known: Epoch) -> None:
    """Packed one by one, every record has the bytes and keys of the whole table packed."""
    packed = pack_all(table, known)
    for k, row in enumerate(table.to_pylist()):
        one = packer.pack(row, known)
        assert (one.data, list(one.keys)) == (packed.one(k), packed.keys[k].tolist()), row


def test_a_record_alone_has_the_bytes_it_has_in_a_table() -> None:
    odd = [{"record_id": 10**6 + k, "source": "health", **row} for k, row in enumerate(ODD)]
    same_bytes(pa.concat_tables([RECORDS, pa.Table.from_pylist(odd, RECORDS.schema)]), epoch())
    for row in odd:
        same_bytes(pa.Table.from_pylist([row], RECORDS.schema), epoch())


PEOPLE_ANYWHERE: list[tuple[Any, ...]] = [
    ("Mary-Ann", "O'Brien", "1980-02-29", "12345", "Nieuwe  Straat"),
    ("MARY ANN", "obrien", "19800229", "12354", "nieuwe straat"),
    ("Øyvind", "Ñandú", "1980-2-29", "", "a" * 400),
    ("Øyvind", "Nandu", "not known", None, "a" * 399),
    (None, "Ünal", "٢٠٢٠٠١٠١", "1", " "),
    ("", "", None, " 1 ", "x"),
]


def anywhere(dates: pa.DataType) -> pa.Table:
    given, surname, born, number, street = map(list, zip(*PEOPLE_ANYWHERE, strict=True))
    if dates == pa.date32():
        born = [dt.date(1980, 2, 29), dt.date(1901, 1, 1), None] * 2
    return pa.table(
        {
            "record_id": list(range(len(given))),
            "source": ["a", "b"] * 3,
            "given_name": given,
            "surname": surname,
            "date_of_birth": pa.array(born, dates),
            "soc_sec_id": number,
            "address_1": street,
        }
    )


@pytest.mark.parametrize("dates", [pa.string(), pa.date32()], ids=str)
def test_people_of_other_alphabets_alone_and_in_a_table(dates: pa.DataType) -> None:
    table = anywhere(dates)
    known = link(table, preset("generic")).epoch
    assert known is not None
    same_bytes(table, known)
    index = Index(known)
    for row in table.to_pylist():
        index.insert(row["record_id"], row)
    links = link(table, preset("generic"), epoch=known).links
    assert list(index.labels().values()) == links.column("person_id").to_pylist()
