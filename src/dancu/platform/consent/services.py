"""Consents: asked for one purpose and one recipient, given, read, withdrawn. One transaction each.

Whether one stands is said by :mod:`dancu.platform.consent.standing`, which the register's door asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.platform.access.rights import check_right
from dancu.platform.consent import acting, paper
from dancu.platform.consent.errors import AlreadyGiven, ConsentError, NotOpen, TextChanged
from dancu.platform.consent.paper import Paper
from dancu.platform.consent.standing import given, restricted
from dancu.platform.partners.models import Partner
from dancu.platform.register.parts import Row, ask
from dancu.reference import consent_texts
from dancu.reference.consent_texts import ConsentText

__all__ = [
    "Asked", "Consent", "Paper", "asked", "by_receipt", "find", "given", "grant", "of_citizen", "open_consents",
    "recipients", "restricted", "withdraw",
]  # fmt: skip

RECORD, OWN = "consent.record", "own.view"


@dataclass(frozen=True)
class Consent:
    """One consent, with its end if it has one."""

    consent_no: int
    receipt: UUID
    citizen_id: str
    purpose: str
    partner: str
    recipient: str
    fields: tuple[str, ...]
    text_version: str
    text_sha256: str
    granted_at: dt.datetime
    expires_at: dt.datetime
    channel: str
    given_by: str
    relation: str
    form_no: str | None
    recorded_by: str
    withdrawn_at: dt.datetime | None

    def state(self, at: dt.datetime) -> str:
        """`stands`, `withdrawn` or `expired` at a moment."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return "withdrawn"
        return "expired" if self.expires_at <= at else "stands"


@dataclass(frozen=True)
class Asked:
    """What a person is asked for: the text of the day for one purpose, in words, for one recipient."""

    text: ConsentText
    partner: str
    recipient: str
    said: dict[str, str]


def recipients(*, purpose: str, on: dt.date) -> list[tuple[str, str]]:
    """(client_id, name) of whom a consent for this purpose can be given to; '' is the authority itself."""
    partners = [p for p in Partner.objects.all() if purpose in p.purposes and p.is_active(on=on)]
    return [(p.client_id, p.name_vi) for p in partners] + [("", recipient_name(""))]


def recipient_name(partner: str) -> str:
    """Who receives, in words."""
    if not partner:
        return _("Cơ quan quản lý dữ liệu dân cư của tỉnh")
    found = Partner.objects.filter(client_id=partner).first()
    return found.name_vi if found else partner


def asked(*, purpose: str, partner: str | None, on: dt.date) -> Asked:
    """What must be read before consenting; raises ReferenceDataError, ConsentError (no such recipient)."""
    text = consent_texts.get(purpose, on=on)
    names = dict(recipients(purpose=purpose, on=on))
    if (partner or "") not in names:
        raise ConsentError(_("Nơi nhận này không được hỏi theo mục đích đã chọn. Chọn nơi nhận khác."))  # fmt: skip
    name = names[partner or ""]
    lang = "en" if get_language() == "en" else "vi"
    return Asked(text, partner or "", name, text.said(lang, recipient=name))


@transaction.atomic
def grant(
    *, citizen_id: str | UUID, purpose: str, partner: str | None, by: Any, at: dt.datetime, event_id: UUID,
    seen: str, actor: str | UUID | None = None, basis: str = "", on_paper: Paper | None = None,
) -> Consent:  # fmt: skip
    """Write it down; the same event a second time gives the first one's consent.

    `seen`: the version of the text that was read. `actor`: who gives it (None: the person). Without `on_paper` it is
    given on the citizen's own page. Raises TextChanged, AlreadyGiven, NotTheirs, BadPaper, Refused.
    """
    if known := _of_event(event_id):
        return known
    check_right(by, RECORD if on_paper else OWN)
    day = _day(at)
    told = asked(purpose=purpose, partner=partner, on=day)
    if seen != told.text.version:
        raise TextChanged(_("Nội dung lấy ý kiến đã có bản mới. Đọc lại rồi quyết định."))
    person = _went(citizen_id)
    who = acting.giver(citizen_id=person, actor=actor, on=day, basis=basis if on_paper else "")
    if given(citizen_id=person, purpose=purpose, partner=partner):
        raise AlreadyGiven(_("Đã có sự đồng ý còn hiệu lực cho mục đích và nơi nhận này."))
    scan_no = None
    if on_paper is not None:
        paper.check(paper=on_paper, by=by, giver=who.citizen_id, at=at)
        scan_no = paper.keep_scan(citizen_id=person, scan=on_paper.scan, by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.granted (event_id, citizen_id, purpose, partner, fields, text_version, text_sha256,"
            " expires_at, channel, given_by, relation, relation_basis, form_no, identity_receipt, scan_no, recorded_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, now() + make_interval(months => %s), %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                str(event_id), person, purpose, told.partner, list(told.text.fields), told.text.version,
                told.text.sha256, told.text.months, "paper" if on_paper else "page", who.citizen_id, who.relation,
                who.basis, on_paper.form_no.strip() if on_paper else None,
                str(on_paper.identity_receipt) if on_paper else None, scan_no, by.username,
            ],
        )  # fmt: skip
    return _of_event(event_id) or _lost()


