"""Units, scores, rules and changes of units on the site, against a loaded register of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from tests.web.register import ON, RegisterSite
from tests.web.worker import worked

from dancu.platform.units import changes as work
from dancu.store.register import moves, moving, scoring
from dancu.store.register.loading import context_in

MERGED = dt.date(2025, 1, 1)


@pytest.fixture(scope="module")
def own_site(register_site: RegisterSite) -> RegisterSite:
    """The module's own copy: units change here."""
    return register_site


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


PAGES = (
    "/don-vi/",
    "/don-vi/ban-do/",
    "/don-vi/can-lam-truoc/",
    "/don-vi/24/",
    "/quy-tac/",
    "/quy-tac/CLE-048/",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_leader_opens_every_page(
    own_site: RegisterSite, client_as: Callable[..., Any], path: str, language: str
) -> None:
    del own_site
    client = client_as("unit_head", unit="24")
    client.cookies["dancu-language"] = language
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:500]


def test_the_tree_shows_the_scores_of_the_batch(
    own_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    with psycopg.connect(own_site.dsn) as con:
        rows = scoring.scores_now(con, context_in(con)).to_pylist()
    code = own_site.communes[0]
    (index,) = [
        r
        for r in rows
        if r["scope_code"] == code and (r["field"], r["criterion"], r["rule_id"]) == ("*",) * 3
    ]
    page = text_of(client_as("unit_head", unit="24").get("/don-vi/"))
    assert f"{index['passed']:,} / {index['evaluated']:,}".replace(",", ".") in page


def test_a_commune_sees_its_own_scores_and_not_its_neighbour_s(
    own_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    mine, other = own_site.communes[:2]
    client = client_as("commune_police", unit=mine)
    assert client.get(f"/don-vi/{mine}/").status_code == 200
    assert client.get(f"/don-vi/{other}/").status_code == 403
    assert client.get("/don-vi/24/").status_code == 403
    tree = client.get("/don-vi/").content.decode()
    assert f"/don-vi/{mine}/" in tree
    assert f"/don-vi/{other}/" not in tree
    assert f"/don-vi/{other}/" not in client.get("/don-vi/can-lam-truoc/").content.decode()


@pytest.mark.parametrize("role", ["commune_police", "unit_head", "auditor"])
def test_only_who_has_the_right_changes_units(
    own_site: RegisterSite, client_as: Callable[..., Any], role: str
) -> None:
    number = work.new_packed(MERGED, by="thu")
    client = client_as(role, unit=own_site.communes[0])
    assert client.get("/thay-doi-don-vi/").status_code == 403
    for verb in ("kiem-tra", "ap-dung", "hoan-tac", "bo", "chia/07549"):
        assert client.post(f"/thay-doi-don-vi/{number}/{verb}/").status_code == 403, verb
    assert client.post("/don-vi/chot-ngay/").status_code == 403
    work.cancel(number, by="thu")


def test_an_uploaded_table_with_a_wrong_code_is_shown_as_such(
    own_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_as("administrator")
    table = (
        "mã cũ;mã mới;loại;ngày hiệu lực;nghị quyết\n07204;99999;nhập toàn bộ;01/01/2025;NQ thử 12"
    )
    answer = client.post(
        "/thay-doi-don-vi/moi/", {"table": SimpleUploadedFile("bang.csv", table.encode())}
    )
    assert answer.status_code == 302, text_of(answer)
    number = int(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    worked()
    page = text_of(client.get(answer["Location"]))
    assert "NQ thử 12" in page and "Mã mới không có hiệu lực" in page
    assert client.get(f"/thay-doi-don-vi/{number}/ap-dung/").status_code == 200
    answer = client.post(f"/thay-doi-don-vi/{number}/ap-dung/", {"confirmed": "01/01/2025"})
    assert answer.status_code == 409
    assert own_site.ask("SELECT on_day FROM register.state") == [(ON,)]


def test_a_file_that_is_no_table_is_refused_with_what_is_expected(
    own_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    del own_site
    client = client_as("administrator")
    answer = client.post(
        "/thay-doi-don-vi/moi/", {"table": SimpleUploadedFile("a.csv", b"a;b\n1;2")}
    )
    assert answer.status_code == 422
    assert "mã cũ" in text_of(answer)


def test_an_administrator_s_merger_from_draft_to_undone(
    own_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    client = client_as("administrator")
    before = own_site.ask("SELECT person_id, unit_code FROM register.person ORDER BY 1")
    officer = client_as("commune_police", unit="07204")
    answer = client.post("/thay-doi-don-vi/moi/", {"day": "2025-01-01"})
    address = answer["Location"]
    assert "hx-get" in client.get(address).content.decode()
    worked()
    page = text_of(client.get(address))
    assert "Phường Trần Nguyên Hãn (07204)" in page and "Phường Ngô Quyền (07207)" in page
    assert "bị chia" in page
    assert client.post(f"{address}ap-dung/", {"confirmed": "1/1/2025"}).status_code == 422
    assert client.post(f"{address}ap-dung/", {"confirmed": "01/01/2025"}).status_code == 302
    worked()
    page = text_of(client.get(address))
    assert "Đã áp dụng" in page and "Người đã đổi xã" in page
    assert own_site.ask("SELECT on_day FROM register.state") == [(MERGED,)]
    # The officer's session goes on, with the merged commune's people.
    assert officer.get("/don-vi/07207/").status_code == 200
    (claim,) = own_site.ask(
        "SELECT units FROM access.claim WHERE ended_at IS NULL AND user_id = %s", officer.user.pk
    )
    assert claim == (["07207"],)
    then = client.get("/don-vi/07204/?ngay=2024-06-21&theo=khi-do")
    assert then.status_code == 200 and "dân nay ở" in text_of(then)
    assert client.get("/don-vi/07204/").status_code == 404
    restated = client.get("/don-vi/07207/?ngay=2024-06-21&theo=quy-doi")
    assert restated.status_code == 200 and '<svg class="line"' in restated.content.decode()
    assert client.post(f"{address}hoan-tac/").status_code == 302
    worked()
    assert own_site.ask("SELECT person_id, unit_code FROM register.person ORDER BY 1") == before
    assert "Đã hoàn tác" in text_of(client.get(address))


def test_a_closed_day_reads_digit_for_digit_after_the_merger(
    own_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    client = client_as("administrator")
    client.post("/don-vi/chot-ngay/")
    address = f"/don-vi/?ngay={ON.isoformat()}&theo=khi-do"

    def body() -> str:
        found = re.search(r"<details.*</details>", client.get(address).content.decode(), re.DOTALL)
        assert found
        return found[0]

    said = body()
    with psycopg.connect(own_site.dsn) as con:
        number = moves.draft(con, moves.packed(con, MERGED), day=MERGED, resolution="x", by="thu")
        con.commit()
        context = context_in(con)
    moving.apply(own_site.dsn, context, number, by="thu", today=dt.date(2026, 1, 1))
    client = client_as("administrator")
    assert body() == said
    work.undo(number, by="thu", told=lambda _what, _share: None)
