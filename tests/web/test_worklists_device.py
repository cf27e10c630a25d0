"""The worklists on a telephone, in a real browser: a fix on the spot, and the line that goes down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import (
    BOTH,
    DESK,
    PHONE,
    browser,
    desk,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    shot,
)
from tests.web.register import RegisterSite
from tests.web.worklists import a_task, communes

from dancu.platform.worklists import making

__all__ = ["browser", "desk"]
pytestmark = needs_chromium
READY = "document.documentElement.dataset.worker === 'ready'"
CONTROLLED = "navigator.serviceWorker.controller !== null"


def until(page: Any, expression: str) -> None:
    """Waits until it is true; Playwright's own waiting evaluates text in the page, which the policy forbids."""
    for _ in range(100):
        try:
            if page.evaluate(expression):
                return
        except Exception as error:  # a page that is just leaving
            if "context was destroyed" not in str(error):
                raise
        page.wait_for_timeout(100)
    raise AssertionError(expression)


@pytest.fixture
def unit(register_site: RegisterSite) -> str:
    making.refresh_tasks()
    return communes(register_site)[0]


def fixes(register: RegisterSite, task: int) -> list[tuple[Any, ...]]:
    return register.ask(
        "SELECT action FROM worklists_taskstep WHERE task_id = %s AND action = 'fix'", task
    )


def test_an_officer_fixes_a_finding_on_a_telephone_and_the_score_moves(
    register_site: RegisterSite, unit: str, desk: Callable[..., Any]
) -> None:
    task = a_task(register_site, unit)
    page = desk("commune_police", unit=unit, size=PHONE)
    shot(page, "home-390")
    open_cleanly(page, "/viec/")
    shot(page, "list-390")
    page.click(f"[data-task='{task}']")
    page.wait_for_url(f"**/viec/{task}/**")
    open_cleanly(page, f"/viec/{task}/")
    shot(page, "task-390")
    page.fill("#f_ethnic", "Kinh")
    page.fill("#reason", "Giấy khai sinh số 12, cấp 03/05/2010")
    page.click("#fix button.btn-primary")
    page.wait_for_selector("#moved")
    assert page.inner_text("[data-closed]") == "1"
    assert "Đã sửa xong" in page.inner_text(".head")
    shot(page, "fixed-390")
    ((before, after),) = register_site.ask(
        "SELECT score_before, score_after FROM worklists_fix WHERE task_id = %s", task
    )
    assert after > before


