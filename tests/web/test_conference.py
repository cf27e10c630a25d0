"""A conference of the province: who sees it, who may act, what it refuses; and shortcomings as each unit sees them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from dancu.reference.holidays import working_days_after
from dancu.sectors.direction import may
from dancu.sectors.direction.conference import reading, services
from dancu.sectors.direction.conference.reading import Conference
from dancu.sectors.direction.conference.services import Call, Said
from dancu.sectors.direction.errors import DirectionError, NotOpen
from dancu.sectors.direction.shortcomings import checking, kinds
from dancu.sectors.direction.shortcomings import reading as shortcomings

DAY, PROVINCE, LUC_NAM, OTHER, WARD = dt.date(2024, 6, 21), "24", "218", "219", "07204"


@pytest.fixture(scope="module", autouse=True)
def left_as_found(site: str) -> Iterator[None]:
    """Nothing of this module stays."""
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'direction'")
        names = ", ".join(f"direction.{row[0]}" for row in cursor.fetchall())
        cursor.execute(f"TRUNCATE {names}")


@pytest.fixture(scope="module")
def held(left_as_found: None) -> Conference:
    """Open, with its briefs kept."""
    with may.as_system() as by:
        call = Call(
            PROVINCE,
            DAY,
            "Hội nghị thử",
            dt.date(2024, 6, 28),
            "08:00",
            "Hội trường",
            DAY,
            levels=["district"],
        )
        one = services.do_call(call=call, by=by, at=timezone.now())
        for do in (services.do_brief, services.do_move):
            one = do(
                number=one.conference_no, version=one.version_no, event_id=uuid4(), by=by, at=timezone.now()
            )  # fmt: skip
    return one


@pytest.fixture(scope="module")
def missing(left_as_found: None) -> int:
    """Lục Nam's missing money."""
    with may.as_system():
        checking.run(province=PROVINCE, on=dt.date(2024, 6, 30), at=timezone.now())
        (one,) = shortcomings.listed(
            shortcomings.Filters(kind=kinds.NO_BUDGET, units=[LUC_NAM]), on=DAY, limit=9, offset=0
        )
    return one.shortcoming_no


def test_a_neighbour_sees_no_shortcoming_and_the_own_unit_explains_it(
    missing: int, client_as: Callable[..., Any]
) -> None:
    own, neighbour, province = (client_as("task_force", unit=u) for u in (LUC_NAM, OTHER, PROVINCE))
    page = f"/ton-tai/{missing}/"
    assert neighbour.get(page).status_code == neighbour.post(page, {}).status_code == 404
    assert "Huyện Lục Nam" not in neighbour.get("/ton-tai/?trang-thai=all").content.decode()
    listed = province.get("/ton-tai/?don-vi=218&loai=no_budget&ky=2024-H1&cap=district")
    assert "Huyện Lục Nam" in listed.content.decode()
    form = {
        "cause": "Huyện chưa có nguồn chi thường xuyên", "remedy": "Trình HĐND bổ sung dự toán trong kỳ họp tới",
        "promised_on": f"{soon():%d/%m/%Y}", "version": version(own.get(page)),
        "event_id": str(uuid4()),
    }  # fmt: skip
    assert own.post(page, form | {"cause": "ngắn"}).status_code == 422
    assert own.post(page, form).status_code == 302 == own.post(page, form).status_code
    assert "Trình HĐND bổ sung dự toán" in own.get(page).content.decode()
    assert own.post(page, form | {"event_id": str(uuid4())}).status_code == 422, "an old screen"
    viewer = client_as("unit_head", unit=WARD)
    assert viewer.get(page).status_code == 404


def version(answer: Any) -> str:
    """The version on the screen."""
    found = re.search(r'name="version" value="(\d+)"', answer.content.decode())
    assert found
    return found[1]


def soon() -> dt.date:
    """A working day that lies ahead."""
    return working_days_after(timezone.localdate(), 10)


