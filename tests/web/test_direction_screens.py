"""Direction in Chromium: every page at both widths without a fault; a task given and reported by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look
from tests.web.direction import TAKE_AWAY

from dancu.sectors.direction import sample

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def half_year(site: str) -> Iterator[str]:
    """The sample half-year; taken away at the end."""
    sample.make()
    yield site
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(TAKE_AWAY)


def one(site: str, query: str) -> int:
    with psycopg.connect(site) as con:
        found = con.execute(query).fetchone()  # type: ignore[arg-type]
        assert found is not None
        return int(found[0])


def test_every_page_is_without_a_fault_on_a_desk_and_on_a_telephone(
    half_year: str, desk: Callable[..., Any]
) -> None:
    page = desk("task_force", unit="24")
    task = one(half_year, "SELECT min(task_no) FROM direction.task WHERE state = 'open'")
    done = one(half_year, "SELECT min(task_no) FROM direction.task WHERE state = 'accepted'")
    letter = one(
        half_year,
        "SELECT thing_no FROM direction.directive WHERE thing_no = (SELECT origin_id FROM direction.task LIMIT 1)",
    )
    first = {
        table: one(half_year, f"SELECT min(thing_no) FROM direction.{table}")
        for table in ("inspection", "finding", "campaign", "model", "pairing")
    }
    shown = {
        "home": "/", "tasks": "/chi-dao/", "task": f"/chi-dao/viec/{task}/", "task-done": f"/chi-dao/viec/{done}/",
        "new": "/chi-dao/viec/moi/", "books": "/chi-dao/so/", "directives": "/chi-dao/so/van-ban/",
        "directive": f"/chi-dao/so/van-ban/{letter}/", "change": f"/chi-dao/so/van-ban/{letter}/sua/",
        "import": "/chi-dao/so/van-ban/nhap/", "budgets": "/chi-dao/so/kinh-phi/", "posts": "/chi-dao/so/nhan-su/",
        "inspections": "/chi-dao/so/kiem-tra/", "inspection": f"/chi-dao/so/kiem-tra/{first['inspection']}/",
        "new-inspection": "/chi-dao/so/kiem-tra/moi/", "findings": "/chi-dao/so/ket-qua-kiem-tra/",
        "finding": f"/chi-dao/so/ket-qua-kiem-tra/{first['finding']}/",
        "new-finding": f"/chi-dao/so/ket-qua-kiem-tra/moi/?cua={first['inspection']}",
        "task-of-finding": f"/chi-dao/viec/moi/?theo=finding:{first['finding']}", "campaigns": "/chi-dao/so/cao-diem/",
        "campaign": f"/chi-dao/so/cao-diem/{first['campaign']}/", "new-campaign": "/chi-dao/so/cao-diem/moi/",
        "reach": f"/chi-dao/so/tiep-can/moi/?cua={first['campaign']}", "models": "/chi-dao/so/mo-hinh/",
        "model": f"/chi-dao/so/mo-hinh/{first['model']}/", "help": "/chi-dao/so/giup-do/",
        "pair": f"/chi-dao/so/giup-do/{first['pairing']}/",
    }  # fmt: skip
    for name, path in shown.items():
        open_in_each_look(page, path, name=f"direction-{name}-", looks=BOTH)


def test_a_task_is_given_and_reported_by_keyboard_alone(
    half_year: str, desk: Callable[..., Any]
) -> None:
    page = desk("task_force", unit="218")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/chi-dao/")
    page.get_by_role("link", name="Giao nhiệm vụ").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/viec/moi/")
    page.get_by_label("Việc phải làm").focus()
    page.keyboard.type("Bố trí kinh phí năm 2024")
    page.get_by_label("Số ngày làm việc").focus()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.wait_for_url("**/viec/*/")
    page.locator("summary", has_text="Báo cáo tiến độ").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Đã làm được (%)").fill("35")
    page.keyboard.press("Tab")
    page.keyboard.type("Đã trình Hội đồng nhân dân huyện")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã trình Hội đồng nhân dân huyện")
    assert page.get_by_text("35%").count() == 1
    assert page.said == []
