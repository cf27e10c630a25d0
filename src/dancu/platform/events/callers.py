"""Who calls the API: a partner's key (Bearer) or an officer's session; the guard before every address of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja.utils import check_csrf

from dancu.platform.access.pages import Declared
from dancu.platform.access.rights import has_right
from dancu.platform.events import answers, keys, kinds, limits, officers
from dancu.platform.events.recording import Recorder
from dancu.platform.feed import pairwise

OFFICER_A_MINUTE = 120
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Caller:
    """Who calls: the name in the log, the name its calls are counted under, how many a minute, and as what recorder."""

    name: str
    counted: str
    a_minute: int
    is_key: bool
    user: Any
    recorder: Callable[[str | None], Recorder]

    @property
    def client(self) -> str:
        """Whose identifiers of persons are used: an account's, so that they outlive each of its keys."""
        return f"account:{self.user.pk}"

    def named(self, citizen: UUID | str) -> str:
        """The person as this caller is told: a system by an identifier of its own, an officer by the register's."""
        return pairwise.of(self.client, citizen) if self.is_key else str(citizen)

    def meant(self, identifier: UUID) -> UUID:
        """The register's identifier of the person that the caller means."""
        return pairwise.citizen(self.client, identifier.hex) if self.is_key else identifier

    def may(self, right: str) -> bool:
        """A key opens the recording of events and nothing else."""
        return right == kinds.RIGHT if self.is_key else has_right(self.user, right)


def guarded(view: Callable[..., Any], *, right: str | None) -> Callable[..., Any]:
    """The view behind log-in, right and rate limit; `right` None: any key or log-in."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        caller = _caller(request)
        if caller is None:
            return answers.refuse("unauthenticated")
        if right is not None and not caller.may(right):
            return answers.refuse("forbidden")
        if not caller.is_key and request.method not in SAFE and check_csrf(request):
            return answers.refuse("csrf")
        left = limits.take(caller.counted, caller.a_minute)
        request.caller, request.left = caller, left
        answer = view(request, *args, **kwargs) if left.passed else answers.refuse("too-many")
        for name, value in request.left.headers.items():
            answer.headers[name] = value
        return answer

    run.declared = Declared(right=right)  # type: ignore[attr-defined]
    return run


def _caller(request: HttpRequest) -> Caller | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        found = keys.find(secret.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            return None
        key, user = found
        keys.use(secret.strip(), key)
        recorder = keys.recorder(key, user)
        return Caller(user.username, key.source, key.a_minute, True, user, lambda _kind: recorder)
    user = request.user
    if not user.is_authenticated:
        return None
    return Caller(
        user.username, f"user:{user.pk}", OFFICER_A_MINUTE, False, user,
        lambda kind: officers.recorder(user, kind),
    )  # fmt: skip
