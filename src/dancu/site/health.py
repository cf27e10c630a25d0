"""/healthz and /metrics: whether the site is well, and its figures. Answered before anything else of a request.

They stand in front of the database's transaction, so that a database that is down is told and not met. Health is open
to everybody and tells no figure; the figures are for this machine, or for who brings DANCU_METRICS_TOKEN.
"""

from __future__ import annotations

import hmac
import os
import shutil
import threading
import time
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from psycopg import conninfo

from dancu import __version__
from dancu.site import home, metrics
from dancu.store import condition

HEALTH, FIGURES = "/healthz", "/metrics"
KEPT_SECONDS = 2.0
"""A verdict serves all who ask within this time: a flood of questions is no flood on the database."""
JOB_WAITS = 60.0
"""Seconds after which a job that nobody takes up says that the worker is gone."""
LEDGER_WAITS = 120.0
"""Seconds that a row of a committed transaction may be without its place in the ledger's tree; it is promised in 60."""
_lock = threading.Lock()
_kept: tuple[float, dict[str, str]] | None = None
_AUDIT = "database_audit"
"""For information, beside the verdicts: no word of it makes a site ill."""


def answer(request: HttpRequest) -> HttpResponse | None:
    """The answer when the address is one of the two, else None."""
    if request.path_info == HEALTH:
        return _health()
    if request.path_info == FIGURES:
        return _metrics(request)
    return None


def verdicts() -> dict[str, str]:
    """Part -> ok, or one word for what is wrong; asked anew every two seconds at most."""
    return {part: word for part, word in _told().items() if part != _AUDIT}


def _told() -> dict[str, str]:
    global _kept
    with _lock:
        if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
            found = condition.read(owner_address())
            audit = {_AUDIT: found.audit} if found.reachable else {}
            _kept = (time.monotonic(), _judge(found) | audit)
        return dict(_kept[1])


def examine() -> dict[str, str]:
    """Ask now."""
    return _judge(condition.read(owner_address()))


def _judge(found: condition.Condition) -> dict[str, str]:
    made = {"database": "ok" if found.reachable else "unreachable", "disk": _disk()}
    if found.reachable:
        made["migrations"] = "ok" if wanted_migrations() <= found.migrations else "missing"
        made["register"] = "unfinished" if found.unfinished else "ok"
        made["worker"] = _worker(found)
        # Without a worker it is the worker that is told.
        behind = found.workers and found.ledger_waits > LEDGER_WAITS
        made["ledger"] = "behind" if behind else "ok"
    return made


def owner_address() -> str:
    """The address of the alias ``owner``, as libpq reads it."""
    given = connections["owner"].get_connection_params()
    named = {"dbname", "user", "password", "host", "port"} | {
        n for n in given if n.startswith("ssl")
    }
    return conninfo.make_conninfo("", **{k: v for k, v in given.items() if k in named and v})


@cache
def wanted_migrations() -> frozenset[tuple[str, str]]:
    """Every migration that this release brings."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).graph.nodes)


def _worker(found: condition.Condition) -> str:
    if found.workers:
        return "ok"
    expected = os.environ.get("DANCU_EXPECT_WORKER") == "1"
    return "gone" if expected or found.job_waits > JOB_WAITS else "none"


def _disk() -> str:
    least = int(os.environ.get("DANCU_DISK_LEAST", "1000000000"))
    return "ok" if _free() >= least else "full"


def _free() -> int:
    place = home.folder() / "var"
    return shutil.disk_usage(place if place.is_dir() else Path("/")).free


def _health() -> HttpResponse:
    found = _told()
    well = all(word in ("ok", "none") for part, word in found.items() if part != _AUDIT)
    return JsonResponse({"well": well} | found, status=200 if well else 503)


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return HttpResponse(status=403)
    return HttpResponse("".join(_lines()), content_type=metrics.CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    """With the token, or from this machine itself and not through a proxy on it."""
    token = os.environ.get("DANCU_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    forwarded = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    try:
        return not forwarded and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _lines() -> list[str]:
    found = condition.read(owner_address(), figures=True)
    lines = [
        *metrics.family("dancu_build", "info", "The release.", [("_info", (("version", __version__),), 1)]),
        *metrics.requests.text(),
        *metrics.at_edge.text(),
        *metrics.gauges(found.figures, condition.TOLD),
        *metrics.family("dancu_jobs", "gauge", "Background jobs by state.",
                        [("", (("state", s),), n) for s, n in sorted(found.jobs.items())]),
        *metrics.family("dancu_healthy", "gauge", "1 for each part of /healthz that is well.",
                        [("", (("part", p),), w in ("ok", "none")) for p, w in sorted(verdicts().items())]),
        *metrics.family("dancu_disk_free_bytes", "gauge", "Free space beside var.", [("", (), _free())]),
        *_pools(),
        "# EOF\n",
    ]  # fmt: skip
    return lines


def _pools() -> list[str]:
    """Connections that this process holds for its pages, and how many requests wait for one."""
    samples: dict[str, list[metrics.Sample]] = {"size": [], "used": [], "waiting": []}
    for alias in ("default", "gate"):
        if not connections[alias].settings_dict["OPTIONS"].get("pool"):
            continue
        told = connections[alias].pool.get_stats()
        label = (("pool", alias),)
        size = told.get("pool_size", 0)
        samples["size"].append(("", label, size))
        samples["used"].append(("", label, size - told.get("pool_available", 0)))
        samples["waiting"].append(("", label, told.get("requests_waiting", 0)))
    words = {"size": "held", "used": "in use", "waiting": "requests that wait for one"}
    return [
        line
        for name, found in samples.items()
        for line in metrics.family(f"dancu_pool_{name}", "gauge", f"Connections: {words[name]}.", found)
    ]  # fmt: skip
