"""The embedded batch store: one DuckDB in memory, its spill and its Parquet under one folder.

The border it keeps: the engine hands it SQL and Arrow, and never sees a connection. No extension is ever
downloaded (a province's server has no way out, and a run must not depend on one).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from dancu.store.errors import StoreError

_NO_DOWNLOADS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class DuckStore:
    """`engine.ports.Store` on DuckDB. `memory_limit` in DuckDB's notation, `spill` a folder for what exceeds it."""

    def __init__(
        self, *, spill: Path | None = None, memory_limit: str = "5GB", threads: int | None = None
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            **_NO_DOWNLOADS,
            "memory_limit": memory_limit,
        }
        if threads:
            config["threads"] = str(threads)
        self._spill = spill
        if spill:
            spill.mkdir(parents=True, exist_ok=True)
            config["temp_directory"] = str(spill)
        self._con = duckdb.connect(config=config)

    def __enter__(self) -> DuckStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything in memory and the spill; saved Parquet stays."""
        self._con.close()
        if self._spill:
            shutil.rmtree(self._spill, ignore_errors=True)

    def create(self, name: str, query: str) -> None:
        """Make (or replace) table `name` from the rows of `query`."""
        # Built beside and renamed: a query may read the table that it replaces.
        self._run(f"CREATE TABLE {_q('_new_' + name)} AS {query}")
        self.drop(name)
        self._run(f"ALTER TABLE {_q('_new_' + name)} RENAME TO {_q(name)}")

    def put(self, name: str, table: pa.Table) -> None:
        """Make (or replace) table `name` from Arrow columns."""
        self._con.register("_arriving", table)
        try:
            self.create(name, "SELECT * FROM _arriving")
        finally:
            self._con.unregister("_arriving")

    def fetch(self, query: str) -> pa.Table:
        """The rows of `query`, as Arrow."""
        return self._con.sql(query).to_arrow_table()

    def stream(self, query: str, rows: int) -> pa.RecordBatchReader:
        """The rows of `query` in batches of so many, for what is larger than memory."""
        return self._con.sql(query).to_arrow_reader(rows)

    def rows(self, name: str) -> int:
        """How many rows table `name` has."""
        (found,) = self._run(f"SELECT count(*) FROM {_q(name)}")
        return int(str(found[0]))

    def drop(self, name: str) -> None:
        """Forget table or view `name`; no error when it is not there."""
        # Tried as a table first: asking the catalogue what it is costs ten times the drop itself.
        try:
            self._run(f"DROP TABLE IF EXISTS {_q(name)}")
        except duckdb.CatalogException:
            self._run(f"DROP VIEW {_q(name)}")

    def save(self, query: str, path: Path) -> None:
        """Write the rows of `query` to one Parquet file at `path`, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        self._run(f"COPY ({query}) TO {_lit(partial)} (FORMAT parquet, COMPRESSION zstd)")
        partial.replace(path)

    def load(self, name: str, path: Path) -> None:
        """Serve the Parquet file at `path`, or all the parts in that folder, as table `name`."""
        files = path / "*.parquet" if path.is_dir() else path
        if not path.exists():
            raise StoreError(f"Không thấy tệp dữ liệu {path.name} của lần chạy; hãy chạy lại.")
        self.drop(name)
        self._run(f"CREATE VIEW {_q(name)} AS SELECT * FROM read_parquet({_lit(files)})")

    def _run(self, sql: str) -> list[tuple[object, ...]]:
        # A result not fetched to its end blocks the connection (DuckDB 2.0).
        return self._con.execute(sql).fetchall()


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _lit(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
