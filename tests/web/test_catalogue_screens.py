"""The catalogue and a review in a real browser: quiet, fitting, without a fault of accessibility, at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot

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


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_proposal_from_the_catalogue_to_the_decision(
    figures: None, desk: Callable[..., Any], size: tuple[int, int]
) -> None:
    page = desk("admin_control", unit="24", size=size)
    open_cleanly(page, "/thu-tuc/ra-soat/")
    shot(page, f"reviews_none_{size[0]}")
    page.goto("/thu-tuc/1.004222/")
    page.click("text=Đề xuất rà soát")
    page.select_option("select[name=part_lawful_home]", "data")
    page.fill("input[name=hours_2]", "14")
    page.fill("input[name=fee]", "5.000")
    page.fill("textarea[name=reason]", "Chỗ ở hợp pháp đã có trong dữ liệu đất đai, nhà ở")
    page.click("button:has-text('Tính tác động')")
    assert page.is_visible("text=4 ngày làm việc")
    assert page.input_value("textarea[name=reason]").startswith("Chỗ ở")
    shot(page, f"review_preview_{size[0]}")
    page.click("button:has-text('Gửi đề xuất')")
    page.wait_for_url("**/ra-soat/*/")
    address = page.url.split("/", 3)[3]
    leader = desk("unit_head", unit="24", size=size)
    open_cleanly(leader, f"/{address}")
    shot(leader, f"review_open_{size[0]}")
    leader.click("button:has-text('Không duyệt')")
    assert "ít nhất năm ký tự" in leader.inner_text("[role=alert]")
    leader.fill("textarea[name=reason]", "Đồng ý, báo cáo Chủ tịch tỉnh")
    leader.click("button:has-text('Duyệt đề xuất')")
    leader.wait_for_selector("h2:has-text('Việc tiếp theo')")
    open_cleanly(leader, f"/{address}")
    shot(leader, f"review_approved_{size[0]}")
    open_cleanly(leader, "/thu-tuc/ra-soat/")
    shot(leader, f"reviews_{size[0]}")
    open_cleanly(page, "/thu-tuc/ra-soat/moi/1.004194/")
    shot(page, f"propose_{size[0]}")
