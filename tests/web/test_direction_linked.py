"""Inspections, campaigns, good models and helping units: what hangs together, who sees it, what its figures say."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone
from tests.web.direction import TAKE_AWAY
from tests.web.test_direction import do, give, number, record, state, version_on

from dancu.engine.report.indicators import Asked
from dancu.platform.reports import counting
from dancu.sectors.direction import entries, may, moved, sample
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import Edit, New
from dancu.sectors.direction.errors import DirectionError

PROVINCE, DISTRICT, OTHER, COMMUNE = "24", "218", "217", "07498"
"""The commune lies in the first district; the register's day is 21 June 2024."""


@pytest.fixture(scope="module", autouse=True)
def _nothing_left(site: str) -> Iterator[None]:
    yield
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(TAKE_AWAY)


def inspect(client: Any, **more: Any) -> Any:
    sent = {
        "unit": PROVINCE, "other_code": DISTRICT, "number": "45/KH-TCT", "held_on": "14/05/2024",
        "team": "Công an tỉnh, Sở TT&TT", "subject": "Việc thực hiện Đề án 06", "result": "", **more,
    }  # fmt: skip
    return record(client, "kiem-tra", **sent)


def seen(client: Any, book: str, thing: int) -> str:
    answer = client.get(f"/chi-dao/so/{book}/{thing}/")
    return text(answer) if answer.status_code == 200 else str(answer.status_code)


