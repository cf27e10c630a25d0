"""«Ai đã xem dữ liệu của tôi»: the access log and the exports as sentences, the newest first, a page at a time.

Border: reads through `citizen_looks`, which gives the lines about the citizen of this session and none that the law
still holds back, and through the ledger's sets. Lines are not counted: a count would tell of what is held back.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.engine.verify import wording
from dancu.platform.access import territory
from dancu.platform.citizen import national
from dancu.platform.citizen.own import Own
from dancu.platform.ledger import bulk
from dancu.platform.register.person import GROUPS
from dancu.platform.register.words_of import label, without_numbers
from dancu.reference import purposes
from dancu.reference.fields import fields as dictionary
from dancu.reference.rights import roles

PAGE = 20
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)


CHANNELS = {
    "search": gettext_lazy("Tên bạn hiện trong kết quả của một lần tìm kiếm."),
    "api": gettext_lazy("Hỏi qua máy: chỉ trả lời đúng hay không đúng, không đưa dữ liệu."),
    "scan": gettext_lazy("Quét thẻ căn cước của bạn."),
    "batch": gettext_lazy("Tra cứu theo danh sách."),
    "offline": gettext_lazy("Kiểm tra bằng danh sách trên máy không nối mạng."),
}
"""The ways in that a citizen wants explained."""
OUTCOMES = {
    "confirmed": gettext_lazy("khớp"),
    "close": gettext_lazy("gần khớp"),
    "mismatch": gettext_lazy("không khớp"),
    "not_identified": gettext_lazy("không xác định được"),
    "not_verified": gettext_lazy("chưa kiểm tra được"),
    "refused": gettext_lazy("từ chối, không đưa thông tin"),
}


@dataclass(frozen=True)
class Look:
    """One look, in words. `receipt`: empty for an export, which has `export`, and for a question to the national

    service, which has `asked`. `number` orders those of one moment.
    """

    at: dt.datetime
    number: int
    who: str
    office: str
    what: str
    purpose: str
    law: str
    receipt: str
    export: int | None
    held_until: dt.date | None
    own: bool
    notes: tuple[str, ...]
    asked: str = ""

    @property
    def mark(self) -> str:
        """Where the next page goes on."""
        return f"{(self.at - _EPOCH) // dt.timedelta(microseconds=1)}-{self.number}"


@dataclass(frozen=True)
class Month:
    """A calendar month of Vietnam, to look at alone."""

    first: dt.datetime
    after: dt.datetime
    code: str

    @property
    def words(self) -> str:
        """11/2026."""
        return f"{self.first:%m/%Y}"


def month_of(text: str) -> Month | None:
    """`2026-11` of an address; None for what is no month."""
    try:
        first = timezone.make_aware(dt.datetime.strptime(text, "%Y-%m"))  # noqa: DTZ007
    except ValueError:
        return None
    after = timezone.make_aware(
        dt.datetime(first.year + first.month // 12, first.month % 12 + 1, 1)  # noqa: DTZ001
    )
    return Month(first, after, text)


def last_months(now: dt.datetime, most: int = 24) -> list[Month]:
    """What can be chosen, this month first."""
    local = timezone.localtime(now)
    found = []
    for back in range(most):
        year, month = divmod(local.year * 12 + local.month - 1 - back, 12)
        found.append(month_of(f"{year:04d}-{month + 1:02d}"))
    return [m for m in found if m]


def page(own: Own, *, after: str = "", month: Month | None = None) -> tuple[list[Look], str]:
    """(a page of looks, the mark of the next page or '')."""
    until, below = _mark(after)
    rows = _rows(
        until, below, month.first if month else None, month.after if month else None, None, PAGE + 1
    )
    found = [_look(row, own.on) for row in rows]
    found += [
        one for one in (*_exports(own), *_asked(own)) if _within(one.at, (until, below), month)
    ]
    found.sort(key=lambda look: (look.at, look.number), reverse=True)
    more = found[PAGE - 1].mark if len(found) > PAGE else ""
    return found[:PAGE], more


def one(own: Own, receipt: UUID) -> Look | None:
    """The look with this receipt, if it is about this citizen and open to be read."""
    rows = _rows(None, None, None, None, receipt, 1)
    return _look(rows[0], own.on) if rows else None


def _mark(text: str) -> tuple[dt.datetime | None, int | None]:
    """The place after which a page begins; a mark that nobody gave out is no mark."""
    try:
        micros, number = (int(part) for part in text.split("-"))
        return _EPOCH + dt.timedelta(microseconds=micros), number
    except (ValueError, OverflowError):
        return None, None


def _rows(*given: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM citizen_looks(%s::timestamptz, %s::bigint, %s::timestamptz, %s::timestamptz, %s::uuid, %s)",
            given,
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _look(row: dict[str, Any], on: dt.date) -> Look:
    office = territory.full_name(row["unit_code"], on) if row["unit_code"] else ""
    return Look(
        at=row["at"],
        number=row["access_no"],
        who=_who(row),
        office=row["partner_name"] or "" if row["partner"] else office,
        what=_what(row["fields"], row),
        purpose=purposes.name(row["purpose"], _lang()),
        law=_basis(row["basis"]),
        receipt=str(row["receipt"]),
        export=None,
        held_until=row["hidden_until"],
        own=row["own"],
        notes=tuple(_notes(row)),
    )


def _basis(text: str) -> str:
    """The legal basis as it stands in the line; what the programs write of their own, in words."""
    if text == "household":
        return ""
    if found := re.fullmatch(r"task (\d+)", text):
        return _("việc số %(number)s của xã, phường") % {"number": found[1]}
    return without_numbers(text)


def _who(row: dict[str, Any]) -> str:
    """A relative is never named, whatever the line knows."""
    if row["own"]:
        return _("Chính bạn")
    if row["of_household"]:
        return _("Một người trong hộ của bạn")
    if row["partner"]:
        return row["officer"] or _("Hệ thống của đơn vị được kết nối")
    names = [
        r.name_en if _lang() == "en" else r.name_vi
        for r in map(roles().get, row["role"].split())
        if r
    ]
    role = ", ".join(names) or _("Cán bộ")
    return f"{role}: {row['by_name']}" if row["by_name"] else role


def _what(names: Sequence[str], row: dict[str, Any]) -> str:
    if row["of_household"]:
        return _("tên và quan hệ với chủ hộ")
    return ", ".join(dict.fromkeys(_field(name) for name in names)) or _("thông tin trong hồ sơ")


def _field(name: str) -> str:
    if name in GROUPS:
        return str(GROUPS[name]).lower()
    special = {
        "household": _("danh sách thành viên hộ"),
        "history": _("lịch sử hồ sơ"),
        "listed": _("họ tên, năm sinh và xã"),
    }
    if name in special:
        return special[name]
    return label(name).lower() if name in dictionary() else wording.attribute(name, _lang()).lower()


def _notes(row: dict[str, Any]) -> list[str]:
    said = []
    if row["channel"] in CHANNELS:
        said.append(str(CHANNELS[row["channel"]]))
    if row["outcome"] in OUTCOMES:
        said.append(_("Trả lời: %(outcome)s.") % {"outcome": OUTCOMES[row["outcome"]]})
    if row["outside"]:
        said.append(_("Truy cập ngoài địa bàn, có nêu lý do; người kiểm tra đã được báo."))
    return said


def _within(at: dt.datetime, start: tuple[Any, Any], month: Month | None) -> bool:
    """Below the place where the page begins, in the month that is looked at alone."""
    return (start[0] is None or (at, 0) < start) and (month is None or month.first <= at < month.after)  # fmt: skip


def _asked(own: Own) -> list[Look]:
    """What went to the national service: it has no line in the register's log, but one in the log of questions."""
    return [
        Look(
            at=row["at"], number=0, who=_asker(row), law=without_numbers(row["basis"]), receipt="", export=None,
            office=(row["partner_name"] or "") if row["partner"] else
            territory.full_name(row["unit_code"], own.on) if row["unit_code"] else "",
            what=_what(row["fields"], {"of_household": False}), purpose=purposes.name(row["purpose"], _lang()),
            held_until=None, own=False, asked=str(row["receipt"]),
            notes=(
                _("Câu hỏi gửi tới Cơ sở dữ liệu quốc gia về dân cư: chỉ trả lời đúng hay không đúng."),
                national.became(row["state"], str(OUTCOMES.get(row["result"] or "", ""))),
            ),
        )
        for row in national.asked(own)
    ]  # fmt: skip


def _asker(row: dict[str, Any]) -> str:
    """A partner's system is asked by an officer of the partner; the name we know goes before what was typed."""
    if row["partner"]:
        return row["officer"].rpartition(" (")[0] or _("Hệ thống của đơn vị được kết nối")
    return _who({"own": False, "of_household": False, **row})


def _exports(own: Own) -> list[Look]:
    found = bulk.of(citizen_id=own.citizen_id)
    names = _exporters() if found else {}
    return [_export(one, names) for one in found]


def _exporters() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT username, display_name FROM citizen_exporters()")
        return dict(cursor.fetchall())


def _export(one: bulk.Bulk, names: dict[str, str]) -> Look:
    return Look(
        at=one.at,
        number=0,
        who=names.get(one.by) or _("Hệ thống dữ liệu dân cư của tỉnh"),
        office=one.partner or "",
        what=one.what,
        purpose=purposes.name(one.purpose, _lang()),
        law=without_numbers(one.basis),
        receipt="",
        export=one.bulk_no,
        held_until=None,
        own=False,
        notes=(_("Bản kết xuất hoặc báo cáo gồm nhiều người, trong đó có bạn."),),
    )


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
