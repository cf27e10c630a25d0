"""Django's session engine over our own table: hashed keys, an idle limit and an absolute one.

The key itself exists in the cookie alone. Reading the table gives no session, and no token of a claim.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from dancu.platform.accounts.models import Session

BEFORE_LOGIN = dt.timedelta(minutes=30)
SEEN_EVERY = dt.timedelta(minutes=1)
"""How often «last seen» is written: not at every request."""


def digest(session_key: str) -> str:
    """What the table keeps of a key."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(SessionBase):
    """The engine; names and behaviour are those that Django's middleware expects."""

    rows: Any = Session
    """The table: another kind of session has its own."""

    def load(self) -> dict[str, Any]:
        """The data of a living session; a dead one is as good as none."""
        row = self.rows.objects.filter(key_hash=digest(self.session_key or "")).first()
        now = timezone.now()
        if (
            row is None
            or row.ends_at <= now
            or row.seen_at + dt.timedelta(minutes=row.idle_minutes) <= now
        ):
            self._session_key = None
            return {}
        if now - row.seen_at >= SEEN_EVERY:
            self.rows.objects.filter(pk=row.pk).update(seen_at=now)
        found: dict[str, Any] = self.decode(row.data)
        return found

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        return self.rows.objects.filter(key_hash=digest(session_key)).exists()

    def create(self) -> None:
        """A new key and an empty row."""
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the data; limits and owner are written by log-in (:func:`settle`)."""
        if self.session_key is None:
            return self.create()
        key_hash = digest(self.session_key)
        data = self.encode(self._get_session(no_load=must_create))
        if not must_create:
            if not self.rows.objects.filter(key_hash=key_hash).update(data=data):
                raise UpdateError
            return None
        try:
            with transaction.atomic():
                self.rows.objects.create(
                    key_hash=key_hash, data=data, ends_at=timezone.now() + BEFORE_LOGIN
                )
        except IntegrityError as error:
            raise CreateError from error
        return None

    def delete(self, session_key: str | None = None) -> None:
        """Forget the row."""
        key = session_key or self.session_key
        if key:
            self.rows.objects.filter(key_hash=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """For a nightly job."""
        cls.rows.objects.filter(ends_at__lte=timezone.now()).delete()


def settle(
    session_key: str, *, user_id: int, agent: str, address: str, idle: int, until: dt.datetime
) -> None:
    """At log-in: whose session this is, and when it ends."""
    Session.objects.filter(key_hash=digest(session_key)).update(
        user_id=user_id, agent=agent[:120], address=address, idle_minutes=idle,
        ends_at=until, seen_at=timezone.now(),
    )  # fmt: skip
