"""The administrator's pages of the feed: a subscription made, paused, its dead letters sent again or dropped."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look
from tests.web.feed import FIELDS, partner
from tests.web.register import RegisterSite

from dancu.platform.feed.models import Act, Letter, Subscriber

__all__ = ["browser", "desk"]


@pytest.fixture(autouse=True)
def people(register_site: RegisterSite, monkeypatch: pytest.MonkeyPatch) -> RegisterSite:
    monkeypatch.setenv("DANCU_FEED_INSIDE", "127.0.0.1/32")
    return register_site


def page_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_subscription_is_made_and_looked_after(client_as: Callable[..., Any]) -> None:
    client = client_as("administrator")
    name = partner("benh-vien", units=["07204"], purposes={"benefit": FIELDS, "exam": ["sex"]})
    asked = client.post("/quan-tri/kenh-bao/moi/", {"partner": name})
    assert asked["Location"] == f"/quan-tri/kenh-bao/moi/{name}/"
    given = {"purpose": "benefit", "fields_told": ["life_status"], "url": "https://127.0.0.1:1/x"}
    made = client.post(asked["Location"], given)
    secret = page_of(made).split('class="big-code">')[1].split("<")[0]
    row = Subscriber.objects.using("owner").get(client_id=name)
    assert secret.startswith("whsec_") and row.fields == ["life_status"] and not row.values
    assert made["Cache-Control"] == "no-store"
    assert secret not in page_of(client.get(f"/quan-tri/kenh-bao/{row.pk}/"))
    for what, data in (
        ("tam-dung", {"reason": "bảo trì"}), ("tiep-tuc", {"reason": "xong"}), ("gui-thu", {}),
        ("khoa-moi", {"hours": "1"}), ("phat-lai", {"since": "5/3/2026 08:00", "reason": "mất"}),
    ):  # fmt: skip
        answer = client.post(f"/quan-tri/kenh-bao/{row.pk}/{what}/", data)
        assert answer.status_code == (200 if what == "khoa-moi" else 302), what
    Letter.objects.using("owner").filter(subscriber=row).update(state="dead", last_error="status:500")  # fmt: skip
    shown = page_of(client.get(f"/quan-tri/kenh-bao/{row.pk}/"))
    assert "Nơi nhận trả lời mã 500." in shown and "Thông báo thử" in shown
    client.post(f"/quan-tri/kenh-bao/{row.pk}/gui-lai/", {"reason": "đã sửa"})
    assert Letter.objects.using("owner").get(subscriber=row).state == "waiting"
    Letter.objects.using("owner").filter(subscriber=row).update(state="dead")
    client.post(f"/quan-tri/kenh-bao/{row.pk}/bo/", {"reason": "không cần"})
    assert not Letter.objects.using("owner").filter(subscriber=row).exists()
    changed = client.post(f"/quan-tri/kenh-bao/{row.pk}/sua/", {"purpose": "exam", "url": ""})
    assert changed.status_code == 302
    done = [a.what for a in Act.objects.using("owner").filter(client_id=name)]
    assert done[::-1] == [
        "subscribed", "paused", "resumed", "tried", "secret", "replayed", "sent_again", "dropped", "changed"
    ]  # fmt: skip
    assert {a.by for a in Act.objects.using("owner").filter(client_id=name)} == {
        client.user.username
    }


WRONG = [
    ({"purpose": "benefit", "url": "http://10.0.0.7/x"}, "Địa chỉ nằm trong mạng nội bộ"),
    ({"purpose": "benefit", "url": "ftp://127.0.0.1/x"}, "phải bắt đầu bằng https"),
    ({"purpose": "exam", "fields_told": ["full_name"]}, "Có trường mà mục đích này không cho phép"),
    ({"purpose": "benefit", "values": "on"}, "Mục đích này không cho gửi giá trị"),
    ({"purpose": "procedure"}, "Lựa chọn"),
    ({}, ""),
]


@pytest.mark.parametrize(("given", "told"), WRONG)
def test_what_may_not_be_subscribed(
    client_as: Callable[..., Any], given: dict[str, Any], told: str
) -> None:
    name = partner("truong", units=["07204"], purposes={"benefit": FIELDS, "exam": ["sex"]})
    answer = client_as("administrator").post(f"/quan-tri/kenh-bao/moi/{name}/", given)
    assert answer.status_code == 422 and (told == "Lựa chọn" or told in page_of(answer))
    assert not Subscriber.objects.using("owner").filter(client_id=name).exists()


def test_only_who_has_the_right_sees_the_feed(client_as: Callable[..., Any]) -> None:
    for role in ("auditor", "commune_police", "data_steward"):
        assert client_as(role).get("/quan-tri/kenh-bao/").status_code == 403, role
        assert client_as(role).get("/quan-tri/kenh-bao/1/gui-lai/").status_code == 403, role
    assert client_as("administrator").get("/quan-tri/kenh-bao/99999/").status_code == 404


def test_the_role_of_the_pages_reads_no_table_of_the_feed(people: RegisterSite) -> None:
    tables = ("pairwisekey", "subscriber", "secret", "letter", "act")
    held = people.ask(
        "SELECT t FROM unnest(%s::text[]) t WHERE has_table_privilege('dancu_app', 'feed_' || t, 'SELECT')"
        " UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'feed'::regnamespace"
        " AND has_function_privilege('dancu_app', p.oid, 'EXECUTE')", [*tables],
    )  # fmt: skip
    assert held == []


@needs_chromium
def test_the_pages_fit_and_have_no_fault(desk: Callable[..., Any]) -> None:
    from django.utils import timezone

    from dancu.platform.feed import services

    page = desk("administrator")
    for name in ("cham", "khoe", "tu-doc"):
        partner(name, units=["07204"])
        url = "" if name == "tu-doc" else "https://127.0.0.1:1/nhan-thong-bao"
        row, _ = services.do_subscribe(
            client_id=name, purpose="benefit", fields=(), values=False, url=url, by="test"
        )
        if name == "cham":
            for n, state in enumerate(("dead", "dead", "waiting")):
                Letter.objects.using("owner").create(
                    subscriber=row, outbox_no=n, part=1, kind="person.changed", lane=f"{n:032x}",
                    at=timezone.now(), state=state, tries=17 if state == "dead" else 3, last_error="status:503",
                )  # fmt: skip
            Subscriber.objects.using("owner").filter(pk=row.pk).update(
                failures=3, last_error="status:503"
            )
    number = Subscriber.objects.using("owner").get(client_id="cham").pk
    one = [f"{number}/{what}" for what in ("", "sua/", "phat-lai/", "bo/")]
    paths = ["", "moi/", "moi/truong/", *one]
    partner("truong", units=["07204"], purposes={"benefit": FIELDS, "exam": ["sex"]})
    for n, path in enumerate(paths):
        open_in_each_look(page, f"/quan-tri/kenh-bao/{path}", name=f"feed_{n}_", looks=BOTH)
    page.goto(f"/quan-tri/kenh-bao/{number}/")
    assert "503" in page.inner_text("main")
