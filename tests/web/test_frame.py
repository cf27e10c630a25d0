"""What holds for every page: a declared right, headers, languages, error pages, assets, home by role."""

from __future__ import annotations

import csv
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import get_resolver
from tests.web.texts import ROOT, texts

from dancu.platform.access import pages, rights
from dancu.platform.ui import language, nav
from dancu.reference.rights import rights as all_rights
from dancu.reference.rights import role_rights, roles
from dancu.site import database, errors
from dancu.site.middleware import HEADERS, NothingUndeclared


def addresses(patterns: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the site with its view."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from addresses(entry.url_patterns, here)
        else:
            yield here, entry.callback


def test_every_address_declares_a_right_or_that_it_is_public() -> None:
    found = dict(addresses())
    assert len(found) > 15
    assert [name for name, view in found.items() if pages.declared(view) is None] == []


def test_every_declared_right_is_in_the_table() -> None:
    used = {said.right for _, view in addresses() if (said := pages.declared(view)) and said.right}
    used |= {item.right for item in nav.items() if item.right}
    assert used <= set(all_rights())


def test_a_view_that_declares_nothing_answers_nobody() -> None:
    def forgotten(request: Any) -> None: ...

    with pytest.raises(RuntimeError, match="declares no right"):
        NothingUndeclared(forgotten).process_view(RequestFactory().get("/"), forgotten, (), {})  # type: ignore[arg-type]


PUBLIC = {
    # A figure of an issued report by the code on paper: definition and counts, none under five; no record.
    "so-lieu/",
    "so-lieu/<str:code>/",
    # Issued reports in plain words, and their open data without small counts.
    "bao-cao/cong-khai/",
    "bao-cao/cong-khai/<str:key>/",
    "bao-cao/cong-khai/<str:key>/so-lieu.csv",
    "bao-cao/cong-khai/<str:key>/so-lieu.json",
    "bao-cao/cong-khai/<str:key>/dcat.jsonld",
    "dang-nhap/",
    "dang-nhap/ma/",
    "dang-nhap/chung/",
    "dang-nhap/chung/ve/",
    "ngon-ngu/",
    "mat-ket-noi/",
    "api/v1/ledger/head",
    "api/v1/ledger/keys",
    "api/v1/ledger/consistency",
    "api/v1/ledger/receipts/<uuid:number>",
    "api/v1/ledger/tiles/<int:level>/<int:index>",
    # Partners log in with their own tokens; the keys that answers are signed with are everybody's.
    "api/v1/token",
    "api/v1/verify",
    "api/v1/verify/openapi.json",
    "api/v1/jwks.json",
    "cong-khai/nhat-ky/",
    "cong-dan/",
    "cong-dan/quyen/",
    "cong-dan/dang-nhap/",
    "cong-dan/dang-nhap/ve/",
    "cong-dan/dang-nhap/mau/",
    "cong-dan/thoat/",
    # The hall of a counter: numbers and desks, nothing of anybody; a kiosk's address carries its own word.
    "ho-so/man-hinh/<str:place>/",
    "ho-so/lay-so/<str:place>/<str:word>/",
    # Public services: find one, read what it needs, follow a dossier by its code; the bank's signed callback.
    "dich-vu/",
    "dich-vu/theo-doi/",
    "dich-vu/<str:procedure>/",
    "phi/bao-co/",
    # Who holds a file may ask whether its signature is whole; the file is not kept.
    "kiem-tra-giay-to/",
    # The catalogue of procedures: law, no person.
    "thu-tuc/",
    "thu-tuc/ma-cong/",
    "thu-tuc/<str:code>/",
    "thu-tuc/<str:code>/so-sanh/",
}


def test_what_is_public_is_listed_here() -> None:
    """A new public address is a decision: add it to the list by intent."""
    found = {name for name, view in addresses() if (said := pages.declared(view)) and said.public}
    assert found == PUBLIC


def test_every_page_refuses_a_stranger_and_who_has_no_right(client_as: Callable[..., Any]) -> None:
    stranger, nobody = client_as(None), client_as()
    for name, view in addresses():
        said = pages.declared(view)
        path = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<\w+:what>", "unlock", name))
        if said is None or said.public or "<" in path:
            continue
        for method in ("get", "post"):
            assert getattr(stranger, method)(path).status_code in (302, 401), path
            if said.right:
                assert getattr(nobody, method)(path).status_code == 403, path


@pytest.mark.parametrize("role", [r for r in roles() if r != "citizen"])
def test_the_table_of_rights_is_what_each_role_meets(
    client_as: Callable[..., Any], role: str
) -> None:
    """Every page, asked for by every role: open exactly where the table says so."""
    client = client_as(role)
    held = {entry.right for entry in role_rights() if entry.role == role}
    assert held == set(rights.rights_held(client.user)) and held <= set(all_rights())
    for name, view in addresses():
        said = pages.declared(view)
        if said and said.right and "<" not in name:
            expected = said.right not in held
            assert (client.get("/" + name).status_code == 403) == expected, name
    home = html.unescape(client.get("/").content.decode())
    assert roles()[role].name_vi in home
    closed = [item for item in nav.items() if item.right and item.right not in held]
    assert [item.url_name for item in closed if f">{item.label}<" in home] == []


def test_a_right_holds_in_the_own_unit_alone(account: Callable[..., Any]) -> None:
    officer, province = account("commune_police", unit="07204"), account("id_officer", unit="24")
    checks = {
        "07204": (True, True),
        "07210": (False, True),
        "24": (False, True),
        "27": (False, False),
    }
    for unit, (own, all_of_it) in {**checks, "x": (False, False)}.items():
        assert rights.has_right(officer, "task.work", unit) is own
        assert rights.has_right(province, "task.work", unit) is all_of_it
    assert rights.has_right(province, "score.view", "27")


def test_an_unknown_right_is_a_mistake_of_the_programmer(account: Callable[..., Any]) -> None:
    with pytest.raises(LookupError, match=r"rights\.csv"):
        rights.has_right(account("auditor"), "person.viev")


def test_what_fields_a_role_sees(account: Callable[..., Any]) -> None:
    assert rights.field_groups(account("one_stop_officer")) == {"identity", "contact", "residence"}
    assert rights.field_groups(account("unit_head")) == frozenset()


def test_every_answer_carries_the_security_headers(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    for path in ("/", "/dang-nhap/", "/khong-co/", "/static/site/site.css", "/quan-tri/tai-khoan/"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in HEADERS} == HEADERS, path
        assert (
            headers["X-Content-Type-Options"] == "nosniff"
            and headers["Referrer-Policy"] == "same-origin"
        )
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "*" not in policy
    page = client.get("/")
    assert (
        page["Cache-Control"] == "no-store" and page["Cross-Origin-Opener-Policy"] == "same-origin"
    )
    cookie = client.cookies["dancu"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_behind_tls_cookies_are_secure_and_hsts_is_sent(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    code = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS, s.DEBUG)"
    )
    given = {
        "DANCU_BEHIND_TLS": "1", "DANCU_DATABASE": "none", "DANCU_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "dancu.site.settings", "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **given}, capture_output=True, text=True
    )
    assert done.stdout.split() == ["True", "True", "__Host-dancu", "31536000", "False"], done.stderr
    key = tmp_path / "var/site/secret-key"
    assert key.stat().st_mode & 0o777 == 0o600 and len(key.read_text()) > 50


def test_no_template_holds_a_script_a_style_or_a_handler() -> None:
    wrong = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    found = [
        f"{path.name}: {match[0]}"
        for room in ("platform", "sectors", "site")
        for path in (ROOT / "src/dancu" / room).rglob("templates/**/*.html")
        for match in wrong.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_error_pages_say_what_to_do_and_nothing_about_anybody(
    client_as: Callable[..., Any],
) -> None:
    client = client_as("commune_police")
    missing, refused = client.get("/cong-dan/924299000017/"), client.get("/quan-tri/tai-khoan/")
    assert missing.status_code == 404 and "924299000017" not in missing.content.decode()
    assert refused.status_code == 403 and "Quản trị tài khoản" in refused.content.decode()
    request = RequestFactory().get("/?so=924299000017")
    views = {
        errors.server_error: 500,
        errors.bad_request: 400,
        errors.csrf_failure: 403,
        errors.offline: 200,
    }
    for view, status in views.items():
        answer = view(request)
        assert answer.status_code == status and "924299000017" not in answer.content.decode()


def test_a_form_from_elsewhere_is_refused(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    refused = strict.post("/dang-xuat/")
    assert refused.status_code == 403 and "hết hạn" in refused.content.decode()


def test_a_view_that_fails_leaves_nothing_behind(
    client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    from dancu.platform.accounts.models import Session

    client = client_as("auditor")
    client.raise_request_exception = False

    def fails(request: Any) -> None:
        Session.objects.filter(user_id=request.user.pk).update(agent="half")
        raise ValueError("924299000017")

    monkeypatch.setattr("dancu.platform.ui.cards.shown", fails)
    assert client.get("/").status_code == 500
    assert not Session.objects.filter(user_id=client.user.pk, agent="half").exists()
    assert not connection.in_atomic_block


def test_the_log_of_an_error_holds_no_message(caplog: pytest.LogCaptureFixture) -> None:
    import logging

    from dancu.site.logs import WithoutPersonalData

    try:
        raise ValueError("924299000017")
    except ValueError:
        import sys

        path = ("/cong-dan/924299000017",)
        record = logging.LogRecord("x", 40, "f.py", 1, "Server Error: %s", path, sys.exc_info())
    line = WithoutPersonalData().format(record)
    assert "924299000017" not in line and "ValueError" in line


def test_every_text_has_its_english() -> None:
    assert sorted(texts() - set(language.english())) == []


def test_the_language_is_vietnamese_until_somebody_switches(client_as: Callable[..., Any]) -> None:
    client = Client(headers={"accept-language": "en"})
    assert "Đăng nhập" in client.get("/dang-nhap/").content.decode()
    client.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/"})
    page = client.get("/dang-nhap/")
    assert "Log in" in page.content.decode() and page["Content-Language"] == "en"
    assert (
        client.post("/ngon-ngu/", {"language": "en", "next": "//evil.example"})["Location"] == "/"
    )


def test_the_foreign_assets_are_those_that_were_fetched() -> None:
    table = ROOT / "src/dancu/site/static/vendor/ASSETS.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    listed = {ROOT / row["file"]: row["sha256"] for row in rows}
    assert {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in listed} == listed
    assert set(table.parent.iterdir()) - {table} <= set(listed)


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (ROOT / "src/dancu/site/static/vendor/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = re.compile(r"""(?:\{% icon |icon_name=)["']([\w-]+)["']""")
    used = {item.icon for item in nav.items()}
    for room in ("platform", "sectors", "site"):
        for path in (ROOT / "src/dancu" / room).rglob("templates/**/*.html"):
            used |= set(named.findall(path.read_text(encoding="utf-8")))
    assert used - known == set()


def test_no_table_is_without_a_declaration_of_who_may_do_what(site: str) -> None:
    del site
    assert database.undeclared() == []


def test_migrating_again_changes_nothing(site: str) -> None:
    import psycopg

    asked = (
        "SELECT grantee, table_schema, table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee LIKE 'dancu_%' ORDER BY 1, 2, 3, 4"
    )
    with psycopg.connect(site, autocommit=True) as con:
        before = con.execute(asked).fetchall()
        database.migrate()
        assert con.execute(asked).fetchall() == before


def test_on_an_office_s_server_that_compiles_statements_migrating_ends_it_for_the_database(
    site: str,
) -> None:
    import psycopg
    from django.db import connections

    name = psycopg.conninfo.conninfo_to_dict(site)["dbname"]
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(f"ALTER DATABASE {name} SET jit = on".encode())
    connections["owner"].close()
    database.migrate()
    with psycopg.connect(site) as con:
        assert con.execute("SHOW jit").fetchone() == ("off",)


def test_models_and_migrations_agree(site: str) -> None:
    del site
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
