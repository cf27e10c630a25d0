"""What the register knows of the applicant, through the one door, for a form: so that nobody types what is known.

Each call is a line in the person's own log. Of a child, or of somebody who has consented, only the name is known here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dancu.kit.citizens import Own, worded
from dancu.kit.people import access_citizen
from dancu.reference import purposes, services
from dancu.reference.fields import fields as dictionary
from dancu.reference.services import Field, Part
from dancu.sectors.public_services.online.drafts import Draft
from dancu.sectors.public_services.papers import store

NAME = "full_name"


@dataclass(frozen=True)
class Known:
    """A field that need not be asked: the standard value for the form, and in words for the page."""

    field: Field
    value: str
    shown: str


@dataclass(frozen=True)
class Need:
    """A part of the dossier. `how`: form, register, result (nobody asks for it), upload or bring."""

    part: Part
    how: str

    @property
    def saved(self) -> bool:
        """A paper that would have had to be brought, and is not."""
        return self.how in ("register", "result")


def look(own: Own, draft: Draft, *, on: dt.date) -> tuple[list[Known], list[Need]]:
    """The fields of the form that the register fills, and the parts of the dossier with how each is proved."""
    fields = services.fields(draft.procedure, on=on)
    parts = services.parts(draft.procedure, on=on)
    values = _values(own, [*(f.source for f in fields), *(p.register_field for p in parts)])
    results = {proof.proves for proof in store.proofs(draft.applicant)}
    needs = [Need(part, _how(part, values, results)) for part in parts]
    if draft.for_whom is not None:
        return [Known(f, draft.for_name, draft.for_name) for f in fields if f.source == NAME], needs
    known = [
        Known(f, _standard(values[f.source]), worded(f.source, values[f.source], on=own.on))
        for f in fields
        if values.get(f.source) not in (None, "")
    ]
    return known, needs


def before_log_in(procedure: str, *, on: dt.date) -> list[Need]:
    """As the page of a service says it to anybody: what the register will prove, and what a stored result may."""
    parts = services.parts(procedure, on=on)
    return [Need(part, _how(part, {part.register_field: True}, set())) for part in parts]


def _how(part: Part, values: dict[str, Any], results: set[str]) -> str:
    if part.proved_by == "form":
        return "form"
    if part.register_field and values.get(part.register_field) not in (None, ""):
        return "register"
    if part.result_of and part.proved_by in results:
        return "result"
    return "upload" if part.upload else "bring"


def _values(own: Own, sources: list[str]) -> dict[str, Any]:
    wanted = sorted({s for s in sources if s in dictionary() and dictionary()[s].standard})
    if not wanted:
        return {}
    seen = access_citizen(
        citizen_id=own.citizen_id, by=own, purpose=purposes.OWN, fields=wanted, on=own.on
    )
    return dict(seen.values)


def _standard(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
