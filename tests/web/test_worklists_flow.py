"""A task from the list to the register and back: what officers do, through the pages."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from tests.web.register import RegisterSite
from tests.web.worklists import MISSING, Officer, a_task, change, communes

from dancu.platform.worklists import making, requests
from dancu.reference.codes import ethnic as ethnic_groups

PROVINCE = "24"
TAY = ethnic_groups.from_text("Tày")


@pytest.fixture
def unit(register_site: RegisterSite) -> str:
    making.refresh_tasks()
    return PROVINCE


@pytest.fixture
def officer(
    register_site: RegisterSite, unit: str, client_as: Callable[..., Any]
) -> Callable[[str], Officer]:
    return lambda role: Officer(client_as(role, unit=unit), register_site)


def test_a_fix_closes_the_finding_moves_the_score_and_settles_the_task(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police = officer("commune_police")
    task = a_task(register_site)
    assert "Thiếu dân tộc" in police.open(task)
    done = police.act(task, "fix", reason="Phiếu DC01 ngày 20/06/2024", f_ethnic="tày")
    assert done.status_code == 302, done.content.decode()
    assert police.state(task)[0] == "fixed"
    ((before, after, closed, state),) = register_site.ask(
        "SELECT score_before, score_after, closed, state FROM worklists_fix WHERE task_id = %s", task
    )  # fmt: skip
    assert after > before and closed == 1 and state == "applied"
    ((ethnic,),) = register_site.ask(
        "SELECT ethnic FROM register.person WHERE citizen_id = (SELECT citizen_id FROM worklists_task WHERE id = %s)",
        task,
    )
    assert ethnic == TAY
    page = police.open(task)
    assert "Đã ghi vào sổ" in page and "Rút lại lần sửa" in page


def test_opening_a_task_leaves_a_line_the_person_can_read(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, task = officer("commune_police"), a_task(register_site)
    asked = (
        "SELECT count(*) FROM register.access_log l JOIN worklists_task t ON t.citizen_id = l.citizen_id"
        " WHERE t.id = %s AND l.by = %s AND l.basis = %s"
    )
    given = (task, police.client.user.username, f"task {task}")
    assert register_site.ask(asked, *given) == [(0,)]
    assert "hạn sửa kéo dài đến 15 ngày làm việc" in police.open(task)
    assert register_site.ask(asked, *given) == [(1,)]


def test_no_personal_number_stands_in_full_on_any_page(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police = officer("commune_police")
    for page in ("/viec/", *(f"/viec/{a_task(register_site)}/" for n in range(5))):
        assert not re.search(r"\b924\d{9}\b", police.client.get(page).content.decode()), page


def test_sent_twice_it_is_done_once(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, task, event = officer("commune_police"), a_task(register_site), str(uuid.uuid4())
    for _ in range(3):
        assert police.act(task, "take", event=event, version=1).status_code == 302
    assert register_site.ask(
        "SELECT action FROM worklists_taskstep WHERE task_id = %s", task
    ) == [("take",)]  # fmt: skip


def test_of_two_officers_one_wins_and_the_other_is_told_who_and_what(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    first, second = officer("commune_police"), officer("justice_officer")
    task = a_task(register_site)
    first.open(task), second.open(task)
    assert first.act(task, "cannot_fix", version=1, reason="Không gặp được").status_code == 302
    told = second.act(task, "take", version=1)
    text = html.unescape(told.content.decode())
    assert told.status_code == 409 and first.client.user.username in text
    assert "Không gặp được" in text and second.state(task)[0] == "cannot_fix"


def test_wrong_values_are_told_field_by_field_and_nothing_typed_is_lost(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, task = officer("commune_police"), a_task(register_site)
    page = police.act(task, "fix", reason="Phiếu DC01", f_ethnic="Sao Hoả")
    text = html.unescape(page.content.decode())
    assert page.status_code == 422 and 'value="Sao Hoả"' in text and "Phiếu DC01" in text
    assert "has-error" in text and police.state(task) == ("new", 1)
    for reason, action in (("", "refer"), ("ngắn", "not_an_error"), ("", "cannot_fix")):
        assert police.act(task, action, reason=reason, unit="07210").status_code == 422


def test_identity_is_put_right_by_two_people(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, second = officer("commune_police"), officer("id_officer")
    task = a_task(register_site)
    police.open(task)
    asked = police.act(
        task, "fix", reason="Giấy khai sinh số 12", f_full_name="Nguyễn Thị Kiểm Thử"
    )
    assert asked.status_code == 302 and police.state(task)[0] == "waiting_second"
    name = (
        "SELECT full_name FROM register.person WHERE citizen_id ="
        " (SELECT citizen_id FROM worklists_task WHERE id = %s)"
    )
    assert register_site.ask(name, task) != [("Nguyễn Thị Kiểm Thử",)]
    assert police.act(task, "confirm").status_code == 403
    own = officer("id_officer")
    assert own.act(task, "confirm").status_code == 302
    assert register_site.ask(name, task) == [("Nguyễn Thị Kiểm Thử",)]
    assert second.act(task, "confirm").status_code == 422


def test_who_proposed_does_not_confirm(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    one, task = officer("id_officer"), a_task(register_site)
    assert (
        one.act(task, "fix", reason="Căn cước số 1", f_full_name="Trần Văn Thử").status_code == 302
    )
    refused = one.act(task, "confirm")
    assert refused.status_code == 422 and "không tự xác nhận được" in html.unescape(
        refused.content.decode()
    )
    with psycopg.connect(register_site.dsn) as con, pytest.raises(psycopg.errors.CheckViolation):
        con.execute("UPDATE worklists_fix SET second_by = by WHERE task_id = %s", [task])
    assert officer("data_steward").act(task, "decline", reason="Sai giấy tờ").status_code == 302
    assert one.state(task)[0] == "reviewing"


def test_a_fix_can_be_taken_back_within_a_day_and_not_later(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, task = officer("commune_police"), a_task(register_site)
    ((citizen,),) = register_site.ask("SELECT citizen_id FROM worklists_task WHERE id = %s", task)
    ((before, records),) = register_site.ask(
        "SELECT ethnic, n_records FROM register.person WHERE citizen_id = %s", citizen
    )
    police.act(task, "fix", reason="Phiếu DC01 số 5", f_ethnic="Nùng")
    assert police.state(task)[0] == "fixed"
    assert officer("justice_officer").act(task, "undo").status_code == 403
    assert police.act(task, "undo").status_code == 302
    assert register_site.ask(
        "SELECT ethnic, n_records FROM register.person WHERE citizen_id = %s", citizen
    ) == [(before, records)]
    assert police.state(task)[0] == "reviewing"
    ((rules,),) = register_site.ask("SELECT rules FROM worklists_task WHERE id = %s", task)
    assert rules == [MISSING]
    police.act(task, "fix", reason="Phiếu DC01 số 5", f_ethnic="Nùng")
    register_site.ask(
        "UPDATE worklists_fix SET applied_at = now() - interval '25 hours' WHERE task_id = %s RETURNING 1", task
    )  # fmt: skip
    assert police.act(task, "undo").status_code == 422


def test_two_fixes_of_one_task_stand_in_one_record(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, task = officer("commune_police"), a_task(register_site)
    police.act(task, "fix", reason="Phiếu DC01 số 1", f_ethnic="Tày")
    register_site.ask("UPDATE worklists_task SET state = 'reviewing' WHERE id = %s RETURNING 1", task)  # fmt: skip
    police.act(task, "fix", reason="Phiếu DC01 số 2", f_ethnic="Nùng")
    rows = register_site.ask(
        "SELECT DISTINCT record_id FROM worklists_fix WHERE task_id = %s", task
    )
    assert len(rows) == 1
    ((ethnic,),) = register_site.ask(
        "SELECT ethnic FROM register.person WHERE citizen_id = (SELECT citizen_id FROM worklists_task WHERE id = %s)",
        task,
    )
    assert ethnic not in (None, TAY)
    assert police.act(task, "undo").status_code == 302
    ((ethnic,),) = register_site.ask(
        "SELECT ethnic FROM register.person WHERE citizen_id = (SELECT citizen_id FROM worklists_task WHERE id = %s)",
        task,
    )
    assert ethnic == TAY


def test_a_neighbour_sees_a_task_only_after_it_was_referred(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    unit, other, third, *_ = communes(register_site)
    task = a_task(register_site, unit)
    police = Officer(client_as("commune_police", unit=unit), register_site)
    neighbour = Officer(client_as("commune_police", unit=other), register_site)
    assert neighbour.client.get(f"/viec/{task}/").status_code == 404
    assert neighbour.client.post(f"/viec/{task}/lam/").status_code == 404
    assert police.act(task, "refer", unit="99999", reason="Không rõ nơi ở").status_code == 422
    sent = police.act(task, "refer", unit=other, reason="Đã chuyển về xã bạn")
    assert sent.status_code == 302 and police.state(task)[0] == "referred"
    assert "Đã chuyển về xã bạn" in neighbour.open(task)
    assert neighbour.act(task, "take").status_code == 302
    assert client_as("commune_police", unit=third).get(f"/viec/{task}/").status_code == 404


def test_not_an_error_is_judged_by_the_steward(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, steward = officer("commune_police"), officer("data_steward")
    task = a_task(register_site)
    police.act(task, "not_an_error", reason="Đã đối chiếu giấy khai sinh")
    assert police.state(task)[0] == "not_an_error"
    making.refresh_tasks([unit])
    assert police.state(task)[0] == "not_an_error", "the same findings do not open it again"
    assert police.act(task, "agree").status_code == 403
    assert steward.act(task, "reject", reason="Giấy khai sinh ghi khác").status_code == 302
    assert police.state(task)[0] == "reviewing"


def test_a_request_is_confirmed_by_a_later_record_of_its_source(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police, steward = officer("commune_police"), officer("data_steward")
    task = a_task(register_site)
    ((record,),) = register_site.ask(
        "SELECT s.record_id FROM register.standard s JOIN worklists_task t ON t.person_id = s.person_id"
        " WHERE t.id = %s ORDER BY 1 LIMIT 1", task,
    )  # fmt: skip
    sent = police.act(
        task, "send_back", record=str(record), field="phone", proposed="0911 222 333", reason="Đã hỏi lại"
    )  # fmt: skip
    assert sent.status_code == 302 and police.state(task)[0] == "waiting_source"
    ((number,),) = register_site.ask(
        "SELECT id FROM worklists_correctionrequest WHERE task_id = %s", task
    )
    assert "0911222333" not in html.unescape(steward.client.get("/viec/yeu-cau/").content.decode())
    answered = steward.client.post(f"/viec/yeu-cau/{number}/", {"state": "received"})
    assert answered.status_code == 302
    assert requests.follow_requests() == 0
    change(register_site, record, phone="0911222333")
    assert requests.follow_requests() == 1
    ((state, by),) = register_site.ask(
        "SELECT state, confirmed_by_record FROM worklists_correctionrequest WHERE id = %s", number
    )
    assert (state, by) == ("confirmed", record) and police.state(task)[0] != "waiting_source"


def test_bulk_shows_first_what_it_will_do(
    register_site: RegisterSite, unit: str, officer: Callable[[str], Officer]
) -> None:
    police = officer("commune_police")
    tasks = [a_task(register_site) for n in range(2)]
    form = {"action": "take", "task": [str(t) for t in tasks]}
    preview = police.client.post("/viec/hang-loat/", form)
    assert preview.status_code == 200 and "Xem trước" in html.unescape(preview.content.decode())
    assert [police.state(t)[0] for t in tasks] == ["new", "new"]
    versions = {f"version_{t}": 1 for t in tasks}
    assert police.client.post("/viec/hang-loat/", {**form, **versions, "confirm": "1"}).status_code == 302  # fmt: skip
    assert [police.state(t)[0] for t in tasks] == ["reviewing", "reviewing"]
    form = {"action": "refer", "task": [str(tasks[0])], "unit": "07210", "reason": "Nhầm xã"}
    again = police.client.post(
        "/viec/hang-loat/", {**form, f"version_{tasks[0]}": 1, "confirm": "1"}
    )
    assert again.status_code == 422
