"""The embedded store: tables in and out, Parquet whole or not at all, nothing downloaded."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError


def test_a_table_may_be_made_from_itself() -> None:
    with DuckStore() as store:
        store.put("t", pa.table({"x": [1, 2]}))
        store.create("t", "SELECT x + 1 AS x FROM t")
        assert store.fetch("SELECT x FROM t ORDER BY x").to_pydict() == {"x": [2, 3]}


def test_a_saved_table_is_served_from_its_file_and_from_parts(tmp_path: Path) -> None:
    with DuckStore() as store:
        store.put("t", pa.table({"x": [1, 2, 3]}))
        store.save("SELECT * FROM t", tmp_path / "whole.parquet")
        store.save("SELECT * FROM t WHERE x = 1", tmp_path / "parts" / "a.parquet")
        store.save("SELECT * FROM t WHERE x > 1", tmp_path / "parts" / "b.parquet")
        store.drop("t")
        store.load("whole", tmp_path / "whole.parquet")
        store.load("parts", tmp_path / "parts")
        assert (store.rows("whole"), store.rows("parts")) == (3, 3)


def test_a_query_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with DuckStore() as store, pytest.raises(Exception, match="nowhere"):
        store.save("SELECT * FROM nowhere", tmp_path / "t.parquet")
    assert not (tmp_path / "t.parquet").exists()


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with DuckStore() as store, pytest.raises(StoreError, match="hãy chạy lại"):
        store.load("t", tmp_path / "t.parquet")


def test_the_spill_is_gone_when_the_store_is_closed(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    with DuckStore(spill=spill):
        assert spill.is_dir()
    assert not spill.exists()


def test_no_extension_is_ever_downloaded() -> None:
    with DuckStore() as store:
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            value = store.fetch(f"SELECT current_setting('{setting}') AS v").to_pylist()[0]["v"]
            assert value in (False, "false"), setting
