"""The site is watched without watching anybody: health, figures, log lines, and a limit on what is sent."""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from django.test import Client
from tests.web.live import log_in
from tests.web.register import RegisterSite

from dancu.site import addresses, edge, health, logs, metrics
from dancu.store import condition
from dancu.store.edge import Served

SRC = Path(__file__).parents[2] / "src"


@pytest.fixture
def asked_anew() -> Iterator[None]:
    """No verdict of before."""
    health._kept = None
    yield
    health._kept = None


# --- health ---


def test_a_healthy_site_says_so_to_everybody_and_tells_nothing(site: str, asked_anew: None) -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "well": True, "database": "ok", "disk": "ok", "migrations": "ok", "register": "ok", "worker": "none",
        "ledger": "ok", "database_audit": "off",
    }  # fmt: skip
    assert not answer.cookies


def test_a_database_that_is_gone_is_told_within_seconds(site: str, asked_anew: None) -> None:
    addresses.point("postgresql://nobody:x@127.0.0.1:1/none")
    try:
        answer = Client().get("/healthz")
    finally:
        addresses.point(site)
    assert answer.status_code == 503
    assert answer.json() == {"well": False, "database": "unreachable", "disk": "ok"}


def test_the_database_s_own_audit_is_told_and_is_no_illness(site: str, asked_anew: None) -> None:
    database = psycopg.conninfo.conninfo_to_dict(site)["dbname"]
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(f"ALTER DATABASE {database} SET log_statement = 'all'".encode())
        try:
            answer = Client().get("/healthz")
            figures = Client().get("/metrics").content.decode()
        finally:
            con.execute(f"ALTER DATABASE {database} RESET log_statement".encode())
    assert answer.status_code == 200 and answer.json()["database_audit"] == "statements"
    assert "database_audit" not in figures


def _verdict(site: str, *statements: str) -> dict[str, str]:
    """What is said after these changes, which are undone."""
    with psycopg.connect(site, autocommit=True) as con:
        for statement in statements:
            con.execute(statement.encode())
    return health.examine()


def test_a_migration_that_was_not_applied(site: str) -> None:
    where = "app = 'access' AND name = '0001_initial'"
    try:
        told = _verdict(site, f"UPDATE django_migrations SET app = 'x' WHERE {where}")
        assert told["migrations"] == "missing"
    finally:
        _verdict(site, "UPDATE django_migrations SET app = 'access' WHERE app = 'x'")
    assert health.examine()["migrations"] == "ok"


def test_a_job_that_nobody_takes_up_says_that_the_worker_is_gone(site: str) -> None:
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 'test.none', 'todo')"
    old = "UPDATE procrastinate_events SET at = now() - interval '5 minutes'"
    beat = "INSERT INTO procrastinate_workers DEFAULT VALUES"
    still = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
    clear = "DELETE FROM procrastinate_jobs WHERE task_name = 'test.none'"
    try:
        assert _verdict(site, job)["worker"] == "none"
        assert _verdict(site, old)["worker"] == "gone"
        assert _verdict(site, beat)["worker"] == "ok"
        assert _verdict(site, still)["worker"] == "gone"
    finally:
        _verdict(site, clear, "DELETE FROM procrastinate_workers")


def test_a_disk_that_is_nearly_full(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANCU_DISK_LEAST", str(10**18))
    assert health.examine()["disk"] == "full"


def test_jobs_of_a_dead_worker_are_put_back(site: str) -> None:
    from asgiref.sync import async_to_sync

    from dancu.platform.running import tasks

    with psycopg.connect(site, autocommit=True) as con:
        ((dead,), (alive,)) = (
            con.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", [age]
            ).fetchone() or ()
            for age in ("3 minutes", "0 minutes")
        )  # fmt: skip
        for worker in (dead, alive):
            con.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
                " VALUES ('q', 'test.' || %s, 'doing', %s)", ["dead" if worker == dead else "alive", worker],
            )  # fmt: skip
        try:
            assert async_to_sync(tasks.put_back)() == 1
            rows = con.execute(
                "SELECT task_name, status::text FROM procrastinate_jobs WHERE queue_name = 'q'"
            )
            assert dict(rows.fetchall()) == {"test.dead": "todo", "test.alive": "doing"}
        finally:
            con.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'q'")
            con.execute("DELETE FROM procrastinate_workers")