def test_the_keyboard_goes_through_the_list_and_from_task_to_task(
    register_site: RegisterSite, unit: str, desk: Callable[..., Any]
) -> None:
    for _ in range(2):
        a_task(register_site, unit)
    page = desk("commune_police", unit=unit, size=DESK)
    open_cleanly(page, "/viec/")
    shot(page, "list-1280")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/viec/*/**")
    first = page.url
    open_cleanly(page, first)
    shot(page, "task-1280")
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != first)  # and its scripts are there to hear the next key
    second = page.url
    page.keyboard.press("p")
    page.wait_for_url(first)
    assert second != first == page.url
    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys[open]")
    assert "Mở bảng phím tắt này" in page.inner_text("dialog#keys")


def test_what_is_fixed_with_the_line_down_is_applied_exactly_once(
    register_site: RegisterSite, unit: str, desk: Callable[..., Any]
) -> None:
    task = a_task(register_site, unit)
    page = desk("commune_police", unit=unit, size=PHONE)
    page.goto("/viec/")
    until(page, READY)
    until(page, CONTROLLED)
    page.goto(f"/viec/{task}/")
    until(page, READY)
    page.context.set_offline(True)
    page.goto(f"/viec/{task}/")
    page.wait_for_selector("[data-off]:not([hidden])")
    page.fill("#f_ethnic", "Kinh")
    page.fill("#reason", "Giấy khai sinh số 12")
    page.click("#fix button.btn-primary")
    until(page, "document.querySelector('[data-count]').textContent === '1'")
    until(page, "document.querySelector('#fix').inert")
    shot(page, "offline-390")
    page.goto("/viec/")
    assert page.locator(f"[data-task='{task}']").count() == 1
    page.wait_for_selector("tr.sent")
    assert fixes(register_site, task) == []
    page.context.set_offline(False)
    until(page, "document.querySelector('[data-waits]').hidden")
    assert fixes(register_site, task) == [("fix",)]
    page.reload()
    until(page, READY)
    page.evaluate("navigator.serviceWorker.ready.then(r => r.active.postMessage('send'))")
    page.wait_for_timeout(500)
    assert fixes(register_site, task) == [("fix",)]


def test_a_task_that_changed_meanwhile_is_shown_and_not_overwritten(
    register_site: RegisterSite,
    unit: str,
    desk: Callable[..., Any],
    client_as: Callable[..., Any],
) -> None:
    import uuid

    task = a_task(register_site, unit)
    page = desk("commune_police", unit=unit, size=PHONE)
    page.goto("/viec/")
    until(page, READY)
    until(page, CONTROLLED)
    page.goto(f"/viec/{task}/")
    until(page, READY)
    page.context.set_offline(True)
    page.fill("#f_ethnic", "Kinh")
    page.fill("#reason", "Giấy khai sinh số 12")
    page.click("#fix button.btn-primary")
    until(page, "document.querySelector('[data-count]').textContent === '1'")
    other = client_as("justice_officer", unit=unit)
    form = {"action": "cannot_fix", "event_id": str(uuid.uuid4()), "version": "1"}
    form |= {"reason": "Đi vắng lâu ngày"}
    assert other.post(f"/viec/{task}/lam/", form).status_code == 302
    page.context.set_offline(False)
    page.wait_for_selector("[data-conflicts] li")
    assert "có người khác xử lý" in page.inner_text("[data-conflicts]")
    shot(page, "conflict-390")
    assert fixes(register_site, task) == []
    page.click("[data-conflicts] button")
    until(page, "!document.querySelector('[data-conflicts] li')")


def test_the_next_user_of_the_device_sees_nothing_of_the_first(
    register_site: RegisterSite,
    unit: str,
    desk: Callable[..., Any],
    account: Callable[..., Any],
) -> None:
    task = a_task(register_site, unit)
    page = desk("commune_police", unit=unit, size=PHONE)
    page.goto("/viec/")
    until(page, READY)
    until(page, CONTROLLED)
    page.goto(f"/viec/{task}/")
    until(page, READY)
    page.context.set_offline(True)
    page.fill("#f_ethnic", "Kinh")
    page.fill("#reason", "Giấy khai sinh số 12")
    page.click("#fix button.btn-primary")
    until(page, "document.querySelector('[data-count]').textContent === '1'")
    kept = page.evaluate(READ_ALL)
    assert kept["pages"] and "Giấy khai sinh" not in kept["text"] and "Kinh" not in kept["text"]
    # The first goes away without logging out: the session ends, somebody else logs in.
    page.context.clear_cookies()
    page.context.set_offline(False)
    second = account("commune_police", unit=communes(register_site)[1])
    page.goto("/dang-nhap/")
    page.fill("#id_username", second.username)
    page.fill("#id_password", second.first)
    page.click("main button.btn-primary")
    page.wait_for_url("**/")
    page.goto("/viec/")
    until(page, READY)
    assert page.locator("[data-waits]").is_hidden()
    assert fixes(register_site, task) == []
    page.context.set_offline(True)
    page.goto(f"/viec/{task}/")
    assert "chưa được lưu trên máy" in page.inner_text("main")
    page.context.set_offline(False)


READ_ALL = """async () => {
  const read = (name, store) => new Promise(yes => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => {
      const all = asked.result.transaction(store).objectStore(store).getAll();
      all.onsuccess = () => { asked.result.close(); yes(all.result); };
    };
  });
  const bytes = list => list.map(e => new TextDecoder().decode(e.box.bytes)).join("");
  const pages = await read("dancu-viec", "page"), waits = await read("dancu-gui", "entry");
  return { pages: pages.length, text: bytes(pages) + bytes(waits) + JSON.stringify(pages.map(p => p.id)) };
}"""


def test_log_out_clears_the_device(
    register_site: RegisterSite, unit: str, desk: Callable[..., Any]
) -> None:
    task = a_task(register_site, unit)
    page = desk("commune_police", unit=unit, size=PHONE)
    page.goto("/viec/")
    until(page, READY)
    until(page, CONTROLLED)
    page.goto(f"/viec/{task}/")
    until(page, READY)
    page.click("form[action='/dang-xuat/'] button")
    page.wait_for_url("**/dang-nhap/**")
    until(page, "indexedDB.databases().then(all => !all.some(d => d.name === 'dancu-viec'))")
    page.context.set_offline(True)
    page.goto(f"/viec/{task}/")
    assert "chưa được lưu trên máy" in page.inner_text("main")


def test_every_other_page_reads_well_on_both_widths(
    register_site: RegisterSite, unit: str, desk: Callable[..., Any]
) -> None:
    page = desk("data_steward", unit="24")
    for path, title in (
        ("/viec/", "Việc cần làm"),
        ("/viec/phuc-tra/", "Phúc tra"),
        ("/viec/kiem-tra-lai/", "Kiểm tra lại"),
        ("/viec/yeu-cau/", "Yêu cầu sửa nguồn"),
    ):
        open_in_each_look(page, path, name=f"steward{path.replace('/', '-')}", looks=BOTH)
        assert title in page.inner_text("h1")
