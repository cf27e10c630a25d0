"""Direction on the pages: tasks of two levels, books with their duplicates, lists, who sees what, the nightly job."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import openpyxl
import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from tests.web.direction import TAKE_AWAY

from dancu.reference.holidays import working_days_after
from dancu.sectors.direction import may, nightly, reading, tasks
from dancu.sectors.direction.errors import DirectionError, NotOpen
from dancu.sectors.direction.tasks import Ask, NewTask

PROVINCE, DISTRICT, OTHER = "24", "218", "217"
THEN = dt.date(2024, 6, 21)
"""The day of the units in the tests' register."""


@pytest.fixture(scope="module", autouse=True)
def _nothing_left(site: str) -> Iterator[None]:
    """What these tests record is taken away again: others count what is there."""
    yield
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(TAKE_AWAY)


def today() -> dt.date:
    return timezone.localdate()


def give(client: Any, **more: Any) -> Any:
    sent = {
        "title": "Bố trí kinh phí Đề án 06", "unit": DISTRICT, "origin": "own", "working_days": "10",
        "event_id": str(uuid4()), **more,
    }  # fmt: skip
    return client.post("/chi-dao/viec/moi/", sent)


def do(client: Any, task: int, action: str, **more: Any) -> Any:
    with may.as_system():
        version = reading.get(task).version_no
    sent = {"action": action, "version": version, "event_id": str(uuid4()), **more}
    return client.post(f"/chi-dao/viec/{task}/lam/", sent)


def number(answer: Any) -> int:
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def state(task: int) -> reading.Task:
    with may.as_system():
        return reading.get(task)


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return SimpleUploadedFile("minh-chung.png", out.getvalue(), "image/png")


def test_a_task_goes_from_the_province_to_a_district_and_back_accepted(
    client_as: Callable[..., Any],
) -> None:
    """The district reports with a photo, its own head cannot accept what the province gave, the province does."""
    province, district = (
        client_as("task_force", unit=PROVINCE),
        client_as("task_force", unit=DISTRICT),
    )
    head = client_as("unit_head", unit=DISTRICT)
    task = number(give(province))
    assert state(task).giver_code == PROVINCE and state(task).due_on == working_days_after(
        today(), 10
    )
    assert do(district, task, "report", reason="Đang trình", percent="40").status_code == 302
    assert (
        do(district, task, "finish", reason="Đã có quyết định", paper=picture()).status_code == 302
    )
    assert do(head, task, "accept").status_code == 403
    assert do(province, task, "accept").status_code == 302
    done = state(task)
    assert (done.state, done.percent, done.finished_on) == ("accepted", 100, today())
    with may.as_system():
        said = [(a.action, a.by) for a in reading.history("task", task)]
    assert said == [
        ("open", province.user.username), ("report", district.user.username), ("finish", district.user.username),
        ("accept", province.user.username),
    ]  # fmt: skip


def test_who_reports_does_not_accept(client_as: Callable[..., Any]) -> None:
    one, two = client_as("task_force", unit=DISTRICT), client_as("task_force", unit=DISTRICT)
    task = number(give(one))
    do(one, task, "finish", reason="Đã làm xong")
    answer = do(one, task, "accept")
    assert answer.status_code == 422 and "phải khác người báo cáo" in answer.content.decode()
    assert "người khác của đơn vị giao" in one.get(f"/chi-dao/viec/{task}/").content.decode()
    assert do(two, task, "return", reason="Thiếu quyết định").status_code == 302
    assert (state(task).state, state(task).finished_on) == ("open", None)


@pytest.mark.parametrize(
    ("action", "more", "status", "says"),
    [
        ("report", {"reason": "Đang làm", "percent": "100"}, 422, ""),
        ("report", {"reason": "abc", "percent": "50"}, 422, "ít nhất năm ký tự"),
        ("finish", {"reason": ""}, 422, "ít nhất năm ký tự"),
        ("accept", {}, 422, "không mở ở trạng thái hiện tại"),
        ("extend", {"reason": "Chờ kinh phí"}, 422, "Ghi hạn mới"),
        (
            "extend",
            {"reason": "Chờ kinh phí", "due_on": "01/01/2020"},
            422,
            "Hạn mới phải sau hạn cũ",
        ),
        ("steal", {"reason": "Không có"}, 422, "không mở"),
        (
            "report",
            {"reason": "Đang làm", "percent": "50", "version": "7"},
            422,
            "Đã có người khác",
        ),
        ("cancel", {"reason": "Giao trùng"}, 302, ""),
    ],
)
def test_what_cannot_be_done_says_why(
    client_as: Callable[..., Any], action: str, more: dict[str, str], status: int, says: str
) -> None:
    client = client_as("task_force", unit=DISTRICT)
    task = number(give(client))
    answer = do(client, task, action, **more)
    assert answer.status_code == status and says in answer.content.decode()