def text(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_finding_becomes_a_task_and_is_closed_when_the_task_is_accepted(
    client_as: Callable[..., Any],
) -> None:
    province, district = (
        client_as("task_force", unit=PROVINCE),
        client_as("task_force", unit=DISTRICT),
    )
    thing = number(inspect(province))
    assert "Không có tồn tại" in seen(province, "kiem-tra", thing)
    sent = {
        "inspection_no": thing,
        "what": "Chưa bố trí máy quét",
        "indicator": "districts_without_budget",
    }
    finding = number(record(province, "ket-qua-kiem-tra", **sent))
    assert "Khắc phục 0/1 tồn tại" in seen(province, "kiem-tra", thing)
    page = seen(district, "ket-qua-kiem-tra", finding)
    assert "Chưa giao nhiệm vụ" in page and "Huyện Lục Nam" in page and "districts" not in page
    assert "Đơn vị kiểm tra Tỉnh Bắc Giang Đơn vị được kiểm tra Huyện Lục Nam" in page
    assert "Đơn vị:" not in page, "not two units under one name"
    form = province.get(f"/chi-dao/viec/moi/?theo=finding:{finding}").content.decode()
    assert 'value="Khắc phục: Chưa bố trí máy quét"' in form
    assert re.search(rf'<option value="{DISTRICT}" selected>', form)
    task = number(give(province, title="Bố trí máy quét", origin=f"finding:{finding}"))
    assert "Đang khắc phục" in seen(district, "ket-qua-kiem-tra", finding)
    do(district, task, "finish", reason="Đã mua đủ máy quét")
    do(province, task, "accept")
    assert state(task).origin_kind == "finding"
    assert "Đã khắc phục" in seen(district, "ket-qua-kiem-tra", finding)
    assert "Đã đóng: khắc phục 1/1" in seen(district, "kiem-tra", thing)
    assert "Tồn tại qua kiểm tra" in text(district.get(f"/chi-dao/viec/{task}/"))


def test_both_units_read_an_inspection_and_the_one_that_inspects_writes_it(
    client_as: Callable[..., Any],
) -> None:
    province, district, other = (
        client_as("task_force", unit=unit) for unit in (PROVINCE, DISTRICT, OTHER)
    )
    thing = number(inspect(province, number="46/KH-TCT"))
    pages = [
        c.get(f"/chi-dao/so/kiem-tra/{thing}/").status_code for c in (province, district, other)
    ]
    assert pages == [200, 200, 404]
    assert district.get(f"/chi-dao/so/kiem-tra/{thing}/sua/").status_code == 403
    assert "đã có trong sổ" in text(inspect(province, number="46/KH-TCT"))
    refused = inspect(district, unit=DISTRICT, other_code=OTHER)
    assert refused.status_code == 422, "a district does not inspect its neighbour"
    ahead = number(inspect(province, number="47/KH-TCT", held_on="20/12/2024"))
    assert "Sắp kiểm tra" in seen(province, "kiem-tra", ahead)


def campaign(client: Any, **more: Any) -> Any:
    sent = {
        "unit": PROVINCE, "name": "30 ngày kích hoạt định danh", "first_day": "01/05/2024", "last_day": "30/05/2024",
        "aim": "Mỗi xã một tổ", "indicator": "inspections_made", "units": [DISTRICT, "215"], **more,
    }  # fmt: skip
    return record(client, "cao-diem", **sent)


def test_units_of_a_campaign_say_whom_they_reached_and_the_page_adds_them_up(
    client_as: Callable[..., Any],
) -> None:
    province, commune, other = (
        client_as("task_force", unit=unit) for unit in (PROVINCE, COMMUNE, OTHER)
    )
    thing = number(campaign(province))
    for day, people in (("03/05/2024", "120"), ("10/05/2024", "80")):
        sent = {
            "unit": COMMUNE,
            "campaign_no": thing,
            "held_on": day,
            "what": "Họp thôn",
            "people": people,
        }
        assert record(commune, "tiep-can", **sent).status_code == 302
    early = record(commune, "tiep-can", **{**sent, "held_on": "30/04/2024"})
    assert early.status_code == 422 and "từ 01/05/2024 đến 30/05/2024" in text(early)
    outside = record(other, "tiep-can", **{**sent, "unit": OTHER})
    assert outside.status_code == 422 and "không tham gia đợt này" in text(outside)
    page = seen(province, "cao-diem", thing)
    assert (
        "Huyện Lục Nam 200" in page and "Huyện Yên Thế 0" in page and "Cộng số người: 200" in page
    )
    assert "Đợt cao điểm" in seen(other, "cao-diem", thing), "everybody reads what is under way"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"last_day": "30/04/2024"}, "Ngày kết thúc không được trước"),
        ({"indicator": "no_such"}, "hợp lệ"),
        ({"units": []}, "bắt buộc"),
        ({"name": "abc"}, "ít nhất năm ký tự"),
        ({"first_day": "hôm qua"}, "Ngày chưa đúng"),
    ],
)
def test_what_is_no_campaign_says_why(
    client_as: Callable[..., Any], more: dict[str, Any], why: str
) -> None:
    answer = campaign(client_as("task_force", unit=PROVINCE), **more)
    assert answer.status_code == 422 and why in text(answer)


def test_a_model_is_read_and_copied_by_others_once_each(client_as: Callable[..., Any]) -> None:
    one, two, three = (client_as("task_force", unit=unit) for unit in (DISTRICT, OTHER, COMMUNE))
    sent = {
        "unit": DISTRICT, "name": "Tổ công nghệ số cộng đồng", "kind": "model", "since": "15/01/2024",
        "what": "Mỗi thôn ba người, trực tối thứ ba",
    }  # fmt: skip
    thing = number(record(one, "mo-hinh", **sent))
    assert record(one, "mo-hinh", **sent).status_code == 422
    assert "Mỗi thôn ba người" in seen(three, "mo-hinh", thing)
    assert three.get(f"/chi-dao/so/mo-hinh/{thing}/sua/").status_code == 403
    copy = {"unit": OTHER, "model_no": thing, "since": "01/04/2024", "note": ""}
    assert "trước ngày có mô hình" in text(
        record(two, "nhan-rong", **{**copy, "since": "01/01/2024"})
    )
    assert record(two, "nhan-rong", **copy).status_code == 302
    assert "đã ghi làm theo" in text(record(two, "nhan-rong", **copy))
    assert "chính mình" in text(record(one, "nhan-rong", **{**copy, "unit": DISTRICT}))
    assert record(three, "nhan-rong", **{**copy, "unit": COMMUNE}).status_code == 302
    page = seen(three, "mo-hinh", thing)
    assert "2 đơn vị làm theo" in page and "Huyện Lạng Giang" in page
    version = version_on(one.get(f"/chi-dao/so/mo-hinh/{thing}/sua/"))
    kept = one.post(f"/chi-dao/so/mo-hinh/{thing}/bo/", {"reason": "Ghi nhầm", "version": version})
    assert kept.status_code == 422 and "Bỏ các dòng đó trước" in text(kept)


