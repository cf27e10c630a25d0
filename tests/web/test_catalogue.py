"""The catalogue for everybody, as of a day; the review of a procedure: what it saves, two persons, whose territory."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction

from dancu.reference import compliance, services
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask, Filing
from dancu.sectors.public_services.catalogue import comparing, effects, reading
from dancu.sectors.public_services.catalogue.effects import Changes
from dancu.sectors.public_services.errors import ServiceError

ON = dt.date(2025, 7, 7)
REASON = "Chỗ ở hợp pháp đã có trong dữ liệu đất đai"
MONTHS = {"first": "2025-05", "last": "2025-07"}


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


# --- the catalogue ---


@pytest.mark.parametrize(
    ("asked", "names", "hidden"),
    [
        ("", ("Đăng ký thường trú", "Cấp phiếu lý lịch tư pháp"), ()),
        ("nhom=police&ngay=2024-06-21", ("Đăng ký tạm trú",), ("Cấp đổi, cấp lại giấy phép lái xe",)),
        ("nhom=police&ngay=2025-07-07", ("Cấp đổi, cấp lại giấy phép lái xe",), ("Đăng ký khai sinh",)),
        ("cap=province&truc-tuyen=partial", ("Cấp lại, đổi thẻ Căn cước",), ("Đăng ký thường trú",)),
        ("thiet-yeu=1", ("Đăng ký khai sinh",), ("Cấp giấy phép xây dựng",)),
        ("tim=con+moi+de", ("Đăng ký khai sinh",), ("Đăng ký kết hôn",)),
    ],
)  # fmt: skip
def test_a_stranger_finds_procedures_of_a_day(
    client_as: Callable[..., Any], asked: str, names: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    told = (
        _text(client_as(None).get(f"/thu-tuc/?{asked}"))
        .partition("<tbody>")[2]
        .partition("</tbody>")[0]
    )
    assert all(name in told for name in names)
    assert not any(name in told for name in hidden)


def test_a_procedure_shows_its_parts_steps_fields_of_the_day_and_where_they_are_kept(
    client_as: Callable[..., Any],
) -> None:
    stranger = client_as(None)
    told = _text(stranger.get("/thu-tuc/BG.ES12/?ngay=2025-07-07"))
    for part in ("Giấy chứng sinh", "Nộp giấy tờ", "Ký giấy khai sinh", "Điền sẵn từ sổ dân cư", "1.001193",
                 "Nghị định 63/2024/NĐ-CP", "bản phát hành dữ liệu"):  # fmt: skip
        assert part in told, part
    assert "Sổ hộ khẩu" not in told.partition("Cần những gì")[2].partition("Ai làm gì")[0]
    assert "Sổ hộ khẩu hoặc" in _text(stranger.get("/thu-tuc/BG.ES12/?ngay=2022-06-01"))


def test_two_days_of_a_licence_side_by_side(client_as: Callable[..., Any]) -> None:
    told = _text(client_as(None).get("/thu-tuc/3.000347/so-sanh/?tu=2024-06-21&den=2025-07-07"))
    rows = told.partition("<tbody>")[2]
    for before, after in (("Bộ Giao thông vận tải", "Bộ Công an"), ("Ngành khác", "Công an")):
        assert 0 < rows.index(before) < rows.rindex(after)
    assert "phụ lục 19" in rows and "mẫu của Bộ Công an" in rows
    same = _text(client_as(None).get("/thu-tuc/3.000347/so-sanh/?tu=2025-03-01&den=2025-07-07"))
    assert "giống nhau" in same


def test_of_a_day_before_it_the_page_names_the_days_it_has(client_as: Callable[..., Any]) -> None:
    answer = client_as(None).get("/thu-tuc/BG.ES12/?ngay=2020-01-01")
    assert answer.status_code == 404 and "25/11/2021" in _text(answer)
    assert client_as(None).get("/thu-tuc/KHONG.CO/").status_code == 404


def test_states_follow_one_another_without_a_gap() -> None:
    for p in services.procedures(on=ON):
        every = comparing.states(p.code)
        assert every[-1].last is None
        for before, after in pairwise(every):
            assert before.last == after.first - dt.timedelta(days=1), p.code
            assert comparing.differences(before, after), p.code
        assert not comparing.differences(every[0], every[0])


# --- what a proposal saves ---


def _state(code: str = "1.004222") -> comparing.State:
    state = comparing.state_on(code, on=ON)
    assert state is not None
    return state


@pytest.mark.parametrize(
    ("changes", "hours", "cost", "officer", "limit"),
    [
        # A paper that data prove: an hour and 10.000 đ of each of the 110 who file.
        (Changes({"lawful_home": "data"}), "110", 1_100_000, "0", 7),
        # A step of 38 hours in 14: 24 hours, three days, of each dossier.
        (Changes(hours={2: Decimal(14)}), "0", 0, "2640", 4),
        # The fee of 10.000 đ goes.
        (Changes(fee=0), "0", 1_100_000, "0", 7),
        # What is optional, or proved already, is not counted as saved.
        (Changes({"owner_consent": "drop", "identity": "drop"}), "0", 0, "0", 7),
        (Changes({"form_ct01": "drop"}), "55.0", 0, "0", 7),
    ],
)  # fmt: skip
def test_what_a_change_saves(
    changes: Changes, hours: str, cost: int, officer: str, limit: int
) -> None:
    found = effects.effect(changes, _state(), dossiers={1: 10, 2: 90, 3: 10}, on=ON)
    assert found.before.hours - found.after.hours == Decimal(hours)
    assert found.before.cost - found.after.cost == cost
    assert found.before.officer_hours - found.after.officer_hours == Decimal(officer)
    assert (found.before.limit, found.after.limit) == (7, limit)
    assert found.hourly == compliance.hourly_income(on=ON) == 53_977
    assert (
        abs(found.saved - (Decimal(hours) * found.hourly + cost)) <= 110
    )  # rounded for each dossier
    assert effects.Effect.of_json(found.as_json()) == found


def test_without_dossiers_nothing_is_saved_and_no_share_is_told() -> None:
    found = effects.effect(Changes(fee=0), _state(), dossiers={1: 0, 2: 0, 3: 0}, on=ON)
    assert (found.saved, found.share) == (0, None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (Changes(), "Chưa có thay đổi"),
        (Changes(fee=10_000), "Chưa có thay đổi"),
        (Changes(hours={2: Decimal(37)}), "tròn ngày"),
        (Changes(hours={2: Decimal(-1)}), "âm"),
        (Changes(hours={9: Decimal(8)}), "không thuộc"),
        (Changes({"birth_notice": "drop"}), "không thuộc"),
        (Changes({"identity": "data"}), "đã được thay"),
        (Changes(fee=-1), "từ 0"),
        (Changes(hours={1: Decimal(0), 2: Decimal(0), 3: Decimal(0), 4: Decimal(0)}), "tròn ngày"),
    ],
)
def test_what_is_no_proposal_is_told(changes: Changes, said: str) -> None:
    with pytest.raises(ServiceError, match=said):
        effects.check(changes, _state())


def test_a_procedure_of_the_same_day_stays_one_when_it_gets_shorter() -> None:
    assert effects.new_limit(Changes(hours={2: Decimal(2)}), _state("BG.ES12")) == 0


@pytest.mark.parametrize(
    ("changes", "on", "done"),
    [
        (Changes({"residence_book": "drop"}), dt.date(2022, 12, 31), False),
        (Changes({"residence_book": "drop"}), dt.date(2023, 1, 1), True),
        (Changes({"birth_notice": "data"}), dt.date(2023, 1, 1), False),
        (Changes({"identity": "data"}, {1: Decimal(1)}, 0), dt.date(2023, 1, 1), True),
        (Changes(hours={1: Decimal(2)}), dt.date(2023, 1, 1), False),
        (Changes(fee=5_000), dt.date(2023, 1, 1), False),
    ],
)
def test_an_approved_change_is_carried_out_when_the_data_say_so(
    changes: Changes, on: dt.date, done: bool
) -> None:
    found = effects.effect(Changes(), _state("BG.ES12"), dossiers={2: 1}, on=ON)
    now, period = dt.datetime.now(tz=dt.UTC), reading.last_months(on=ON)
    review = reading.Review(
        1, "BG.ES12", 1, "24", "approved", changes, REASON, found, period, "a", now, "b", now, "", 2
    )
    assert reading.carried_out(review, on=on) == done


# --- in the database, through the pages ---


@pytest.fixture
def received(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, int], None]]:
    """``received(3, 2)``: three dossiers of a permanent residence filed online (2) and accepted in July 2025."""
    monkeypatch.setattr(acting, "connection", connections["owner"])
    monkeypatch.setattr(dossiers, "connection", connections["owner"])
    monkeypatch.setattr(acting, "_may", lambda by, roles: None)
    monkeypatch.setattr(acting, "listeners", [])
    made: list[int] = []

    def make(how_many: int, channel: int) -> None:
        at = dossiers.aware(dt.datetime(2025, 7, 8, 8, 0))
        for _ in range(how_many):
            with transaction.atomic(using="owner"):
                filing = Filing("1.004222", "07204", "07204", channel, None, "NGUYỄN VĂN A", {})
                one = acting.do_file(filing=filing, by=Actor("thử", "system"), at=at)
                acting.do_act(
                    dossier_no=one.dossier_no,
                    by=Actor("thử", "officer"),
                    ask=Ask("accept", one.version_no),
                    at=at,
                )
            made.append(one.dossier_no)

    with psycopg.connect(site, autocommit=True) as con:
        last = con.execute("SELECT coalesce(max(delta_no), 0) FROM services.delta").fetchone()
        yield make
        con.execute("TRUNCATE services.review, services.review_act")
        con.execute("DELETE FROM services.move WHERE dossier_no = ANY (%s)", (made,))
        con.execute("DELETE FROM services.dossier WHERE dossier_no = ANY (%s)", (made,))
        con.execute("DELETE FROM services.delta WHERE delta_no > %s", last)
        con.execute("DELETE FROM services.numbering WHERE day = '2025-07-08'")


def _proposal(unit: str = "24", **more: str) -> dict[str, str]:
    return {
        "event_id": str(uuid4()), "part_lawful_home": "data", "unit": unit, "reason": REASON, "do": "send", **MONTHS,
    } | more  # fmt: skip


def _propose(client: Any, unit: str = "24", **more: str) -> Any:
    return client.post("/thu-tuc/ra-soat/moi/1.004222/", _proposal(unit, **more))


def _decide(
    client: Any, address: str, do: str = "approve", reason: str = "", version: str = "1"
) -> Any:
    form = {"event_id": str(uuid4()), "version": version, "do": do, "reason": reason}
    return client.post(f"{address}quyet-dinh/", form)


def test_a_proposal_is_computed_sent_and_approved_by_another(
    client_as: Callable[..., Any], received: Callable[[int, int], None], site: str
) -> None:
    received(3, 1)
    received(2, 2)
    control, leader = client_as("admin_control", unit="24"), client_as("unit_head", unit="24")
    preview = _text(_propose(control, do="preview"))
    assert "Gửi đề xuất" in preview and "trực tiếp 3, trực tuyến 2" in preview
    sent = _propose(control)
    assert sent.status_code == 302
    told = _text(leader.get(sent.url))
    assert "Lấy từ dữ liệu, không yêu cầu giấy" in told and "Duyệt đề xuất" in told
    # Five times an hour at 53.977 đ and 10.000 đ of costs.
    saved = 5 * (compliance.hourly_income(on=dt.date.today()) + 10_000)
    assert f"<b>{saved:,}</b>".replace(",", ".") in told
    assert _decide(leader, sent.url).status_code == 302
    told = _text(control.get(sent.url))
    assert "Đã duyệt" in told and "reference/data/services/parts.csv" in told
    assert "danh mục chưa đổi" in told
    with psycopg.connect(site) as con:
        acts = con.execute("SELECT action, by FROM services.review_act ORDER BY act_no").fetchall()
    assert acts == [("propose", control.user.username), ("approve", leader.user.username)]


def test_nobody_decides_on_their_own_proposal(
    client_as: Callable[..., Any], received: Callable[[int, int], None], site: str
) -> None:
    both = client_as("admin_control", "unit_head", unit="24")
    address = _propose(both).url
    assert "người khác phải quyết định" in _text(both.get(address))
    answer = _decide(both, address)
    assert answer.status_code == 422 and "phải khác người đề xuất" in _text(answer)
    with psycopg.connect(site) as con, pytest.raises(psycopg.errors.CheckViolation):
        con.execute(
            "UPDATE services.review SET state = 'approved', decided_by = proposed_by, decided_at = now()"
        )


def test_a_refusal_needs_a_reason_and_a_decision_is_made_once(
    client_as: Callable[..., Any], received: Callable[[int, int], None]
) -> None:
    control, leader = client_as("admin_control", unit="24"), client_as("unit_head", unit="24")
    address = _propose(control).url
    assert _decide(leader, address, "refuse").status_code == 422
    assert _decide(leader, address, "refuse", "Chưa có dữ liệu đất đai").status_code == 302
    assert "Không được duyệt" in _text(leader.get(address))
    assert _decide(leader, address, "approve", version="2").status_code == 422
    assert _decide(leader, address, "approve", version="1").status_code == 409


def test_a_unit_has_one_open_proposal_for_a_procedure_and_the_same_event_counts_once(
    client_as: Callable[..., Any], received: Callable[[int, int], None]
) -> None:
    control = client_as("admin_control", unit="24")
    form = _proposal()
    first, again = (control.post("/thu-tuc/ra-soat/moi/1.004222/", form) for _ in range(2))
    assert first.url == again.url
    second = _propose(control)
    assert second.status_code == 422 and "đang chờ quyết định" in _text(second)
    withdrawn = control.post(f"{first.url}rut/", {"event_id": str(uuid4()), "version": "1"})
    assert withdrawn.status_code == 302
    assert _propose(control).status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": "ngắn"}, "ít nhất mười ký tự"),
        ({"unit": "07207"}, "Chọn đơn vị"),
        ({"fee": "mười nghìn"}, "không phải là số"),
        ({"fee": "NaN"}, "không phải là số"),
        ({"fee": "10,5"}, "số đồng tròn"),
        ({"hours_2": "37"}, "tròn ngày"),
        ({"first": "2025-08"}, "tháng đầu trước"),
        ({"last": "2099-01"}, "không sau tháng này"),
        ({"first": ""}, "Chọn tháng đầu"),
        ({"event_id": "x"}, "Biểu mẫu đã hỏng"),
        ({"part_lawful_home": "keep"}, "Chưa có thay đổi"),
        ({"part_lawful_home": "burn"}, "không thuộc"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    client_as: Callable[..., Any], received: Callable[[int, int], None], typed: dict[str, str], said: str
) -> None:  # fmt: skip
    answer = _propose(client_as("admin_control", unit="24"), **typed)
    assert answer.status_code == 422
    assert said in _text(answer) and ("reason" in typed or REASON in _text(answer))


def test_reviews_of_a_unit_are_seen_by_whose_territory_holds_it(
    client_as: Callable[..., Any], received: Callable[[int, int], None]
) -> None:
    province = _propose(client_as("admin_control", unit="24")).url
    ward = _propose(client_as("admin_control", unit="07204"), "07204").url
    seen = {
        unit: [client_as("unit_head", unit=unit).get(a).status_code for a in (province, ward)]
        for unit in ("24", "07204", "07207")
    }
    assert seen == {"24": [200, 200], "07204": [404, 200], "07207": [404, 404]}
    other = client_as("unit_head", unit="07207")
    assert _decide(other, ward).status_code == 404
    assert client_as("one_stop_officer").get("/thu-tuc/ra-soat/").status_code == 403
    assert _propose(client_as("unit_head", unit="24")).status_code == 403
    assert _decide(client_as("admin_control", unit="24"), province).status_code == 403


def test_an_act_is_not_changed_by_pages_and_is_in_the_ledger(site: str) -> None:
    from dancu.sectors.public_services.catalogue.ledgered import KINDS
    from dancu.store.ledger.kinds import Kind

    with psycopg.connect(site) as con:
        may = con.execute(
            "SELECT privilege_type FROM information_schema.table_privileges"
            " WHERE grantee = 'dancu_app' AND table_name = 'review_act' ORDER BY 1"
        ).fetchall()
    assert may == [("INSERT",), ("SELECT",)]
    assert [kind.table for kind in KINDS] == ["services.review_act"] and isinstance(KINDS[0], Kind)
