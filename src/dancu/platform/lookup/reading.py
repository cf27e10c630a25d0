"""What a partner or a scanner hands in becomes a question: a card's text or a number, and claims.

Border: reads text, asks nobody. A card's fields that the asker may not ask about are left out; a claim that it states
itself and may not is refused.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dancu.engine.verify import ATTRIBUTES, Asked
from dancu.engine.verify import dates as verify_dates
from dancu.formats import card_mrz, card_qr, old_number, personal_number
from dancu.formats.errors import FormatError
from dancu.lib.text import fold
from dancu.platform.lookup.problems import Refusal

MOST_CLAIMS, LONGEST = 20, 300
WAYS = ("qr", "mrz", "number", "old_number")
_PLACES = frozenset({"commune", "address", "lived_in"})
_MRZ_FOREVER = "991231"


@dataclass(frozen=True)
class Question:
    """One question: who is asked about, what for, by which officer of the partner, under which number."""

    asked: Asked
    purpose: str
    officer: str
    request_id: UUID | None
    digest: bytes

    @property
    def name_key(self) -> str:
        """The claimed name as the register's `name_key`."""
        return fold(self.asked.claims.get("full_name", ""))

    @property
    def born(self) -> dt.date | None:
        """The claimed whole day of birth."""
        parts = verify_dates.read(self.asked.claims.get("birth_date", ""))
        return dt.date(*parts) if parts and parts[2] else None


def is_allowed(attribute: str, fields: Collection[str]) -> bool:
    """Whether an attribute may be asked about where these fields are open."""
    if attribute in _PLACES:
        return "permanent_unit" in fields
    if attribute == "age_over":
        return "age_over" in fields or "birth_date" in fields
    return attribute in fields


def question(sent: bytes, *, fields: Mapping[str, Collection[str]], test_people: bool) -> Question:
    """The question of a request's body; Refusal. `fields`: purpose -> what may be asked about."""
    try:
        told = json.loads(sent)
    except (ValueError, RecursionError):
        raise Refusal("unreadable") from None
    if not isinstance(told, dict):
        raise Refusal("unreadable")
    purpose = told.get("purpose")
    if not isinstance(purpose, str) or purpose not in fields:
        raise Refusal("purpose")
    asked = _asked(told, fields[purpose], test_people)
    return Question(
        asked, purpose, _officer(told), _request_id(told), hashlib.sha256(sent).digest()
    )


def one(told: Mapping[str, Any], *, fields: Collection[str], test_people: bool) -> Asked:
    """A question without its asker: a line of a list, or what a scanner typed; Refusal."""
    return _asked(told, fields, test_people)


def _asked(told: Mapping[str, Any], fields: Collection[str], test_people: bool) -> Asked:
    given = [way for way in WAYS if told.get(way)]
    if len(given) != 1:
        raise Refusal("invalid", {"number": "missing" if not given else "several"})
    (way,) = given
    text = told[way]
    if not isinstance(text, str) or len(text) > 4 * LONGEST:
        raise Refusal("invalid", {way: "unreadable"})
    claims = _claims(told.get("claims"), fields)
    try:
        if way == "qr":
            return _of_qr(text, claims, fields, test_people)
        if way == "mrz":
            return _of_mrz(text, claims, fields, test_people)
        if way == "number":
            return Asked(personal_number.validate(text, test_people=test_people), "", claims)
        return Asked("", old_number.validate(text), claims)
    except FormatError:
        raise Refusal("invalid", {way: "unreadable"}) from None


def _claims(told: Any, fields: Collection[str]) -> dict[str, str]:
    if told is None:
        return {}
    if not isinstance(told, dict) or len(told) > MOST_CLAIMS:
        raise Refusal("invalid", {"claims": "unreadable"})
    if any(name not in ATTRIBUTES for name in told):
        raise Refusal("invalid", {"claims": "unknown"})
    if closed := [name for name in told if not is_allowed(name, fields)]:
        raise Refusal("field", {f"claims.{name}": "unknown" for name in closed})
    wrong = [n for n, text in told.items() if not isinstance(text, str) or not 0 < len(text) <= LONGEST]  # fmt: skip
    if wrong:
        raise Refusal("invalid", {f"claims.{name}": "unreadable" for name in wrong})
    return dict(told)


def _of_qr(text: str, claims: dict[str, str], fields: Collection[str], test_people: bool) -> Asked:
    card = card_qr.parse(text, test_people=test_people)
    read = {
        "full_name": card.name, "birth_date": card.birth, "sex": _SEX[card.sex], "old_number": card.old_number,
        "address": card.address, "card_issued": card.issued,
    }  # fmt: skip
    return Asked(card.number, "", _open(read, fields) | claims, "qr")


def _of_mrz(text: str, claims: dict[str, str], fields: Collection[str], test_people: bool) -> Asked:
    card = card_mrz.parse(text, test_people=test_people)
    century = personal_number.parse(card.number, test_people=test_people).birth_year // 100
    read = {
        "full_name": card.name, "birth_date": _whole(card.birth, century), "sex": _SEX[card.sex],
        "card_expires": "" if card.expiry == _MRZ_FOREVER else _whole(card.expiry, 20),
    }  # fmt: skip
    return Asked(card.number, "", _open(read, fields) | claims, "mrz")


_SEX = {"male": "Nam", "female": "Nữ"}


def _whole(yymmdd: str, century: int) -> str:
    return f"{century:02d}{yymmdd[:2]}-{yymmdd[2:4]}-{yymmdd[4:]}"


def _open(read: Mapping[str, str], fields: Collection[str]) -> dict[str, str]:
    return {name: text for name, text in read.items() if text and is_allowed(name, fields)}


def _officer(told: Mapping[str, Any]) -> str:
    """Name and number in one text; empty when either is missing."""
    officer = told.get("officer")
    if not isinstance(officer, dict):
        return ""
    name, number = officer.get("name"), officer.get("number")
    if not isinstance(name, str) or not isinstance(number, str) or len(name) + len(number) > 240:
        return ""
    both = f"{' '.join(name.split())} ({' '.join(number.split())})"
    return both if name.strip() and number.strip() else ""


def _request_id(told: Mapping[str, Any]) -> UUID | None:
    text = told.get("request_id")
    if text is None:
        return None
    if not isinstance(text, str) or not re.fullmatch(
        r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text
    ):
        raise Refusal("invalid", {"request_id": "unreadable"})
    return UUID(text)


def number_hash(asked: Asked, secret: str) -> tuple[bytes, int]:
    """(keyed hash of all but the last three digits, those digits): enough to see that somebody counts through."""
    number = asked.number or asked.old_number
    key = hmac.new(secret.encode(), number[:-3].encode(), hashlib.sha256).digest()
    return key, int(number[-3:] or 0)
