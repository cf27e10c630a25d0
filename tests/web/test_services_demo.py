"""The demo's dossiers: the review's figures from records, at the scale of the demo; the sums kept are those counted."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connections
from tests.web.register import RegisterSite

from dancu.site import demo_loading

SCALE = 0.01


@pytest.fixture(scope="module")
def loaded(register_site: RegisterSite) -> Iterator[tuple[RegisterSite, float]]:
    before = time.process_time()
    assert demo_loading.load(scale=SCALE, home=register_site.communes[0]) > 8_700
    yield register_site, time.process_time() - before
    connections["owner"].close()


def share(register: RegisterSite, year: int, which: str = "true") -> tuple[int, int, float]:
    ((online, n),) = register.ask(
        "SELECT count(*) FILTER (WHERE channel = 2), count(*) FROM services.dossier WHERE accepted_at IS NOT NULL"
        f" AND extract(year FROM accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh') = {year} AND {which}"
    )
    return online, n, round(100 * online / n, 2)


def test_the_figures_of_the_review_come_from_records(loaded: tuple[RegisterSite, float]) -> None:
    register, _ = loaded
    assert share(register, 2024, "essential <> ''") == (
        3213,
        3324,
        96.66,
    )  # 321.335 of 332.400: 96,67
    assert share(register, 2024)[2] == 77.15 and share(register, 2023)[2] == 70.15
    online, n, _ = share(register, 2024, "essential = 'ES20'")  # 3.535 of 6.556: within one dossier
    assert n in (65, 66) and abs(online - n * 3535 / 6556) < 1
    assert share(register, 2024, "procedure_group = 'police'") == (2498, 2500, 99.92)


def test_each_is_a_whole_dossier_of_somebody_in_the_register(
    loaded: tuple[RegisterSite, float],
) -> None:
    register, _ = loaded
    assert register.ask(
        "SELECT count(*) FROM services.dossier d WHERE NOT EXISTS (SELECT 1 FROM register.person p"
        " WHERE p.citizen_id = d.applicant AND p.full_name = d.applicant_name) OR status <> (SELECT status_after"
        " FROM services.move m WHERE m.dossier_no = d.dossier_no ORDER BY move_no DESC LIMIT 1)"
    ) == [(0,)]
    assert register.ask("SELECT count(*) - count(DISTINCT code) FROM services.dossier") == [(0,)]
    assert register.ask(
        "SELECT count(*) FROM services.dossier WHERE code !~ '^H24(\\.\\d{2}\\.\\d{3})?-\\d{6}-\\d{4,}$'"
        " AND code !~ '^H02(\\.\\d{2}\\.\\d{3})?-\\d{6}-\\d{4,}$'"
    ) == [(0,)]


def test_a_second_start_adds_nothing_and_the_first_was_quick(
    loaded: tuple[RegisterSite, float],
) -> None:
    register, spent = loaded
    assert demo_loading.load(scale=SCALE, home=register.communes[0]) == 0
    assert spent < 10


def test_new_codes_go_on_after_those_of_the_demo(loaded: tuple[RegisterSite, float]) -> None:
    register, _ = loaded
    ((agency, day),) = register.ask(
        "SELECT split_part(code, '-', 1), to_date(split_part(code, '-', 2), 'YYMMDD') FROM services.dossier LIMIT 1"
    )
    ((code,),) = register.ask("SELECT services.next_code(%s, %s)", agency, day)
    assert register.ask("SELECT count(*) FROM services.dossier WHERE code = %s", code) == [(0,)]
