"""Settings, similarities, keys, FEBRL 4 and the stage's plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from bench.febrl import febrl4
from tests.spec.golden import stage

from dancu.engine.link import (
    LinkSettingsError,
    link,
    names,
    plan,
    preset,
    read_settings,
    settings_of,
)
from dancu.engine.link.similarity import date_level, jaro_winkler, name_level, one_edit
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.store.duckdb import DuckStore

TEXT = {"kind": "exact", "m": {"same": 0.9, "different": 0.1}, "u": {"same": 0.1, "different": 0.9}}
GOOD = {"comparisons": [{"name": "sex", **TEXT}], "keys": [{"name": "sex", "parts": ["sex"]}]}


def spans(a: str, b: str) -> tuple[np.ndarray, int, int, int, int]:
    left, right = a.encode(), b.encode()
    data = np.frombuffer(left + right or b"\0", np.uint8)
    return data, 0, len(left), len(left), len(left) + len(right)


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("an", "anh", True), ("khuyen", "khuyn", True), ("hung", "hugn", True), ("hung", "hang", True),
        ("hung", "hung", True), ("an", "anhh", False), ("abcd", "badc", False), ("", "a", True),
        ("924170000601", "924170000607", True), ("924170000601", "924170000610", True),
        ("924170000601", "924170000676", False),
    ],
)  # fmt: skip
def test_one_edit(a: str, b: str, near: bool) -> None:
    assert one_edit(*spans(a, b)) is near
    assert one_edit(*spans(b, a)) is near


@pytest.mark.parametrize(
    ("a", "b", "similarity"),
    [
        ("martha", "marhta", 0.961),
        ("dwayne", "duane", 0.84),
        ("dixon", "dicksonx", 0.813),
        ("a", "b", 0.0),
    ],
)
def test_jaro_winkler_gives_the_published_values(a: str, b: str, similarity: float) -> None:
    assert round(jaro_winkler(*spans(a, b)), 3) == similarity


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("Lê Văn An", "LE VAN AN", 1), ("Lê Văn Hùng", "Lê Văn Hưng", 2), ("Lê Văn An", "Văn Lê An", 3),
        ("Lê Văn An", "Lê An", 4), ("Lê Văn An", "Lê Đức An", 6), ("Lê Văn An", "Trần Thị An", 7),
        ("Lê Văn An", "Lê Văn Tú", 8), ("Lê Văn An", "Trần Thị Tú", 9),
    ],
)  # fmt: skip
def test_levels_of_names(a: str, b: str, level: int) -> None:
    table = names.read(pa.array([a.lower(), b.lower()])).table
    assert name_level(table, 0, 1) == level


def test_a_long_name_keeps_its_given_name() -> None:
    read = names.read(pa.array(["A B C D E F G H I K", "K"]))
    assert read.hashes("given")[0] == read.hashes("given")[1]


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ((1979, 3, 8), (1979, 8, 3), 1), ((1979, 0, 0), (1979, 8, 3), 2), ((1979, 5, 0), (1979, 8, 3), 5),
        ((1979, 3, 8), (1978, 3, 8), 3), ((1960, 5, 5), (1988, 8, 1), 6), ((1950, 3, 5), (2010, 3, 5), 6),
        ((1955, 0, 0), (1983, 4, 9), 6), ((1950, 3, 5), (1990, 3, 5), 3), ((1969, 3, 5), (1996, 3, 5), 3),
        ((1924, 3, 5), (2024, 3, 5), 3),
        ((1979, 3, 8), (1979, 5, 9), 4), ((1979, 0, 0), (1980, 0, 0), 5),
    ],
)  # fmt: skip
def test_levels_of_dates(a: tuple[int, ...], b: tuple[int, ...], level: int) -> None:
    assert date_level(np.array([a, b]), 0, 1) == level


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": 1}, "khóa không có"),
        ({"keys": []}, "thiếu khóa"),
        ({"comparisons": [{"name": "sex", **TEXT, "kind": "sound"}]}, "phải là một trong"),
        ({"comparisons": [{"name": "sex", **TEXT, "m": {"same": 1}}]}, "cần đúng các mức"),
        ({"cannot_link": [{"name": "x", "column": "sex", "unless": {"age": ["same"]}}]}, "«age»"),
        (
            {"cannot_link": [{"name": "x", "column": "sex", "unless": {"sex": ["near"]}}]},
            "mức không có",
        ),
    ],
)
def test_wrong_settings_are_refused_with_their_key(change: dict[str, object], message: str) -> None:
    read_settings(GOOD)
    with pytest.raises(LinkSettingsError, match=message):
        read_settings({**GOOD, **change})


def test_a_block_too_large_is_split_and_what_is_left_out_is_reported() -> None:
    settings = replace(preset("generic"), max_block=3)
    rows = [{"record_id": n, "source": "a", "soc_sec_id": "1234567"} for n in range(1, 6)]
    report = link(pa.Table.from_pylist(rows), settings).report
    assert report["left"] == [{"key": "soc_sec_id", "blocks": 1, "records": 5}]
    assert sum(report["compared"].values()) == 0


def test_a_block_left_out_does_not_hide_its_pairs_from_later_keys() -> None:
    settings = replace(preset("generic"), max_block=3)
    person = {
        "given_name": "mary",
        "surname": "okafor",
        "date_of_birth": "19701231",
        "postcode": "2000",
    }
    rows = [{"record_id": n, "source": "a", "soc_sec_id": "1"} for n in range(1, 5)]
    rows = [{**dict.fromkeys(person), **r, **(person if r["record_id"] < 3 else {})} for r in rows]
    result = link(pa.Table.from_pylist(rows), settings)
    assert result.report["compared"]["names"] == 1


def test_nothing_in_nothing_out() -> None:
    empty = pa.table({"record_id": pa.array([], pa.int64()), "source": pa.array([], pa.string())})
    result = link(empty, preset("generic"))
    assert (len(result.links), len(result.pairs)) == (0, 0)


def test_febrl_4_with_the_generic_preset() -> None:
    figures = febrl4()
    assert figures["f1"] >= 0.9995
    assert figures["largest"] == 2


def test_the_stage_makes_the_tables_of_the_contract() -> None:
    row = {
        "full_name": "Giáp Thị Khuyên",
        "birth_date": dt.date(1996, 4, 2),
        "sex": "2",
        "permanent_unit": "07204",
    }
    records = [{**row, "source": s} for s in ("population", "health", "health")]
    with DuckStore() as store:
        store.put("standard", stage.standard(records))
        stage.perform(store, plan(stage.context()))
        links = store.fetch("SELECT * FROM links ORDER BY record_id").to_pylist()
        pairs = store.fetch("SELECT * FROM pairs").to_pylist()
        report = store.fetch("SELECT * FROM link_report WHERE what = 'largest_cluster'").to_pylist()
    assert links == [{"record_id": n, "person_id": 1} for n in (1, 2, 3)]
    assert len(pairs) == 3 and all(p["record_a"] < p["record_b"] and p["joined"] for p in pairs)
    assert report == [{"what": "largest_cluster", "value": "3"}]


def test_a_sources_own_rule_reaches_the_settings() -> None:
    once = SectorSpec("tax", "", "", "", "", one_per_person=True)
    assert settings_of(Context(dt.date(2024, 6, 21), sources={"tax": once})).one_per_source == (
        "tax",
    )