def test_a_form_sent_twice_gives_one_task(client_as: Callable[..., Any]) -> None:
    client, event = client_as("task_force", unit=DISTRICT), str(uuid4())
    assert number(give(client, event_id=event)) == number(give(client, event_id=event))


def test_a_task_is_seen_and_given_within_the_territory_alone(client_as: Callable[..., Any]) -> None:
    province, district = (
        client_as("task_force", unit=PROVINCE),
        client_as("task_force", unit=DISTRICT),
    )
    other, commune = client_as("task_force", unit=OTHER), client_as("task_force", unit="07204")
    task = number(give(province))
    seen = [
        c.get(f"/chi-dao/viec/{task}/").status_code for c in (province, district, other, commune)
    ]
    assert seen == [200, 200, 404, 404]
    assert give(district, unit=OTHER).status_code == 422
    assert give(commune, unit=DISTRICT).status_code == 422


def test_the_due_day_is_a_working_day(site: str) -> None:
    del site
    on = dt.date(2024, 4, 24)
    given = {"by": may.SYSTEM, "at": timezone.now(), "on": on}
    with may.as_system():
        with pytest.raises(DirectionError, match="ngày nghỉ"):
            tasks.do_open(
                new=NewTask("Rà soát hồ sơ", DISTRICT, due_on=dt.date(2024, 4, 28)), **given
            )
        task = tasks.do_open(
            new=NewTask("Rà soát hồ sơ", DISTRICT, working_days=3, unit_day=THEN), **given
        )
    assert task.due_on == dt.date(2024, 5, 2)  # 29 April to 1 May were off


def test_the_night_reminds_once_then_tells_the_level_above_and_goes_on(site: str) -> None:
    """Due on Wednesday 12 June 2024: reminded on the 7th, told on the 13th and on the 20th."""
    del site
    given, due = dt.date(2024, 6, 3), dt.date(2024, 6, 12)
    with may.as_system() as by:
        task = tasks.do_open(
            new=NewTask("Làm sạch dữ liệu", "07498", due_on=due), by=by, at=timezone.now(), on=given
        ).task_no
    days = [dt.date(2024, 6, d) for d in (6, 7, 10, 12, 13, 13, 14, 19, 20, 27)]
    told = []
    for day in days:
        nightly.follow(at=timezone.now(), on=day)
        told.append((state(task).reminded_for, state(task).escalated_to))
    above = [e for _, e in told]
    assert [r == due for r, _ in told] == [False, *[True] * 9]
    assert above == ["", "", "", "", "218", "218", "218", "218", "24", "24"]
    with may.as_system() as by:
        said = [(a.action, a.detail.get("to")) for a in reading.history("task", task)]
        assert said == [("open", None), ("remind", None), ("escalate", "218"), ("escalate", "24")]
        later = tasks.do_extend(
            task_no=task, ask=Ask(1, "Mưa lũ"), due_on=dt.date(2024, 6, 28), by=by, at=timezone.now(), on=due
        )  # fmt: skip
        tasks.do_cancel(
            task_no=task, ask=Ask(later.version_no, "Hết việc"), by=by, at=timezone.now()
        )
        assert later.escalated_to == ""


def test_acceptance_by_the_same_person_is_refused_by_the_database_too(site: str) -> None:
    with may.as_system() as by:
        task = tasks.do_open(
            new=NewTask("Rà soát hồ sơ", DISTRICT, working_days=3, unit_day=THEN),
            by=by,
            at=timezone.now(),
            on=today(),
        )
        ask = Ask(task.version_no, "Đã làm xong")
        done = tasks.do_report(
            task_no=task.task_no,
            ask=ask,
            percent=100,
            by=by,
            at=timezone.now(),
            on=today(),
            finished=True,
        )
        with pytest.raises(NotOpen):
            tasks.do_accept(
                task_no=task.task_no, ask=Ask(done.version_no), by=by, at=timezone.now()
            )
    with psycopg.connect(site) as con, pytest.raises(psycopg.errors.CheckViolation):
        con.execute(
            "UPDATE direction.task SET state = 'accepted', accepted_by = reported_by, closed_at = now()"
            " WHERE task_no = %s", [task.task_no],
        )  # fmt: skip


