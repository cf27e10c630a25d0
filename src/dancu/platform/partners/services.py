"""Registering a partner, changing it, suspending it: by the administrator, through ``gate``, each with its own row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from dancu.platform.access import territory
from dancu.platform.partners import tokens
from dancu.platform.partners.models import EVERYWHERE, Change, Flag, Partner
from dancu.reference import purposes

GATE = "gate"
_PUBLIC = frozenset({"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg", "key_ops", "x5t#S256"})
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class PartnerError(ValueError):
    """What cannot be registered; the message says what to put right."""


def do_register(
    *, client_id: str, name_vi: str, by: str, on: dt.date, purposes: Mapping[str, Iterable[str]],
    units: Iterable[str], jwks: Mapping[str, Any] | None = None, certificate: str = "",
    requires_officer: bool = True, a_minute: int = 600, a_day: int = 20_000, a_subject_day: int = 20,
    active_from: dt.date | None = None, active_to: dt.date | None = None,
) -> Partner:  # fmt: skip
    """A new partner; PartnerError. `purposes`: purpose -> fields; `units`: codes of the day, or `*`."""
    given: dict[str, Any] = {
        "name_vi": name_vi, "purposes": checked_purposes(purposes, on=on), "jwks": checked_keys(jwks or {}),
        "certificate": checked_certificate(certificate), "requires_officer": requires_officer, "a_minute": a_minute,
        "a_day": a_day, "a_subject_day": a_subject_day, "active_from": active_from or timezone.localdate(),
        "active_to": active_to, **checked_units(units, on=on),
    }  # fmt: skip
    with transaction.atomic(using=GATE):
        if Partner.objects.using(GATE).filter(client_id=client_id).exists():
            raise PartnerError("Mã đơn vị này đã có.")
        partner = Partner(client_id=client_id, created_by=by, **given)
        partner.full_clean(exclude=["jwks", "communes"], validate_unique=False)
        partner.save(using=GATE, force_insert=True)
        _told(client_id, by, "registered", given)
    return partner


def do_change(*, client_id: str, by: str, on: dt.date, why: str, **given: Any) -> Partner:
    """Other purposes, fields, units, quotas or keys from now on; PartnerError."""
    if "purposes" in given:
        given["purposes"] = checked_purposes(given["purposes"], on=on)
    if "jwks" in given:
        given["jwks"] = checked_keys(given["jwks"])
    if "certificate" in given:
        given["certificate"] = checked_certificate(given["certificate"])
    if "units" in given:
        given |= checked_units(given["units"], on=on)
    with transaction.atomic(using=GATE):
        partner = Partner.objects.using(GATE).select_for_update().get(pk=client_id)
        for name, value in given.items():
            setattr(partner, name, value)
        partner.save(using=GATE, update_fields=[*given])
        _told(client_id, by, "changed", given | {"why": why})
    tokens.forget()
    return partner


def do_suspend(*, client_id: str, by: str, why: str) -> bool:
    """It may ask nothing from now on, also with a token it holds; False when it was suspended already."""
    with transaction.atomic(using=GATE):
        changed = Partner.objects.using(GATE).filter(pk=client_id, suspended_at=None).update(
            suspended_at=timezone.now(), suspended_by=by, suspended_why=why
        )  # fmt: skip
        if changed:
            _told(client_id, by, "suspended", {"why": why})
    tokens.forget()
    return bool(changed)


def do_resume(*, client_id: str, by: str, why: str) -> None:
    """It may ask again."""
    with transaction.atomic(using=GATE):
        Partner.objects.using(GATE).filter(pk=client_id).update(
            suspended_at=None, suspended_by="", suspended_why=""
        )
        _told(client_id, by, "resumed", {"why": why})
    tokens.forget()


def do_see(*, flag: int, by: str) -> None:
    """An auditor has looked at what seemed odd."""
    Flag.objects.using(GATE).filter(pk=flag, seen_at=None).update(
        seen_at=timezone.now(), seen_by=by
    )


def checked_purposes(told: Mapping[str, Iterable[str]], *, on: dt.date) -> dict[str, list[str]]:
    """Purposes of the catalogue that are open to partners, with fields that they hold; PartnerError."""
    known, found = purposes.purposes(on=on), {}
    for code, fields in told.items():
        if code not in known or purposes.PARTNER not in known[code].askers:
            raise PartnerError(f"Mục đích «{code}» không dành cho đơn vị ngoài.")
        if outside := sorted(set(fields) - known[code].fields):
            raise PartnerError(f"Ngoài phạm vi của mục đích «{code}»: {', '.join(outside)}.")
        found[code] = sorted(set(fields)) or sorted(known[code].fields)
    if not found:
        raise PartnerError("Chọn ít nhất một mục đích.")
    return found


def checked_keys(told: Mapping[str, Any]) -> dict[str, Any]:
    """A JWK set of public keys alone; PartnerError, also when a private part stands in it."""
    keys = told.get("keys", []) if isinstance(told, Mapping) else None
    if not isinstance(keys, list) or not all(isinstance(key, Mapping) for key in keys):
        raise PartnerError('Bộ khoá phải là JWKS: {"keys": [...]}.')
    for key in keys:
        if key.get("kty") not in ("OKP", "EC", "RSA"):
            raise PartnerError("Khoá phải là loại OKP, EC hoặc RSA.")
        if set(key) - _PUBLIC:
            raise PartnerError("Chỉ gửi khoá công khai; bộ khoá này có phần bí mật hoặc phần lạ.")
    return {"keys": [dict(key) for key in keys]} if keys else {}


def checked_certificate(told: str) -> str:
    """The SHA-256 fingerprint of a client certificate in small letters without colons; PartnerError."""
    plain = told.replace(":", "").strip().lower()
    if plain and not _FINGERPRINT.fullmatch(plain):
        raise PartnerError("Vân tay chứng thư là 64 chữ số hệ 16 (SHA-256).")
    return plain


def checked_units(told: Iterable[str], *, on: dt.date) -> dict[str, Any]:
    """The codes, and the communes that they hold on the register's day; PartnerError."""
    codes = sorted(set(told))
    if codes == [EVERYWHERE]:
        return {"units": codes, "unit_on": on, "communes": []}
    communes = [territory.communes(code, on=on) for code in codes]
    if not codes or not all(communes):
        raise PartnerError("Có mã không phải đơn vị trong ngày của sổ.")
    return {"units": codes, "unit_on": on, "communes": sorted(frozenset().union(*communes))}


def _told(client_id: str, by: str, what: str, detail: Mapping[str, Any]) -> None:
    plain = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in detail.items()}
    Change.objects.using(GATE).create(client_id=client_id, by=by, what=what, detail=plain)
