"""Pages of linked services, of the register's queue and of the insured children, in Chromium at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look
from tests.web.linked import BIRTH, CARD, HOME, newborn
from tests.web.register import RegisterSite
from tests.web.test_services_linked import CHILD, Office, office

__all__ = ["browser", "desk", "office"]
pytestmark = needs_chromium


def test_each_page_is_clean_and_fits(
    office: Office, register_site: RegisterSite, desk: Callable[..., Any]
) -> None:
    def look(page: Any, path: str, name: str) -> None:
        open_in_each_look(page, path, name=f"lien-thong-{name}-", looks=BOTH)

    child = str(int(CHILD) + 390)
    made = office.linked("Vũ Thị Sương Mai")
    bad = office.files(BIRTH, newborn("", "Hà Văn Lầm", born="31/06/2024", sex="Nam"))
    office.handles("justice_officer", bad)
    justice = desk("justice_officer", unit=office.unit)
    look(justice, f"/lien-thong/{made[BIRTH]}/", "1-cho")
    office.handles("justice_officer", made[BIRTH], child=child)
    office.handles("commune_police", made[HOME])
    office.handles("social_officer", made[CARD])
    look(justice, f"/lien-thong/{made[HOME]}/", "2-xong")
    assert "Đã xong tất cả các phần" in justice.inner_text("main")
    look(justice, "/lien-thong/", "3-cho-vao-so")
    ((refused,),) = register_site.ask(
        "SELECT told_no FROM services.told WHERE dossier_no = %s", bad
    )
    look(justice, f"/lien-thong/su-kien/{refused}/", "4-sua")
    assert justice.locator(".error-summary").count() == 1
    justice.fill("input[name=birth_date]", "30/05/2024")
    justice.click("text=Gửi lại vào sổ")
    assert "Đã vào sổ dân cư" in justice.inner_text("main")
    leader = desk("unit_head", unit=office.unit)
    look(leader, f"/lien-thong/su-kien/{refused}/", "5-dinh-chinh")
    social = desk("social_officer", unit=office.unit)
    look(social, "/bao-hiem-tre-em/", "6-bao-hiem")
    social.click("main tbody a >> nth=0")
    assert "Vũ Thị Sương" in social.inner_text("main")
    look(social, social.url, "7-bao-hiem-tre")


def test_another_commune_sees_neither_parts_nor_children(
    office: Office, client_as: Callable[..., Any]
) -> None:
    made = office.linked("Lò Thị Riêng")
    office.handles("justice_officer", made[BIRTH])
    ((told,),) = office.register.ask(
        "SELECT told_no FROM services.told WHERE dossier_no = %s", made[BIRTH]
    )
    other = office.register.communes[1]
    stranger = client_as("justice_officer", "social_officer", unit=other)
    for path in (
        f"/lien-thong/{made[BIRTH]}/",
        f"/lien-thong/su-kien/{told}/",
        "/bao-hiem-tre-em/1/",
    ):
        assert stranger.get(path).status_code == 404, path
    assert "H02" not in stranger.get("/bao-hiem-tre-em/").content.decode().split("<main")[1]
