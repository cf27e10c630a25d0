"""Tables go to PostgreSQL and come back the same, and a query cannot write."""

import datetime as dt
from decimal import Decimal

import psycopg
import pyarrow as pa
import pytest

from dancu.store.errors import StoreError
from dancu.store.postgres import connect, copy_arrow, query_arrow

pytestmark = pytest.mark.postgres

PEOPLE = pa.table(
    {
        "id": pa.array([1, 2, 3], pa.int64()),
        "name": pa.array(["Nguyễn Thị Ánh", None, 'Giàng "A" Páo, \\N\t'], pa.string()),
        "born": pa.array([dt.date(1958, 2, 28), None, dt.date(2024, 6, 21)], pa.date32()),
        "sex": pa.array(["2", "1", None]).dictionary_encode(),
        "month": pa.array([2, None, 6], pa.int8()),
        "sources": pa.array([["tax", None], [], None], pa.list_(pa.string())),
        "seen": pa.array([dt.datetime(2024, 6, 21, 8, 30), None, None], pa.timestamp("ns")),
        "score": pa.array([99.5, None, 0.1], pa.float64()),
        "alive": pa.array([True, False, None], pa.bool_()),
        "nothing": pa.nulls(3),
    }
)


def test_every_kind_of_column_comes_back_as_it_went(postgres: str) -> None:
    assert copy_arrow(postgres, PEOPLE, "people") == 3
    assert query_arrow(postgres, "SELECT * FROM people ORDER BY id").to_pydict() == (
        PEOPLE.to_pydict()
    )


def test_replacing_is_whole_and_appending_adds(postgres: str) -> None:
    few = PEOPLE.slice(0, 1)
    copy_arrow(postgres, PEOPLE, "again")
    copy_arrow(postgres, few, "again")
    copy_arrow(postgres, few, "again", replace=False)
    assert query_arrow(postgres, "SELECT count(*) AS n FROM again").to_pydict() == {"n": [2]}


def test_a_table_that_cannot_be_loaded_leaves_the_old_one(postgres: str) -> None:
    copy_arrow(postgres, PEOPLE, "kept")
    with pytest.raises(StoreError, match="kept"):
        copy_arrow(postgres, pa.table({"name": ["a\0b"]}), "kept")
    assert query_arrow(postgres, "SELECT count(*) AS n FROM kept").to_pydict() == {"n": [3]}


def test_a_quoted_name_is_only_a_name(postgres: str) -> None:
    name = 'x"; DROP TABLE people; --'
    copy_arrow(postgres, pa.table({'a"b': [1]}), name)
    with connect(postgres) as con:
        held = con.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_name = %s", [name]
        )
        assert held.fetchone() == (1,)


def test_numeric_keeps_its_digits_as_text(postgres: str) -> None:
    amount = "SELECT 1234567890.12::numeric AS amount"
    assert query_arrow(postgres, amount).to_pydict() == {"amount": ["1234567890.12"]}
    copy_arrow(postgres, pa.table({"paid": [Decimal("500000.50")]}), "paid")
    assert query_arrow(postgres, "SELECT * FROM paid").to_pydict() == {"paid": ["500000.50"]}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO target VALUES (2)",
        "WITH gone AS (DELETE FROM target RETURNING *) SELECT * FROM gone",
        "SELECT 1; DELETE FROM target",
        "SELECT set_config('transaction_read_only', 'off', false); DELETE FROM target",
        "COMMIT; DELETE FROM target",
        "SET default_transaction_read_only = off; DELETE FROM target",
        "DROP TABLE target",
    ],
)
def test_a_query_only_reads(postgres: str, statement: str) -> None:
    copy_arrow(postgres, pa.table({"n": [1]}), "target")
    with pytest.raises(StoreError):
        query_arrow(postgres, statement)
    assert query_arrow(postgres, "SELECT n FROM target").to_pydict() == {"n": [1]}


def test_a_wrong_password_is_refused_and_not_repeated(postgres: str) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(postgres) | {"password": "sai-mật-khẩu"}
    with pytest.raises(StoreError, match="make db") as refused:
        connect(psycopg.conninfo.make_conninfo(**parts))
    assert "sai-mật-khẩu" not in str(refused.value)
