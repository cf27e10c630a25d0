"""A dossier taken in at the counter: what was handed in, for whom, and why on paper; checked, then filed in one go."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.formats import partial_date
from dancu.formats.errors import FormatError
from dancu.reference import paper_reasons, services
from dancu.reference.service_parts import Field, Part
from dancu.sectors.public_services import acting
from dancu.sectors.public_services.acting import Actor, Ask, Filing
from dancu.sectors.public_services.counter import checks
from dancu.sectors.public_services.counter.meeting import Met
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import ServiceError

HANDED = {
    "original": gettext_lazy("Bản chính"),
    "copy": gettext_lazy("Bản sao"),
    "shown": gettext_lazy("Đã xuất trình"),
    "form": gettext_lazy("Đã khai trên mẫu"),
    "register": gettext_lazy("Sổ đã có, không phải nộp"),
}
RELATIONS = {
    "parent": gettext_lazy("Cha, mẹ"),
    "child": gettext_lazy("Con"),
    "spouse": gettext_lazy("Vợ, chồng"),
    "sibling": gettext_lazy("Anh, chị, em"),
    "guardian": gettext_lazy("Người giám hộ"),
    "authorised": gettext_lazy("Người được uỷ quyền"),
}
CONSENTS = {
    "present": gettext_lazy("Người được nộp hộ có mặt và đồng ý"),
    "paper": gettext_lazy("Có giấy uỷ quyền hoặc đồng ý bằng văn bản"),
    "guardian": gettext_lazy("Người đại diện theo pháp luật, không cần đồng ý riêng"),
}
_BY_LAW = ("parent", "guardian")
_STEPS = UUID("0c5c9c56-8f6e-5b0d-8a55-0b1f6b7c8d11")
"""The space in which the acceptance of a filing has its own number, made of the filing's."""


@dataclass
class Taken:
    """What a form at the counter says. `problems`: id of the input → what is wrong with it."""

    procedure: str
    channel: int
    form: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    paper_reason: str = ""
    relation: str = ""
    consent: str = ""
    consent_note: str = ""
    compared: bool = False
    missing: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def saved(self) -> int:
        """How many papers the applicant was not asked for since the register proves them."""
        return sum(1 for how in self.parts.values() if how == "register")


def taken(
    form: Any, *, met: Met, filer: Met | None, proved: Mapping[str, str], on: dt.date
) -> Taken:
    """The form of the page, checked. `proved`: part → what proves it (form or register); never asked for."""
    procedure, channel = form.get("procedure", ""), form.get("channel", "1")
    made = Taken(procedure, int(channel) if channel in ("1", "2", "3") else 1)
    if services.find(procedure, on=on) is None:
        made.problems["procedure"] = _("Chọn thủ tục.")
        return made
    for one in services.fields(procedure, on=on):
        _read(one, form, made)
    listed = services.parts(procedure, on=on)
    made.parts = {p.code: how for p in listed if (how := _handed(p, form, proved))}
    made.missing = tuple(p.name_vi for p in listed if p.required and p.code not in made.parts)
    made.paper_reason = form.get("paper_reason", "")
    if made.channel != services.ONLINE and made.paper_reason not in paper_reasons.names(on=on):
        made.problems["paper_reason"] = _("Chọn lý do nộp giấy.")
    made.compared = form.get("compared") == "1"
    if met.state != "verified" and not made.compared:
        made.problems["compared"] = _(
            "Đối chiếu thẻ gốc với người đứng tên rồi đánh dấu vào ô này."
        )
    if filer is not None:
        _read_filer(form, made)
    return made


def _read(one: Field, form: Any, made: Taken) -> None:
    name = f"f_{one.name}"
    text = " ".join(form.get(name, "").split())[:1000]
    if not text:
        if one.required and not _is_held_back(one):
            made.problems[name] = _("Ghi «%(label)s».") % {"label": one.label_vi}
        return
    try:
        made.form[one.name] = partial_date.validate(text) if one.kind == "date" else text
    except FormatError:
        made.problems[name] = _("Ngày không đọc được. Ví dụ: %(day)s.") % {"day": "15/07/2025"}
        return
    if one.kind == "choice" and one.choices and text not in one.choices:
        made.problems[name] = _("Chọn một trong các mục.")
    if one.kind == "number" and not text.replace(".", "").replace(",", "").isdigit():
        made.problems[name] = _("Ghi bằng chữ số.")


