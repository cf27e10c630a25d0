"""The ways a notice leaves: a file of this machine by default, e-mail by SMTP, a text message by a gateway over HTTP.

A channel gets the notice's identifier, so that the other side can tell a second delivery from a second notice
(`Message-ID`, `Idempotency-Key`): one that was sent and not yet noted is sent again after a crash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from dancu.kit.lines import Line, LineDown
from dancu.sectors.public_services.notices.telling import plain

LONGEST = 10.0


class NotSent(Exception):
    """It did not leave; the word says why and never quotes an address."""


class Channel(Protocol):
    """A way out."""

    name: str

    def send(self, notice: UUID, address: str, text: str, at: datetime) -> None:
        """Send it; NotSent."""


def of(wanted: str) -> Channel:
    """The channel for a person's choice: the file where nothing better is set up or wanted."""
    if wanted == "email" and (url := os.environ.get("DANCU_SMTP_URL")):
        return Email(url, os.environ.get("DANCU_NOTICE_FROM", "dich-vu-cong@localhost"))
    if wanted == "sms" and (url := os.environ.get("DANCU_SMS_URL")):
        return Sms(url, _sms_key())
    return File(Path(os.environ.get("DANCU_NOTICE_FOLDER") or _home() / "var/site/notices"))


class File:
    """A line of JSON in the file of the day; the text alone, nobody's address."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, notice: UUID, address: str, text: str, at: datetime) -> None:
        """Append it."""
        del address
        line = json.dumps(
            {"notice": str(notice), "at": at.isoformat(), "text": text}, ensure_ascii=False
        )
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (self._folder / f"{at:%Y-%m-%d}.jsonl").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise NotSent("file") from error


class Email:
    """``smtp://user:password@host:port`` (STARTTLS when the server offers it) or ``smtps://``."""

    name = "email"

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._from = urlsplit(url), sender

    def send(self, notice: UUID, address: str, text: str, at: datetime) -> None:
        """One message, of plain text."""
        message = EmailMessage()
        message["From"], message["To"] = self._from, address
        message["Subject"] = "Dịch vụ công: hồ sơ của bạn có tin mới"
        message["Date"] = at
        message["Message-ID"] = f"<{notice}@{self._from.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._server() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"smtp:{type(error).__name__}") from error

    def _server(self) -> smtplib.SMTP:
        given, context = self._url, ssl.create_default_context()
        server: smtplib.SMTP
        if given.scheme == "smtps":
            server = smtplib.SMTP_SSL(
                given.hostname or "", given.port or 465, timeout=LONGEST, context=context
            )
        else:
            server = smtplib.SMTP(given.hostname or "", given.port or 25, timeout=LONGEST)
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if given.username:
            server.login(unquote(given.username), unquote(given.password or ""))
        return server


class Sms:
    """POST of JSON ``{"to", "text"}`` to the gateway's address, signed, with the notice as its key."""

    name = "sms"

    def __init__(self, url: str, key: bytes) -> None:
        self._url, self._key = urlsplit(url), key

    def send(self, notice: UUID, address: str, text: str, at: datetime) -> None:
        """One message without marks."""
        del at
        body = json.dumps({"to": address, "text": plain(text)}).encode()
        headers = {
            "Content-Type": "application/json", "Idempotency-Key": str(notice),
            "X-Signature": hmac.new(self._key, body, hashlib.sha256).hexdigest(),
        }  # fmt: skip
        line = Line(f"{self._url.scheme}://{self._url.netloc}")
        try:
            answer = line.post(
                self._url.path or "/", seconds=LONGEST, content=body, headers=headers
            )
        except LineDown as error:
            raise NotSent(f"sms:{error}") from error
        finally:
            line.close()
        if not 200 <= answer.status < 300:
            raise NotSent(f"sms:{answer.status}")


def _home() -> Path:
    return Path(os.environ.get("DANCU_HOME") or Path.cwd())


def _sms_key() -> bytes:
    path = os.environ.get("DANCU_SMS_SECRET_FILE")
    found = (
        Path(path).read_text(encoding="utf-8") if path else os.environ.get("DANCU_SMS_SECRET", "")
    )
    return found.strip().encode()
