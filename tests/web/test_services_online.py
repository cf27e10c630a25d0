"""The citizen's side: found in plain words, filled from the register, filed once, one's own alone, said back to."""

from __future__ import annotations

import html
import io
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import Client
from PIL import Image
from tests.web.applicants import begin, code_on, dossier, filed, fill, office, photo
from tests.web.citizens import as_app, come_in, me, text, two
from tests.web.register import RegisterSite
from tests.web.test_citizen_children import Family, family

from dancu.sectors.public_services import workflow

__all__ = ["family", "me", "two"]
RESIDENCE = "1.004222"


@pytest.mark.parametrize(
    ("asked", "procedure"),
    [
        ("lam giay khai sinh", "BG.ES12"),
        ("chuyển hộ khẩu", RESIDENCE),
        ("mat can cuoc", "BG.ES02"),
        ("khai tu", "BG.ES13"),
    ],
)
def test_a_service_is_found_in_plain_words(site: str, asked: str, procedure: str) -> None:
    del site
    page = text(Client().get("/dich-vu/", {"tim": asked}))
    found = re.findall(r'href="/dich-vu/([\w.]+)/"', page.split("Hay dùng nhất")[0])
    assert procedure in found[:3]


def test_the_page_of_a_service_says_what_need_not_be_brought(site: str) -> None:
    del site
    page = text(Client().get(f"/dich-vu/{RESIDENCE}/"))
    needed, spared = page.split("Không cần mang theo")
    assert "Giấy tờ chứng minh chỗ ở hợp pháp" in needed
    assert "Thẻ căn cước" in spared and "Thẻ căn cước" not in needed
    assert "10.000 đồng" in needed and "7 ngày làm việc" in needed
    assert Client().get("/dich-vu/khong-co/").status_code == 404


def test_it_is_filled_from_the_register_and_filed_once_however_often_pressed(
    register_site: RegisterSite, me: Client, two: tuple[str, str]
) -> None:
    draft = begin(me, RESIDENCE)
    assert "Họ, chữ đệm và tên" not in text(me.get(draft))  # known: nobody types it
    refused = me.post(f"{draft}xem-lai/")
    assert refused.status_code == 422 and "Chưa nộp được" in text(refused)
    fill(me, draft, RESIDENCE)
    for _ in range(3):
        assert me.post(f"{draft}xem-lai/")["Location"] == f"{draft}da-nop/"
    one = dossier(code_on(me, draft))
    ((name, number),) = register_site.ask(
        "SELECT full_name, personal_number FROM register.person WHERE citizen_id = %s", two[0]
    )
    assert (one.form["full_name"], one.form["personal_number"]) == (name, number)
    assert (one.channel, one.place, str(one.applicant)) == (2, "07204", two[0])
    assert one.saved_papers == len(
        {"identity"} | ({"family_tie"} if _has(register_site, two[0]) else set())
    )
    ((count,),) = register_site.ask(
        "SELECT count(*) FROM services.dossier WHERE applicant = %s", two[0]
    )
    assert count == 1
    # The answers stand in the dossier and no longer in the draft; the files went along.
    left = "SELECT answers FROM services.draft WHERE dossier_no = %s"
    ((kept,),) = register_site.ask(left, one.dossier_no)
    assert kept == {}
    assert register_site.ask(
        "SELECT 1 FROM services.attachment WHERE dossier_no = %s AND draft IS NULL", one.dossier_no
    )
    looks = register_site.ask(
        "SELECT purpose FROM register.access_log WHERE citizen_id = %s AND by = 'công dân'", two[0]
    )
    assert looks and {purpose for (purpose,) in looks} == {"own"}


def _has(register: RegisterSite, citizen: str) -> bool:
    ((found,),) = register.ask(
        "SELECT relation_to_head IS NOT NULL FROM register.person WHERE citizen_id = %s", citizen
    )
    return bool(found)


