"""Who stands at the counter: a card read, verified, and carried from the scan to the filing in a signed word.

Border: what of the card is carried is what the card says; the register's values come later, through the one door.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.db import connection

from dancu.kit import identity
from dancu.kit.identity import Answer, Asked, Reply

PURPOSE = "procedure"
LONGEST = 4 * 3600
"""Seconds after which a scan must be made again."""
_SALT = "services_counter.meeting"
_GOOD = ("confirmed", "close")


class Stale(ValueError):
    """The scan is too old, or was not made here."""


@dataclass(frozen=True)
class Met:
    """A person at the counter. `citizen`: the identifier in our register, '' if there is none.

    `state` and `source`: as `services.identity_check` has them. `verdicts`: (attribute, verdict) of what differs.
    """

    citizen: str
    number: str
    old_number: str
    claims: dict[str, str]
    state: str
    source: str
    question: str = ""
    receipt: str = ""
    note: str = ""
    verdicts: tuple[tuple[str, str], ...] = ()

    @property
    def full_name(self) -> str:
        """As the card has it."""
        return self.claims.get("full_name", "")

    def as_form(self) -> dict[str, str]:
        """What a dossier keeps of the applicant, so that the question can be asked again."""
        return {"number": self.number, "old_number": self.old_number, **self.claims}


def meet(text: str, *, by: Any, on: dt.date, at: dt.datetime) -> Met:
    """Read what was scanned and ask who may answer; NotRead. Each question leaves its line in the log."""
    asked = identity.read(text, purpose=PURPOSE, on=on)
    ours = (
        identity.of_register(asked, by=by, purpose=PURPOSE, on=on, at=at)
        if identity.has_register()
        else None
    )
    nation = (
        identity.of_nation(asked, by=by, purpose=PURPOSE, on=on, at=at, number=uuid4())
        if identity.has_national_line()
        else None
    )
    state, source, note = standing(ours, nation)
    decided = nation if source == "national" else ours
    return Met(
        citizen=_citizen(ours), number=asked.number, old_number=asked.old_number, claims=dict(asked.claims),
        state=state, source=source, question=str(nation.number) if nation and nation.receipt else "",
        receipt=decided.receipt if decided else "", note=note, verdicts=_differing(decided),
    )  # fmt: skip


def standing(ours: Reply | None, nation: Reply | None) -> tuple[str, str, str]:
    """State, source and note of an identity. The nation's word goes before ours; silence of both is for the paper.

    >>> answered = lambda result: Reply("verified", Answer(result), UUID(int=0), "r")
    >>> waits = Reply("pending", Answer("not_verified"), UUID(int=0), "r", "down")
    >>> standing(answered("confirmed"), None), standing(answered("confirmed"), waits)
    (('verified', 'register', 'confirmed'), ('to_verify', 'national', 'down'))
    >>> standing(answered("confirmed"), answered("mismatch"))[0], standing(answered("not_identified"), None)[0]
    ('differs', 'by_paper')
    """
    for reply, source in ((nation, "national"), (ours, "register")):
        if reply is None:
            continue
        if reply.state == "pending":
            return "to_verify", source, reply.reason
        if reply.state == "verified":
            result = reply.answer.result
            if result in _GOOD:
                return "verified", source, result
            if source == "national" or result == "mismatch":
                return "differs", source, result
    return "by_paper", "paper", "nobody_answered"


def sealed(met: Met) -> str:
    """The word that the page carries."""
    return signing.dumps(asdict(met), salt=_SALT, compress=True)


def opened(word: str) -> Met:
    """The person of a carried word; Stale."""
    try:
        told = signing.loads(word, salt=_SALT, max_age=LONGEST)
    except signing.BadSignature as error:
        raise Stale from error
    return Met(**{**told, "verdicts": tuple((a, v) for a, v in told["verdicts"])})


def asked_again(form: dict[str, Any]) -> Asked | None:
    """The question of a dossier's applicant anew; None when the dossier does not carry it."""
    told = dict(form.get("applicant") or {})
    number, old = told.pop("number", ""), told.pop("old_number", "")
    return Asked(number, old, told) if number or old else None


def _citizen(ours: Reply | None) -> str:
    if ours is None or ours.state != "verified" or ours.answer.result == "not_identified":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT services.verified_person(%s::uuid)", [ours.receipt])
        (found,) = cursor.fetchone()
    return str(found) if found else ""


def _differing(reply: Reply | None) -> tuple[tuple[str, str], ...]:
    answer: Answer | None = reply.answer if reply else None
    return (
        tuple((a.name, a.verdict) for a in answer.attributes if a.verdict == "mismatch")
        if answer
        else ()
    )


__all__ = [
    "LONGEST",
    "PURPOSE",
    "UUID",
    "Met",
    "Stale",
    "asked_again",
    "meet",
    "opened",
    "sealed",
    "standing",
]
