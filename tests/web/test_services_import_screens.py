"""The pages of dossier lists in a real browser, at both widths: handed in, mapped, taken in, compared."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.web.chromium import (
    BOTH,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_in_each_look,
)
from tests.web.worker import worked

from dancu.province import dossier_files

__all__ = ["browser", "desk"]


@needs_chromium
def test_from_a_file_to_the_reasons_of_a_difference(
    desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    made = dossier_files.make(0.001, 7, tmp_path)
    page = desk("admin_control", unit="24")
    open_in_each_look(page, "/ho-so-nhap/nhap/", name="import-take-", looks=BOTH)
    page.get_by_label("Cổng gửi danh sách").fill("mot-cua-tinh")
    page.get_by_label("Tệp danh sách").set_input_files(made.lists[1])
    page.get_by_role("button", name="Nộp và xem trước").click()
    page.get_by_role("heading", name="Ý nghĩa từng cột").wait_for()
    judge_in_each_look(page, name="import-preview-")
    page.get_by_role("button", name="Ghi vào sổ hồ sơ").click()
    page.wait_for_load_state()
    _beside(_half_done)
    _again(page)
    judge_in_each_look(page, name="import-running-")
    _beside(worked, "intake")
    _again(page)
    page.get_by_role("heading", name="Lần nhập").first.wait_for()
    judge_in_each_look(page, name="import-done-")
    page.goto("/ho-so-nhap/so/")
    page.get_by_label("Từ ngày").fill("01/01/2024")
    page.get_by_label("Đến ngày").fill("31/05/2024")
    page.get_by_label("Danh sách A").set_input_files(made.lists[1])
    page.get_by_label("Danh sách B").set_input_files(made.second)
    judge_in_each_look(page, name="import-ask-")
    page.get_by_role("button", name="So từng hồ sơ").click()
    page.wait_for_load_state()
    _beside(worked, "intake")
    _again(page)
    page.get_by_role("heading", name="Khác biệt hai cổng").wait_for()
    assert page.get_by_text("Không ghi kênh, tính là trực tiếp").count()
    judge_in_each_look(page, name="import-differences-")
    open_in_each_look(page, "/ho-so-nhap/", name="import-home-", looks=BOTH)


def _again(page: Any) -> None:
    """Opens the page once more; it asks by itself too and may be leaving at that moment."""
    from playwright.sync_api import Error

    for _ in range(3):
        with contextlib.suppress(Error):
            page.goto(page.url)
            return
    raise AssertionError(f"{page.url} does not open")


def _half_done() -> None:
    """As a job of a large file looks meanwhile."""
    from dancu.platform.tasks.models import Job

    Job.objects.using("owner").update(state="running", step="đối chiếu với sổ", share=0.35)


def _beside(do: Callable[..., object], *given: str) -> None:
    """Done in another thread: the browser's loop runs in this one."""

    def work() -> None:
        do(*given)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