def test_a_wrong_answer_is_told_and_what_was_typed_stays(me: Client) -> None:
    draft = begin(me, "BG.ES12")
    wrong = me.post(f"{draft}hoi/child_birth_date/", {"answer": "32/13/2024"})
    assert (
        wrong.status_code == 422 and "32/13/2024" in text(wrong) and "ví dụ 5/3/2024" in text(wrong)
    )
    me.post(f"{draft}hoi/child_birth_date/", {"answer": "5.3.2024"})
    me.post(f"{draft}hoi/mother/", {"name": "Lê  Thị Bình", "number": "924.199.000.017"})
    page = text(me.get(f"{draft}xem-lai/"))
    assert "05/03/2024" in page and "Lê Thị Bình (số kết thúc bằng 0017)" in page
    assert "924199000017" not in page


def test_a_picture_loses_its_place_and_what_is_no_picture_is_refused(
    register_site: RegisterSite, me: Client
) -> None:
    draft = begin(me, RESIDENCE)
    assert me.post(f"{draft}giay-to/lawful_home/", {"paper": photo()}).status_code == 302
    ((content,),) = register_site.ask(
        "SELECT content FROM services.attachment ORDER BY at DESC LIMIT 1"
    )
    assert b"Maker of telephones" in photo().read()
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.format == "JPEG" and not dict(kept.getexif())
    program = io.BytesIO(b"MZ" + b"0" * 2000)
    program.name = "anh.jpg"
    refused = me.post(f"{draft}giay-to/lawful_home/", {"paper": program})
    assert refused.status_code == 422 and "Tệp không phải ảnh" in text(refused)
    assert (
        me.get(f"{draft}giay-to/identity/").status_code == 404
    )  # the data proves it: nobody asks for it


def test_a_draft_is_its_owners_alone(
    register_site: RegisterSite, me: Client, two: tuple[str, str]
) -> None:
    draft = begin(me, RESIDENCE)
    me.post(f"{draft}giay-to/lawful_home/", {"paper": photo()})
    number = draft.split("/")[3]
    other = come_in(register_site, two[1])
    for path in ("", "xem-lai/", "giay-to/lawful_home/", "da-nop/"):
        assert other.get(f"{draft}{path}").status_code == 404
    with as_app(other) as cursor:
        for table in ("draft", "attachment", "proxy", "contact", "notice", "complaint"):
            cursor.execute(f"SELECT count(*) FROM services.{table}")
            assert cursor.fetchone() == (0,), table
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.connection.connection.execute(
                "INSERT INTO services.attachment (owner, draft, part, kind, content, sha256, at)"
                " VALUES (%s, %s, 'x', 'image/jpeg', '', '', now())",
                [two[1], number],
            )
    me.post(f"{draft}xoa/")
    assert not register_site.ask("SELECT 1 FROM services.attachment WHERE draft = %s", number)


def test_a_parent_files_for_a_child_and_nobody_for_a_stranger(
    register_site: RegisterSite, family: Family, two: tuple[str, str]
) -> None:
    mother = come_in(register_site, family.mother)
    assert family.child in text(mother.get("/dich-vu/BG.BH06/nop/"))
    one = filed(mother, "BG.BH06", f"child:{family.child}")
    assert (str(one.applicant), str(one.filed_by)) == (family.child, family.mother)
    assert mother.get(f"/dich-vu/toi/{one.code}/").status_code == 200
    stranger = come_in(register_site, two[1])
    refused = stranger.post("/dich-vu/BG.BH06/nop/", {"whom": f"child:{family.child}"})
    assert refused.status_code == 422
    # Whatever a page should try, the database takes no dossier for somebody who has not consented.
    with as_app(stranger) as cursor, pytest.raises(Exception, match="row-level security"):
        cursor.execute(
            "INSERT INTO services.dossier (code, procedure, version, procedure_group, place, unit_code, channel,"
            " applicant, applicant_name, filed_by, status, filed_at) VALUES ('X', 'x', 1, 'x', '07204', '07204', 2,"
            " %s, 'x', %s, 1, now())",
            [family.child, two[1]],
        )


