"""Where this installation keeps its things (``var/`` of DANCU_HOME or of the current folder), and its secret key."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path


def folder() -> Path:
    """The folder that holds ``var``."""
    return Path(os.environ.get("DANCU_HOME") or Path.cwd())


def secret_key() -> str:
    """DANCU_SECRET_KEY, else a key generated once into var/site/secret-key (0600): never in the repository."""
    return os.environ.get("DANCU_SECRET_KEY") or kept("var/site/secret-key")


def old_secret_keys() -> list[str]:
    """Keys of before, which still open what they sealed: DANCU_OLD_SECRET_KEYS, else those of a restored backup."""
    given = os.environ.get("DANCU_OLD_SECRET_KEYS")
    path = folder() / "var/site/old-secret-keys"
    if given is None and path.is_file():
        given = path.read_text(encoding="utf-8").strip()
    return [key for key in (given or "").split(",") if key]


def emptied(name: str) -> Path:
    """A folder of this installation for what is under way, without what a killed process left in it."""
    path = folder().resolve() / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def secret(name: str) -> str:
    """A secret of the environment, or of the file that NAME_FILE names (as systemd and compose hand them over)."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, "")


def keep(name: str, secret: str) -> None:
    """Put a secret in its file (0600), in place of the one that is there."""
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(secret)
    part.replace(path)


def kept(name: str) -> str:
    """A secret in a file of this installation; made on first use, by exactly one of several processes."""
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        part = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(part, path)
        finally:
            part.unlink()
    return path.read_text(encoding="utf-8").strip()