def test_the_invited_see_their_own_brief_and_the_others_nothing(
    held: Conference, client_as: Callable[..., Any]
) -> None:
    number = held.conference_no
    own, ward = client_as("task_force", unit=LUC_NAM), client_as("task_force", unit=WARD)
    assert own.get(f"/hoi-nghi/{number}/").status_code == 200
    assert own.get(f"/hoi-nghi/{number}/phieu/{LUC_NAM}/").status_code == 200
    assert own.get(f"/hoi-nghi/{number}/phieu/{OTHER}/").status_code == 404
    roll = own.get(f"/hoi-nghi/{number}/diem-cau/").content.decode()
    assert "Huyện Lục Nam" in roll and "Huyện Lục Ngạn" not in roll
    assert ward.get(f"/hoi-nghi/{number}/").status_code == 404, (
        "communes are not connected to this one"
    )


def test_a_unit_connects_itself_alone_and_draws_no_conclusion(
    held: Conference, client_as: Callable[..., Any]
) -> None:
    number, own = held.conference_no, client_as("task_force", unit=LUC_NAM)
    sent = {"state": "connected", "people": "12", "event_id": str(uuid4())}
    assert own.post(f"/hoi-nghi/{number}/diem-cau/{OTHER}/", sent).status_code == 404
    absent = sent | {"state": "absent", "event_id": str(uuid4())}
    assert own.post(f"/hoi-nghi/{number}/diem-cau/{LUC_NAM}/", absent).status_code == 422
    assert own.post(f"/hoi-nghi/{number}/diem-cau/{LUC_NAM}/", sent).status_code == 302
    with may.as_system():
        point = reading.point(number, LUC_NAM)
    assert (point.state, point.people) == ("connected", 12)
    for page in ("buoc", "phat-bieu", "ket-luan"):
        sent = {"action": "move", "version": "3", "event_id": str(uuid4())}
        assert own.post(f"/hoi-nghi/{number}/{page}/", sent).status_code == 403
    with may.as_system():
        assert reading.get(number).state == "open"


def test_a_conclusion_is_a_task_once_and_only_of_who_was_there(
    held: Conference, missing: int
) -> None:
    said = Said(
        LUC_NAM, "Bố trí kinh phí trước 31/7", due_on=dt.date(2024, 7, 31), shortcoming_no=missing
    )
    day, at = DAY, timezone.now()
    with may.as_system() as by:
        one, again = (
            services.do_conclude(number=held.conference_no, said=said, by=by, at=at, on=day) for _ in range(2)
        )  # fmt: skip
        assert one == again and len(reading.conclusions(held.conference_no)) == 1
        assert one.task_state == "open" and one.result == "found"
        wrong = Said(
            OTHER, "Việc của đơn vị khác", due_on=dt.date(2024, 7, 31), shortcoming_no=missing
        )
        with pytest.raises(DirectionError, match="không phải của đơn vị"):
            services.do_conclude(number=held.conference_no, said=wrong, by=by, at=at, on=day)


def test_it_does_not_open_without_briefs_and_takes_nothing_when_it_is_over(
    left_as_found: None,
) -> None:
    at = timezone.now()
    with may.as_system() as by:
        call = Call(OTHER, DAY, "Hội nghị huyện", dt.date(2024, 7, 1), "14:00", "UBND huyện", DAY)
        one = services.do_call(call=call, by=by, at=at)
        assert {p.level for p in reading.points(one.conference_no)} == {"district", "commune"}
        number = one.conference_no
        with pytest.raises(NotOpen, match="Chốt phiếu"):
            services.do_move(number=number, version=one.version_no, event_id=uuid4(), by=by, at=at)
        for do in (services.do_brief, services.do_move, services.do_move):
            one = do(number=number, version=one.version_no, event_id=uuid4(), by=by, at=at)
        assert one.state == "closed"
        with pytest.raises(NotOpen):
            services.do_state(number=number, said=Said(OTHER, "Nói sau giờ họp"), by=by, at=at)


def test_a_brief_that_was_kept_reads_as_it_did_then(held: Conference) -> None:
    with may.as_system():
        kept = reading.brief(held.conference_no, PROVINCE)
    assert kept is not None
    codes = {line["code"] for line in kept[0]["figures"]}
    assert {"online_rate_essential_25", "district_plans_issued_pct"} <= codes
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('dancu_app', 'direction.conference_brief', 'UPDATE')"
        )
        assert cursor.fetchone() == (False,)
