"""Three ways to the second body: a folder (a share, a drive), a mail, an HTTP address.

A bundle holds hashes and signatures only. What fails raises OSError or HandoverError and is tried again.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx2

_PATIENCE = 60.0


class HandoverError(RuntimeError):
    """The other side did not take it; the message says why."""


def configured() -> dict[str, str]:
    """Channel → where it leads, of those that are set."""
    names = {"drop": "DANCU_LEDGER_DROP", "mail": "DANCU_LEDGER_MAIL", "post": "DANCU_LEDGER_POST"}
    return {channel: os.environ[name] for channel, name in names.items() if os.environ.get(name)}


def send(channel: str, place: str, name: str, content: bytes) -> None:
    """Hand one bundle over. Raises OSError, HandoverError."""
    _WAYS[channel](place, name, content)


def drop(place: str, name: str, content: bytes) -> None:
    """Into a folder that is there (one that is not may be a drive that is not mounted); whole or not at all."""
    folder = Path(place)
    if not folder.is_dir():
        raise HandoverError("the folder is not there")
    part = folder / f".{name}.part"
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / name)


def mail(place: str, name: str, content: bytes) -> None:
    """To an address, through the server of DANCU_SMTP_URL (smtp:// or smtps://)."""
    server = urlsplit(os.environ.get("DANCU_SMTP_URL", "smtp://127.0.0.1:25"))
    message = EmailMessage()
    message["Subject"] = f"Sổ cái dancu: {name}"
    message["From"] = os.environ.get("DANCU_SMTP_FROM", "dancu@localhost")
    message["To"] = place
    message.set_content("Gói đầu cây và mã băm của sổ cái. Giữ nguyên tệp đính kèm.\n")
    message.add_attachment(content, maintype="application", subtype="zip", filename=name)
    secure = server.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    port = server.port or (465 if secure else 25)
    try:
        with kind(server.hostname or "127.0.0.1", port, timeout=_PATIENCE) as session:
            if not secure and session.has_extn("starttls"):
                session.starttls(context=ssl.create_default_context())
            if server.username:
                session.login(unquote(server.username), unquote(server.password or ""))
            session.send_message(message)
    except smtplib.SMTPException as error:
        raise HandoverError(type(error).__name__) from error


def post(place: str, name: str, content: bytes) -> None:
    """To an HTTP address, with DANCU_LEDGER_POST_TOKEN as bearer when there is one; repeating it is harmless."""
    headers = {"Content-Type": "application/zip", "Idempotency-Key": name}
    if token := os.environ.get("DANCU_LEDGER_POST_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    try:
        answer = httpx2.post(place, content=content, headers=headers, timeout=_PATIENCE)
    except httpx2.HTTPError as error:
        raise HandoverError(type(error).__name__) from error
    if answer.status_code >= 300:
        raise HandoverError(f"HTTP {answer.status_code}")


_WAYS: Mapping[str, Callable[[str, str, bytes], None]] = {"drop": drop, "mail": mail, "post": post}
