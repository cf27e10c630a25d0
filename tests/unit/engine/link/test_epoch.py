"""What is learnt, and that it is frozen: the same epoch gives the same answer to any batch of the same records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from bench.link import SOURCES, draw

from dancu.engine.link import Epoch, LinkSettingsError, judge, link, preset

RECORDS, _ = draw(800, seed=5)
JOB = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES))
LEARNT = link(RECORDS, JOB)


def epoch() -> Epoch:
    assert LEARNT.epoch
    return LEARNT.epoch


def test_an_epoch_comes_back_from_its_table_as_it_was() -> None:
    again = Epoch.from_table(epoch().to_table())
    assert again.id == epoch().id
    assert again.settings == epoch().settings


def test_another_table_is_no_epoch() -> None:
    with pytest.raises(LinkSettingsError, match="kỳ mô hình"):
        Epoch.from_table(epoch().to_table().slice(0, 0))


def test_a_batch_under_the_epoch_that_it_taught_gives_the_same_tables() -> None:
    again = link(RECORDS, JOB, epoch=Epoch.from_table(epoch().to_table()))
    assert again.links.equals(LEARNT.links)
    assert again.pairs.equals(LEARNT.pairs)


def test_half_of_the_records_score_under_the_epoch_as_in_the_whole() -> None:
    half = link(RECORDS.slice(0, len(RECORDS) // 2), JOB, epoch=epoch())
    whole = {(p["record_a"], p["record_b"]): p["score"] for p in LEARNT.pairs.to_pylist()}
    scores = {(p["record_a"], p["record_b"]): p["score"] for p in half.pairs.to_pylist()}
    assert scores and all(whole[pair] == score for pair, score in scores.items())


def test_m_moves_towards_what_the_records_show() -> None:
    told = {c.name: c.m for c in epoch().settings.comparisons}
    asked = {c.name: c.m for c in JOB.comparisons}
    assert told["sex"] != asked["sex"]
    assert told["full_name"]["no_marks"] == asked["full_name"]["no_marks"]
    assert all(0 < value < 1 for m in told.values() for value in m.values())


def test_nothing_is_learnt_where_the_settings_say_so() -> None:
    fixed = link(RECORDS, replace(JOB, learn=False)).epoch
    assert fixed
    assert [c.m for c in fixed.settings.comparisons] == [c.m for c in JOB.comparisons]


def test_a_pair_is_judged_as_the_matcher_scored_it() -> None:
    for pair in LEARNT.pairs.slice(0, 40).to_pylist():
        rows = [
            RECORDS.column("record_id").to_pylist().index(pair[c]) for c in ("record_a", "record_b")
        ]
        told = judge(RECORDS.take(pa.array(rows)), epoch())
        assert round(told.score, 2) == pytest.approx(pair["score"], abs=0.011)
        assert told.compared
        assert next(k.key for k in told.keys if k.state == "shared") == pair["key"]
        weights = sum(e.weight for e in told.evidence)
        assert told.score <= weights + 1e-6, "a cap only ever lowers"


def test_a_pair_that_shares_no_key_is_judged_too() -> None:
    rows = [
        r | {"full_name": n}
        for r, n in zip(RECORDS.slice(0, 2).to_pylist(), ("Lò Thị A", "Vi Văn B"), strict=True)
    ]
    for row in rows:
        for column in set(RECORDS.column_names) - {"record_id", "source", "full_name"}:
            row[column] = None
    told = judge(pa.Table.from_pylist(rows, schema=RECORDS.schema), epoch())
    assert not told.compared
    assert {k.state for k in told.keys} <= {"missing", "differs"}
    assert told.probability < 0.01


@pytest.mark.parametrize(("same", "people"), [(True, 1), (False, 2)])
def test_what_a_person_decided_stands_above_the_score(same: bool, people: int) -> None:
    sure = next(p for p in LEARNT.pairs.to_pylist() if p["joined"] and p["score"] > 50)
    unlike = next(p for p in LEARNT.pairs.to_pylist() if not p["joined"])
    pair = unlike if same else sure
    ids = RECORDS.column("record_id").to_pylist()
    two = RECORDS.take(pa.array([ids.index(pair[c]) for c in ("record_a", "record_b")]))
    answer = pa.table({c: [pair[c]] for c in ("record_a", "record_b")} | {"same": [same]})
    result = link(two, JOB, epoch=epoch(), judgements=answer)
    assert len(set(result.links.column("person_id").to_pylist())) == people
    if not same:
        assert result.pairs.column("blocked_by").to_pylist() == ["judged_apart"]


def test_of_two_equal_rivals_in_one_list_none_is_taken_at_random() -> None:
    row = {"full_name": "Giáp Thị Khuyên", "birth_year": 1996, "birth_month": 4, "birth_day": 2,
           "sex": "2", "unit_code": "07204"}  # fmt: skip
    rows = [
        {**row, "record_id": 1, "source": "population", "personal_number": None},
        {**row, "record_id": 2, "source": "health", "personal_number": "924196000501"},
        {**row, "record_id": 3, "source": "health", "personal_number": "924196000779"},
    ]
    once = replace(JOB, one_per_source=("population", "health"))
    pairs = link(pa.Table.from_pylist(rows), once).pairs.to_pylist()
    against = [p for p in pairs if p["record_a"] == 1]
    assert [p["joined"] for p in against] == [False, False]
    assert all(p["probability"] <= 0.5 for p in against)


def test_the_epoch_is_the_same_for_the_same_records_in_any_process() -> None:
    assert link(RECORDS, JOB).epoch.id == epoch().id  # type: ignore[union-attr]
    assert len(epoch().id) == 12
    assert np.isfinite(epoch().prior)


def test_a_common_name_is_common_in_a_small_file_too() -> None:
    row = {"birth_year": 1985, "birth_month": 10, "birth_day": 20, "sex": "2", "unit_code": None}
    score = {}
    for name in ("Nguyễn Thị Hương", "Khổng Thị Ngoạn"):
        rows = [
            {**row, "record_id": number, "source": source, "full_name": name}
            for number, source in ((1, "population"), (2, "health"))
        ]
        score[name] = link(pa.Table.from_pylist(rows), JOB).pairs.column("score").to_pylist()[0]
    assert score["Nguyễn Thị Hương"] < score["Khổng Thị Ngoạn"] - 3