def test_a_dead_workers_job_is_left_to_the_next_of_its_kind_that_waits(site: str) -> None:
    from asgiref.sync import async_to_sync

    from dancu.platform.running import tasks

    with psycopg.connect(site, autocommit=True) as con:
        ((dead,),) = con.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '3 minutes') RETURNING id"
        ).fetchall()
        for name, status, worker in (("dead", "doing", dead), ("next", "todo", None)):
            con.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, queueing_lock)"
                " VALUES ('q', %s, %s, %s, 'one-waits')", [name, status, worker],
            )  # fmt: skip
        try:
            assert async_to_sync(tasks.put_back)() == 0
            rows = con.execute(
                "SELECT task_name, status::text FROM procrastinate_jobs WHERE queue_name = 'q'"
            )
            assert dict(rows.fetchall()) == {"dead": "failed", "next": "todo"}
        finally:
            con.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'q'")
            con.execute("DELETE FROM procrastinate_workers")


# --- figures ---


def test_figures_are_for_this_machine_or_for_who_has_the_token(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 403
    assert Client().get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403
    monkeypatch.setenv("DANCU_METRICS_TOKEN", "chìa-khoá")
    assert Client().get("/metrics").status_code == 403
    token = {"HTTP_AUTHORIZATION": "Bearer chìa-khoá"}
    assert Client().get("/metrics", REMOTE_ADDR="10.1.2.3", **token).status_code == 200


_LINE = re.compile(r'([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*\})? (-?[0-9.e+-]+|\+Inf)')


def _figures() -> dict[str, float]:
    """Every sample of /metrics; fails on a line that OpenMetrics does not know."""
    text = Client().get("/metrics").content.decode()
    lines = text.splitlines()
    assert lines[-1] == "# EOF" and text.endswith("\n")
    found: dict[str, float] = {}
    families: list[str] = []
    for line in lines[:-1]:
        if line.startswith("# TYPE "):
            families.append(line.split()[2])
        elif not line.startswith("# HELP "):
            part = _LINE.fullmatch(line)
            assert part, line
            assert part[1].startswith(families[-1]), line
            assert part[1] + (part[2] or "") not in found, line
            found[part[1] + (part[2] or "")] = float(part[3])
    assert len(families) == len(set(families))
    return found


def test_every_answer_is_counted_by_view_and_status(client_as: Callable[..., Any]) -> None:
    client = client_as("commune_police")
    page = 'dancu_requests_total{view="accounts:account",method="GET",status="200"}'
    lost = 'dancu_requests_total{view="none",method="GET",status="404"}'
    before = _figures()
    assert client.get("/tai-khoan/").status_code == 200
    assert client.get("/khong-co/979300001234/").status_code == 404
    after = _figures()
    for name in (page, lost):
        assert after[name] == before.get(name, 0) + 1
    count = 'dancu_request_seconds_count{view="accounts:account"}'
    assert after[count] == before.get(count, 0) + 1
    assert after['dancu_request_seconds_bucket{view="accounts:account",le="+Inf"}'] == after[count]
    assert after["dancu_requests_running"] == 0
    assert not [name for name in after if "979300001234" in name]


def test_the_register_s_figures_are_those_of_its_tables(register_site: RegisterSite) -> None:
    register_site.ask(
        "INSERT INTO register.outbox (kind, data, at) VALUES ('test', '{}', now() - interval '1 hour') RETURNING 1"
    )
    ((unsent, events),) = register_site.ask(
        "SELECT (SELECT count(*) FROM register.outbox WHERE sent_at IS NULL),"
        " (SELECT coalesce(max(event_no), 0) FROM register.event)"
    )
    found = _figures()
    register_site.ask("DELETE FROM register.outbox WHERE kind = 'test' RETURNING 1")
    assert found["dancu_outbox_unsent"] == unsent >= 1
    assert 3500 < found["dancu_outbox_oldest_seconds"] < 4000
    assert found["dancu_events_total"] == events
    assert found["dancu_database_bytes"] > 10_000_000
    assert found['dancu_healthy{part="database"}'] == 1


def test_what_the_edge_could_not_write_is_a_figure(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(before: dict[str, float]) -> tuple[float, ...]:
        names = ("dancu_edge_answers_total", "dancu_edge_waiting", "dancu_edge_lost_total")
        now = _figures()
        return tuple(now[name] - before[name] for name in names)

    monkeypatch.setattr(edge, "WAITING_MOST", 3)
    address = ["postgresql://nobody:x@127.0.0.1:1/none"]
    counter = edge.Counter(lambda: address[0], every=3600.0)
    row = Served(dt.datetime.now(dt.UTC), uuid4(), "test:none", 200, (), (), 1, (), False)
    before = _figures()
    for _ in range(5):
        counter.add(row)
    assert move(before) == (5, 3, 2)
    assert not counter.flush() and move(before) == (5, 3, 2)
    address[0] = addresses.urls(site)["edge"]
    assert counter.flush() and move(before) == (5, 0, 2)
    with psycopg.connect(site, autocommit=True) as con:
        done = con.execute("DELETE FROM edge.served WHERE request = %s", [row.request])
        assert done.rowcount == 3


def test_who_waits_for_the_writer_s_lock_is_a_figure(site: str) -> None:
    with psycopg.connect(site) as holder, psycopg.connect(site, autocommit=True) as other:
        holder.execute("SELECT pg_advisory_xact_lock(77)")
        other.execute("SET lock_timeout = '10s'")
        import threading

        waiting = threading.Thread(target=lambda: other.execute("SELECT pg_advisory_lock(77)"))
        waiting.start()
        for _ in range(200):
            figures = condition.read(site, figures=True).figures
            if figures["dancu_writers_waiting"]:
                break
        holder.rollback()
        waiting.join()
    assert figures["dancu_writers_waiting"] == 1 and 0 < (figures["dancu_writer_lag_seconds"] or 0) < 10  # fmt: skip


# --- the log ---

SECRETS = {
    "name": "Lương Thị Bí-Mật",
    "number": "924300987654",
    "address": "Thôn Kín, ngõ 99",
    "password": "mat-khau-rat-kin-123",
    "citizen": "6f1c3f0e-1111-4222-8333-944455556666",
    "phone": "0912345678",
}


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Every line that any logger writes from here on, down to DEBUG, as the console would show it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.WithoutPersonalData())
    loggers = [logging.getLogger(name) for name in ("", "django", "dancu", "django.request")]
    before = [(one, one.level) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        if not one.propagate or one.name == "":
            one.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for one, level in before:
        one.setLevel(level)
        one.removeHandler(handler)


def test_no_line_of_the_log_holds_what_people_typed(
    client_as: Callable[..., Any], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    client = client_as("commune_police", "dic_engineer")
    client.raise_request_exception = False
    log_in(Client(), SECRETS["name"], SECRETS["password"])
    for path in ("/", "/dan-cu/", "/tai-khoan/", f"/nguoi/{SECRETS['citizen']}/", "/dang-nhap/"):
        client.get(path, SECRETS)
        client.post(path, SECRETS)
    client.get(
        f"/{SECRETS['number']}/", SECRETS, headers={"Referer": f"http://x/{SECRETS['citizen']}"}
    )
    client.post("/", data=json.dumps(SECRETS), content_type="application/json")
    found = lines()
    assert len(found) > 12
    told = json.dumps(found, ensure_ascii=False)
    for kind, secret in SECRETS.items():
        assert secret not in told, kind
    assert client.user.username not in told and client.user.display_name not in told


def test_an_error_is_told_by_its_kind_and_place_and_bears_the_request_s_number(
    client_as: Callable[..., Any],
    lines: Callable[[], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = client_as("commune_police")
    client.raise_request_exception = False

    def broken(*_args: object, **_more: object) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT %s::int", [SECRETS["name"]])

    monkeypatch.setattr("dancu.platform.ui.views.render", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    number = answer.headers["X-Request-ID"]
    mine = [line for line in lines() if line.get("request") == number]
    assert {line["level"] for line in mine} == {"ERROR"}
    (request,) = (line for line in mine if line["logger"] == "dancu.request")
    assert request["status"] == 500 and request["view"] == "ui:home"
    (error,) = (line for line in mine if "error" in line)
    assert error["error"] == "DataError"
    assert any("broken" in place for place in error["at"])
    assert SECRETS["name"] not in json.dumps(lines(), ensure_ascii=False)


def test_a_request_is_one_line_with_user_role_view_and_time(
    client_as: Callable[..., Any], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    client = client_as("commune_police")
    answer = client.get("/?q=1")
    number = answer.headers["X-Request-ID"]
    (line,) = (x for x in lines() if x.get("request") == number and x["logger"] == "dancu.request")
    assert line.pop("ms") > 0 and re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+\+00:00", line.pop("time"))
    assert line == {
        "level": "INFO", "logger": "dancu.request", "request": number,
        "user": client.user.pk, "role": "commune_police", "view": "ui:home", "status": 200, "method": "GET",
    }  # fmt: skip


def test_a_library_s_ready_made_message_is_not_believed_to_be_a_template() -> None:
    def line(name: str, message: str, *given: object) -> dict[str, Any]:
        record = logging.LogRecord(name, 20, "jobs.py", 7, message, given, None, "run")
        made: dict[str, Any] = json.loads(logs.WithoutPersonalData().format(record))
        return made

    name = SECRETS["name"]
    assert line("procrastinate.worker", f"Starting load({name})")["message"] == "jobs.py:7 run"
    assert line("urllib3", "asking %s", name)["message"] == "asking %s"
    assert line("dancu.platform.x", "a fixed sentence")["message"] == "a fixed sentence"


def test_our_own_messages_are_fixed_sentences() -> None:
    """Of the program itself every message is written in the code as a constant: nothing can slip into it."""
    made, free = 0, []
    for path in (SRC / "dancu").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id.strip("_") in ("log", "logger", "logging")):  # fmt: skip
                continue
            if node.func.attr not in ("debug", "info", "warning", "error", "exception", "critical", "log"):  # fmt: skip
                continue
            made += 1
            message = node.args[1 if node.func.attr == "log" else 0]
            if not (isinstance(message, ast.Constant) and isinstance(message.value, str)):
                free.append(f"{path.name}:{node.lineno}")
    assert made >= 2 and free == []


# --- the limit ---


def test_a_body_too_large_or_without_length_is_refused_unread(
    site: str, settings_most: int
) -> None:
    class Unread(io.RawIOBase):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

    def send(**more: str) -> Any:
        from django.core.handlers.wsgi import WSGIHandler

        environ = Client()._base_environ(PATH_INFO="/dang-nhap/", REQUEST_METHOD="POST", **more)
        status: list[str] = []
        body = b"".join(
            WSGIHandler()(
                environ | {"wsgi.input": Unread()}, lambda s, _h, _e=None: status.append(s)
            )
        )
        return status[0][:3], body.decode()

    status, told = send(CONTENT_LENGTH=str(settings_most + 1))
    assert status == "413" and "tối đa 250 MB" in told and "Chia danh sách" in told
    assert send(CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")[0] == "411"
    assert send(CONTENT_LENGTH="nhiều")[0] == "400"


@pytest.fixture
def settings_most() -> int:
    from django.conf import settings

    return int(settings.UPLOAD_MOST)


def test_buckets_hold_what_took_no_longer_than_their_bound() -> None:
    counted = metrics.Requests()
    for seconds in (0.005, 0.0051, 31.0):
        counted.begin()
        counted.end("v", "GET", 200, seconds)
    text = "".join(counted.text())
    assert 'dancu_request_seconds_bucket{view="v",le="0.005"} 1\n' in text
    assert 'dancu_request_seconds_bucket{view="v",le="0.01"} 2\n' in text
    assert 'dancu_request_seconds_bucket{view="v",le="30.0"} 2\n' in text
    assert 'dancu_request_seconds_bucket{view="v",le="+Inf"} 3\n' in text