def test_a_relative_files_with_the_code_of_whoever_asked_and_not_after_the_end(
    register_site: RegisterSite, me: Client, two: tuple[str, str]
) -> None:
    found = re.search(r'big code">([A-Z0-9-]+)<', text(me.post("/dich-vu/nho-nop/cho/")))
    assert found
    helper = come_in(register_site, two[1])
    assert helper.post("/dich-vu/nho-nop/nhan/", {"code": "AAAA-BBBB-CCCC"}).status_code == 422
    assert helper.post("/dich-vu/nho-nop/nhan/", {"code": found[1].lower()}).status_code == 302
    assert me.post("/dich-vu/nho-nop/nhan/", {"code": found[1]}).status_code == 422  # used
    ((proxy,),) = register_site.ask("SELECT proxy FROM services.proxy WHERE helper = %s", two[1])
    one = filed(helper, "1.004194", f"proxy:{proxy}")
    assert (str(one.applicant), str(one.filed_by)) == two
    ((name,),) = register_site.ask(
        "SELECT full_name FROM register.person WHERE citizen_id = %s", two[0]
    )
    ((number,),) = register_site.ask(
        "SELECT personal_number FROM register.person WHERE citizen_id = %s", two[0]
    )
    assert one.applicant_name == name and number not in json.dumps(one.form)
    # Of the dossier both are told.
    told = register_site.ask(
        "SELECT citizen::text FROM services.notice WHERE dossier_no = %s", one.dossier_no
    )
    assert sorted(c for (c,) in told) == sorted(two)
    draft = begin(helper, "1.004194", f"proxy:{proxy}")
    me.post(f"/dich-vu/nho-nop/{proxy}/thoi/")
    fill(helper, draft, "1.004194")
    ended = helper.post(f"{draft}xem-lai/")
    assert ended.status_code == 422 and "không còn được nộp thay" in text(ended)
    acts = register_site.ask(
        "SELECT action FROM services.proxy_act WHERE proxy = %s ORDER BY act_no", proxy
    )
    assert [a for (a,) in acts] == ["give", "take", "withdraw"]


def test_an_officer_keeps_the_paper_of_somebody_without_an_e_id(
    register_site: RegisterSite, client_as: Callable[..., Any], two: tuple[str, str]
) -> None:
    clerk = client_as("one_stop_officer", unit=register_site.communes[0])
    elsewhere = client_as("one_stop_officer", unit=register_site.communes[-1])
    path = f"/nho-nop-thay/{two[0]}/"
    assert elsewhere.get(path).status_code == 404
    assert clerk.post(path, {"paper": ""}).status_code == 422
    page = text(clerk.post(path, {"paper": "Giấy số 3 ngày 5/3, bà Lan chứng kiến"}))
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    assert found
    helper = come_in(register_site, two[1])
    assert helper.post("/dich-vu/nho-nop/nhan/", {"code": found[0]}).status_code == 302


def test_a_code_tells_status_and_day_and_an_unknown_one_nothing(
    register_site: RegisterSite, me: Client, two: tuple[str, str]
) -> None:
    one = filed(me, RESIDENCE)
    register_site.do("DELETE FROM services.followed")
    known = text(Client().get("/dich-vu/theo-doi/", {"ma": one.code.lower()}))
    unknown = text(Client().get("/dich-vu/theo-doi/", {"ma": "H02.07.204-250707-9999"}))
    assert "Mới đăng ký" in known and one.applicant_name not in known and RESIDENCE not in known
    assert "Không có hồ sơ theo mã này" in unknown
    shape = lambda page: re.sub(r">[^<]*<", "><", html.unescape(page)).count("<")  # noqa: E731
    assert abs(shape(known) - shape(unknown)) <= 2
    for _ in range(20):
        last = Client().get("/dich-vu/theo-doi/", {"ma": one.code})
    assert last.status_code == 429 and "Mới đăng ký" not in text(last)


