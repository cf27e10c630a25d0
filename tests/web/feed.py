"""For tests of the feed: a real receiver on the loopback address, partners, and events to be told of."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.web.register import ON, RegisterSite

from dancu.platform.feed import services
from dancu.platform.feed.models import Letter, Subscriber

FIELDS = ["full_name", "birth_date", "sex", "permanent_unit", "life_status", "personal_number"]


class Receiver:
    """What came in; `behave` decides what is answered: a status, "cut", "slow", "drip", "large" or "redirect"."""

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.behave: Callable[[dict[str, Any]], int | str] = lambda event: 204
        self.url = ""
        self.lock = threading.Lock()

    @property
    def events(self) -> list[dict[str, Any]]:
        """The bodies in the order in which they came."""
        return [json.loads(body) for _, body in self.seen]


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """Listening until the end of the block."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with told.lock:
                told.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
                how = told.behave(json.loads(body))
            _answer(self, how)

        def do_GET(self) -> None:
            with told.lock:
                told.seen.append(({}, b'"followed"'))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            pass

    with Server(("127.0.0.1", port), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/nhan?khoa=1"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, how: int | str) -> None:
    if how == "cut":
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    if how == "slow":
        time.sleep(1.2)
    if how == "drip":
        with_end = time.monotonic() + 3
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while time.monotonic() < with_end:
            handler.wfile.write(b"X-A: 1\r\n")
            time.sleep(0.1)
    handler.send_response(302 if how == "redirect" else how if isinstance(how, int) else 200)
    if how == "redirect":
        handler.send_header("Location", "/khac")
    if how == 503:
        handler.send_header("Retry-After", "4000")
    handler.end_headers()
    if how == "large":
        handler.wfile.write(b"x" * 200_000)


def partner(name: str, *, units: list[str], purposes: dict[str, list[str]] | None = None) -> str:
    """A registered partner; its client_id."""
    from dancu.platform.partners.models import Partner

    Partner.objects.using("gate").update_or_create(
        client_id=name,
        defaults={
            "name_vi": f"Đối tác {name}", "purposes": purposes or {"benefit": FIELDS}, "units": units, "unit_on": ON,
            "active_from": dt.date(2024, 1, 1), "created_by": "test",
        },
    )  # fmt: skip
    return name


def token(name: str) -> dict[str, str]:
    """The header with an access token of the partner."""
    import hashlib
    import secrets

    from django.utils import timezone

    from dancu.platform.partners.models import Partner, Token

    secret = secrets.token_urlsafe(24)
    scopes = list(Partner.objects.using("gate").get(client_id=name).purposes)
    Token.objects.using("gate").create(
        digest=hashlib.sha256(secret.encode()).digest(), client_id=name, scopes=scopes,
        expires_at=timezone.now() + dt.timedelta(hours=1),
    )  # fmt: skip
    return {"authorization": f"Bearer {secret}"}


class Recorder:
    """Records events as a system with a key for the whole province would."""

    def __init__(self, site: RegisterSite, user: Any) -> None:
        from dancu.platform.events import keys

        made = keys.do_make(
            user=user, name="thử", kinds=["correction", "death", "move", "birth", "card_lost"],
            units=["24"], days=9, by="test", a_minute=50_000,
        )  # fmt: skip
        self.site, self.secret, self.number = site, made.secret, 0
        self.user = user

    def send(self, kind: str, data: dict[str, str]) -> list[str]:
        """The citizens (the register's identifiers) that the event was about."""
        from django.test import Client

        from dancu.platform.feed import pairwise

        self.number += 1
        event = {
            "specversion": "1.0", "id": f"{kind}-{self.number}", "source": "/thu", "type": f"vn.dancu.{kind}.v1",
            "data": data,
        }  # fmt: skip
        answer = Client().post(
            "/api/events", json.dumps(event), content_type="application/cloudevents+json",
            headers={"authorization": f"Bearer {self.secret}"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content.decode()
        client = f"account:{self.user.pk}"
        return [str(pairwise.citizen(client, c)) for c in answer.json()["citizens"]]


def person(site: RegisterSite, *units: str, n: int = 0) -> dict[str, str]:
    """Name, number and birth date of the n-th living adult of some communes, as they are typed; and `citizen`."""
    row = site.ask(
        "SELECT full_name, personal_number, to_char(birth_date, 'DD/MM/YYYY'), citizen_id::text FROM register.person"
        " WHERE unit_code = ANY(%s) AND personal_number IS NOT NULL AND birth_date < '2000-01-01' AND life_status = '1'"
        " ORDER BY person_id LIMIT 1 OFFSET %s", [*units], n,
    )[0]  # fmt: skip
    return dict(zip(("full_name", "personal_number", "birth_date", "citizen"), row, strict=True))


_numbers = iter(range(1000))


def subscribed(
    units: list[str], *, url: str = "", fields: tuple[str, ...] = (), purpose: str = "benefit",
    allowed: list[str] | None = None, values: bool = False,
) -> tuple[Subscriber, str]:  # fmt: skip
    name = partner(f"p{next(_numbers)}", units=units, purposes={purpose: allowed or FIELDS})
    return services.do_subscribe(
        client_id=name, purpose=purpose, fields=fields, values=values, url=url, by="test"
    )


def told(row: Subscriber, cursor: str = "", **more: Any) -> list[dict[str, Any]]:
    """What a partner reads of the feed itself."""
    return list(pulled(row, cursor, **more)["events"])


def pulled(row: Subscriber, cursor: str = "", *, status: int = 200, most: int = 500) -> Any:
    from django.test import Client

    answer = Client().get(f"/api/v1/feed?cursor={cursor}&most={most}", headers=token(row.client_id))
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def ripe(row: Subscriber) -> None:
    """As if the waits were over."""
    Letter.objects.using("owner").filter(subscriber=row).update(next_try_at="2020-01-01T00:00Z")
    Subscriber.objects.using("owner").filter(pk=row.pk).update(open_until=None)


def now(row: Subscriber) -> Subscriber:
    return Subscriber.objects.using("owner").get(pk=row.pk)
