"""Checks without a line in a real browser at the width of a telephone; the pages of the line to the national side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot
from tests.web.national.stand_in import StandIn, national, stand_in
from tests.web.register import RegisterSite
from tests.web.test_gateway import due_now, nothing_of_before, request
from tests.web.test_offline import PROVINCE, a_list, own_keys, people
from tests.web.test_worklists_device import CONTROLLED, READY, until

from dancu.platform.gateway import carrying, choice
from dancu.platform.offline.models import Check, OfflineList

__all__ = ["browser", "desk", "national", "nothing_of_before", "own_keys", "people", "stand_in"]
pytestmark = needs_chromium
PREPARED = "document.documentElement.dataset.prepared === 'yes'"


@pytest.fixture
def made(
    register_site: RegisterSite, client_as: Callable[..., Any], people: dict[str, str]
) -> OfflineList:
    del register_site
    maker = client_as("exam_officer", unit=PROVINCE)
    return a_list(maker, [people["living"], people["dead"]], by_worker=False, devices="5")


def with_the_list(desk: Callable[..., Any], size: tuple[int, int] = PHONE) -> Any:
    """A telephone at whose page somebody has logged in and fetched the list."""
    page = desk("exam_officer", unit=PROVINCE, size=size)
    open_cleanly(page, "/ngoai-tuyen/")
    until(page, READY)
    page.click("[data-list] [data-get]")
    until(page, PREPARED)
    until(page, CONTROLLED)
    page.wait_for_selector("#scan:not([hidden])")
    return page


def scan(page: Any, text: str, told: str) -> None:
    """As a reader does that types like a keyboard: a burst, then Enter."""
    page.focus("#code")
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    until(page, f"document.getElementById('answer').dataset.told === '{told}'")


def test_a_telephone_without_a_line_checks_cards_and_sends_the_results_later(
    register_site: RegisterSite, made: OfflineList, people: dict[str, str], desk: Callable[..., Any]
) -> None:
    page = with_the_list(desk)
    shot(page, "offline-list-390")
    page.context.set_offline(True)
    page.goto("/ngoai-tuyen/")
    page.wait_for_selector("#scan:not([hidden])")
    scan(page, f"{people['living']}||Giáp Thị Mẫu|05091999|Nữ|Thọ Xương|02012022", "eligible")
    assert "Đủ điều kiện" in page.inner_text("#answer")
    shot(page, "offline-eligible-390")
    scan(page, people["dead"], "not_eligible")
    scan(page, f"{people['other'][:4]} {people['other'][4:8]} {people['other'][8:]}", "not_listed")
    scan(page, "02439900", "unread")
    shot(page, "offline-unread-390")
    until(page, "document.querySelector('[data-count]').textContent === '3'")
    assert people["living"] not in page.inner_text("main"), "the screen shows the last digits only"
    assert Check.objects.using("owner").filter(list_id=made.pk).count() == 0
    page.context.set_offline(False)
    until(page, "document.querySelector('[data-waits]').hidden")
    page.evaluate("navigator.serviceWorker.ready.then(r => r.active.postMessage('send'))")
    page.wait_for_timeout(300)
    checks = Check.objects.using("owner").filter(list_id=made.pk)
    assert sorted(c.told for c in checks) == ["eligible", "not_eligible", "not_listed"]
    assert all(c.conflicts == [] and c.received_at > c.checked_at for c in checks)
    (count,) = register_site.ask(
        "SELECT count(*) FROM register.access_log WHERE channel = 'offline' AND request_id = ANY (%s)",
        [c.id for c in checks],
    )[0]
    assert count == 2


def test_what_lies_on_the_device_names_nobody_and_cannot_be_read(
    register_site: RegisterSite, made: OfflineList, people: dict[str, str], desk: Callable[..., Any]
) -> None:
    page = with_the_list(desk)
    page.context.set_offline(True)
    scan(page, people["living"], "eligible")
    found = page.evaluate(ON_THE_DEVICE)
    assert found["lists"] == 1 and found["waits"] == 1
    for one in (people["living"], people["dead"], made.title, "eligible", "entries"):
        assert one not in found["text"]
    assert found["extractable"] == [False]
    page.context.set_offline(False)


ON_THE_DEVICE = """async () => {
  const read = (name, store) => new Promise(yes => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => {
      const all = asked.result.transaction(store).objectStore(store).getAll();
      all.onsuccess = () => { asked.result.close(); yes(all.result); };
    };
  });
  const lists = await read("dancu-danh-sach", "list"), waits = await read("dancu-gui", "entry");
  const keys = (await read("dancu-viec", "state")).map(s => s.secret.extractable);
  const text = [...lists, ...waits].map(e => new TextDecoder().decode(e.box.bytes) + JSON.stringify(e)).join("");
  return { lists: lists.length, waits: waits.length, text: text, extractable: keys };
}"""


@pytest.mark.parametrize("what", ["payload", "signature", "key"])
def test_a_list_that_was_changed_on_its_way_is_not_taken(
    made: OfflineList, desk: Callable[..., Any], what: str
) -> None:
    """A line of the server's answer changed: the browser itself checks the signature."""
    import json

    page = desk("exam_officer", unit=PROVINCE, size=PHONE)
    page.goto("/ngoai-tuyen/")
    until(page, READY)

    def change(route: Any) -> None:
        told = route.fetch().json()
        if what == "key":
            told["key"] = "00" * 32
        else:
            file = json.loads(told["file"])
            file[what] = file[what][:-6] + ("AAAAAA" if file[what][-6:] != "AAAAAA" else "BBBBBB")
            told["file"] = json.dumps(file)
        route.fulfill(json=told)

    page.context.route("**/nhan/", change)
    page.click("[data-list] [data-get]")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "bị sửa hoặc hỏng" in page.inner_text("#trouble")
    assert page.locator("#scan").is_hidden()


