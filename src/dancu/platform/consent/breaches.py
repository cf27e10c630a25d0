"""The breach register: what happened, when it was found, who is touched, what was done; the clock and its due moment.

Rows are only added. Lateness is computed from them and cannot be taken back: whoever notifies late has notified late.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.platform.access.rights import check_right
from dancu.platform.consent import states
from dancu.platform.consent.errors import ConsentError, NotOpen
from dancu.platform.register.parts import Row, ask
from dancu.reference.terms import term

DUTY = "privacy.duty"
PARTS = (
    "what", "where", "from", "to", "data", "organisation", "people", "consequences", "measures", "contact",
)  # fmt: skip
"""What the notice form asks for, in its order; all of it text, since it is found out step by step."""
NEEDED = ("what", "data", "consequences", "measures", "contact")
"""Without these a notice is no notice."""


@dataclass(frozen=True)
class Breach:
    """A breach as it stands; `content`: the parts of the form with everything that was added."""

    breach_no: int
    receipt: UUID
    discovered_at: dt.datetime
    notify_by: dt.datetime
    law: str
    content: Mapping[str, str]
    by: str
    at: dt.datetime
    state: str
    n: int
    notified_at: dt.datetime | None
    people: int

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.state in states.BREACH.open

    def late(self, now: dt.datetime) -> bool:
        """Whether the notice went out, or is still not out, after its last moment."""
        return (self.notified_at or now) > self.notify_by

    def missing(self) -> list[str]:
        """The parts without which it cannot be notified."""
        return [part for part in NEEDED if not self.content.get(part, "").strip()]


@dataclass(frozen=True)
class Ask:
    """What is to be done about a breach; `content`: parts added; `words`: what the people touched are told."""

    action: str
    event_id: UUID
    n: int
    reason: str = ""
    content: Mapping[str, str] | None = None
    words: str = ""
    who: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    sent_at: dt.datetime | None = None


@transaction.atomic
def report(
    *, discovered_at: dt.datetime, content: Mapping[str, str], by: Any, at: dt.datetime, event_id: UUID
) -> Breach:  # fmt: skip
    """Write a breach down; the clock runs from its discovery, not from now. Raises ConsentError, Refused."""
    if known := _rows("b.event_id = %s::uuid", str(event_id)):
        return known[0]
    check_right(by, DUTY)
    if discovered_at > at:
        raise ConsentError(
            _("Thời điểm phát hiện không thể ở tương lai. Ghi lại giờ, ngày phát hiện.")
        )
    if not content.get("what", "").strip():
        raise ConsentError(_("Ghi việc gì đã xảy ra."))
    law = term("breach_notice", on=timezone.localdate(discovered_at))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.breach (event_id, discovered_at, notify_by, law, content, by)"
            " VALUES (%s, %s, %s, %s, %s::jsonb, %s)",
            [str(event_id), discovered_at, discovered_at + dt.timedelta(hours=law.amount), law.law,
             _json(_parts(content)), by.username],
        )  # fmt: skip
    return _rows("b.event_id = %s::uuid", str(event_id))[0]


@transaction.atomic
def do_act(*, breach_no: int, by: Any, at: dt.datetime, ask_for: Ask) -> Breach:
    """Do it. Raises NotOpen, ConsentError, Refused; nothing is changed then."""
    check_right(by, DUTY)
    found = find(breach_no)
    if found is None:
        raise NotOpen(_("Không có vụ việc này."))
    if ask(
        "SELECT 1 AS x FROM consent.breach_step WHERE event_id = %s::uuid", str(ask_for.event_id)
    ):
        return found
    after = _allowed(found, ask_for)
    detail = _detail(found, by, at, ask_for)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.breach_step (breach_no, n, event_id, action, state_before, state_after, by, reason,"
            " detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb) ON CONFLICT (breach_no, n) DO NOTHING",
            [breach_no, found.n + 1, str(ask_for.event_id), ask_for.action, found.state, after, by.username,
             ask_for.reason.strip(), _json(detail)],
        )  # fmt: skip
        if cursor.rowcount != 1:
            raise NotOpen(_("Vụ việc đã có người khác ghi sau khi bạn mở. Xem lại rồi làm tiếp."))
    return find(breach_no) or found


def _allowed(found: Breach, wanted: Ask) -> str:
    if wanted.action not in states.BREACH.moves:
        raise NotOpen(_("Không có thao tác này."))
    if wanted.n != found.n:
        raise NotOpen(_("Vụ việc đã có người khác ghi sau khi bạn mở. Xem lại rồi làm tiếp."))
    after = states.BREACH.moves.after(found.state, wanted.action)
    if after is None:
        raise NotOpen(
            _("Vụ việc đang ở trạng thái «%(state)s», không thực hiện được «%(action)s».")
            % {"state": states.BREACH.states[found.state], "action": states.BREACH.actions[wanted.action]}
        )  # fmt: skip
    if wanted.action in states.NEEDS_REASON and len(wanted.reason.strip()) < 5:
        raise ConsentError(_("Ghi lý do, ít nhất năm ký tự."))
    return after


def _detail(found: Breach, by: Any, at: dt.datetime, wanted: Ask) -> dict[str, Any]:
    if wanted.action == "add":
        parts = _parts(wanted.content or {})
        if not parts:
            raise ConsentError(_("Chưa có nội dung nào được ghi thêm."))
        return {"content": parts}
    if wanted.action == "count":
        return _count(found, by, wanted)
    if wanted.action == "notify":
        return _notify(found, at, wanted)
    if wanted.action == "tell_people":
        if len(wanted.words.strip()) < 20:
            raise ConsentError(_("Ghi nội dung báo người bị ảnh hưởng: việc gì, dữ liệu nào, nên làm gì."))  # fmt: skip
        return {"words": wanted.words.strip(), "people": found.people}
    return {}


def _notify(found: Breach, at: dt.datetime, wanted: Ask) -> dict[str, Any]:
    """The form must be whole; the moment it was sent may be earlier than its writing down, never before discovery."""
    if found.missing():
        raise ConsentError(_("Mẫu thông báo còn thiếu nội dung. Bổ sung rồi gửi."))
    sent = wanted.sent_at or at
    if not found.discovered_at <= sent <= at:
        raise ConsentError(_("Thời điểm gửi phải sau khi phát hiện và không ở tương lai."))
    return {"sent_at": sent.isoformat(), "to": wanted.words.strip()}


def _count(found: Breach, by: Any, wanted: Ask) -> dict[str, Any]:
    """Whoever this account or partner looked at in the time: known from the access log, bulk reads by their counts."""
    if not wanted.who.strip() or wanted.since is None or wanted.until is None:
        raise ConsentError(_("Ghi tài khoản hoặc đối tác, và khoảng thời gian."))
    given = [wanted.who.strip(), wanted.who.strip(), wanted.since, wanted.until]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.breach_person (breach_no, citizen_id, unit_code, by)"
            " SELECT DISTINCT ON (l.citizen_id) %s, l.citizen_id, l.unit_code, %s FROM register.access_log l"
            " WHERE (l.by = %s OR l.partner = %s) AND l.at BETWEEN %s AND %s ORDER BY l.citizen_id, l.access_no"
            " ON CONFLICT DO NOTHING",
            [found.breach_no, by.username, *given],
        )
        added = cursor.rowcount
        cursor.execute(
            "SELECT count(*), coalesce(sum(b.count), 0) FROM ledger.bulk b"
            " WHERE (b.by = %s OR b.partner = %s) AND b.at BETWEEN %s AND %s",
            given,
        )
        sets, in_sets = cursor.fetchone()
    return {
        "who": given[0], "since": wanted.since.isoformat(), "until": wanted.until.isoformat(), "people": added,
        "bulk_reads": int(sets), "in_bulk_reads": int(in_sets),
    }  # fmt: skip


def find(breach_no: int) -> Breach | None:
    """One breach."""
    rows = _rows("b.breach_no = %s", breach_no)
    return rows[0] if rows else None


def listed() -> list[Breach]:
    """All, the newest first."""
    return _rows("true")


def steps(breach_no: int) -> list[Row]:
    """What was done, in order."""
    return ask("SELECT * FROM consent.breach_step WHERE breach_no = %s ORDER BY n", breach_no)


def units_of(breach_no: int) -> list[tuple[str, int]]:
    """Commune ('?' where none) -> how many of its people were touched."""
    rows = ask(
        "SELECT coalesce(unit_code, '?') AS unit, count(*) AS n FROM consent.breach_person WHERE breach_no = %s"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
        breach_no,
    )
    return [(row["unit"], row["n"]) for row in rows]


def mine() -> list[Row]:
    """What the citizen of this session was touched by and is told: `breach_no`, `told_at`, `words`."""
    return ask("SELECT * FROM consent.my_breaches()")


def _rows(condition: str, *given: Any) -> list[Breach]:
    rows = ask(
        "SELECT b.*, coalesce(s.state_after, 'found') AS state, coalesce(s.n, 0) AS n,"
        " (SELECT (x.detail ->> 'sent_at')::timestamptz FROM consent.breach_step x"
        "  WHERE x.breach_no = b.breach_no AND x.action = 'notify' ORDER BY x.n LIMIT 1) AS notified_at,"
        " (SELECT count(*) FROM consent.breach_person p WHERE p.breach_no = b.breach_no) AS people,"
        " (SELECT jsonb_agg(x.detail -> 'content' ORDER BY x.n) FROM consent.breach_step x"
        "  WHERE x.breach_no = b.breach_no AND x.action = 'add') AS added"
        " FROM consent.breach b LEFT JOIN LATERAL (SELECT x.* FROM consent.breach_step x"
        "  WHERE x.breach_no = b.breach_no ORDER BY x.n DESC LIMIT 1) s ON true"
        f" WHERE {condition} ORDER BY b.breach_no DESC LIMIT 200",
        *given,
    )
    return [_breach(row) for row in rows]


def _breach(row: Row) -> Breach:
    content: dict[str, str] = dict(row["content"])
    for parts in row["added"] or ():
        content |= parts
    return Breach(
        row["breach_no"], row["receipt"], row["discovered_at"], row["notify_by"], row["law"], content, row["by"],
        row["at"], row["state"], row["n"], row["notified_at"], row["people"],
    )  # fmt: skip


def _parts(content: Mapping[str, str]) -> dict[str, str]:
    return {part: content[part].strip()[:4000] for part in PARTS if content.get(part, "").strip()}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
