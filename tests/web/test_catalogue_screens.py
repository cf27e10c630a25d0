"""The catalogue and a review in a real browser: quiet, fitting, without a fault of accessibility, at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from tests.web.chromium import (
    BOTH,
    DESK,
    PHONE,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    shot,
)

__all__ = ["browser", "desk"]
pytestmark = needs_chromium

PAGES = {
    "list": "/thu-tuc/", "found": "/thu-tuc/?tim=mat+bang+lai", "none": "/thu-tuc/?tim=xyzzy",
    "procedure": "/thu-tuc/BG.ES12/?ngay=2025-07-07", "codes": "/thu-tuc/ma-cong/",
    "compare": "/thu-tuc/3.000347/so-sanh/?tu=2024-06-21&den=2025-07-07",
}  # fmt: skip


@pytest.fixture
def figures(site: str) -> Iterator[None]:
    """Kept figures of a year: 1.200 permanent residences, most of them online."""
    add = (
        "INSERT INTO services.kept VALUES ('07204', '1.004222', 1, %s, date_trunc('month', now())::date"
        f" - interval '2 months', %s{', 0' * 13})"
    )
    with psycopg.connect(site, autocommit=True) as con:
        for channel, n in ((1, 150), (2, 1_000), (3, 50)):
            con.execute(add, (channel, n))
        yield
        con.execute("TRUNCATE services.review, services.review_act CASCADE")
        con.execute("DELETE FROM services.kept WHERE procedure = '1.004222'")


@pytest.mark.parametrize(
    ("role", "size"), [(None, PHONE), ("unit_head", DESK)], ids=["stranger", "leader"]
)
def test_the_catalogue_is_quiet_fits_and_is_open(
    desk: Callable[..., Any], role: str | None, size: tuple[int, int]
) -> None:
    page = desk(role, unit="24", size=size)
    for name, path in PAGES.items():
        open_cleanly(page, path)
        assert page.is_visible("h1"), path
        shot(page, f"catalogue_{name}_{role}_{size[0]}")
    open_cleanly(page, "/thu-tuc/BG.ES12/?ngay=2020-01-01", status=404)


def test_a_proposal_from_the_catalogue_to_the_decision(
    figures: None, desk: Callable[..., Any]
) -> None:
    page = desk("admin_control", unit="24")
    open_in_each_look(page, "/thu-tuc/ra-soat/", name="reviews_none_", looks=BOTH)
    page.goto("/thu-tuc/1.004222/")
    page.click("text=Đề xuất rà soát")
    page.select_option("select[name=part_lawful_home]", "data")
    page.fill("input[name=hours_2]", "14")
    page.fill("input[name=fee]", "5.000")
    page.fill("textarea[name=reason]", "Chỗ ở hợp pháp đã có trong dữ liệu đất đai, nhà ở")
    page.click("button:has-text('Tính tác động')")
    assert page.is_visible("text=4 ngày làm việc")
    assert page.input_value("textarea[name=reason]").startswith("Chỗ ở")
    judge_in_each_look(page, name="review_preview_")
    page.click("button:has-text('Gửi đề xuất')")
    page.wait_for_url("**/ra-soat/*/")
    address = page.url.split("/", 3)[3]
    leader = desk("unit_head", unit="24")
    open_in_each_look(leader, f"/{address}", name="review_open_", looks=BOTH)
    leader.click("button:has-text('Không duyệt')")
    assert "ít nhất năm ký tự" in leader.inner_text("[role=alert]")
    leader.fill("textarea[name=reason]", "Đồng ý, báo cáo Chủ tịch tỉnh")
    leader.click("button:has-text('Duyệt đề xuất')")
    leader.wait_for_selector("h2:has-text('Việc tiếp theo')")
    open_in_each_look(leader, f"/{address}", name="review_approved_", looks=BOTH)
    open_in_each_look(leader, "/thu-tuc/ra-soat/", name="reviews_", looks=BOTH)
    open_in_each_look(page, "/thu-tuc/ra-soat/moi/1.004194/", name="propose_", looks=BOTH)
