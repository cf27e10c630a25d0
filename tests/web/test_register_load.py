"""`dancu load`: a run becomes the register, once; what the pages then stand on."""

from __future__ import annotations

import psycopg
import pytest
from tests.web.register import RegisterSite
from tests.web.test_serve import home, run

__all__ = ["home"]


@pytest.mark.slow
def test_a_run_is_loaded_once_into_a_database_that_is_migrated_by_itself(
    home: dict[str, str], register_site: RegisterSite
) -> None:
    first = run(home, "load", str(register_site.run))
    assert first.returncode == 0, first.stderr
    assert "công dân" in first.stdout
    second = run(home, "load", str(register_site.run))
    assert second.returncode == 3 and "đã có dữ liệu" in second.stderr
    changes = run(home, "load", str(register_site.run), "--changes", "--replace")
    assert changes.returncode == 0, changes.stderr
    assert "0 bản ghi mới, 0 sửa, 0 bỏ" in changes.stdout
    with psycopg.connect(home["DATABASE_URL"]) as con:
        people = con.execute("SELECT count(*) FROM register.person").fetchone()
        day = con.execute("SELECT value FROM access.setting WHERE name = 'register_day'").fetchone()
        closed = con.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'register'::regnamespace AND relrowsecurity"
        ).fetchone()
    assert (
        people
        == register_site.ask("SELECT count(*) FROM register.person WHERE person_id < 9000000")[0]
    )
    assert day == ("2024-06-21",)
    assert closed is not None and closed[0] >= 13


def test_a_register_loaded_before_the_site_was_set_up_is_closed_all_the_same(
    home: dict[str, str],
) -> None:
    from dancu.store.register import loading

    with psycopg.connect(home["DATABASE_URL"]) as con:
        loading.create(con)
    done = run(home, "migrate")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(home["DATABASE_URL"]) as con:
        policies = con.execute("SELECT count(*) FROM pg_policies WHERE schemaname = 'register'").fetchone()  # fmt: skip
    assert policies is not None and policies[0] >= 14


def test_a_folder_that_is_no_run_is_refused(home: dict[str, str]) -> None:
    refused = run(home, "load", home["DANCU_HOME"])
    assert refused.returncode == 3 and "không phải là thư mục của một lần chạy" in refused.stderr
