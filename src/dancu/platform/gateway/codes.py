"""What the result codes of the national side say about a question; their words are reference data.

A code says one thing about one claim, about the card, or about the answer itself. Whatever we do not know is no
answer: guessing that an unknown code means «correct» would be the worst of mistakes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from dancu.engine.verify.model import Answer, Attribute, Result, Verdict
from dancu.platform.gateway.errors import LineDown
from dancu.reference.loader import rows


@dataclass(frozen=True)
class Said:
    """What one code means: how a claim stands, or the state of the card, or that there is no answer."""

    claim: str | None = None
    verdict: Verdict | None = None
    card: str | None = None
    no_answer: str | None = None


SAYS: Mapping[str, Said] = {
    "000": Said(card="in_force"),
    "004": Said(card="replaced"),
    "050": Said(claim="number", verdict="unknown"),
    "051": Said(claim="number", verdict="mismatch"),
    "052": Said(claim="number", verdict="mismatch"),
    "053": Said(claim="number", verdict="mismatch"),
    "060": Said(claim="full_name", verdict="mismatch"),
    "061": Said(claim="full_name", verdict="close"),
    "070": Said(claim="birth_date", verdict="mismatch"),
    "080": Said(claim="sex", verdict="mismatch"),
    "090": Said(claim="clinic", verdict="mismatch"),
    "100": Said(no_answer="data_error"),
    "101": Said(no_answer="server_error"),
    "110": Said(card="withdrawn"),
    "120": Said(card="decreased"),
}
_SAME_AS = {f"12{n}": "120" for n in range(1, 5)}
"""The table has one row for 120 to 124."""


_SPOKEN_OF = frozenset(one.claim for one in SAYS.values() if one.claim) - {"number"}
"""Claims that some code is about: of others the national side says nothing, also when it says «correct»."""


@dataclass(frozen=True)
class Compared:
    """The answer, and the codes as they came."""

    answer: Answer
    codes: tuple[str, ...]


def read(codes: Iterable[str], *, claims: Collection[str], on: dt.date) -> Compared:
    """What the codes say about these claims; raises LineDown when they are no answer or not known to us."""
    given = tuple(codes)
    said = [SAYS.get(_SAME_AS.get(code, code)) for code in given]
    if not given or None in said:
        raise LineDown("not_understood")
    known = [one for one in said if one is not None]
    if broken := [one.no_answer for one in known if one.no_answer]:
        raise LineDown(broken[0])
    about = {one.claim: one.verdict for one in known if one.claim and one.verdict}
    if "number" in about:
        nobody = tuple(Attribute(claim, "unknown") for claim in claims)
        return Compared(Answer("not_identified", nobody, on=on), given)
    card = next((one.card for one in reversed(known) if one.card), None)
    if not (about or card):
        raise LineDown("not_understood")
    verdicts = {c: about.get(c, "match") if c in _SPOKEN_OF else "unknown" for c in claims}
    attributes = tuple(Attribute(claim, verdict) for claim, verdict in verdicts.items())
    return Compared(Answer(_result(verdicts.values()), attributes, card=card, on=on), given)


def _result(verdicts: Iterable[Verdict]) -> Result:
    """The whole: what nothing was said about confirms nothing, and takes nothing away from what was said."""
    found = set(verdicts)
    if "mismatch" in found:
        return "mismatch"
    if "close" in found:
        return "close"
    return "confirmed" if "match" in found or not found else "not_verified"


@cache
def meanings() -> dict[str, tuple[str, str]]:
    """Code -> Vietnamese and English words."""
    table = rows("domain/bhyt_gateway_result_codes.csv")
    return {row["code"]: (row["meaning_vi"], row["meaning_en"]) for row in table}