def test_papers_are_handed_in_a_dossier_withdrawn_rated_and_complained_about(
    register_site: RegisterSite, me: Client, account: Callable[..., Any], client_as: Callable[..., Any],
    two: tuple[str, str],
) -> None:  # fmt: skip
    unit = register_site.communes[0]
    officer, leader = account("one_stop_officer", unit="07204"), account("unit_head", unit="07204")
    one = filed(me, RESIDENCE)
    own = f"/dich-vu/toi/{one.code}/"
    assert me.get(f"{own}bo-sung/").status_code == 404
    office(one.code, officer, "accept", "take")
    office(one.code, officer, "ask_supplement", papers="Hợp đồng thuê nhà")
    page = text(me.get(f"{own}bo-sung/"))
    assert "Hợp đồng thuê nhà" in page
    given = {"version": dossier(one.code).version_no, "event_id": str(uuid.uuid4())}
    assert "ít nhất một ảnh" in text(me.post(f"{own}bo-sung/gui/", given))
    me.post(f"{own}bo-sung/", {"paper": photo()})
    for _ in range(2):
        assert me.post(f"{own}bo-sung/gui/", given).status_code == 302
    assert dossier(one.code).status == workflow.PROCESSING
    other = come_in(register_site, two[1])
    assert [other.get(f"{own}{p}").status_code for p in ("", "phi/", "danh-gia/", "rut/")] == [
        404
    ] * 4
    ((file,),) = register_site.ask(
        "SELECT attachment FROM services.attachment WHERE dossier_no = %s AND part = 'supplement'",
        one.dossier_no,
    )
    assert (
        client_as("one_stop_officer", unit="07204").get(f"/tep-ho-so/{file}/")["Content-Type"]
        == "image/jpeg"
    )
    assert client_as("one_stop_officer", unit=unit).get(f"/tep-ho-so/{file}/").status_code == (
        200 if unit == "07204" else 404
    )

    assert me.get(f"{own}danh-gia/").status_code == 302  # not ended yet
    answer = me.post(
        f"{own}phan-anh/", {"event_id": str(uuid.uuid4()), "words": "Chờ đã lâu mà không ai báo."}
    )
    code = re.search(r"phan-anh=(PA\w+)", answer["Location"])
    assert code
    head = client_as("unit_head", unit="07204")
    assert code[1] in text(head.get("/phan-anh-ho-so/"))
    assert (
        client_as("unit_head", unit="07210").get(f"/phan-anh-ho-so/{code[1]}/").status_code == 404
    )
    head.post(f"/phan-anh-ho-so/{code[1]}/", {"answer": "Xin lỗi bà, hồ sơ sẽ xong trong tuần."})
    again = head.post(f"/phan-anh-ho-so/{code[1]}/", {"answer": "Trả lời lần thứ hai cho chắc."})
    assert again.status_code == 422
    assert "sẽ xong trong tuần" in text(me.get(own))

    office(one.code, officer, "propose")
    office(one.code, leader, "sign", role="leader")
    assert me.post(f"{own}danh-gia/", {"stars": "4", "words": "Nhanh"}).status_code == 302
    me.post(f"{own}danh-gia/", {"stars": "1"})
    assert register_site.ask(
        "SELECT stars FROM services.rating WHERE dossier_no = %s", one.dossier_no
    ) == [(4,)]

    two_ = filed(me, RESIDENCE)
    now = {"version": two_.version_no, "event_id": str(uuid.uuid4())}
    assert me.post(f"/dich-vu/toi/{two_.code}/rut/", now).status_code == 422  # no reason
    assert (
        me.post(f"/dich-vu/toi/{two_.code}/rut/", now | {"reason": "Tôi đổi ý"}).status_code == 302
    )
    assert dossier(two_.code).status == workflow.WITHDRAWN


def test_a_log_in_leads_back_to_the_service_and_never_elsewhere(
    register_site: RegisterSite, me: Client
) -> None:
    start = Client().get(f"/dich-vu/{RESIDENCE}/nop/")["Location"]
    assert start == f"/cong-dan/?ve=%2Fdich-vu%2F{RESIDENCE}%2Fnop%2F"
    assert me.get(start)["Location"] == f"/dich-vu/{RESIDENCE}/nop/"
    for evil in ("//evil.example/dich-vu/", "/cong-dan/thoat/", "https://evil.example/"):
        assert me.get("/cong-dan/", {"ve": evil})["Location"] == "/cong-dan/toi/"
