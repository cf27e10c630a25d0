"""Four ways into one database, as Django settings.

``owner`` makes the tables and does background work; ``default`` is what pages use (role dancu_app: row-level
security holds for it, logs cannot be rewritten); ``gate`` is used by log-in and accounts alone (role dancu_gate),
so that SQL smuggled into a page can neither read a password nor make a claim to a territory; ``edge`` is what the
counter around Django writes with (role dancu_edge: adds to one table, reads nothing).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from psycopg import conninfo

from dancu.site import home
from dancu.store import supervisor

ROLES = {"default": "dancu_app", "gate": "dancu_gate", "edge": "dancu_edge"}
_GIVEN = {
    "default": "DATABASE_APP_URL",
    "gate": "DATABASE_GATE_URL",
    "edge": "DATABASE_EDGE_URL",
}


def databases() -> dict[str, dict[str, Any]]:
    """DATABASES of the settings. With DANCU_DATABASE=none they lead nowhere (set by :func:`point`)."""
    if os.environ.get("DANCU_DATABASE") == "none":
        return {alias: _django("", alias) for alias in (*ROLES, "owner")}
    owner = supervisor.ensure(home.folder()).dsn
    return {alias: _django(url, alias) for alias, url in urls(owner).items()}


def urls(owner: str) -> dict[str, str]:
    """The address for each alias; those of the roles are derived from the owner's unless given."""
    given = {alias: os.environ.get(name) for alias, name in _GIVEN.items()}
    return {
        alias: given[alias] or _as_role(owner, role, password(alias))
        for alias, role in ROLES.items()
    } | {"owner": owner}


def environment(owner: str) -> dict[str, str]:
    """The settings that lead another process to this database in the roles of this one."""
    led = urls(owner)
    return {"DATABASE_URL": owner} | {name: led[alias] for alias, name in _GIVEN.items()}


def is_given(alias: str) -> bool:
    """Whether an administrator made this role and gave its address: then it is not ours to change."""
    return bool(os.environ.get(_GIVEN[alias]))


def password(alias: str) -> str:
    """The generated password of a role: kept beside that of the owner."""
    if os.environ.get("DANCU_DATABASE") == "none":
        return hmac.new(b"tests", alias.encode(), hashlib.sha256).hexdigest()
    return home.kept(f"var/site/{ROLES[alias]}.password")


def point(owner: str) -> None:
    """Lead an already configured Django to this database; for tests."""
    from django.conf import settings
    from django.db import connections

    for alias, url in urls(owner).items():
        connections[alias].close()
        connections[alias].close_pool()
        settings.DATABASES[alias].update(_django(url, alias))
        connections[alias].settings_dict.update(_django(url, alias))


def of(alias: str) -> str:
    """The address behind an alias as Django knows it now, for a connection outside Django."""
    from django.conf import settings

    given = settings.DATABASES[alias]
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    parts = {theirs: given[ours] for ours, theirs in names.items() if given[ours]}
    return conninfo.make_conninfo(
        "", **parts, **{k: v for k, v in given["OPTIONS"].items() if k != "pool"}
    )


def _as_role(owner: str, role: str, secret: str) -> str:
    parts = conninfo.conninfo_to_dict(owner) | {"user": role, "password": secret}
    return conninfo.make_conninfo("", **parts)


def _django(url: str, alias: str) -> dict[str, Any]:
    parts = {k: str(v) for k, v in conninfo.conninfo_to_dict(url).items() if v is not None}
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    settings: dict[str, Any] = {key: parts.pop(name, "") for key, name in names.items()}
    options: dict[str, Any] = {**parts, "application_name": f"dancu-{alias}"}
    if alias != "owner" and os.environ.get("DANCU_DATABASE") != "none":
        options["pool"] = {"min_size": 1, "max_size": int(os.environ.get("DANCU_POOL", "12"))}
    return settings | {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        # The middleware holds one transaction around the whole request, so that row-level security also holds
        # while templates are rendered; ATOMIC_REQUESTS would only cover the view.
        "ATOMIC_REQUESTS": False,
    }  # fmt: skip