def version_on(answer: Any) -> str:
    return re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]  # type: ignore[index]


def record(client: Any, book: str, **sent: Any) -> Any:
    return client.post(f"/chi-dao/so/{book}/moi/", {"event_id": str(uuid4()), **sent})


def directive(client: Any, text: str, **more: Any) -> Any:
    sent = {
        "unit": PROVINCE, "number": text, "issued_on": "12/03/2024", "body": "committee", "kind": "letter",
        "subject": "V/v đẩy mạnh Đề án 06", "about": "project06",
    }  # fmt: skip
    return record(client, "van-ban", **{**sent, **more})


def test_a_directive_is_recorded_once_and_read_by_the_units_below(
    client_as: Callable[..., Any],
) -> None:
    province, commune = (
        client_as("task_force", unit=PROVINCE),
        client_as("task_force", unit="07204"),
    )
    thing = number(directive(province, "901/UBND-NC", paper=picture()))
    again = directive(province, "Số: 0901 / ubnd-nc")
    assert again.status_code == 422 and "đã có trong sổ" in again.content.decode()
    page = commune.get(f"/chi-dao/so/van-ban/{thing}/")
    assert page.status_code == 200 and "901/UBND-NC" in page.content.decode()
    assert commune.get(f"/chi-dao/so/van-ban/{thing}/sua/").status_code == 403
    assert (
        commune.post(f"/chi-dao/so/van-ban/{thing}/bo/", {"reason": "Không thích"}).status_code
        == 403
    )
    assert directive(commune, "902/UBND-NC").status_code == 422


def test_a_change_keeps_what_was_said_before_and_a_withdrawal_keeps_all(
    client_as: Callable[..., Any],
) -> None:
    client = client_as("task_force", unit=DISTRICT)
    sent = {
        "unit": DISTRICT, "year": "2023", "amount": "350.000.000", "source": "local", "decision": "12/QĐ-UBND",
        "decided_on": "5/2/2023",
    }  # fmt: skip
    thing = number(record(client, "kinh-phi", **sent))
    path = f"/chi-dao/so/kinh-phi/{thing}/"
    form = client.get(f"{path}sua/").content.decode()
    assert "350.000.000" in form and "05/02/2023" in form
    change = {
        **sent,
        "amount": "420 000 000",
        "reason": "Bổ sung dự toán",
        "event_id": str(uuid4()),
    }
    version = version_on(client.get(f"{path}sua/"))
    assert client.post(f"{path}sua/", {**change, "version": version}).status_code == 302
    assert (
        client.post(
            f"{path}sua/", {**change, "version": version, "event_id": str(uuid4())}
        ).status_code
        == 422
    )
    page = client.get(path).content.decode()
    assert "420.000.000" in page and "350.000.000" in page and "Bổ sung dự toán" in page
    now = version_on(client.get(f"{path}sua/"))
    assert client.post(f"{path}bo/", {"reason": "Ghi nhầm năm", "version": now}).status_code == 302
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("amount", "day", "status"),
    [("350.000.000", "05/02/2023", 302), ("-5", "05/02/2023", 422), ("0", "05/02/2023", 422),
     ("12,5 tỷ", "05/02/2023", 422), ("1 đồng", "31/02/2023", 422),
     ("1000", "2023-02-05", 302), ("1000", "05/02/2199", 422)],
)  # fmt: skip
def test_money_and_days_are_taken_as_people_type_them(
    client_as: Callable[..., Any], amount: str, day: str, status: int
) -> None:
    client = client_as("task_force", unit=DISTRICT)
    sent = {
        "unit": DISTRICT,
        "year": "2023",
        "amount": amount,
        "spent_on": day,
        "what": "Mua máy quét",
    }
    answer = record(client, "chi", **sent)
    assert answer.status_code == status
    if status == 422:
        assert amount in answer.content.decode()