def test_a_list_that_has_ended_or_was_revoked_goes_from_the_device(
    made: OfflineList, people: dict[str, str], desk: Callable[..., Any]
) -> None:
    page = with_the_list(desk)
    page.context.set_offline(True)
    page.clock.install(time=timezone.now() - dt.timedelta(hours=2))
    page.goto("/ngoai-tuyen/")
    page.wait_for_selector("#scan:not([hidden])")
    scan(page, people["living"], "clock")
    page.clock.set_fixed_time(made.until + dt.timedelta(minutes=1))
    scan(page, people["living"], "ended")
    assert page.locator("#scan").is_hidden()
    shot(page, "offline-ended-390")
    page.context.set_offline(False)
    second = with_the_list(desk)
    OfflineList.objects.using("owner").filter(pk=made.pk).update(revoked_at=timezone.now())
    second.goto("/ngoai-tuyen/")
    second.wait_for_selector("#trouble:not([hidden])")
    assert "đã bị thu hồi" in second.inner_text("#trouble")
    assert second.locator("#scan").is_hidden()


def test_log_out_takes_the_list_from_the_device(
    made: OfflineList, desk: Callable[..., Any]
) -> None:
    page = with_the_list(desk)
    page.click("form[action='/dang-xuat/'] button")
    page.wait_for_url("**/dang-nhap/**")
    until(page, "indexedDB.databases().then(all => !all.some(d => d.name === 'dancu-viec'))")
    left = """() => new Promise(yes => { const asked = indexedDB.open("dancu-danh-sach"); asked.onsuccess = () => {
      const all = asked.result.transaction("list").objectStore("list").count();
      all.onsuccess = () => { asked.result.close(); yes(all.result); }; }; })"""
    until(page, f"({left})().then(n => n === 0)")
    assert page.evaluate(left) == 0


def test_the_pages_of_lists_read_well_on_both_widths(
    made: OfflineList, desk: Callable[..., Any]
) -> None:
    for name, size in (("1280", DESK), ("390", PHONE)):
        page = desk("exam_officer", unit=PROVINCE, size=size)
        for path in ("", "danh-sach/", "danh-sach/lap/", f"danh-sach/{made.pk}/"):
            open_cleanly(page, f"/ngoai-tuyen/{path}")
            shot(page, f"offline-{path.split('/')[-2] if path else 'check'}-{name}"[:40])


def test_the_pages_of_the_line_read_well_and_a_waiting_question_turns_into_its_answer(
    register_site: RegisterSite, national: StandIn, desk: Callable[..., Any], client_as: Callable[..., Any]
) -> None:  # fmt: skip
    from dancu.platform.accounts.models import User

    carrying.check(choice.client())
    national.behaves("e500", times=2)
    carrying.check(choice.client())
    for name, size in (("1280", DESK), ("390", PHONE)):
        page = desk("administrator", "one_stop_officer", size=size)
        open_cleanly(page, "/duong-truyen/")
        shot(page, f"line-{name}")
    user = User.objects.using("gate").order_by("-pk")[0]
    reply = choice.remote().ask(request(user))
    open_cleanly(page, f"/duong-truyen/cau-hoi/{reply.number}/")
    shot(page, "question-waits-390")
    due_now()
    carrying.carry(choice.client())
    page.wait_for_selector("text=Số giao dịch quốc gia", timeout=9000)
    open_cleanly(page, f"/duong-truyen/cau-hoi/{reply.number}/")
    shot(page, "question-answered-390")
    open_cleanly(page, "/duong-truyen/cau-hoi/")
    shot(page, "questions-390")
