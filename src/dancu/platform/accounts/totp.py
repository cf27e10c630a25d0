"""One-time codes of an authenticator app: enrolment, check without replay, recovery codes."""

from __future__ import annotations

import io
import time
from typing import Any

import pyotp
import segno
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from dancu.platform.accounts import secrets
from dancu.platform.accounts.models import Credential, RecoveryCode

ISSUER = "dancu"
STEP = 30
CODES = 10


def new_secret() -> str:
    """For enrolment; 160 bits in base 32."""
    return pyotp.random_base32()


def picture(secret: str, username: str) -> str:
    """The QR code as SVG for the page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", omitsize=True, border=4, xmldecl=False, svgns=True, dark="#000", light="#fff",
        title=None, svgclass="qr", lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()


def step_of(secret: str, code: str, *, now: float | None = None) -> int | None:
    """The time step for which the code is right (this one, or one before or after); None when it is wrong."""
    present = int((time.time() if now is None else now) // STEP)
    clean = "".join(code.split())
    return next(
        (
            step
            for step in (present, present - 1, present + 1)
            if pyotp.utils.strings_equal(pyotp.TOTP(secret).at(step * STEP), clean)
        ),
        None,
    )


def check(user: Any, code: str) -> bool:
    """Whether the code proves the user now. A code, or an older one, is taken once: its step is kept."""
    with transaction.atomic(using="gate"):
        credential = Credential.objects.using("gate").select_for_update().get(pk=user.pk)
        if not credential.totp_secret:
            return False
        secret = secrets.decrypt(credential.totp_secret, user_id=user.pk)
        step = step_of(secret, code)
        if step is not None and step > credential.last_totp_step:
            credential.last_totp_step = step
            credential.save(using="gate", update_fields=["last_totp_step"])
            return True
    return _recovered(user, code)


def enrol(user: Any, secret: str, code: str) -> list[str] | None:
    """Keep the secret when the code shows that the telephone has it; the recovery codes, to be shown once."""
    step = step_of(secret, code)
    if step is None:
        return None
    codes = [secrets.new_password()[:9] for _ in range(CODES)]
    with transaction.atomic(using="gate"):
        Credential.objects.using("gate").filter(pk=user.pk).update(
            totp_secret=secrets.encrypt(secret, user_id=user.pk), last_totp_step=step
        )
        RecoveryCode.objects.using("gate").filter(user_id=user.pk).delete()
        RecoveryCode.objects.using("gate").bulk_create(
            RecoveryCode(user_id=user.pk, digest=make_password(code)) for code in codes
        )
    return codes


def _recovered(user: Any, code: str) -> bool:
    clean = "".join(code.split()).lower()
    if len(clean) != 9:
        return False
    left = RecoveryCode.objects.using("gate").filter(user_id=user.pk, used_at=None)
    for kept in left:
        if check_password(clean, kept.digest):
            return bool(left.filter(pk=kept.pk).update(used_at=timezone.now()))
    return False
