"""A second load changes only what changed: told by file, sheet and row; stopped and taken up again; there and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from tests.web.register import RegisterSite

from dancu.cli.execute import open_run
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.register import changes, loading

_ROWS = (
    "SELECT f.name, r.sheet, r.row, s.full_name, s.personal_number, s.phone FROM register.record r"
    " JOIN register.standard s ON s.record_id = r.record_id"
    " JOIN register.file f ON f.file_no = r.file_no AND f.sheet = r.sheet ORDER BY 1, 2, 3"
)


class Loaded:
    """The register of `register_site`, and the tables of its run to be changed."""

    def __init__(self, dsn: str, store: DuckStore) -> None:
        self.dsn, self.store = dsn, store
        for name in ("records", "standard", "files"):
            store.create(f"first_{name}", f"SELECT * FROM {name}")

    def again(self, *edits: str) -> None:
        """The run as it was, then changed: each edit is SQL over records and standard."""
        for name in ("records", "standard"):
            self.store.drop(name)
            self.store.create(name, f"SELECT * FROM first_{name}")
        for edit in edits:
            for name in ("records", "standard"):
                self.store.create(name, edit.format(t=name))

    def rows(self) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as con:
            return con.execute(_ROWS.encode()).fetchall()

    def load(self, **more: Any) -> changes.Applied:
        return changes.apply(self.dsn, self.store, by="test", **more)


@pytest.fixture(scope="module")
def loaded(register_site: RegisterSite) -> Iterator[Loaded]:
    with open_run(register_site.run) as store:
        yield Loaded(register_site.dsn, store)


RENAMED = "SELECT * REPLACE (CASE WHEN record_id IN (5, 6) THEN 'Đổi Tên Hẳn' ELSE full_name END AS full_name) FROM {t}"
WITHOUT = "SELECT * FROM {t} WHERE record_id <> 9"
ONE_MORE = (
    "SELECT * FROM {t} UNION ALL BY NAME SELECT * REPLACE (100000 AS record_id, 9999 AS row, NULL AS personal_number,"
    " 'Người Mới Thêm' AS full_name) FROM {t} WHERE record_id = 5"
)


def test_the_same_run_changes_nothing(loaded: Loaded) -> None:
    loaded.again()
    found = changes.compare(loaded.dsn, loaded.store, whole=True)
    assert found.total == 0 and found.unchanged == loaded.store.rows("first_records")


def test_only_what_changed_is_taken_in(loaded: Loaded) -> None:
    before = loaded.rows()
    loaded.again(RENAMED, WITHOUT, ONE_MORE)
    found = changes.compare(loaded.dsn, loaded.store)
    assert (found.new, found.changed, found.gone) == (1, 2, 0)
    whole = changes.compare(loaded.dsn, loaded.store, whole=True)
    assert whole.gone == 1
    done = loaded.load()
    assert (done.new, done.changed, done.gone) == (1, 2, 1)
    assert done.persons + done.matched == 1
    after = loaded.rows()
    assert len(after) == len(before)
    assert [r[3] for r in after if r not in before].count("Đổi Tên Hẳn") == 2
    assert changes.compare(loaded.dsn, loaded.store, whole=True).total == 0
    # … and back again: the first run is not taken for one that was loaded long ago.
    loaded.again()
    assert changes.compare(loaded.dsn, loaded.store, whole=True).total == 4
    loaded.load()
    assert loaded.rows() == before


MANY = "SELECT * REPLACE (CASE WHEN record_id % 7 = 0 THEN '0912345678' ELSE phone END AS phone) FROM {t}"


def test_stopped_and_taken_up_again_nothing_is_done_twice(loaded: Loaded) -> None:
    loaded.again(MANY)
    todo = changes.compare(loaded.dsn, loaded.store)
    assert todo.changed > 3 * changes.TOGETHER
    asked = iter([False, False, True])
    with pytest.raises(changes.Stopped):
        loaded.load(stop=lambda: next(asked))
    left = changes.compare(loaded.dsn, loaded.store)
    assert left.changed == todo.changed - 2 * changes.TOGETHER
    seen: list[int] = []
    done = loaded.load(progress=lambda at, _all: seen.append(at))
    assert done.changed == left.changed and seen == sorted(seen)
    assert changes.compare(loaded.dsn, loaded.store).total == 0
    with psycopg.connect(loaded.dsn) as con:
        twice = con.execute(
            "SELECT count(*) FROM register.record GROUP BY file_no, sheet, row HAVING count(*) > 1"
        )
        assert twice.fetchall() == []


def test_a_killed_load_leaves_groups_and_no_half_of_one(loaded: Loaded) -> None:
    loaded.again()
    changes.compare(loaded.dsn, loaded.store)

    def break_down(at: int, _all: int) -> None:
        if at >= changes.TOGETHER:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded.load(progress=break_down)
    changes.compare(loaded.dsn, loaded.store)
    loaded.load()
    assert changes.compare(loaded.dsn, loaded.store).total == 0


def test_two_loads_do_not_run_together(loaded: Loaded) -> None:
    loaded.again(WITHOUT)
    changes.compare(loaded.dsn, loaded.store, whole=True)
    with loading.alone(loaded.dsn), pytest.raises(Exception, match="nạp khác"):
        loaded.load()


def test_people_of_other_communes_are_left_alone(loaded: Loaded) -> None:
    loaded.again(RENAMED)
    changes.compare(loaded.dsn, loaded.store)
    before = loaded.rows()
    done = loaded.load(only_in=frozenset({"99999"}))
    assert done.changed == 0 and len(done.outside) == 2
    assert loaded.rows() == before


def test_a_file_takes_the_place_of_another(loaded: Loaded) -> None:
    first = "SELECT DISTINCT name FROM first_files WHERE source IS NOT NULL ORDER BY name LIMIT 2"
    one, other = loaded.store.fetch(first)["name"].to_pylist()
    changes.rename(loaded.dsn, one, "moi.xlsx")
    with psycopg.connect(loaded.dsn) as con:
        names = {n for (n,) in con.execute("SELECT name FROM register.file").fetchall()}
    assert "moi.xlsx" in names and one not in names
    with pytest.raises(StoreError, match="không thể thay"):
        changes.rename(loaded.dsn, "moi.xlsx", other)
