"""The fee: a VietQR, and a bank that fails in every way; a payment is booked exactly once, or a person looks at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.applicants import dossier, filed, office
from tests.web.bank import Bank, running_bank
from tests.web.citizens import me, text, two
from tests.web.register import RegisterSite
from tests.web.worker import worked

from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.payments import bills, booking, port, vietqr
from dancu.sectors.public_services.system import as_system

__all__ = ["me", "two"]
FEE = 10_000
RESIDENCE = "1.004222"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    with running_bank("bi-mat-chung") as started:
        given = {"BIN": "970403", "ACCOUNT": "0011012345678", "NAME": "KHO BAC", "SECRET": "bi-mat-chung",
                 "URL": started.address}  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(f"DANCU_BANK_{name}", value)
        monkeypatch.setattr(port, "LONGEST", 1.0)
        yield started


@pytest.fixture
def officer(account: Callable[..., Any]) -> Any:
    return account("one_stop_officer", unit="07204")


@pytest.fixture
def awaited(me: Client, officer: Any, bank: Bank) -> tuple[str, str]:
    """A dossier that waits for its fee: code and memo."""
    del bank
    one = office(filed(me, RESIDENCE).code, officer, "accept", "ask_payment")
    with as_system():
        bill = bills.of_dossier(one.dossier_no)
    assert bill and bill.amount == FEE
    return one.code, bill.memo


def outcomes(code: str) -> list[str]:
    with as_system():
        return [p.outcome for p in bills.payments(dossier(code).dossier_no)]


def paid(code: str, register: RegisterSite) -> int:
    """How often the dossier was said to be paid."""
    ((n,),) = register.ask(
        "SELECT count(*) FROM services.move JOIN services.dossier USING (dossier_no)"
        " WHERE code = %s AND action = 'paid'", code,
    )  # fmt: skip
    return int(n)


def test_the_page_shows_the_code_that_banks_read(me: Client, awaited: tuple[str, str]) -> None:
    code, memo = awaited
    page = text(me.get(f"/dich-vu/toi/{code}/phi/"))
    assert memo in page and "10.000 đồng" in page and 'src="data:image/svg+xml' in page
    said = vietqr.text(bin="970403", account="0011012345678", amount=FEE, memo=memo)
    assert said.startswith(
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454051000058"
    )
    assert f"6217 0813{memo}6304".replace(" ", "") in said and vietqr.crc(said[:-4]) == said[-4:]


def test_a_callback_books_once_however_often_it_comes_and_whoever_else_asks(
    me: Client, awaited: tuple[str, str], bank: Bank, server: str, register_site: RegisterSite
) -> None:
    code, memo = awaited
    told = bank.pay(memo, FEE)
    calls = [threading.Thread(target=bank.call, args=(server, told)) for _ in range(4)]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    me.post(f"/dich-vu/toi/{code}/phi/hoi/")
    workers = [
        threading.Thread(target=booking.settle, kwargs={"at": timezone.now()}) for _ in range(3)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    worked("services")
    now = dossier(code)
    assert now.status == workflow.PROCESSING and paid(code, register_site) == 1
    assert outcomes(code) == ["booked"]
    ((online,),) = register_site.ask(
        "SELECT paid_online FROM services.dossier WHERE code = %s", code
    )
    assert online is True
    ((left,),) = register_site.ask(
        "SELECT count(*) FROM services.bank_inbox WHERE settled_at IS NULL"
    )
    assert left == 0
    assert "Không còn khoản phí nào" in text(me.get(f"/dich-vu/toi/{code}/phi/"))


def test_a_callback_in_a_wrong_hand_or_a_wrong_shape_is_not_taken(
    awaited: tuple[str, str], bank: Bank, server: str, register_site: RegisterSite
) -> None:
    code, memo = awaited
    told = bank.pay(memo, FEE)
    ((before,),) = register_site.ask("SELECT count(*) FROM services.bank_inbox")
    assert bank.call(server, told, key=b"another") == 401
    assert bank.call(server, told | {"amount": "10000"}) == 401
    assert bank.call(server, told | {"paid_at": "2024-03-05T10:00:00"}) == 401  # of which zone?
    assert bank.call(server, [told]) == 401
    assert Client().post("/phi/bao-co/", b"<html>", content_type="text/xml").status_code == 401
    assert register_site.ask("SELECT count(*) FROM services.bank_inbox") == [(before,)]
    assert dossier(code).status == workflow.PAYMENT


@pytest.mark.parametrize(
    ("mood", "word"),
    [
        ("slow", "line:slow"),
        ("down", "line:status"),
        ("garbage", "line:status"),
        ("wrong_signature", "distrusted:signature"),
        ("old_answer", "distrusted:nonce"),
    ],
)
def test_a_lost_callback_is_made_good_by_asking_until_an_answer_can_be_believed(
    me: Client,
    awaited: tuple[str, str],
    bank: Bank,
    register_site: RegisterSite,
    mood: str,
    word: str,
) -> None:
    code, memo = awaited
    bank.pay(memo, FEE)
    bank.mood = mood
    me.post(f"/dich-vu/toi/{code}/phi/hoi/")
    worked("services")
    assert register_site.ask("SELECT last_error FROM services.bill WHERE memo = %s", memo) == [
        (word,)
    ]
    assert dossier(code).status == workflow.PAYMENT
    assert "Ngân hàng chưa trả lời" in text(me.get(f"/dich-vu/toi/{code}/phi/"))
    bank.mood = "well"
    register_site.do("UPDATE services.bill SET next_ask_at = now() WHERE memo = %s", memo)
    assert memo in booking.to_ask(at=timezone.now())
    me.post(f"/dich-vu/toi/{code}/phi/hoi/")
    worked("services")
    assert outcomes(code) == ["booked"] and paid(code, register_site) == 1
    assert memo not in booking.to_ask(at=timezone.now())


def test_money_that_does_not_fit_is_kept_for_a_person_and_moves_nothing(
    me: Client, awaited: tuple[str, str], officer: Any, bank: Bank, server: str,
    client_as: Callable[..., Any], register_site: RegisterSite,
) -> None:  # fmt: skip
    code, memo = awaited
    bank.call(server, bank.pay(memo, 1_000))
    bank.call(server, bank.pay("DVCAAAAAAAAAA", FEE))
    worked("services")
    assert outcomes(code) == ["wrong_amount"] and dossier(code).status == workflow.PAYMENT
    assert "số tiền không đúng" in text(me.get(f"/dich-vu/toi/{code}/phi/"))
    assert register_site.ask("SELECT 1 FROM services.payment WHERE outcome = 'unknown'")
    # The right sum, and once more the right sum.
    bank.call(server, bank.pay(memo, FEE))
    bank.call(server, bank.pay(memo, FEE))
    worked("services")
    assert outcomes(code) == ["wrong_amount", "booked", "again"] and paid(code, register_site) == 1
    odd = text(client_as("one_stop_officer", unit="07204").get("/phi/can-xem/"))
    assert odd.count(code) == 2
    assert code not in text(client_as("one_stop_officer", unit="07210").get("/phi/can-xem/"))


def test_money_for_a_dossier_that_was_stopped_or_paid_at_the_counter_is_late(
    awaited: tuple[str, str], officer: Any, bank: Bank, server: str, register_site: RegisterSite
) -> None:
    code, memo = awaited
    office(code, officer, "paid")  # in cash
    bank.call(server, bank.pay(memo, FEE))
    worked("services")
    assert outcomes(code) == ["late"] and paid(code, register_site) == 1


def test_one_message_that_fails_stops_no_other(
    awaited: tuple[str, str],
    bank: Bank,
    server: str,
    register_site: RegisterSite,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, memo = awaited
    bank.call(server, bank.pay("DVCBBBBBBBBBB", FEE))
    bank.call(server, bank.pay(memo, FEE))
    well = booking.take

    def fails_first(told: Any, **given: Any) -> str:
        if told.memo == "DVCBBBBBBBBBB":
            raise RuntimeError("a fault")
        return well(told, **given)

    monkeypatch.setattr(booking, "take", fails_first)
    with pytest.raises(RuntimeError):
        booking.settle(at=timezone.now())
    assert outcomes(code) == ["booked"]
    monkeypatch.setattr(booking, "take", well)
    assert booking.settle(at=timezone.now()) == 1


def test_the_database_itself_books_a_bill_once(
    awaited: tuple[str, str], register_site: RegisterSite
) -> None:
    import psycopg

    _code, memo = awaited
    row = (
        "INSERT INTO services.payment (transaction, bill, dossier_no, memo, amount, paid_at, told_by, outcome, at)"
        " SELECT %s, bill, dossier_no, memo, amount, now(), 'asked', 'booked', now() FROM services.bill WHERE memo = %s"
    )
    register_site.do(row, "FT-A", memo)
    with pytest.raises(psycopg.errors.UniqueViolation):
        register_site.do(row, "FT-B", memo)
