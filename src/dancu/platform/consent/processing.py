"""Records of processing («hồ sơ hoạt động xử lý»): made from what the system itself holds, never typed in.

Border: tells no person; purposes, recipients and periods of the day, and how often each purpose was used.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import xlsxwriter
from django.utils.translation import get_language

from dancu.lib.spreadsheet_safety import escape_cell
from dancu.platform.partners.models import Partner
from dancu.platform.register.parts import ask
from dancu.platform.register.words_of import label
from dancu.reference import purposes
from dancu.reference.rights import roles

HEADS = (
    ("purpose", "Mục đích", "Purpose"),
    ("ground", "Căn cứ", "Ground"),
    ("law", "Văn bản", "Law"),
    ("fields", "Loại dữ liệu", "Categories of data"),
    ("askers", "Ai được hỏi", "Who may ask"),
    ("recipients", "Bên nhận", "Recipients"),
    ("retention_years", "Lưu nhật ký (năm)", "Log kept (years)"),
    ("delay_days", "Được giấu tối đa (ngày)", "May be held back (days)"),
    ("consents", "Đồng ý còn hiệu lực", "Consents that stand"),
    ("restrictions", "Đang hạn chế", "Restrictions"),
    ("transfer", "Chuyển ra nước ngoài", "Transfer abroad"),
)
_ASKERS = {
    "officer": ("cán bộ có quyền", "officers with the right"),
    "partner": ("hệ thống đối tác", "partners' systems"),
    "citizen": ("chính công dân", "the citizen"),
}
_GROUNDS = {"law": ("theo luật", "law"), "consent": ("sự đồng ý", "consent")}


def rows(*, on: dt.date) -> list[dict[str, Any]]:
    """One line for each purpose of the day, by the keys of HEADS."""
    english = get_language() == "en"
    partners = [p for p in Partner.objects.all() if p.is_active(on=on)]
    stand, stopped = _standing(), _stopped()
    return [
        {
            "code": p.code,
            "purpose": p.name_en if english else p.name_vi,
            "ground": _GROUNDS[p.ground][english],
            "law": p.law,
            "fields": ", ".join(label(f) for f in sorted(p.fields)),
            "askers": ", ".join(_asker(a, english) for a in sorted(p.askers)),
            "recipients": ", ".join(x.name_vi for x in partners if p.code in x.purposes),
            "retention_years": p.retention_years,
            "delay_days": p.longest_delay,
            "consents": stand.get(p.code, 0),
            "restrictions": stopped.get(p.code, 0),
            "transfer": "none" if english else "không chuyển",
        }
        for p in purposes.purposes(on=on).values()
    ]


def _asker(asker: str, english: bool) -> str:
    if asker in _ASKERS:
        return _ASKERS[asker][english]
    role = roles().get(asker)
    return (role.name_en if english else role.name_vi) if role else asker


def _standing() -> dict[str, int]:
    return _counts(
        "SELECT g.purpose, count(*) AS n FROM consent.granted g WHERE g.expires_at > now()"
        " AND NOT EXISTS (SELECT 1 FROM consent.withdrawn w WHERE w.consent_no = g.consent_no) GROUP BY 1"
    )


def _stopped() -> dict[str, int]:
    return _counts(
        "SELECT r.purpose, count(DISTINCT r.citizen_id) AS n FROM consent.restriction r WHERE NOT EXISTS"
        " (SELECT 1 FROM consent.restriction_end e WHERE e.restriction_no = r.restriction_no) GROUP BY 1"
    )


def _counts(query: str) -> dict[str, int]:
    return {row["purpose"]: row["n"] for row in ask(query)}


def heads() -> list[tuple[str, str]]:
    """(key, words) of the columns."""
    english = get_language() == "en"
    return [(key, en if english else vi) for key, vi, en in HEADS]


def as_json(*, on: dt.date) -> str:
    """For other systems."""
    return json.dumps(
        {"on": on.isoformat(), "processing": rows(on=on)}, ensure_ascii=False, indent=1
    )


def workbook(*, on: dt.date) -> bytes:
    """For an inspector's desk."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("Hồ sơ xử lý")
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page.write_row(0, 0, [words for _key, words in heads()], book.add_format({"bold": True}))
        page.freeze_panes(1, 1)
        page.set_column(0, 5, 32, wrapped)
        for at, row in enumerate(rows(on=on), 1):
            for column, (key, _words) in enumerate(heads()):
                value = row[key]
                if isinstance(value, int):
                    page.write_number(at, column, value)
                else:
                    page.write_string(at, column, escape_cell(value))
    return made.getvalue()