def test_who_helps_and_who_is_helped_read_it_and_a_third_does_not(
    client_as: Callable[..., Any],
) -> None:
    helper, helped, third = (
        client_as("task_force", unit=unit) for unit in (OTHER, DISTRICT, "215")
    )
    sent = {
        "unit": OTHER, "other_code": DISTRICT, "what": "Cử hai cán bộ sang làm cùng", "indicator": "inspections_made",
        "valid_from": "01/04/2024", "valid_to": "31/05/2024",
    }  # fmt: skip
    thing = number(record(helper, "giup-do", **sent))
    pages = [c.get(f"/chi-dao/so/giup-do/{thing}/").status_code for c in (helper, helped, third)]
    assert pages == [200, 200, 404]
    assert "Chỉ tiêu trước và sau" in seen(helped, "giup-do", thing)
    assert "Đã kết thúc" in seen(helped, "giup-do", thing)
    assert "dòng khác cùng chỉ tiêu" in text(
        record(helper, "giup-do", **{**sent, "valid_from": "15/05/2024"})
    )
    assert "phải khác" in text(record(helper, "giup-do", **{**sent, "other_code": OTHER}))
    assert helped.get(f"/chi-dao/so/giup-do/{thing}/sua/").status_code == 403


def test_an_entry_keeps_what_it_belongs_to_when_it_is_changed(
    client_as: Callable[..., Any],
) -> None:
    province = client_as("task_force", unit=PROVINCE)
    thing = number(inspect(province, number="48/KH-TCT"))
    path = f"/chi-dao/so/kiem-tra/{thing}/"
    form = province.get(f"{path}sua/")
    assert 'name="other_code"' not in form.content.decode()
    sent = {
        "number": "48/KH-TCT", "held_on": "15/05/2024", "team": "Công an tỉnh", "subject": "Bộ phận một cửa",
        "result": "Đã làm tốt", "other_code": OTHER, "reason": "Dời một ngày", "version": version_on(form),
        "event_id": str(uuid4()),
    }  # fmt: skip
    assert province.post(f"{path}sua/", sent).status_code == 302
    page = seen(province, "kiem-tra", thing)
    assert "15/05/2024" in page and "Huyện Lục Nam" in page and "Huyện Lạng Giang" not in page


def test_a_figure_opens_to_the_entry_that_it_counts(client_as: Callable[..., Any]) -> None:
    province = client_as("task_force", unit=PROVINCE)
    thing = number(inspect(province, number="49/KH-TCT"))
    asked = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21))
    assert str(thing) in {
        r.subject for r in counting.records("inspections_made", asked, using="owner")
    }
    answer = province.get(f"/chi-dao/muc/{thing}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/chi-dao/so/kiem-tra/{thing}/")
    assert client_as("task_force", unit=OTHER).get(f"/chi-dao/muc/{thing}/").status_code == 404
    assert province.get("/chi-dao/muc/999999999/").status_code == 404


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(16), timezone.get_default_timezone())


def by_system(table: str, unit: str, values: dict[str, Any], known: dt.date) -> int:
    with may.as_system() as by:
        new = New(unit, sample.UNIT_DAY, values)
        return entries.do_record(book=BY_TABLE[table], new=new, by=by, at=at(known)).thing_no


