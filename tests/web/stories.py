"""A citizen on a telephone and officers at their desks, in Chromium: what people click and type, page by page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from tests.web.applicants import photo
from tests.web.chromium import PHONE, shot
from tests.web.citizens import PASSWORD, number_of
from tests.web.register import RegisterSite

PATIENCE = 180_000
"""Milliseconds: the first event of a process compiles how records are matched, and the machine may be busy."""


@pytest.fixture
def phone(
    browser: Any, server: str, register_site: RegisterSite
) -> Iterator[Callable[..., Citizen]]:
    """``phone(citizen_id)``: that citizen's telephone, logged in with the sample log-in of a demo."""
    contexts = []

    def make(citizen: str) -> Citizen:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=server, locale="vi-VN",
            reduced_motion="reduce", has_touch=True, is_mobile=True, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Citizen(context.new_page(), register_site, citizen)

    yield make
    for context in contexts:
        context.close()


class Citizen:
    """What a citizen does on the telephone."""

    def __init__(self, page: Any, register: RegisterSite, citizen: str) -> None:
        self.page, self.register, self.citizen = page, register, citizen

    def log_in(self) -> None:
        """With the number and a password, which a demo allows."""
        with psycopg.connect(self.register.dsn, autocommit=True) as con:
            con.execute("INSERT INTO access.setting VALUES ('demo', 'true') ON CONFLICT DO NOTHING")
            con.execute(
                "INSERT INTO citizen_sample VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [self.citizen, make_password(PASSWORD)],
            )
        self.page.goto("/cong-dan/dang-nhap/mau/")
        self.page.fill("input[name=number]", number_of(self.register, self.citizen))
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url("**/cong-dan/toi/")

    def files(self, words: str, service: str, answers: dict[str, Any], name: str) -> str:
        """Finds the service in plain words, answers what is asked, sends photographs, files; the code."""
        page = self.page
        page.goto("/dich-vu/")
        page.fill("#tim", words)
        page.click("text=Tìm >> nth=0")
        shot(page, f"{name}-01-tim")
        page.click(f"main a:has-text('{service}') >> nth=0")
        shot(page, f"{name}-02-dich-vu")
        page.click("a.button:has-text('Bắt đầu')")
        page.click("button:has-text('Tiếp tục')")
        while (step := page.locator("a.button")).inner_text() == "Tiếp tục":
            step.click()
            self._one(answers)
        shot(page, f"{name}-03-viec")
        page.click("text=Xem lại và nộp")
        shot(page, f"{name}-04-xem-lai")
        page.click("button:has-text('Nộp hồ sơ')")
        shot(page, f"{name}-05-da-nop")
        return str(page.inner_text("strong.big.code"))

    def _one(self, answers: dict[str, Any]) -> None:
        """A question after the other, and the photographs, until the list of tasks is back."""
        page = self.page
        while (found := re.search(r"/(hoi|giay-to)/([\w-]+)/", page.url)) is not None:
            if found[1] == "giay-to":
                self.sends_photo()
                page.click("text=Xong giấy này")
                continue
            _answer(page, answers.get(found[2], ""))
            before = page.url
            page.click("button:has-text('Lưu và tiếp tục')")
            assert page.url != before, page.inner_text("main")

    def sends_photo(self) -> None:
        """As a telephone does."""
        picture = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
        self.page.set_input_files("input[type=file]", picture)
        self.page.click("button:has-text('Gửi ảnh')")

    def opens(self, code: str) -> Any:
        """The page of a dossier of theirs."""
        self.page.goto(f"/dich-vu/toi/{code}/")
        return self.page

    def sees_who_looked(self) -> str:
        """The pages «ai đã xem», back to the first look."""
        self.page.goto("/cong-dan/toi/ai-xem/")
        told = [self.page.inner_text("main")]
        while (older := self.page.locator("a:has-text('Các lượt cũ hơn')")).count():
            older.click()
            told.append(self.page.inner_text("main"))
        return "\n".join(told)


def _answer(page: Any, given: Any) -> None:
    if page.locator("input[name=number]").count():
        name, number = given or ("", "")
        page.fill("input[name=name]", name)
        page.fill("input[name=number]", number)
    elif page.locator("select[name=answer]").count():
        page.select_option("select[name=answer]", given)
    elif page.locator("input[type=radio][name=answer]").count():
        page.check(f"input[type=radio][name=answer][value='{given}']")
    else:
        page.fill("[name=answer]", given)


class Officer:
    """What an officer or a leader does at the desk."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)

    def opens(self, dossier_no: int, step: str = "") -> Any:
        """From the inbox, by its line; `step`: the tab."""
        self.page.goto(f"/ho-so/?buoc={step}")
        self.page.click(f"main a[href^='/ho-so/{dossier_no}/'] >> nth=0")
        return self.page

    def does(self, action: str, **given: str) -> None:
        """Presses a button of the dossier's page; one that asks first is filled in."""
        page = self.page
        button = page.locator(f"main button:has-text('{action}')")
        form = page.locator(f"details:has(summary:has-text('{action}'))")
        if form.count() and not button.first.is_visible():
            form.first.locator("summary").click()
            for name, value in given.items():
                field = form.first.locator(f"[name={name}]").first
                field.check() if value == "on" else field.fill(value)
            form.first.locator("button").click()
        else:
            button.first.click()
        page.wait_for_load_state()
        assert not page.locator(".error-summary").count(), page.inner_text(".error-summary")

    def refused(self) -> str:
        """What the page says cannot be done."""
        return str(self.page.inner_text(".error-summary"))


def saved(page: Any, link: Any, folder: Path) -> bytes:
    """The file behind a link, as the browser saves it with the session of the page."""
    answer = page.request.get(link.get_attribute("href"))
    assert answer.ok, answer.status
    (folder / "saved.pdf").write_bytes(answer.body())
    return bytes(answer.body())
