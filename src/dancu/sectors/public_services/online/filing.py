"""From a draft to a dossier: complete, with what the register knows, once however often the button is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dancu.kit.citizens import Own, my_child
from dancu.kit.web import register_day
from dancu.reference import services, units
from dancu.reference.services import Field
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Filing
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import ServiceError
from dancu.sectors.public_services.online import (
    attachments,
    drafts,
    own_record,
    proxies,
    questions,
)
from dancu.sectors.public_services.online.drafts import Draft
from dancu.sectors.public_services.online.own_record import Known, Need

PLACES_OF_FILING = ("new_unit", "stay_unit", "temporary_unit", "plot_unit")
"""The commune to which somebody moves, or where the land lies, handles it; everything else the own commune."""
FROM_THE_REGISTER = (
    "full_name",
    "personal_number",
    "old_number",
    "birth_date",
    "sex",
    "permanent_unit",
)
"""Who somebody is and where they live is corrected in the register, never in one form; the rest may be changed."""


@dataclass(frozen=True)
class State:
    """How far a draft is. `asked`: the questions, `papers`: parts to be uploaded."""

    draft: Draft
    known: list[Known]
    asked: list[Field]
    needs: list[Need]
    files: list[attachments.Attachment]

    @property
    def unanswered(self) -> list[Field]:
        """Questions of which the applicant has not seen the page, or which must be answered."""
        return [
            f for f in self.asked
            if f.name not in self.draft.answers or (f.required and not self.draft.answers[f.name])
        ]  # fmt: skip

    @property
    def papers(self) -> list[Need]:
        """Parts that are to be photographed."""
        return [need for need in self.needs if need.how == "upload"]

    @property
    def missing(self) -> list[Need]:
        """Those that the dossier cannot do without and that are not there."""
        there = {file.part for file in self.files}
        return [n for n in self.papers if n.part.required and n.part.code not in there]

    @property
    def saved(self) -> list[Need]:
        """Papers that nobody has to bring."""
        return [need for need in self.needs if need.saved]

    @property
    def ready(self) -> bool:
        """Whether it can be filed."""
        return not self.unanswered and not self.missing


class NoLonger(ServiceError):
    """The applicant has ended the consent, or is no child any more."""


class NotReady(Exception):
    """Something is still missing; `state` says what."""

    def __init__(self, state: State) -> None:
        super().__init__("draft")
        self.state = state


def state(own: Own, draft: Draft, *, on: dt.date) -> State:
    """How far it is; asks the register, which is a look at oneself."""
    known, needed = own_record.look(own, draft, on=on)
    found = [k for k in known if k.field.name not in draft.answers or not may_change(k.field)]
    filled = {k.field.name for k in found}
    asked = [f for f in services.fields(draft.procedure, on=on) if f.name not in filled]
    return State(draft, found, asked, needed, attachments.of_draft(draft.draft))


def may_change(field: Field) -> bool:
    """Whether what the register knows may be changed for this form (a telephone number, an account)."""
    return field.source not in FROM_THE_REGISTER or field.name.startswith("child_")


@transaction.atomic
def do_file(draft: UUID, *, own: Own, at: dt.datetime) -> Dossier:
    """File it; a second press gets the same dossier. NoDraft, NoLonger, NotReady, ReferenceDataError."""
    found = drafts.get(draft, lock=True)
    if found.dossier_no is not None:
        return dossiers.get(found.dossier_no)
    on = dossiers.local(at).date()
    if not _may_still(own, found, on=on):
        raise NoLonger(_("Bạn không còn được nộp thay người này. Hỏi lại người đã nhờ bạn."))
    now = state(own, found, on=on)
    if not now.ready:
        raise NotReady(now)
    filing = _filing(own, now, at)
    made = acting.do_file(filing=filing, by=Actor(own.username, "citizen"), at=at)
    drafts.do_close(draft, made.dossier_no)
    return made


def _may_still(own: Own, draft: Draft, *, on: dt.date) -> bool:
    """Whether the draft's owner may file for its applicant on this day."""
    if draft.for_whom is None:
        return True
    if draft.relation == "helper":
        return any(p.giver == draft.for_whom for p in proxies.held(own.citizen_id, on=on))
    return my_child(citizen_id=draft.for_whom, on=on) is not None


def _filing(own: Own, now: State, at: dt.datetime) -> Filing:
    draft, form = now.draft, form_of(now)
    chosen = [str(form[name]) for name in PLACES_OF_FILING if form.get(name)]
    place = chosen[0] if chosen else own.unit_code
    helped = draft.for_whom is not None
    return Filing(
        procedure=draft.procedure, place=place,
        unit_code=unit_of(draft.procedure, place, on=dossiers.local(at).date()), channel=services.ONLINE,
        applicant=draft.applicant, applicant_name=draft.for_name if helped else own.full_name, form=form,
        filed_by=draft.owner if helped else None, saved_papers=len(now.saved), event_id=draft.event_id,
    )  # fmt: skip


def form_of(now: State) -> Mapping[str, Any]:
    """What the officer reads: the register's values, then the answers, in the order of the form."""
    answered = {f.name: now.draft.answers.get(f.name, "") for f in now.asked}
    return {k.field.name: k.value for k in now.known} | {n: v for n, v in answered.items() if v}


def shown_answers(now: State, *, on: dt.date) -> list[tuple[Field, str]]:
    """The answers in words."""
    return [(f, questions.shown(f, now.draft.answers.get(f.name), on=on)) for f in now.asked]


def unit_of(procedure: str, place: str, *, on: dt.date) -> str:
    """Which unit handles a procedure for a commune: itself, its district, or the province where there is none."""
    level = services.get(procedure, on=on).level
    unit = units.on(max(register_day(), units.FIRST_DAY)).find(place)
    if unit is None or level == "commune":
        return place
    return unit.district_code if level == "district" and unit.district_code else unit.province_code
