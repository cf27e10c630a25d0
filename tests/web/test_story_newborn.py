"""A newborn, from a mother's telephone to the household: what issue 6 asks to be seen, in Chromium, page by page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.web.chromium import browser, desk, needs_chromium, shot
from tests.web.citizens import ADULT, number_of
from tests.web.papers import pdfsig
from tests.web.register import RegisterSite
from tests.web.stories import Citizen, Officer, phone, saved

__all__ = ["browser", "desk", "phone"]
pytestmark = [
    needs_chromium,
    pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils"),
]

CHILD, NAME = "924324000926", "Đỗ Thị Thảo Mầm"
MOTHER = f"{ADULT} AND sex = '2' AND birth_year > 1975 AND relation_to_head IN ('CH', '5')"


@pytest.mark.mission("S12")
def test_a_newborn_is_registered_through_the_linked_service(
    register_site: RegisterSite,
    phone: Callable[..., Citizen],
    desk: Callable[..., Any],
    tmp_path: Path,
) -> None:
    register = register_site
    unit = next(
        c
        for c in register.communes
        if register.ask(f"SELECT 1 FROM register.person WHERE unit_code = %s AND {MOTHER}", c)
    )
    mother = register.citizen(unit, 0, MOTHER)
    before = _scores(register, unit)

    # The mother, on her telephone.
    citizen = phone(mother)
    citizen.log_in()
    number = number_of(register, mother)
    ((own_name,),) = register.ask(
        "SELECT full_name FROM register.person WHERE citizen_id = %s", mother
    )
    code = citizen.files("khai sinh bao hiem", "Liên thông đăng ký khai sinh", {
        "child_name": NAME, "child_birth_date": "15/6/2024", "child_sex": "Nữ", "child_ethnic": "Kinh",
        "child_birth_place": "Bệnh viện Sản - Nhi tỉnh Bắc Giang", "child_nationality": "Việt Nam", "relation": "Mẹ",
        "mother": (own_name, number), "phone": "0912 345 678", "child_home": unit, "clinic": "Trạm y tế phường",
    }, "khai-sinh")  # fmt: skip
    parts = dict(register.ask(
        "SELECT p.procedure, p.dossier_no FROM services.dossier p JOIN services.dossier h ON h.dossier_no = p.bundle"
        " WHERE h.code = %s", code,
    ))  # fmt: skip
    page = citizen.opens(code)
    assert "Chờ kết quả «Đăng ký khai sinh»" in page.inner_text("main")
    shot(page, "khai-sinh-06-cac-phan")

    # The officer of the commune handles the birth; the later parts cannot begin yet.
    justice = Officer(desk("justice_officer", unit=unit))
    justice.opens(parts["BG.ES12"])
    justice.does("Tiếp nhận")
    justice.does("Nhận xử lý")
    justice.page.click("main a:has-text('Liên thông và sổ dân cư')")
    justice.page.fill("input[name=number]", CHILD)
    justice.page.click("button:has-text('Ghi số định danh')")
    shot(justice.page, "khai-sinh-07-so-dinh-danh")
    justice.opens(parts["BG.ES12"])
    shot(justice.page, "khai-sinh-08-ho-so")
    justice.does("Trình ký")

    # The leader signs; the register has the child when the page is back.
    leader = Officer(desk("unit_head", unit=unit))
    leader.opens(parts["BG.ES12"])
    leader.does("Ký, kết thúc xử lý")
    shot(leader.page, "khai-sinh-09-da-ky")
    ((child, born_unit),) = register.ask(
        "SELECT citizen_id, unit_code FROM register.person WHERE personal_number = %s AND full_name = %s",
        CHILD,
        NAME,
    )
    assert born_unit == unit

    # Residence and the insurance list, each by its own office.
    for role, procedure in (("commune_police", "1.004222"), ("social_officer", "BG.BH06")):
        officer = Officer(desk(role, unit=unit))
        officer.opens(parts[procedure])
        for action in ("Tiếp nhận", "Nhận xử lý", "Trình ký"):
            officer.does(action)
        leader.opens(parts[procedure])
        leader.does("Ký, kết thúc xử lý")
    assert register.ask(
        "SELECT household_number FROM register.person WHERE citizen_id = %s", child
    ) == register.ask("SELECT household_number FROM register.person WHERE citizen_id = %s", mother)
    page = officer.page
    page.goto("/bao-hiem-tre-em/")
    shot(page, "khai-sinh-10-bao-hiem")
    page.click("main tbody a")
    assert NAME in page.inner_text("main") and "30/09/2030" in page.inner_text("main")
    shot(page, "khai-sinh-11-bao-hiem-tre")

    # The household's page shows the child to the police.
    police = desk("commune_police", unit=unit)
    police.goto(reverse("register:household", args=[mother]))
    assert NAME in police.inner_text("main")
    shot(police, "khai-sinh-12-ho-gia-dinh")

    # The mother gets the signed result; another program finds the signature valid.
    page = citizen.opens(code)
    assert "Đã xử lý xong" in page.inner_text("main")
    shot(page, "khai-sinh-13-xong")
    page.click("#cac-phan + ol a:has-text('Đăng ký khai sinh')")
    shot(page, "khai-sinh-14-ket-qua")
    result = page.locator("ul.choices a[href*='/cong-dan/giay-to/']").last
    assert "Signature is Valid" in pdfsig(saved(page, result, tmp_path), tmp_path)

    # The scores have moved, and she reads who looked, and for which dossier.
    after = _scores(register, unit)
    assert after[0] > before[0] and after[1] >= before[1] + 3
    told = citizen.sees_who_looked()
    shot(citizen.page, "khai-sinh-15-ai-xem")
    assert "Giải quyết thủ tục hành chính" in told and "Công chức tư pháp" in told
    assert all(
        f"hồ sơ {_code(register, parts[p])}" in told for p in ("BG.ES12", "1.004222", "BG.BH06")
    )


def _scores(register: RegisterSite, unit: str) -> tuple[int, int]:
    """How often a rule was asked about somebody of the commune, and dossiers received there: live sums."""
    ((asked,),) = register.ask(
        "SELECT sum(n)::bigint FROM (SELECT evaluated AS n FROM register.score_count WHERE unit_code = %s UNION ALL"
        " SELECT evaluated FROM register.score_delta WHERE unit_code = %s) AS part", unit, unit,
    )  # fmt: skip
    ((received,),) = register.ask(
        "SELECT coalesce(sum(n), 0)::bigint FROM services.figure WHERE figure = 'received' AND unit_code = %s",
        unit,
    )
    return int(asked), int(received)


def _code(register: RegisterSite, number: int) -> str:
    ((code,),) = register.ask("SELECT code FROM services.dossier WHERE dossier_no = %s", number)
    return str(code)
