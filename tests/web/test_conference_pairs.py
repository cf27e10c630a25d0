"""Who could help whom: the figures propose a pair, a person records it, and it is proposed no more."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.web import reports
from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look
from tests.web.direction import TAKE_AWAY

__all__ = ["browser", "desk"]
BEST, WEAKEST = "213", "219"
"""Thành phố Bắc Giang and Huyện Lục Ngạn; the third, Sơn Động, has nine dossiers."""
PAGE = "/hoi-nghi/giup-do/?chi-tieu=online_rate_essential_25&cap=district"


@pytest.fixture(scope="module")
def counted(site: str) -> Iterator[None]:
    with reports.dossiers():
        yield
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(TAKE_AWAY)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_best_is_beside_the_weakest_until_the_pair_is_recorded(
    counted: None, client_as: Callable[..., Any]
) -> None:
    client = client_as("task_force", unit="24")
    shown = text(client.get(PAGE))
    cells = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown[shown.index("<tbody>") :]))
    told = (
        " Huyện Lục Ngạn 2/2 38,33% (138/360) Thành phố Bắc Giang 1/2 73,19% (527/720) Ghi cặp này"
    )
    assert cells.startswith(told), cells
    assert "Sơn Động" not in cells
    (record,) = re.findall(r'href="(/chi-dao/so/giup-do/moi/\?[^"]+)"', shown)
    form = text(client.get(record))
    chosen = re.findall(r'<option value="([^"]+)" selected', form)
    assert {BEST, WEAKEST, "online_rate_essential_25"} <= set(chosen)
    assert 'value="21/06/2024"' in form
    sent = {"unit": BEST, "other_code": WEAKEST, "indicator": "online_rate_essential_25", "valid_from": "21/06/2024",
            "what": "Cử tổ công nghệ số hướng dẫn nộp trực tuyến", "event_id": str(uuid4())}  # fmt: skip
    assert client.post("/chi-dao/so/giup-do/moi/", sent).status_code == 302
    assert "Không có cặp nào cần đề xuất" in text(client.get(PAGE))
    assert "Thành phố Bắc Giang" in text(client.get(PAGE.replace("essential_25", "all")))


@pytest.mark.parametrize(
    "asked", ["?chi-tieu=x&cap=district", "?cap=%27;--", "?cap=province", "?chi-tieu=%00"]
)
def test_an_address_that_was_tampered_with_is_a_page_like_another(
    counted: None, client_as: Callable[..., Any], asked: str
) -> None:
    assert "Đề xuất cặp giúp nhau" in text(
        client_as("task_force", unit="24").get(f"/hoi-nghi/giup-do/{asked}")
    )


def test_a_form_begun_with_nonsense_says_what_is_wrong_and_records_nothing(
    counted: None, client_as: Callable[..., Any]
) -> None:
    client, address = client_as("task_force", unit="24"), "/chi-dao/so/giup-do/moi/"
    shown = client.get(
        f"{address}?unit=x&other_code=y&indicator=z&valid_from=<script>a&what=<script>b"
    )
    assert (
        shown.status_code == 200
        and b"<script>a" not in shown.content
        and b"<script>b" not in shown.content
    )
    wrong = client.post(address, {"unit": "x", "other_code": "y", "valid_from": "32/13/2024", "what": "giúp",
                                  "event_id": str(uuid4())})  # fmt: skip
    assert wrong.status_code == 422 and "Ngày" in html.unescape(wrong.content.decode())


def test_only_who_may_record_a_pair_is_shown_proposals(
    counted: None, client_as: Callable[..., Any]
) -> None:
    assert client_as("auditor", unit="24").get(PAGE).status_code == 403


@needs_chromium
def test_proposals_are_readable_at_both_widths(counted: None, desk: Callable[..., Any]) -> None:
    page = desk("task_force", unit="24")
    open_in_each_look(page, PAGE.replace("essential_25", "all"), name="pairs-", looks=BOTH)
    page.get_by_role("link", name="Ghi cặp này").first.click()
    assert page.get_by_label("Đơn vị được giúp").input_value() == WEAKEST
