"""The pages a short code opens: for a stranger definition and counts, none under five; for officers the records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from tests.web import reports
from tests.web.chromium import (
    BOTH,
    browser,
    desk,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
)
from tests.web.worker import worked

from dancu.engine.report.content import Report
from dancu.engine.report.content_json import to_json
from dancu.engine.report.indicators import Asked
from dancu.platform.reports_writing import keeping, writing
from dancu.platform.reports_writing.gathering import Order
from dancu.platform.reports_writing.models import Issue, Version
from dancu.platform.snapshots import codes, issued, verifying

__all__ = ["browser", "desk"]
ORDER = Order("24", Asked(dt.date(2024, 1, 2), reports.DAY), reports.DAY)
"""Not the days of other tests: a report is issued once."""
KEY = ORDER.key
CODE = "online_rate_essential_25"


@contextmanager
def _issued(order: Order) -> Iterator[Report]:
    """A report counted and issued, and not frozen."""
    report = writing.content(order, using="owner")
    body = to_json(report)
    given = {
        "key": order.key,
        "sha256": keeping.digest(body),
        "at": dt.datetime.now(dt.UTC),
        "by": "ky",
    }
    Version.objects.using("owner").create(
        number=1,
        unit_code=order.unit,
        first=order.asked.first,
        last=order.asked.last,
        body=body,
        **given,
    )
    body["layout"]["signer"] = "Hoàng Văn Ký"
    Issue.objects.using("owner").create(
        number="45/BC-UBND", day=reports.DAY, signer="Hoàng Văn Ký", body=body, **given
    )
    yield report
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM reports_writing_issue WHERE key = %s", [order.key])
        cursor.execute("DELETE FROM reports_writing_version WHERE key = %s", [order.key])
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture(scope="module")
def frozen(site: str) -> Iterator[Report]:
    """A report counted, issued and frozen."""
    del site
    with reports.dossiers(), _issued(ORDER) as report:
        at = dt.datetime.now(dt.UTC)
        made = issued.freeze(KEY, by="ky", at=at)
        assert made is not None and issued.freeze(KEY, by="ky", at=at) is None
        yield report


def _code(report: Report, unit: str, code: str = CODE) -> str:
    return next(r.short_code for r in report.figures.values() if (r.code, r.unit) == (code, unit))


def _words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _seen(answer: Any) -> int:
    """How many records the page says that one may see."""
    told = re.search(r"Bạn xem được ([\d.]+) bản ghi", _words(answer))
    assert told
    return int(told[1].replace(".", ""))


def test_a_code_from_paper_is_read_as_people_type_it(
    client_as: Callable[..., Any], frozen: Report
) -> None:
    code, stranger = _code(frozen, "24"), client_as(None)
    for typed in (code, code.lower(), codes.printed(code), f" {code[:4]} {code[4:]} "):
        assert stranger.get("/so-lieu/", {"ma": typed}).url == f"/so-lieu/{code}/"
    assert stranger.get(f"/so-lieu/{codes.printed(code)}/").status_code == 200
    wrong = codes.printed(code)[:-1] + ("2" if codes.printed(code)[-1] != "2" else "3")
    assert "sai một chữ" in _words(stranger.get("/so-lieu/", {"ma": wrong}))
    assert stranger.get("/so-lieu/", {"ma": "O0I1"}).status_code == 422
    assert stranger.get("/so-lieu/ZZZZZZZZ/").status_code == 404


def test_a_stranger_sees_definition_and_counts_and_no_small_ones(
    client_as: Callable[..., Any], frozen: Report
) -> None:
    stranger = client_as(None)
    whole = frozen.figures[_code(frozen, "24")]
    said = _words(stranger.get(f"/so-lieu/{whole.short_code}/"))
    for words in (
        f"{whole.figure.value}%".replace(".", ","),
        "đã chốt, không đổi nữa",
        "Hoàng Văn Ký",
        "Xem câu lệnh",
    ):
        assert words in said, words
    assert (
        "Tệp nguồn" not in said
        and stranger.get(f"/so-lieu/{whole.short_code}/ban-ghi/").status_code == 302
    )
    small = [
        r
        for r in frozen.figures.values()
        if r.figure.measure == "share" and 0 < r.figure.denominator < 5
    ]
    assert small
    for ref in small:
        said = _words(stranger.get(f"/so-lieu/{ref.short_code}/"))
        assert (
            "dưới 5 trường hợp" in said
            and f"{ref.figure.numerator} / {ref.figure.denominator}" not in said
        )
        assert f"{ref.figure.numerator} / {ref.figure.denominator}" in _words(
            client_as("task_force").get(f"/so-lieu/{ref.short_code}/")
        )


def test_records_are_those_of_the_right_and_the_territory(
    client_as: Callable[..., Any], frozen: Report
) -> None:
    code, whole = _code(frozen, "24"), frozen.figures[_code(frozen, "24")].figure.denominator
    own = frozen.figures[_code(frozen, "07204")].figure.denominator
    seen = {}
    for role, unit in (("task_force", "24"), ("unit_head", "07204")):
        answer = client_as(role, unit=unit).get(f"/so-lieu/{code}/ban-ghi/")
        seen[role] = _seen(answer)
    assert seen == {"task_force": whole, "unit_head": own}
    assert client_as("one_stop_officer").get(f"/so-lieu/{code}/ban-ghi/").status_code == 403


def test_a_frozen_figure_still_opens_to_what_was_known_then(
    client_as: Callable[..., Any], frozen: Report
) -> None:
    code, officer = _code(frozen, "07207"), client_as("task_force", unit="24")
    before = _seen(officer.get(f"/so-lieu/{code}/ban-ghi/", {"dat": "1"}))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE services.dossier SET channel = 2 WHERE code LIKE 'REP-0-BG.ES12-07207-%'"
        )
        assert _seen(officer.get(f"/so-lieu/{code}/ban-ghi/", {"dat": "1"})) == before
    assert before == frozen.figures[code].figure.numerator


def test_the_files_of_a_frozen_report_are_those_that_verify(
    client_as: Callable[..., Any], frozen: Report
) -> None:
    officer = client_as("auditor", unit="24")
    said = officer.get("/so-lieu/da-chot/")
    own = next(r for r in said.content.decode().split("<tr>") if KEY in r and "/pdf/" in r)
    files = re.findall(r'href="(/so-lieu/da-chot/[^"]+)"', own)
    assert len(files) == 2
    for address in files:
        assert verifying.verify(officer.get(address).content).good
    assert officer.post(f"/so-lieu/chot/{KEY}/").status_code in (403, 404)
    assert client_as("admin_control").post(f"/so-lieu/chot/{KEY}/").status_code == 404


def test_who_writes_reports_freezes_an_issued_one_by_its_button(
    client_as: Callable[..., Any], frozen: Report
) -> None:
    del frozen  # its dossiers are there
    order = Order("24", Asked(dt.date(2024, 1, 3), reports.DAY), reports.DAY)
    button = f'action="/so-lieu/chot/{order.key}/"'
    with _issued(order):
        officer = client_as("task_force", unit="24")
        assert button in officer.get("/so-lieu/da-chot/").content.decode()
        assert officer.post(f"/so-lieu/chot/{order.key}/").url == "/so-lieu/da-chot/"
        worked("report")
        said = officer.get("/so-lieu/da-chot/").content.decode()
        assert button not in said
        own = next(row for row in said.split("<tr>") if order.key in row and "/pdf/" in row)
        for address in re.findall(r'href="(/so-lieu/da-chot/[^"]+)"', own):
            assert verifying.verify(officer.get(address).content).good
        assert officer.post(f"/so-lieu/chot/{order.key}/").status_code == 404


@needs_chromium
def test_a_figure_is_clicked_down_to_a_record(desk: Callable[..., Any], frozen: Report) -> None:
    page = desk("task_force", unit="24")
    code = _code(frozen, "24")
    open_cleanly(page, "/so-lieu/")
    page.get_by_label("Mã số liệu").fill(codes.printed(code).lower())
    page.get_by_role("button", name="Xem số liệu").click()
    open_in_each_look(page, page.url, name="figure-", looks=BOTH)
    page.get_by_role("link", name="Mở các bản ghi").click()
    open_in_each_look(page, page.url, name="records-", looks=BOTH)
    page.locator("table th[scope=row] a").first.click()
    page.get_by_text("REP-0-").first.wait_for()
    assert page.locator("h1").count() == 1
    open_in_each_look(page, "/so-lieu/da-chot/", name="listed-", looks=BOTH)


@needs_chromium
def test_a_stranger_reads_the_page_of_a_figure(desk: Callable[..., Any], frozen: Report) -> None:
    page = desk(None)
    open_in_each_look(page, f"/so-lieu/{_code(frozen, '24')}/", name="stranger-", looks=BOTH)
    few = next(r for r in frozen.figures.values() if 0 < r.figure.denominator < 5)
    open_in_each_look(page, f"/so-lieu/{few.short_code}/", name="few-", looks=BOTH)
    open_in_each_look(page, "/so-lieu/?ma=ABC", name="lookup-", looks=BOTH, status=422)
