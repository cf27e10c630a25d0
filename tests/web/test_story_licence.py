"""A driving licence with a request for papers and a late apology, in Chromium; days pass by the site's own clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.web.chromium import browser, desk, needs_chromium, shot
from tests.web.citizens import ADULT
from tests.web.papers import pdfsig
from tests.web.register import RegisterSite
from tests.web.stories import Citizen, Officer, phone, saved

from dancu.sectors.public_services.dossiers import local

__all__ = ["browser", "desk", "phone"]
pytestmark = needs_chromium
LICENCE = "3.000347"


class Clock:
    """The hour at which the site believes to be; it only goes on."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead

    def pass_until(self, day: dt.datetime) -> None:
        self.ahead += max(day - self.now(), dt.timedelta())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


def test_a_licence_with_a_supplement_and_a_late_apology(
    register_site: RegisterSite,
    phone: Callable[..., Citizen],
    desk: Callable[..., Any],
    clock: Clock,
    tmp_path: Path,
) -> None:
    register, unit = register_site, register_site.communes[0]
    driver = register.citizen(unit, 1, ADULT)
    citizen = phone(driver)
    citizen.log_in()
    code = citizen.files("doi bang lai xe", "giấy phép lái xe", {
        "phone": "0912 345 678", "nationality": "Việt Nam", "driving_licence": "240123456789", "licence_class": "A1",
        "licence_issued": "1/3/2014", "case": "Hết hạn", "delivery": "Tại quầy",
    }, "bang-lai")  # fmt: skip
    ((number,),) = register.ask("SELECT dossier_no FROM services.dossier WHERE code = %s", code)

    # The counter asks for one paper; the citizen sends it from the telephone.
    officer = Officer(desk("one_stop_officer", unit=unit))
    officer.opens(number)
    officer.does("Tiếp nhận")
    officer.does("Nhận xử lý")
    officer.does(
        "Yêu cầu bổ sung",
        papers="Giấy khám sức khỏe đã quá 6 tháng",
        reason="Giấy khám sức khỏe hết hạn",
    )
    shot(officer.page, "bang-lai-06-yeu-cau")
    page = citizen.opens(code)
    assert "Giấy khám sức khỏe đã quá 6 tháng" in page.inner_text("main")
    shot(page, "bang-lai-07-bo-sung")
    page.click("a.button:has-text('Bổ sung giấy tờ')")
    citizen.sends_photo()
    shot(page, "bang-lai-08-da-gui")
    page.click("button:has-text('Gửi bổ sung')")
    assert "Đã gửi giấy tờ bổ sung" in page.inner_text("main")

    # The due day goes by without a result: an apology is late then, and says so.
    ((due,),) = register.ask("SELECT due_at FROM services.dossier WHERE dossier_no = %s", number)
    clock.pass_until(due + dt.timedelta(days=1))
    officer = Officer(desk("one_stop_officer", unit=unit))
    officer.opens(number)
    assert "Quá hạn" in officer.page.inner_text("main")
    promised = local(clock.now()).date() + dt.timedelta(days=5)
    with pytest.raises(AssertionError, match="xin lỗi muộn"):
        officer.does(
            "Xin lỗi và hẹn lại",
            due=f"{promised:%d/%m/%Y}",
            reason="Chờ kết quả xác minh hồ sơ gốc",
        )
    officer.opens(number)
    officer.does(
        "Xin lỗi và hẹn lại",
        due=f"{promised:%d/%m/%Y}",
        reason="Chờ kết quả xác minh hồ sơ gốc",
        late="on",
    )
    shot(officer.page, "bang-lai-09-xin-loi")
    assert "Phiếu xin lỗi" in officer.page.inner_text("main")
    citizen = phone(driver)  # the session of eight days ago has ended
    citizen.log_in()
    told = citizen.opens(code).inner_text("main")
    assert "Xin lỗi và hẹn lại" in told and f"{promised:%d/%m/%Y}" in told
    officer.does("Trình ký")
    leader = Officer(desk("unit_head", unit=unit))
    leader.opens(number)
    leader.does("Ký, kết thúc xử lý")
    officer.opens(number, "tra")
    officer.does("Trả kết quả")

    # The apology hides nothing: late it is, in the dossier and in the figures.
    page = citizen.opens(code)
    shot(page, "bang-lai-10-ket-qua")
    result = page.locator("ul.choices a[href*='/cong-dan/giay-to/']").last
    assert "Signature is Valid" in pdfsig(saved(page, result, tmp_path), tmp_path)
    assert register.ask(
        "SELECT on_time, supplements FROM services.dossier WHERE dossier_no = %s", number
    ) == [(False, 1)]
    assert register.ask(
        "SELECT figure, sum(n) FROM services.figure WHERE procedure = %s AND figure IN ('ended', 'on_time')"
        " GROUP BY 1 ORDER BY 1", LICENCE,
    ) == [("ended", 1)]  # fmt: skip
