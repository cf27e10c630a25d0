"""Lists handed in on a page: previewed, mapped, taken in by the worker, stopped and gone on with, recognised again."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.chromium import PHONE, browser, desk, judge_in_each_look, needs_chromium
from tests.web.register import ON, RegisterSite
from tests.web.worker import worked, worker

from dancu.platform.events import writer
from dancu.store.register import changes

__all__ = ["browser", "desk", "worker"]
LIST = "/nguon/danh-sach/"


@pytest.fixture(scope="module", autouse=True)
def files(register_site: RegisterSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads lie in a folder of the test's own."""
    from django.conf import settings

    del register_site
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    yield
    settings.MEDIA_ROOT = before
    writer.close()


def text(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


HEADS = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Nơi thường trú", "Điện thoại"]


def book(rows: list[list[Any]], title: str = "DANH SÁCH NHÂN KHẨU") -> bytes:
    """A list as a commune keeps it: a title, an empty line, headings, people."""
    made = openpyxl.Workbook()
    page = made.active
    for line in [[title], [], HEADS, *rows]:
        page.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def people(n: int, place: str, start: int = 0) -> list[list[Any]]:
    """Invented newcomers of a commune."""
    names = ["Lò Văn {}", "Vi Thị {}", "Hà Công {}", "Bế Thu {}"]
    words = [
        "Ánh",
        "Bình",
        "Chung",
        "Duyên",
        "Đạt",
        "Hạnh",
        "Khoa",
        "Lan",
        "Minh",
        "Nga",
        "Phúc",
        "Quý",
        "Sơn",
        "Tâm",
    ]
    listed = []
    for k in range(start, start + n):
        name = names[k % 4].format(f"{words[k % 14]} {words[k // 14 % 14]}")
        born, sex = f"{k % 27 + 1}/{k % 11 + 1}/{1960 + k % 40}", "Nam" if k % 2 == 0 else "Nữ"
        listed.append([k + 1, name, born, sex, None, place, None])
    return listed


def place_of(site: RegisterSite, unit: str) -> str:
    from dancu.reference import units

    tree = units.on(ON)
    return ", ".join(u.full_name for u in reversed(tree.path(unit)))


def handed_in(client: Any, data: bytes, name: str) -> str:
    answer = client.post(LIST, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, text(answer)[-600:]
    return str(answer["Location"])


def confirm(client: Any, address: str, **more: str) -> Any:
    """Takes the proposed mapping and starts the work."""
    page = client.get(address).content.decode()
    sent = dict(more)
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', body)
        sent.setdefault(name, html.unescape(chosen[1]) if chosen else "")
    return client.post(f"{address}ghi/", sent)


def figure(page: str, name: str) -> int:
    return int(re.search(rf"{name} ([\d.]+)", page)[1].replace(".", ""))  # type: ignore[index]


def test_a_list_from_preview_to_result(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client = client_as("commune_police", unit=unit)
    rows = people(12, place_of(register_site, unit))
    rows[1][4] = "024 199 000 017"
    rows.insert(6, ["Cộng", None, None, None, None, None, "6"])
    address = handed_in(client, book(rows), "nhan khau t6.xlsx")
    preview = text(client.get(address))
    assert (
        "Xem trước danh sách" in preview and rows[0][1] in preview and "dòng không nhận" in preview
    )
    assert "024299000017" not in preview.replace(" ", "") and "024•••••0017" in preview
    before = register_site.ask("SELECT count(*) FROM register.record")[0][0]
    assert confirm(client, address).status_code == 302
    assert "hx-get" in client.get(address).content.decode()
    worked("intake")
    page = text(client.get(address))
    assert "Đã ghi xong" in page, page[-1500:]
    assert figure(page, "Dòng mới ghi") == 12 and figure(page, "Dòng không nhận") == 1
    assert figure(page, "Hồ sơ mới") + figure(page, "Khớp người đã có") == 12
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == before + 12
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{address}khong-nhan.xlsx").content)
    ).active
    assert [c.value for c in sheet[1]][:2] == ["Trang", "Dòng"] and "Cộng" in [
        c.value for c in sheet[2]
    ]
    # The next month's list under the same name: one changed, one more, one gone.
    rows = people(13, place_of(register_site, unit))
    rows[2][6] = "0912 345 678"
    again = handed_in(client, book(rows), "nhan khau t6.xlsx")
    confirm(client, again, whole="on")
    worked("intake")
    page = text(client.get(again))
    assert (
        figure(page, "Dòng không đổi") == 4
        and figure(page, "Dòng mới ghi") + figure(page, "Dòng được sửa") == 9
    )
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == before + 13


def test_the_same_file_is_recognised(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[1]
    client = client_as("commune_police", unit=unit)
    data = book(people(5, place_of(register_site, unit), 100))
    confirm(client, handed_in(client, data, "a.xlsx"))
    worked("intake")
    count = register_site.ask("SELECT count(*) FROM register.record")[0][0]
    other = handed_in(client, data, "b.xlsx")
    assert "giống hệt" in text(client.get(other)) and "Ghi vào sổ" not in text(client.get(other))
    assert confirm(client, other).status_code in (200, 422)
    same = handed_in(client, data, "a.xlsx")
    confirm(client, same)
    worked("intake")
    assert figure(text(client.get(same)), "Dòng không đổi") == 5
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == count
    assert client.post(f"{other}bo/").status_code == 302 and client.get(other).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.pdf", b"%PDF-1.7 x", "PDF"),
        ("a.xlsx", b"PK\x03\x04garbage", "cắt cụt"),
        ("a.csv", bytes(range(1, 9)) * 200, "nhị phân"),
        ("a.xlsx", b"  \n", "rỗng"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(
    client_as: Callable[..., Any], name: str, data: bytes, why: str
) -> None:
    answer = client_as("commune_police").post(LIST, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422 and why in text(answer)


def test_a_file_too_large_leaves_nothing_behind(
    client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from dancu.platform.intake import receiving

    monkeypatch.setattr(receiving, "MOST", 1000)
    before = len([*Path(settings.MEDIA_ROOT).rglob("file")])
    answer = client_as("commune_police").post(
        LIST, {"file": SimpleUploadedFile("a.csv", b"a,b\n" * 900)}
    )
    assert answer.status_code == 422 and "Tách theo xã" in text(answer)
    assert len([*Path(settings.MEDIA_ROOT).rglob("file")]) == before


def test_stopped_between_groups_and_gone_on_with(
    client_as: Callable[..., Any], register_site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dancu.platform.intake.models import Upload

    monkeypatch.setattr(changes, "TOGETHER", 4)
    unit = register_site.communes[2]
    client = client_as("commune_police", unit=unit)
    address = handed_in(client, book(people(14, place_of(register_site, unit), 200)), "dai.xlsx")
    number = int(address.split("/")[-2])
    real = changes._taken

    def and_then_stop(*given: Any) -> Any:
        client.post(f"{address}dung/")
        return real(*given)

    before = register_site.ask("SELECT count(*) FROM register.record")[0][0]
    confirm(client, address)
    with monkeypatch.context() as held:
        held.setattr(changes, "_taken", and_then_stop)
        worked("intake")
    page = text(client.get(address))
    assert "Đã dừng sau" in page and figure(page, "Dòng mới ghi") == 4
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == before + 4
    assert client.post(f"{address}ghi/").status_code == 302
    worked("intake")
    page = text(client.get(address))
    assert "Đã ghi xong" in page and figure(page, "Dòng mới ghi") == 14
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == before + 14
    assert Upload.objects.using("owner").get(pk=number).state == "done"


def test_a_crash_is_taken_up_again_without_a_row_twice(
    client_as: Callable[..., Any], register_site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dancu.platform.intake import work

    monkeypatch.setattr(changes, "TOGETHER", 3)
    unit = register_site.communes[3]
    client = client_as("commune_police", unit=unit)
    address = handed_in(client, book(people(9, place_of(register_site, unit), 300)), "do.xlsx")
    before = register_site.ask("SELECT count(*) FROM register.record")[0][0]
    confirm(client, address)
    number, real, calls = int(address.split("/")[-2]), changes._taken, [0]

    def killed(*given: Any) -> Any:
        calls[0] += 1
        if calls[0] == 3:
            raise KeyboardInterrupt
        return real(*given)

    with monkeypatch.context() as held:
        held.setattr(changes, "_taken", killed)
        with pytest.raises(KeyboardInterrupt):
            work.take_in(number, lambda _step, _share: None)
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == before + 6
    worked("intake")
    assert figure(text(client.get(address)), "Dòng mới ghi") == 9
    assert register_site.ask("SELECT count(*) FROM register.record")[0][0] == before + 9


def test_rows_of_other_communes_are_told_and_not_taken(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    mine, theirs = register_site.communes[4:6]
    client = client_as("commune_police", unit=mine)
    rows = people(3, place_of(register_site, mine), 400) + people(
        2, place_of(register_site, theirs), 410
    )
    address = handed_in(client, book(rows), "lan.xlsx")
    confirm(client, address)
    worked("intake")
    page = text(client.get(address))
    assert figure(page, "Dòng mới ghi") == 3 and figure(page, "Dòng thuộc đơn vị khác") == 2


def test_a_list_is_for_who_handed_it_in(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client, other = client_as("commune_police", unit=unit), client_as("commune_police", unit=unit)
    steward = client_as("data_steward", unit="24")
    address = handed_in(client, book(people(2, place_of(register_site, unit), 500)), "rieng.xlsx")
    assert other.get(address).status_code == 404 and steward.get(address).status_code == 404
    assert other.post(f"{address}ghi/").status_code == 404
    assert "rieng.xlsx" in text(steward.get("/nguon/")) and "rieng.xlsx" not in text(
        other.get(LIST)
    )
    assert other.get("/nguon/").status_code == 403


def test_sources_are_told_with_what_they_must_bring(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    del register_site
    steward = client_as("data_steward", unit="24")
    assert "Sổ hộ tịch" in text(steward.get("/nguon/"))
    page = text(steward.get("/nguon/xem/population/"))
    assert "Họ và tên" in page and "Tệp trong sổ" in page
    assert steward.get("/nguon/xem/khong-co/").status_code == 404


@needs_chromium
def test_a_messy_list_goes_in_from_a_browser(
    desk: Callable[..., Any], register_site: RegisterSite, worker: None
) -> None:
    del worker
    lists = register_site.run.parent / "province" / "lists"
    messy = min(p for p in lists.rglob("*.xlsx") if p.stat().st_size < 60_000)
    page = desk("data_steward", unit="24", size=PHONE)
    page.goto(LIST)
    judge_in_each_look(page, name="intake_list_")
    page.set_input_files("input[type=file]", {
        "name": "nop.xlsx", "mimeType": "application/octet-stream", "buffer": _touched(messy),
    })  # fmt: skip
    page.click("text=Nộp và xem trước")
    page.wait_for_selector("text=Xem trước danh sách")
    judge_in_each_look(page, name="intake_preview_")
    page.click("button:has-text('Ghi vào sổ')")
    page.wait_for_selector("text=Đã ghi xong", timeout=60_000)
    assert page.is_visible("text=nop.xlsx")
    judge_in_each_look(page, name="intake_done_")
    page.goto("/nguon/")
    judge_in_each_look(page, name="intake_sources_")
    page.click("main tbody a >> nth=0")
    judge_in_each_look(page, name="intake_source_")


def _touched(path: Path) -> bytes:
    """The same list saved again by somebody: other bytes, so that it is no copy."""
    made = openpyxl.load_workbook(path)
    made.worksheets[0].cell(row=made.worksheets[0].max_row + 1, column=1, value="Người lập bảng")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
