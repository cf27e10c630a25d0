"""A paper made: number, document, for a result the leader's signature, and kept, in the transaction of its action."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction

from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.errors import ServiceError
from dancu.sectors.public_services.papers import filling, kinds, results, store
from dancu.sectors.public_services.papers.kinds import RESULT
from dancu.sectors.public_services.papers.store import Paper
from dancu.store import signing_pdf, signing_port, typesetting
from dancu.store.errors import StoreError
from dancu.store.signing_own import Person

TEMPLATES = Path(__file__).parent / "typst"


@transaction.atomic
def make(
    dossier: Dossier, kind: str, *, data: Mapping[str, Any], by: Actor, at: dt.datetime, move_no: int | None = None
) -> Paper:  # fmt: skip
    """The paper of this kind, kept. `data`: what the action brought (reason, law, papers; of a result `electronic`).

    Raises ServiceError when it cannot be made or signed: the action is undone then.
    """
    symbol = results.of(dossier).symbol if kind == RESULT else kinds.KINDS[kind][1]
    number = store.number(dossier.unit_code, symbol, at=at)
    try:
        given = filling.filled(dossier, kind, number=number, data=data, by=by, at=at)
        electronic = kind == RESULT and str(data.get("electronic", True)) != "False"
        body, level = (
            _signed(dossier, given, by, at) if electronic else (_typeset(kind, given, at), "")
        )
    except StoreError as error:
        raise ServiceError(str(error).splitlines()[0]) from error
    paper = Paper(
        uuid4(), dossier.dossier_no, kind, f"result:{dossier.procedure}" if kind == RESULT else "", number,
        given["title"], dossier.unit_code, at, by.name, hashlib.sha256(body).digest(), len(body), level,
    )  # fmt: skip
    store.keep(paper, body, move_no=move_no, owner=dossier.applicant)
    return paper


def control_slip(dossier: Dossier, *, by: Actor, at: dt.datetime) -> Paper:
    """Who had the dossier when, as of now."""
    return make(dossier, "control_slip", data={}, by=by, at=at)


def _typeset(kind: str, given: Mapping[str, Any], at: dt.datetime) -> bytes:
    return typesetting.pdf(TEMPLATES / f"{kind}.typ", given, at=at)


def _signed(
    dossier: Dossier, given: dict[str, Any], by: Actor, at: dt.datetime
) -> tuple[bytes, str]:
    """The result under the leader's signature: what the page says of it is part of what is signed."""
    agency = filling.sender(dossier)
    person = Person(filling.name_of(by), filling.signing(dossier)[-1], agency)
    sealed = {"name": person.name, "agency": agency, "at": f"{local(at):%d/%m/%Y %H:%M}"}
    body = _typeset(RESULT, given | {"sealed": sealed, "hint": "(Ký số)"}, at)
    signatory = signing_port.signatory(dossier.unit_code, person)
    done = signing_pdf.sign(
        body, signatory, name=person.name, reason=given["title"], place=given["place"]
    )
    return done.data, done.level
