"""A list may be the answer of a query: a `.sql` file, run read-only on the database that the environment names."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from tests.unit.cli.conftest import DAY, dancu, told

QUERY = 'SELECT ho_ten AS "Họ và tên", so AS "Số CCCD", sinh AS "Ngày sinh" FROM nguoi ORDER BY so'


@pytest.fixture
def query(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with psycopg.connect(postgres) as connection:
        connection.execute("DROP TABLE IF EXISTS nguoi")
        connection.execute("CREATE TABLE nguoi (ho_ten text, so text, sinh date)")
        connection.execute(
            "INSERT INTO nguoi VALUES ('NGUYỄN VĂN AN', '924099000011', '1999-09-05'),"
            " ('Giáp Thị Mẫu', '924199000022', NULL)"
        )
    monkeypatch.setenv("DANCU_SOURCE_URL", postgres)
    file = tmp_path / "nguoi.sql"
    file.write_text(QUERY, "utf-8")
    return file


@pytest.mark.postgres
def test_the_rows_of_a_query_are_cleaned_like_those_of_a_file(query: Path, tmp_path: Path) -> None:
    answer = told(dancu("clean", query, "--out", tmp_path / "ra", "--json", *DAY))
    assert (answer["rows_in"], answer["persons"]) == (2, 2)
    assert any(name.endswith("_da_lam_sach.xlsx") for name in answer["written"])


@pytest.mark.postgres
def test_a_query_that_would_write_is_refused(query: Path, tmp_path: Path, postgres: str) -> None:
    query.write_text("DELETE FROM nguoi RETURNING ho_ten", "utf-8")
    result = dancu("clean", query, "--out", tmp_path / "ra", *DAY)
    assert result.exit_code == 3
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM nguoi").fetchone() == (2,)


def test_without_an_address_the_message_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANCU_SOURCE_URL", raising=False)
    file = tmp_path / "nguoi.sql"
    file.write_text(QUERY, "utf-8")
    result = dancu("clean", file, "--out", tmp_path / "ra", *DAY)
    assert result.exit_code == 3
    assert "DANCU_SOURCE_URL" in result.output