def test_a_list_is_taken_row_by_row_and_says_why_a_row_is_not(
    client_as: Callable[..., Any],
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["UBND TỈNH BẮC GIANG"])
    sheet.append(["STT", "Số, ký hiệu", "Ngày ban hành", "Loại văn bản", "Trích yếu"])
    sheet.append(
        [1, "3101/KH-UBND", dt.datetime(2024, 4, 2), "Kế hoạch", "Kế hoạch làm sạch dữ liệu"]
    )
    sheet.append([2, "3102/UBND-NC", "3/4/2024", "Công văn", "V/v chi trả qua tài khoản"])
    sheet.append([3, "03102/UBND-NC", "04/04/2024", "Công văn", "V/v chi trả qua tài khoản"])
    sheet.append([4, "3104/UBND-NC", "hôm qua", "Công văn", "V/v cấp căn cước"])
    out = io.BytesIO()
    book.save(out)
    client = client_as("task_force", unit=PROVINCE)

    def send(data: bytes, name: str) -> tuple[int, str]:
        sent = {"unit": PROVINCE, "event_id": str(uuid4()), "file": SimpleUploadedFile(name, data)}
        answer = client.post("/chi-dao/so/van-ban/nhap/", sent)
        return answer.status_code, " ".join(
            re.sub(r"<[^>]*>", " ", answer.content.decode()).split()
        )

    _, page = send(out.getvalue(), "van-ban.xlsx")
    assert "Đã ghi: 2 văn bản · Không nhận: 2 dòng" in page
    assert "5 03102/UBND-NC 04/04/2024 V/v chi trả qua tài khoản Văn bản này đã có trong sổ" in page
    assert "6 3104/UBND-NC hôm qua V/v cấp căn cước Ngày ban hành «hôm qua» không đọc được" in page
    assert "Đã ghi: 0 văn bản · Không nhận: 4 dòng" in send(out.getvalue(), "van-ban.xlsx")[1]
    rows = "Số ký hiệu;Ngày văn bản;Nội dung\n3105/UBND-NC;05/04/2024;V/v nhân lực số\n"
    assert "Đã ghi: 1 văn bản" in send(rows.encode(), "van-ban.csv")[1]
    status, page = send(b"a,b\n1,2\n", "khac.csv")
    assert status == 422 and "Tệp cần có các cột" in page


def test_the_books_name_who_lacks_what_within_the_territory(client_as: Callable[..., Any]) -> None:
    """A district that planned is no longer named; a commune's officer reads nothing of districts."""
    district, province = client_as("task_force", unit="215"), client_as("task_force", unit=PROVINCE)
    named = lacking(province)
    assert "Yên Thế (215)" in named and "(223)" not in lacking(district)
    asked = re.search(r'href="([^"]+:215)"', named)
    assert asked
    form = province.get(asked[1]).content.decode()
    assert "Ban hành kế hoạch thực hiện Đề án 06 năm 2024" in form
    assert '<option value="215" selected>' in form
    sent = {
        "unit": "215",
        "year": "2024",
        "number": "3/KH-UBND",
        "issued_on": "10/01/2024",
        "title": "Kế hoạch năm",
    }
    thing = number(record(district, "ke-hoach", **sent))
    assert record(district, "ke-hoach", **sent).status_code == 422
    assert "(215)" not in lacking(province)
    commune = client_as("task_force", unit="07204")
    assert commune.get(f"/chi-dao/so/ke-hoach/{thing}/").status_code == 404
    assert lacking(commune) == ""


def lacking(client: Any) -> str:
    page = client.get("/chi-dao/so/ke-hoach/").content.decode()
    found = re.search(r"Huyện còn thiếu: .*?</p>", page, re.S)
    return found[0] if found else ""


def test_the_home_page_counts_what_is_late(client_as: Callable[..., Any]) -> None:
    client = client_as("task_force", unit="216")
    with may.as_system() as by:
        new = NewTask(
            "Mở tài khoản", "216", due_on=dt.date(2024, 6, 20), unit_day=dt.date(2024, 6, 1)
        )
        tasks.do_open(new=new, by=by, at=timezone.now(), on=dt.date(2024, 6, 3))
    page = client.get("/").content.decode()
    assert "Nhiệm vụ chỉ đạo" in page and "Muộn hạn" in page
    late = client.get("/chi-dao/?trang-thai=late").content.decode()
    assert "Mở tài khoản" in late and re.search(r"Muộn \d+ ngày làm việc", late)