def _is_held_back(one: Field) -> bool:
    """Numbers that the register holds and the page does not show in full need not be typed again."""
    return one.source in (
        "phone",
        "bhxh_number",
        "bhyt_card",
        "old_number",
        "tax_code",
        "driving_licence",
    )


def _handed(part: Part, form: Any, proved: Mapping[str, str]) -> str:
    if part.code in proved:
        return proved[part.code]
    how = form.get(f"p_{part.code}", "")
    return how if how in ("original", "copy", "shown") else ""


def _read_filer(form: Any, made: Taken) -> None:
    made.relation, made.consent = form.get("relation", ""), form.get("consent", "")
    made.consent_note = " ".join(form.get("consent_note", "").split())[:300]
    if made.relation not in RELATIONS:
        made.problems["relation"] = _("Chọn quan hệ với người đứng tên.")
    if made.consent not in CONSENTS:
        made.problems["consent"] = _("Chọn cách người đứng tên đồng ý.")
    elif made.consent == "guardian" and made.relation not in _BY_LAW:
        made.problems["consent"] = _("Chỉ cha, mẹ, người giám hộ mới đại diện theo pháp luật.")
    elif made.consent == "paper" and len(made.consent_note) < acting.SHORTEST_REASON:
        made.problems["consent_note"] = _("Ghi số, ngày của giấy uỷ quyền.")


@transaction.atomic
def do_take_in(
    *, made: Taken, met: Met, filer: Met | None, place: str, accept: bool, ticket: int | None,
    event_id: UUID, by: Any, at: dt.datetime,
) -> Dossier:  # fmt: skip
    """File it, write what was handed in and how the identity stands, and accept it when all is there.

    The same event again gives the same dossier and writes nothing. Raises ServiceError, ReferenceDataError, Refused.
    """
    if made.problems:
        raise ServiceError(next(iter(made.problems.values())))
    if accept and made.missing:
        raise ServiceError(
            _("Chưa đủ giấy tờ để tiếp nhận: %(parts)s. Nhận thêm, hoặc lưu rồi yêu cầu bổ sung một lần.")
            % {"parts": "; ".join(made.missing)}
        )  # fmt: skip
    actor = Actor(by.username, "officer", by)
    form = {**made.form, "applicant": met.as_form()}
    filed = acting.do_file(
        filing=Filing(
            made.procedure, place, place, made.channel, UUID(met.citizen) if met.citizen else None,
            met.full_name or "Chưa rõ họ tên", form, UUID(filer.citizen) if filer and filer.citizen else None,
            made.saved, made.paper_reason if made.channel != services.ONLINE else "", None, event_id,
        ),
        by=actor, at=at,
    )  # fmt: skip
    if _is_new(filed.dossier_no):
        _write(filed.dossier_no, made, filer, ticket, by, at)
        checks.do_write(filed.dossier_no, met, by=by.username, at=at)
    if not accept:
        return filed
    ask = Ask("accept", filed.version_no, uuid5(_STEPS, str(event_id)))
    return acting.do_act(dossier_no=filed.dossier_no, by=actor, ask=ask, at=at)


def _is_new(dossier_no: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM services.counter_filing WHERE dossier_no = %s", [dossier_no])
        return cursor.fetchone() is None


def _write(
    dossier_no: int, made: Taken, filer: Met | None, ticket: int | None, by: Any, at: dt.datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.counter_filing (dossier_no, at, by, parts, filer_name, relation, consent,"
            " consent_note, ticket_no) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                dossier_no, at, by.username, json.dumps(made.parts), filer.full_name if filer else "", made.relation,
                made.consent, made.consent_note, ticket,
            ],
        )  # fmt: skip
