"""What the manual shows: for each role its pictures, in the order in which they are taken.

The order matters: what an earlier one does (an access outside the unit, a verdict) a later role sees. Everything is
reached by clicking as an official would; nothing here knows an identifier of the invented province.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Reach = Callable[[Any], None]
WIDTHS = (1280, 390)


@dataclass(frozen=True)
class Shot:
    """One picture at both widths."""

    role: str
    name: str
    reach: Reach

    def file(self, folder: Path, width: int) -> Path:
        """Where it is kept."""
        return folder / f"{self.role}-{self.name}-{width}.webp"

    def files(self, folder: Path) -> list[Path]:
        """Both widths."""
        return [self.file(folder, width) for width in WIDTHS]


def at(path: str) -> Reach:
    """A page by its address."""
    return lambda page: page.goto(path)


def _first_task(page: Any) -> None:
    page.goto("/viec/")
    page.click("[data-task] >> nth=0")
    page.wait_for_selector("h2:has-text('Lỗi đang mở')")


def _fixed(page: Any) -> None:
    """A name is an identity field: the correction waits for a second officer."""
    _first_task(page)
    page.fill("#fix input[id^=f_] >> nth=0", "Nguyễn Thị Thảo Xuân")
    page.fill("#reason", "Giấy khai sinh số 12, cấp 03/05/2010")
    page.click("#fix button.btn-primary")
    page.wait_for_selector("h2:has-text('Lỗi đang mở')")


def _second(page: Any) -> None:
    page.goto("/viec/?trang-thai=waiting_second")
    page.click("[data-task] >> nth=0")
    page.wait_for_selector("h2:has-text('Lỗi đang mở')")


def _search(page: Any) -> None:
    page.goto("/tra-cuu/")
    page.fill("#id_text", "nguyen van")
    page.click("form.seek button")
    page.wait_for_selector("#results table")


def _person(page: Any) -> None:
    _search(page)
    page.click("#results th a >> nth=0")
    page.wait_for_selector("#thong-tin")


def _household(page: Any) -> None:
    _person(page)
    page.click("text=Mở trang hộ")
    page.wait_for_selector("h1:has-text('Hộ gia đình')")


def _pair(page: Any) -> None:
    page.goto("/trung/tiep/")


def _judged(page: Any) -> None:
    """A verdict: applied at once, or handed to a second officer."""
    page.goto("/trung/tiep/")
    page.fill("#reason", "Đã đối chiếu giấy khai sinh và sổ hộ khẩu cũ")
    page.click("button[value=same]")
    page.wait_for_load_state()


def _death(page: Any) -> None:
    _person(page)
    page.click("main .actions a:has-text('Ghi sự kiện')")
    page.click("main a:has-text('Khai tử')")
    page.wait_for_selector("#id_death_date")


def _death_checked(page: Any) -> None:
    _death(page)
    page.fill("#id_death_date", "20/6/2024")
    page.click("text=Xem lại trước khi ghi")
    page.wait_for_selector("text=Ghi xong thì")


def _death_recorded(page: Any) -> None:
    _death_checked(page)
    page.click("main button:has-text('Ghi sự kiện')")
    page.wait_for_selector("text=Số sự kiện")


def _wrong_day(page: Any) -> None:
    _death(page)
    page.fill("#id_death_date", "31/02/2024")
    page.click("text=Xem lại trước khi ghi")
    page.wait_for_selector(".error-summary")


def _birth(page: Any) -> None:
    page.goto("/su-kien/ghi/birth/")


_LIST = (
    "STT,Họ và tên,Ngày sinh,Giới tính,Số CCCD/CMND,Nơi thường trú\n"
    "1,Nguyễn Thị Mẫu,05/03/1980,Nữ,924180000017,Tổ dân phố số 2\n"
    "2,Trần Văn Ví Dụ,1979,Nam,,Tổ dân phố số 5\n"
)


def _uploaded(page: Any) -> None:
    page.goto("/nguon/danh-sach/")
    file = {"name": "ra-soat_2024-06-20.csv", "mimeType": "text/csv", "buffer": _LIST.encode()}
    page.set_input_files("input[type=file]", file)
    page.click("text=Nộp và xem trước")
    page.wait_for_load_state()


def _outside(page: Any) -> None:
    page.goto("/truy-cap/ngoai-dia-ban/")
    page.fill("#id_target", "07210")
    page.fill("#id_reason", "Xác minh theo công văn 12 của Công an tỉnh")
    page.click("main button:has-text('Mở quyền')")
    page.wait_for_selector(".outside")


def _own_unit(page: Any) -> None:
    page.goto("/don-vi/")
    page.click("table a >> nth=0")
    page.wait_for_selector("h1")


def _failing_rule(page: Any) -> None:
    _own_unit(page)
    page.click("a.code >> nth=0")
    page.wait_for_selector("h1")


def _round(page: Any) -> None:
    page.goto("/viec/phuc-tra/")
    page.fill("[name=title]", "Phúc tra quý III")
    page.fill("[name=ends]", "31/12/2026")
    page.fill("[name=size]", "20")
    page.click("text=Mở đợt phúc tra >> nth=-1")
    page.wait_for_load_state()


def _sample(page: Any) -> None:
    page.goto("/viec/kiem-tra-lai/")
    page.select_option("#kind", "clean")
    page.fill("#size", "10")
    page.click("button:has-text('Rút mẫu')")
    page.wait_for_load_state()


def _draft(page: Any) -> None:
    page.goto("/thay-doi-don-vi/moi/")
    page.click("button:has-text('Lập từ danh mục')")
    page.wait_for_selector(".figures")


def _first_user(page: Any) -> None:
    page.goto("/quan-tri/tai-khoan/?q=commune")
    page.click("th a >> nth=0")
    page.wait_for_selector("text=Giao vai trò")


def _made(page: Any) -> None:
    page.goto("/quan-tri/tai-khoan/moi/")
    page.fill("#id_username", "binh.tv")
    page.fill("#id_display_name", "Trần Văn Bình")


def _scanned(page: Any) -> None:
    """The number that the page gives as its example, which nobody has."""
    page.goto("/xac-minh/")
    page.fill("#scan", "924090000011 Giáp Thị Mẫu 05/09/1990")
    page.click("form.scan button[type=submit]")
    page.wait_for_load_state()


def _citizen_in(page: Any) -> None:
    """With the sample citizen: the account that is called by a personal number."""
    number = next(name for name in page.accounts if name.isdigit())
    page.goto("/cong-dan/dang-nhap/mau/")
    page.fill("[name=number]", number)
    page.fill("[name=password]", page.accounts[number])
    page.click("main button")
    page.wait_for_load_state()


SHOTS = [
    Shot("everyone", "login", at("/dang-nhap/")),
    Shot("commune_police", "home", at("/")),
    Shot("commune_police", "tasks", at("/viec/")),
    Shot("commune_police", "task", _first_task),
    Shot("commune_police", "fixed", _fixed),
    Shot("commune_police", "search", _search),
    Shot("commune_police", "person", _person),
    Shot("commune_police", "household", _household),
    Shot("commune_police", "duplicates", at("/trung/")),
    Shot("commune_police", "pair", _pair),
    Shot("commune_police", "events", at("/su-kien/")),
    Shot("commune_police", "wrong", _wrong_day),
    Shot("commune_police", "check", _death_checked),
    Shot("commune_police", "recorded", _death_recorded),
    Shot("commune_police", "upload", _uploaded),
    Shot("commune_police", "unit", _own_unit),
    Shot("commune_police", "rule", _failing_rule),
    Shot("commune_police", "outside", _outside),
    Shot("commune_police", "judged", _judged),
    Shot("commune_police", "account", at("/tai-khoan/")),
    Shot("one_stop_officer", "home", at("/")),
    Shot("one_stop_officer", "person", _person),
    Shot("justice_officer", "home", at("/")),
    Shot("justice_officer", "events", at("/su-kien/")),
    Shot("justice_officer", "birth", _birth),
    Shot("social_officer", "tasks", at("/viec/")),
    Shot("social_officer", "requests", at("/viec/yeu-cau/")),
    Shot("traffic_officer", "person", _person),
    Shot("id_officer", "home", at("/")),
    Shot("id_officer", "events", at("/su-kien/")),
    Shot("id_officer", "proposals", at("/trung/cho-duyet/")),
    Shot("id_officer", "second", _second),
    Shot("data_steward", "home", at("/")),
    Shot("data_steward", "tasks", at("/viec/")),
    Shot("data_steward", "sources", at("/nguon/")),
    Shot("data_steward", "source", at("/nguon/xem/population/")),
    Shot("data_steward", "round", _round),
    Shot("data_steward", "sample", _sample),
    Shot("data_steward", "rules", at("/quy-tac/")),
    Shot("data_steward", "change", _draft),
    Shot("unit_head", "home", at("/")),
    Shot("unit_head", "unit", at("/don-vi/24/")),
    Shot("unit_head", "map", at("/don-vi/ban-do/")),
    Shot("unit_head", "behind", at("/don-vi/can-lam-truoc/")),
    Shot("unit_head", "tree", at("/don-vi/")),
    Shot("task_force", "home", at("/")),
    Shot("admin_control", "home", at("/")),
    Shot("dic_engineer", "home", at("/")),
    Shot("clinic_clerk", "home", at("/")),
    Shot("clinic_clerk", "scan", _scanned),
    Shot("auditor", "home", at("/")),
    Shot("auditor", "notices", at("/truy-cap/thong-bao/")),
    Shot("auditor", "asked", at("/cong-dan-hoi/")),
    Shot("auditor", "gaps", at("/doi-chieu-nhat-ky/")),
    Shot("auditor", "ledger", at("/so-cai/")),
    Shot("auditor", "processing", at("/du-lieu-ca-nhan/ho-so-xu-ly/")),
    Shot("auditor", "keeping", at("/luu-giu/")),
    Shot("auditor", "breaches", at("/du-lieu-ca-nhan/vi-pham/")),
    Shot("exam_officer", "lists", at("/ngoai-tuyen/danh-sach/")),
    Shot("exam_officer", "check", at("/ngoai-tuyen/")),
    Shot("commune_police", "consent", at("/du-lieu-ca-nhan/dong-y/")),
    Shot("commune_police", "asked", at("/du-lieu-ca-nhan/yeu-cau/")),
    Shot("citizen", "start", at("/cong-dan/")),
    Shot("citizen", "own", _citizen_in),
    Shot("administrator", "home", at("/")),
    Shot("administrator", "users", at("/quan-tri/tai-khoan/")),
    Shot("administrator", "new", _made),
    Shot("administrator", "user", _first_user),
    Shot("administrator", "key", at("/quan-tri/khoa-api/moi/")),
    Shot("administrator", "feed", at("/quan-tri/kenh-bao/")),
    Shot("administrator", "link", at("/duong-truyen/")),
]
