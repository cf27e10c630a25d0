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
    """Spark in this process; DATE, TINYINT and lists arrive typed, as Arrow, never as Python rows."""

    dialect = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session
        for key, value in _SMALL_AND_MANY.items():
            session.conf.set(key, value)

    def put(self, name: str, table: pa.Table, columns: Mapping[str, str]) -> None:
        arriving = table.select(list(columns))
        self.session.createDataFrame(arriving).createOrReplaceTempView(name)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(query).collect()]


def spark_session(builder: Any) -> Any:
    """A local session that starts fast: no page of its own, the JVM's quick compiler."""
    for key, value in _QUICK_START.items():
        builder = builder.config(key, value)
    return builder.master("local[2]").getOrCreate()


_QUICK_START = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_SMALL_AND_MANY = {
    # With this and the quick compiler forty group examples took 11 s instead of 16 (two shared cores).
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
    # Each broadcast of a few rows holds megabytes: a union of 159 group examples passed 1 GB.
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    # Else the optimiser answers queries over a small table itself and nothing is run.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation",
}