@transaction.atomic
def withdraw(
    *, consent_no: int, by: Any, at: dt.datetime, event_id: UUID, reason: str = "",
    actor: str | UUID | None = None, channel: str = "page",
) -> Consent:  # fmt: skip
    """End it from now on; the next look finds none. A second withdrawal changes nothing. Raises NotOpen, NotTheirs.

    `channel` paper: an officer writes down what the person came to say.
    """
    check_right(by, RECORD if channel == "paper" else OWN)
    found = find(consent_no)
    if found is None:
        raise NotOpen(_("Không có sự đồng ý này trong phạm vi của bạn."))
    if found.withdrawn_at is not None:
        return found
    who = acting.giver(
        citizen_id=_went(found.citizen_id), actor=actor, on=_day(at),
        basis=_("theo phiếu đồng ý") if found.relation == "guardian" and str(actor) == found.given_by else "",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.withdrawn (consent_no, event_id, citizen_id, channel, given_by, reason, recorded_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (consent_no) DO NOTHING",
            [consent_no, str(event_id), found.citizen_id, channel, who.citizen_id, reason.strip(), by.username],
        )  # fmt: skip
    return find(consent_no) or _lost()


def find(consent_no: int) -> Consent | None:
    """One consent that this log-in may see."""
    rows = _rows("g.consent_no = %s", consent_no)
    return rows[0] if rows else None


def by_receipt(receipt: UUID) -> Consent | None:
    """The consent with this receipt, if this log-in may see it."""
    rows = _rows("g.receipt = %s::uuid", str(receipt))
    return rows[0] if rows else None


def of_citizen(*, citizen_id: str | UUID) -> list[Consent]:
    """Every consent of a person, also of identifiers merged into it, the newest first."""
    return _rows("g.citizen_id IN (SELECT consent.same(%s::uuid))", str(citizen_id))


def open_consents(*, citizen_id: str | UUID, at: dt.datetime) -> list[Consent]:
    """Those that stand at the moment."""
    return [c for c in of_citizen(citizen_id=citizen_id) if c.state(at) == "stands"]


def _rows(condition: str, *given_values: Any) -> list[Consent]:
    rows = ask(
        "SELECT g.*, w.at AS withdrawn_at FROM consent.granted g LEFT JOIN consent.withdrawn w USING (consent_no)"
        f" WHERE {condition} ORDER BY g.consent_no DESC",
        *given_values,
    )
    names = _names([row["partner"] for row in rows])
    return [_consent(row, names) for row in rows]


def _names(partners: Sequence[str]) -> dict[str, str]:
    return {p: recipient_name(p) for p in dict.fromkeys(partners)}


def _consent(row: Row, names: dict[str, str]) -> Consent:
    return Consent(
        row["consent_no"], row["receipt"], str(row["citizen_id"]), row["purpose"], row["partner"],
        names[row["partner"]], tuple(row["fields"]), row["text_version"], row["text_sha256"], row["granted_at"],
        row["expires_at"], row["channel"], str(row["given_by"]), row["relation"], row["form_no"],
        row["recorded_by"], row["withdrawn_at"],
    )  # fmt: skip


def _of_event(event_id: UUID) -> Consent | None:
    rows = _rows("g.event_id = %s::uuid", str(event_id))
    return rows[0] if rows else None


def _went(citizen_id: str | UUID) -> str:
    return str(ask("SELECT register.went(%s::uuid)::text AS id", str(citizen_id))[0]["id"])


def _day(at: dt.datetime) -> dt.date:
    return timezone.localdate(at)


def _lost() -> Consent:
    """A row that was just written is not visible to who wrote it: the policies disagree."""
    raise NotOpen(_("Không đọc lại được dòng vừa ghi. Báo bộ phận kỹ thuật."))
