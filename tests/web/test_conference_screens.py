"""The story of a conference in Chromium: brief, conclusion, task, escalation, fixed in the next period's check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from tests.web.chromium import (
    BOTH,
    DESK,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_in_each_look,
    see,
)
from tests.web.test_shortcomings import received

from dancu.reference.holidays import working_days_after
from dancu.sectors.direction import entries, may, nightly, sample
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import New
from dancu.sectors.direction.shortcomings import checking

__all__ = ["browser", "desk"]
pytestmark = needs_chromium
PROVINCE, LUC_NAM = "24", "218"
WARD = "07450"
JUNE, DECEMBER = dt.date(2024, 6, 30), dt.date(2024, 12, 31)


@pytest.fixture(scope="module", autouse=True)
def direction(site: str) -> Iterator[None]:
    """The direction of the half-year with its shortcomings found; nothing of it stays."""
    del site
    _empty()
    with may.as_system():
        sample.make()
        received(28, 12, dt.date(2024, 6, 3), place=WARD)
    checking.run(province=PROVINCE, on=JUNE, at=timezone.now())
    yield
    _empty()


def _empty() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE services.dossier, services.kept, services.delta CASCADE")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'direction'")
        cursor.execute(f"TRUNCATE {', '.join(f'direction.{row[0]}' for row in cursor.fetchall())}")


def at_both_widths(page: Any, name: str, path: str) -> None:
    open_in_each_look(page, path, name=f"{name}-", looks=BOTH)
    see(page, DESK)


def test_a_conference_is_held_and_its_conclusion_is_followed_to_the_next_period(
    desk: Callable[..., Any],
) -> None:
    chair, district = desk("task_force", unit=PROVINCE), desk("task_force", unit=LUC_NAM)
    here = called(chair)
    chair.get_by_role("button", name="Chốt phiếu số liệu").click()
    chair.get_by_role("button", name="Khai mạc").click()

    # Lục Nam reads its own brief and connects.
    district.goto("/hoi-nghi/")
    district.get_by_role("link", name="Sơ kết 6 tháng Đề án 06").click()
    district.get_by_label("Số người dự").fill("14")
    district.get_by_role("button", name="Báo đã kết nối").click()
    district.get_by_role("link", name="Xem phiếu số liệu của đơn vị").click()
    text = district.inner_text("main")
    assert "30,00% (12/40)" in text and "Còn thiếu 17" in text, "the gap in records"
    assert "Chưa bố trí kinh phí thực hiện Đề án 06 năm 2024" in text and "Số liệu chốt lúc" in text
    judge_in_each_look(district, name="conference-brief-")

    # Its chairman speaks; the conclusion is about the shortcoming and becomes a task.
    chair.goto(here)
    assert "Đang họp" in chair.inner_text("main")
    chair.get_by_role("link", name="Ghi phát biểu").click()
    chair.get_by_label("Đơn vị", exact=True).select_option(LUC_NAM)
    chair.get_by_label("Nội dung").fill("Huyện cam kết trình bổ sung dự toán.")
    chair.get_by_role("button", name="Ghi phát biểu").click()
    due = working_days_after(timezone.localdate(), 5)
    concluded(chair, due)
    assert "Bố trí kinh phí Đề án 06" in chair.inner_text("#conclusions ~ div")

    # Nobody does it: the unit above is told, and the page says so.
    nightly.follow(at=timezone.now(), on=working_days_after(due, 1))
    chair.goto(here)
    assert "Đã báo lên Tỉnh Bắc Giang" in chair.inner_text("#conclusions ~ div")
    for name, path in (
        ("conference-list", "/hoi-nghi/"), ("conference-one", here), ("conference-roll", f"{here}diem-cau/"),
        ("conference-minutes", f"{here}bien-ban/"), ("conference-conclude", f"{here}ket-luan/"),
        ("conference-new", "/hoi-nghi/moi/"), ("conference-rises", "/hoi-nghi/bieu-duong/"),
        ("conference-pairs", "/hoi-nghi/giup-do/"),
        ("shortcomings", "/ton-tai/"),
    ):  # fmt: skip
        at_both_widths(chair, name, path)

    # The money comes; the check of the next period says that it is fixed, on every page that speaks of it.
    with may.as_system() as by:
        values = {
            "year": 2024, "amount": 500_000_000, "source": "local", "decision": "99/QĐ-UBND",
            "decided_on": dt.date(2024, 8, 1),
        }  # fmt: skip
        entries.do_record(
            book=BY_TABLE["budget"], new=New(LUC_NAM, DECEMBER, values), by=by, at=timezone.now()
        )
    checking.run(province=PROVINCE, on=DECEMBER, at=timezone.now())
    chair.goto(here)
    chair.locator("#conclusions ~ div").get_by_role("link", name="Đã khắc phục").click()
    history = chair.locator(".history").inner_text()
    assert (
        "Mới phát hiện" in history
        and "Đã khắc phục" in history
        and "6 tháng cuối năm 2024" in history
    )
    at_both_widths(chair, "shortcoming", chair.url)


def called(chair: Any) -> str:
    """A conference of the province with its districts; its address."""
    chair.goto("/hoi-nghi/moi/")
    chair.get_by_label("Đơn vị chủ trì").select_option(PROVINCE)
    chair.get_by_label("Tên hội nghị").fill("Sơ kết 6 tháng Đề án 06")
    chair.get_by_label("Ngày họp").fill("28/06/2024")
    chair.get_by_label("Địa điểm chính").fill("Hội trường UBND tỉnh")
    chair.get_by_label("Các xã, phường, thị trấn").uncheck()
    chair.get_by_label("Chương trình").fill("8h15 Báo cáo kết quả | Công an tỉnh\n9:00 Thảo luận")
    chair.get_by_role("button", name="Triệu tập").click()
    assert "08:15" in chair.inner_text(".agenda") and "Công an tỉnh" in chair.inner_text(".agenda")
    return str(chair.url)


def concluded(chair: Any, due: dt.date) -> None:
    chair.get_by_role("link", name="Ghi kết luận").click()
    chair.get_by_label("Đơn vị thực hiện").select_option(LUC_NAM)
    chair.get_by_label("Nội dung").fill("Bố trí kinh phí Đề án 06 năm 2024")
    chair.get_by_label("Hạn hoàn thành").fill(f"{due:%d/%m/%Y}")
    about = chair.get_by_label("Khắc phục tồn tại")
    wanted = about.locator("option", has_text="Huyện Lục Nam: Chưa bố trí kinh phí")
    about.select_option(wanted.first.get_attribute("value"))
    chair.get_by_role("button", name="Ghi kết luận").click()
    chair.wait_for_url("**/hoi-nghi/*/")