def inspected(unit: str, day: dt.date) -> int:
    values = {
        "other_code": unit, "number": f"{day:%d%m}/KH", "held_on": day, "team": "Huyện", "subject": "Tự kiểm tra",
        "result": "",
    }  # fmt: skip
    return by_system("inspection", unit, values, day)


def test_before_and_after_are_counted_over_as_many_days(site: str) -> None:
    """A campaign of ten days: one inspection in the ten before, three in it, two after, two out of all of them.

    While it runs, a count is not compared.
    """
    del site
    first, last = dt.date(2024, 2, 11), dt.date(2024, 2, 20)
    for day in ("01-31", "02-01", "02-11", "02-15", "02-20", "02-21", "03-01", "03-02"):
        inspected("216", dt.date.fromisoformat(f"2024-{day}"))
    (one,) = moved.moved(
        "inspections_made", ["216"], first=first, last=last, on=dt.date(2024, 6, 21)
    )
    assert [f.numerator for f in (one.before, one.during, one.after) if f] == [1, 3, 2]
    assert moved.rise(one) == "+1"
    (now,) = moved.moved(
        "inspections_made", ["216"], first=first, last=last, on=dt.date(2024, 2, 15)
    )
    assert (now.during and now.during.numerator, now.after, moved.rise(now)) == (2, None, "—")


def test_a_finding_counts_as_put_right_from_when_its_task_was_accepted(site: str) -> None:
    """Two findings in March, one accepted on 20 May: as known on the 19th none, later half; one withdrawn, all."""
    del site
    from dancu.sectors.direction import tasks
    from dancu.sectors.direction.tasks import Ask, NewTask, Origin

    day = dt.date(2024, 3, 12)
    inspection = inspected("219", day)
    found = [
        by_system(
            "finding", "219", {"inspection_no": inspection, "what": what, "indicator": ""}, day
        )
        for what in ("Chưa niêm yết thủ tục", "Máy quét hỏng")
    ]
    with may.as_system() as by:
        new = NewTask("Niêm yết thủ tục", "219", due_on=dt.date(2024, 4, 12), origin=Origin("finding", found[0]),
                      unit_day=sample.UNIT_DAY)  # fmt: skip
        task = tasks.do_open(new=new, by=by, at=at(day), on=day)
        done = dt.date(2024, 5, 20)
        task = tasks.do_report(
            task_no=task.task_no, ask=Ask(1, "Đã niêm yết"), percent=100, by=may.System("xã"), at=at(done), on=done,
            finished=True,
        )  # fmt: skip
        tasks.do_accept(task_no=task.task_no, ask=Ask(task.version_no), by=by, at=at(done))

    def of(known: dt.datetime | None) -> tuple[int, int]:
        asked = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21), known)
        figure = counting.figures(
            "inspection_findings_fixed_pct", asked, units=["219"], using="owner"
        )["219"]
        return int(figure.numerator), int(figure.denominator)

    assert of(at(dt.date(2024, 5, 19))) == (0, 2)
    assert of(at(dt.date(2024, 5, 21))) == (1, 2) == of(None)
    with may.as_system() as by:
        one = entries.get(BY_TABLE["finding"], found[1])
        edit = Edit(one.version_no, None, "Máy vẫn chạy tốt")
        entries.do_change(
            book=BY_TABLE["finding"],
            thing_no=found[1],
            edit=edit,
            by=by,
            at=at(dt.date(2024, 6, 3)),
        )
    assert of(None) == (1, 1) and of(at(dt.date(2024, 5, 21))) == (1, 2)


def test_what_belongs_to_nothing_is_refused(site: str) -> None:
    del site
    with pytest.raises(DirectionError, match="Cuộc kiểm tra"):
        by_system(
            "finding", "219", {"inspection_no": 999999999, "what": "Chưa rõ"}, dt.date(2024, 3, 1)
        )
