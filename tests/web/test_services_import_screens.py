"""The pages of dossier lists in a real browser, at both widths: handed in, mapped, taken in, compared."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.web.chromium import DESK, PHONE, axe, browser, desk, needs_chromium, shot
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
    page.goto("/ho-so-nhap/nhap/")
    page.get_by_label("Cổng gửi danh sách").fill("mot-cua-tinh")
    page.get_by_label("Tệp danh sách").set_input_files(made.lists[1])
    page.get_by_role("button", name="Nộp và xem trước").click()
    page.get_by_role("heading", name="Ý nghĩa từng cột").wait_for()
    _looked(page, "import-preview")
    page.get_by_role("button", name="Ghi vào sổ hồ sơ").click()
    page.wait_for_load_state()
    _done()
    page.reload()
    page.get_by_role("heading", name="Lần nhập").first.wait_for()
    _looked(page, "import-done")
    page.goto("/ho-so-nhap/so/")
    page.get_by_label("Từ ngày").fill("01/01/2024")
    page.get_by_label("Đến ngày").fill("31/05/2024")
    page.get_by_label("Danh sách A").set_input_files(made.lists[1])
    page.get_by_label("Danh sách B").set_input_files(made.second)
    _looked(page, "import-ask")
    page.get_by_role("button", name="So từng hồ sơ").click()
    page.wait_for_load_state()
    _done()
    page.reload()
    page.get_by_role("heading", name="Khác biệt hai cổng").wait_for()
    assert page.get_by_text("Không ghi kênh, tính là trực tiếp").count()
    _looked(page, "import-differences")
    page.goto("/ho-so-nhap/")
    _looked(page, "import-home")


def _done() -> None:
    """What waits is done in another thread: the browser's loop runs in this one."""

    def work() -> None:
        worked("intake")
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)


def _looked(page: Any, name: str) -> None:
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert axe(page) == [], name
        shot(page, f"{name}-{width}")
