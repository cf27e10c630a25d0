"""What is done to accounts: each function changes the rows, writes the log and ends sessions in one transaction.

``by`` is the username of who does it (or of the person at the console). Everything runs through ``gate``, except
at the console, which has the owner's rights and says so with ``using``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.platform.access import claims
from dancu.platform.accounts import lockout, secrets
from dancu.platform.accounts.models import (
    AccountEvent,
    Credential,
    Grant,
    Identity,
    RecoveryCode,
    Session,
    User,
)
from dancu.reference.rights import ADMINISTRATOR, CITIZEN, roles

GATE = "gate"


class AccountError(ValueError):
    """What cannot be done to an account; the message is for the administrator."""


def log(what: str, *, by: str, user: User | None = None, **detail: Any) -> None:
    """One line of the log of accounts."""
    AccountEvent.objects.using(GATE).create(what=what, by=by, user=user, detail=detail)


def do_create_user(
    *, username: str, display_name: str, by: str, locale: str = "vi", demo: bool = False
) -> tuple[User, str]:
    """A new account and its first password, which must be changed (not in a demo)."""
    if User.objects.using(GATE).filter(username__iexact=username).exists():
        raise AccountError(_("Tên đăng nhập «%(name)s» đã có.") % {"name": username})
    first = secrets.new_password()
    with transaction.atomic(using=GATE):
        user = User.objects.using(GATE).create(
            username=username, display_name=display_name, locale=locale, is_demo=demo
        )
        Credential.objects.using(GATE).create(
            user=user, password=make_password(first), must_change=not demo, demo_without_totp=demo
        )
        log("user.created", by=by, user=user)
    return user, first


def do_grant(
    *, user: User, role: str, by: str, reason: str, unit_code: str = "", unit_on: dt.date | None = None,
    valid_from: dt.date | None = None, valid_to: dt.date | None = None,
) -> Grant:  # fmt: skip
    """A role in a unit for a time; the user logs in anew to have it."""
    if role not in roles():
        raise AccountError(_("Không có vai trò «%(role)s».") % {"role": role})
    if role == CITIZEN:
        raise AccountError(
            _("Không giao vai trò công dân cho tài khoản: công dân vào bằng tài khoản định danh.")
        )
    today = timezone.localdate()
    with transaction.atomic(using=GATE):
        grant = Grant.objects.using(GATE).create(
            user=user, role=role, unit_code=unit_code, unit_on=unit_on or today,
            valid_from=valid_from or today, valid_to=valid_to, given_by=by, reason=reason,
        )  # fmt: skip
        log("grant.given", by=by, user=user, role=role, unit=unit_code, reason=reason)
        end_sessions(user)
    user.__dict__.pop("grants_today", None)
    return grant


def do_revoke(*, grant: Grant, by: str, reason: str) -> None:
    """End a grant now; it stays in the table."""
    with transaction.atomic(using=GATE):
        Grant.objects.using(GATE).filter(pk=grant.pk, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_by=by
        )
        log(
            "grant.revoked",
            by=by,
            user=grant.user,
            role=grant.role,
            unit=grant.unit_code,
            reason=reason,
        )
        end_sessions(grant.user)


def do_unlock(*, user: User, by: str) -> None:
    """Forget the failed log-ins of a name."""
    with transaction.atomic(using=GATE):
        lockout.forgive(user.username)
        log("user.unlocked", by=by, user=user)


def do_reset_totp(*, user: User, by: str, reason: str) -> None:
    """The next log-in enrols a new telephone; old recovery codes are gone."""
    with transaction.atomic(using=GATE):
        Credential.objects.using(GATE).filter(pk=user.pk).update(totp_secret="", last_totp_step=0)
        RecoveryCode.objects.using(GATE).filter(user=user).delete()
        log("totp.reset", by=by, user=user, reason=reason)
        end_sessions(user)


def do_reset_password(*, user: User, by: str, reason: str) -> str:
    """A new first password, to be changed at log-in."""
    first = secrets.new_password()
    with transaction.atomic(using=GATE):
        do_set_password(user=user, password=first, by=by, must_change=True)
        log("password.reset", by=by, user=user, reason=reason)
        end_sessions(user)
    return first


def do_set_password(*, user: User, password: str, by: str, must_change: bool = False) -> None:
    """Keep a new password; other sessions are ended by who calls this."""
    with transaction.atomic(using=GATE):
        Credential.objects.using(GATE).filter(pk=user.pk).update(
            password=make_password(password), must_change=must_change, changed_at=timezone.now()
        )
        log("password.changed", by=by, user=user)


def do_set_active(*, user: User, active: bool, by: str, reason: str) -> None:
    """Close or reopen an account; nothing is deleted, since its name stands in logs."""
    with transaction.atomic(using=GATE):
        User.objects.using(GATE).filter(pk=user.pk).update(is_active=active)
        log("user.opened" if active else "user.closed", by=by, user=user, reason=reason)
        end_sessions(user)


def do_set_locale(*, user: User, locale: str) -> None:
    """The user's own choice of language."""
    User.objects.using(GATE).filter(pk=user.pk).update(locale=locale)


def do_link_identity(
    *, user: User, issuer: str, subject: str, by: str, reason: str = ""
) -> Identity:
    """This subject of an OIDC provider may log in as the user; AccountError when it is somebody's already."""
    try:
        with transaction.atomic(using=GATE):
            found = Identity.objects.using(GATE).create(user=user, issuer=issuer, subject=subject)
            log("identity.linked", by=by, user=user, issuer=issuer, reason=reason)
    except IntegrityError:
        raise AccountError(_("Mã này đã gắn với một tài khoản.")) from None
    return found


def do_unlink_identity(*, user: User, identity: int, by: str, reason: str) -> None:
    """That subject may not log in as the user any more; the user's open sessions end."""
    with transaction.atomic(using=GATE):
        gone, _count = Identity.objects.using(GATE).filter(pk=identity, user=user).delete()
        if gone:
            log("identity.unlinked", by=by, user=user, reason=reason)
            end_sessions(user)


def end_sessions(user: User, *, keep: str | None = None) -> None:
    """End what is open; ``keep`` is the hash of a session's key that stays (its claim stays too)."""
    open_now = Session.objects.using(GATE).filter(user_id=user.pk)
    if keep is None:
        claims.end_of_user(user.pk)
    open_now.exclude(key_hash=keep or "").delete()


def recover(*, username: str, create: bool = False) -> str:
    """At the console: a way in for an administrator who lost theirs, or for the first one."""
    user = User.objects.using(GATE).filter(username__iexact=username).first()
    if user is None and not create:
        raise AccountError(
            f"Không có tài khoản «{username}». Thêm --create để lập tài khoản quản trị mới.\n"
            f"There is no account {username}; --create makes a new administrator."
        )
    if user is None:
        user, first = do_create_user(username=username, display_name=username, by="console")
        do_grant(user=user, role=ADMINISTRATOR, by="console", reason="dancu admin recover --create")
        return first
    with transaction.atomic(using=GATE):
        do_set_active(user=user, active=True, by="console", reason="dancu admin recover")
        do_reset_totp(user=user, by="console", reason="dancu admin recover")
        do_unlock(user=user, by="console")
        return do_reset_password(user=user, by="console", reason="dancu admin recover")
