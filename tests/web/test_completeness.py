"""Answers counted at the edge against lines of the log: a way around the door is found within the day, and named."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from tests.web.register import RegisterSite
from tests.web.verify import OFFICER, partner
from tests.web.wsgi import ask

from dancu.platform.completeness import lists, receipts, reconciling
from dancu.platform.completeness.reconciling import Gap, Run
from dancu.site import edge


@pytest.fixture(autouse=True)
def sabotaged() -> Iterator[None]:
    """The real site with a few addresses more."""
    with override_settings(ROOT_URLCONF="tests.web.sabotage"):
        yield


def today() -> dt.date:
    return dt.datetime.now(reconciling.ZONE).date()


def compare() -> tuple[Run, dict[str, list[Gap]]]:
    run, gaps = reconciling.reconcile(by="test", on=today())
    by_view: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_view.setdefault(gap.route, []).append(gap)
    return run, by_view


@pytest.fixture
def officer(register_site: RegisterSite, client_as: Callable[..., Any]) -> Any:
    return client_as("commune_police", unit=register_site.communes[0])


def test_an_honest_look_has_its_line_and_is_no_gap(
    register_site: RegisterSite, officer: Any
) -> None:
    citizen = register_site.citizen(register_site.communes[0], 3)
    before, _ = compare()
    assert ask(officer, reverse("register:person", args=[citizen])).status == 200
    run, gaps = compare()
    assert (run.answers - before.answers, run.lines > before.lines) == (1, True)
    assert "register:person" not in gaps


WAYS = [
    ("/x/ma/{a}/", "sabotage-identifier", "unlogged"),
    ("/x/so/?who={a}", "sabotage-number", "unlogged"),
    ("/x/che/?who={a}", "tests.web.sabotage.masked", "unlogged"),
    ("/x/dong/?unit={unit}", "sabotage-stream", "unlogged"),
    ("/x/khac/{a}/?for={b}", "sabotage-another", "other_person"),
    ("/x/them/{a}/?and={b}", "sabotage-more", "other_person"),
    ("/x/tep/", "sabotage-file", "sealed"),
]


@pytest.mark.parametrize(("address", "view", "kind"), WAYS)
def test_a_way_around_the_door_is_found_within_the_day_and_named(
    register_site: RegisterSite, officer: Any, address: str, view: str, kind: str
) -> None:
    unit = register_site.communes[0]
    a, b = (register_site.citizen(unit, n, "personal_number IS NOT NULL") for n in (5, 6))
    assert ask(officer, address.format(a=a, b=b, unit=unit)).status == 200
    _, gaps = compare()
    assert {gap.kind for gap in gaps[view]} == {kind}
    assert all(gap.request and gap.at for gap in gaps[view])


def test_the_auditor_is_told_in_a_notice_and_nobody_is_named(
    register_site: RegisterSite, officer: Any
) -> None:
    citizen = register_site.citizen(register_site.communes[0], 9)
    ask(officer, f"/x/ma/{citizen}/")
    compare()
    subject, detail = register_site.ask(
        "SELECT subject, detail FROM access_notice WHERE kind = 'log_gap' ORDER BY id DESC LIMIT 1"
    )[0]
    assert "sabotage-identifier" in detail["reason"] and citizen not in f"{subject}{detail}"


def test_what_was_asked_and_is_only_said_back_is_no_answer(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    citizen = register_site.citizen(register_site.communes[0], 3)
    stranger = client_as(None)
    shown = ask(stranger, f"/dang-nhap/?next=/cong-dan/{citizen}/")
    assert shown.status == 200 and citizen.encode() in shown.body
    assert "accounts:login" not in compare()[1]


def test_an_answer_of_the_api_bears_its_own_receipt_also_when_it_is_given_again(
    register_site: RegisterSite,
) -> None:
    asker = partner()
    token, unit = asker.token(), register_site.communes[0]
    citizen = register_site.citizen(
        unit, 3, "personal_number IS NOT NULL AND full_name IS NOT NULL"
    )
    ((number, name),) = register_site.ask(
        "SELECT personal_number, full_name FROM register.person WHERE citizen_id = %s", citizen
    )
    before, _ = compare()
    told = []
    for asked in (number, "924099999991"):
        body = {"purpose": "health_care", "officer": OFFICER, "number": asked, "claims": {"full_name": name},
                "request_id": str(uuid4())}  # fmt: skip
        for _ in range(2):
            answer = ask(Client(), "/api/v1/verify", json=body, bearer=token)
            assert answer.status == 200, answer.body
            told.append(json.loads(answer.body))
    assert [one["repeated"] for one in told] == [False, True, False, True]
    served = register_site.ask(
        "SELECT e.route FROM register.access_log l JOIN edge.served e ON e.request = l.served WHERE l.receipt = %s",
        told[0]["receipt"],
    )
    assert served == [("lookup:verify",)]
    run, gaps = compare()
    assert run.answers - before.answers == 4 and "lookup:verify" not in gaps
    ((left,),) = register_site.ask("SELECT current_setting('dancu.request', true)")
    assert not left


def test_an_answer_that_carries_somebody_else_s_receipt_is_found(
    register_site: RegisterSite, officer: Any
) -> None:
    mine, other = (register_site.citizen(register_site.communes[0], n) for n in (3, 4))
    receipt = uuid4()
    register_site.ask(
        "INSERT INTO register.access_log (citizen_id, by, purpose, partner, receipt)"
        " VALUES (%s, 'p', 'verification', 'bank', %s) RETURNING 1", other, receipt,
    )  # fmt: skip
    assert ask(officer, f"/x/bien-nhan/{mine}/?of={receipt}").status == 200
    _, gaps = compare()
    assert {gap.kind for gap in gaps["sabotage-receipt"]} == {"other_person"}


def test_a_receipt_without_a_line_is_missed(register_site: RegisterSite, officer: Any) -> None:
    citizen = register_site.citizen(register_site.communes[0], 3)
    ask(officer, reverse("register:person", args=[citizen]))
    held, lost = uuid4(), uuid4()
    register_site.ask(
        "INSERT INTO register.access_log (citizen_id, by, purpose, partner, receipt)"
        " VALUES (%s, 'p', 'verification', 'bank', %s) RETURNING 1", citizen, held,
    )  # fmt: skip
    listed = receipts.read(f"receipt,when\n{held},2024\n{lost},2024\n")
    assert receipts.do_hold(by="test", partner="bank", receipts=listed, using="owner") == 2
    assert receipts.do_hold(by="test", partner="bank", receipts=listed, using="owner") == 0
    run, gaps = compare()
    assert run.receipts == 2
    assert [(gap.kind, gap.receipt) for gap in gaps["partner:bank"]] == [("receipt", str(lost))]


def views(resolver: Any, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from views(entry, f"{before}{entry.namespace}:" if entry.namespace else before)
        elif entry.name:
            yield before + entry.name


def test_every_view_that_is_excepted_is_there() -> None:
    known = set(views(get_resolver()))
    assert {"lookup:verify", "register:person"} <= known
    assert {*lists.LISTS, *lists.LINKED, *lists.EARLIER} <= known


def test_a_list_of_receipts_with_something_else_in_it_is_refused() -> None:
    assert receipts.read("") == []
    with pytest.raises(ValueError, match="Line 2"):
        receipts.read(f"{uuid4()}\nkhông\n")


ROLES = (
    "commune_police",
    "data_steward",
    "auditor",
    "administrator",
)


def test_no_page_of_today_shows_anybody_without_a_line(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    """Followed from the home page, link by link, two of each view for each role."""
    unit = register_site.communes[0]
    for role in ROLES:
        client = client_as(role, unit=unit)
        walk(client, ["/"])
        if role == "commune_police":
            find(client, unit)
    walk(
        client_as("data_steward", unit=unit),
        [reverse("register:person", args=[register_site.citizen(unit, 4)])],
    )
    _, gaps = compare()
    ours = {
        view: {gap.kind for gap in found}
        for view, found in gaps.items()
        if "sabotage" not in view and not view.startswith("partner:")
    }
    assert ours == {}


def find(client: Any, unit: str) -> None:
    """The page of a search, with its results."""
    ask(client, reverse("register:search"))
    form = {"text": "Nguyễn", "commune": unit, "purpose": "residence"}
    found = ask(client, reverse("register:search"), form=form)
    assert found.status == 200 and "•••".encode() in found.body


def walk(client: Any, start: list[str], most: int = 120) -> None:
    waiting, seen, views = list(start), set(start), dict.fromkeys(start, 0)
    while waiting and most:
        most -= 1
        body = ask(client, waiting.pop(0)).body.decode("utf-8", "replace")
        for link in re.findall(r'(?:href|hx-get)="(/[^"#]*)"', body):
            link = html.unescape(link)
            view = edge.route(link.partition("?")[0])
            if link not in seen and views.get(view, 0) < 2 and not link.startswith("/static/"):
                seen.add(link)
                views[view] = views.get(view, 0) + 1
                waiting.append(link)


def test_everybody_reads_the_figures_and_only_the_auditor_the_views(
    register_site: RegisterSite, officer: Any, client_as: Callable[..., Any]
) -> None:
    citizen = register_site.citizen(register_site.communes[0], 9)
    ask(officer, f"/x/ma/{citizen}/")
    run, _ = compare()
    shown = client_as(None).get(reverse("completeness:public")).content.decode()
    assert f"{run.on_day:%d/%m/%Y}" in shown and "sabotage" not in shown and citizen not in shown
    told = client_as("auditor").get(reverse("completeness:gaps")).content.decode()
    assert "sabotage-identifier" in told and citizen not in told
    assert client_as("commune_police").get(reverse("completeness:gaps")).status_code == 403


def test_the_auditor_hands_in_a_partners_receipts(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    auditor, lost = client_as("auditor"), uuid4()
    given = {"partner": "bank2", "file": SimpleUploadedFile("r.csv", f"{lost}\n".encode())}
    assert auditor.post(reverse("completeness:receipts"), given).status_code == 302
    assert [g.receipt for g in compare()[1]["partner:bank2"]] == [str(lost)]
    wrong = {"partner": "bank2", "file": SimpleUploadedFile("r.csv", b"x\n")}
    assert auditor.post(reverse("completeness:receipts"), wrong).status_code == 422
    assert (
        client_as("commune_police").post(reverse("completeness:receipts"), given).status_code == 403
    )


def test_the_command_names_the_gap_and_leaves_with_one(
    register_site: RegisterSite, officer: Any
) -> None:
    from click.testing import CliRunner

    from dancu.cli import main

    ask(officer, f"/x/ma/{register_site.citizen(register_site.communes[0], 9)}/")
    told = CliRunner().invoke(main, ["complete", "check", "--on", f"{today():%Y-%m-%d}"])
    assert told.exit_code == 1 and "sabotage-identifier" in told.output, told.output
    told = CliRunner().invoke(main, ["complete", "check", "--on", "2001-01-01"])
    assert "0 câu trả lời" in told.output
