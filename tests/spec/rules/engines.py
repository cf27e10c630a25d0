"""One door to each engine: give it tables, ask it queries, get plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from tests.spec.rules.tables import put_duckdb, put_postgres


class Engine(Protocol):
    dialect: str

    def put(self, name: str, table: pa.Table, columns: Mapping[str, str]) -> None: ...

    def ask(self, query: str) -> list[tuple[Any, ...]]: ...


class Duck:
    dialect = "duckdb"

    def __init__(self) -> None:
        self.con = duckdb.connect(config={"threads": "2"})

    def put(self, name: str, table: pa.Table, columns: Mapping[str, str]) -> None:
        put_duckdb(self.con, name, table)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


class Postgres:
    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        self.cur = connection.cursor()

    def put(self, name: str, table: pa.Table, columns: Mapping[str, str]) -> None:
        self.cur.execute(f"DROP TABLE IF EXISTS {name}")
        put_postgres(self.cur, name, table, columns)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.cur.execute(query).fetchall()


class Spark:
    dialect = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session

    def put(self, name: str, table: pa.Table, columns: Mapping[str, str]) -> None:
        kinds = {"VARCHAR": "STRING", "VARCHAR[]": "ARRAY<STRING>"}
        schema = ", ".join(f"{c} {kinds.get(t, t)}" for c, t in columns.items())
        rows = [tuple(row.values()) for row in table.to_pylist()]
        self.session.createDataFrame(rows, schema).createOrReplaceTempView(name)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(query).collect()]
