"""Impact assessments: the parts that the law asks for, filled in from the system where it knows, kept in versions.

Two kinds: of the processing, and of a transfer abroad, which says «không chuyển» until somebody writes otherwise.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.platform.access.rights import check_right
from dancu.platform.consent import processing
from dancu.platform.consent.breaches import DUTY
from dancu.platform.consent.errors import ConsentError, NotOpen
from dancu.platform.partners.models import Partner
from dancu.platform.register.parts import Row, ask
from dancu.reference import privacy
from dancu.reference.privacy import Part

KINDS = ("processing", "transfer")
LONGEST = 20_000


@dataclass(frozen=True)
class Filled:
    """A part with its text; `auto`: the system fills it in, an officer may add."""

    part: Part
    text: str
    auto: bool


@dataclass(frozen=True)
class Version:
    """A version as it was kept."""

    assessment_no: int
    kind: str
    version: int
    content: Mapping[str, Any]
    by: str
    at: dt.datetime


def parts(*, kind: str, on: dt.date) -> list[Filled]:
    """The form: what the last version says of parts that officers write, the rest as the system knows it today."""
    last = latest(kind)
    kept = last.content.get("parts", {}) if last else {}
    made = _known(on)
    return [
        Filled(
            part,
            made[part.source] if part.source in made else kept.get(part.part, _default(part)),
            part.source in made,
        )
        for part in privacy.assessment_parts(kind, on=on)
    ]


def _default(part: Part) -> str:
    return str(_("Không chuyển")) if part.source == "no_transfer" else ""


@transaction.atomic
def keep(*, kind: str, texts: Mapping[str, str], seen: int, by: Any, on: dt.date) -> Version:
    """A new version; `seen`: the number of the one that was on the screen (0: none). Raises NotOpen, ConsentError."""
    check_right(by, DUTY)
    form = parts(kind=kind, on=on)
    if not form:
        raise ConsentError(_("Chưa có mẫu đánh giá cho ngày này."))
    content = {
        "on": on.isoformat(),
        "law": form[0].part.law,
        "parts": {
            f.part.part: f.text if f.auto else texts.get(f.part.part, f.text).strip()[:LONGEST] for f in form
        },
        "titles": {f.part.part: f.part.title_vi for f in form},
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.assessment (kind, version, content, by) VALUES (%s, %s, %s::jsonb, %s)"
            " ON CONFLICT (kind, version) DO NOTHING",
            [kind, seen + 1, json.dumps(content, ensure_ascii=False), by.username],
        )
        if cursor.rowcount != 1:
            raise NotOpen(_("Đã có bản mới hơn do người khác ghi. Xem bản đó rồi sửa tiếp."))
    return version(kind, seen + 1) or _gone()


def latest(kind: str) -> Version | None:
    """The last version of a kind."""
    found = versions(kind)
    return found[0] if found else None


def versions(kind: str) -> list[Version]:
    """All versions, the newest first."""
    rows = ask("SELECT * FROM consent.assessment WHERE kind = %s ORDER BY version DESC", kind)
    return [_version(row) for row in rows]


def version(kind: str, number: int) -> Version | None:
    """One version."""
    rows = ask("SELECT * FROM consent.assessment WHERE kind = %s AND version = %s", kind, number)
    return _version(rows[0]) if rows else None


def _version(row: Row) -> Version:
    return Version(
        row["assessment_no"], row["kind"], row["version"], row["content"], row["by"], row["at"]
    )


def _gone() -> Version:
    raise NotOpen(_("Không đọc lại được dòng vừa ghi. Báo bộ phận kỹ thuật."))


def _known(on: dt.date) -> dict[str, str]:
    """What the system knows of itself, as text; by `source` of a part."""
    lines = processing.rows(on=on)
    partners = [p for p in Partner.objects.all() if p.is_active(on=on)]
    return {
        "purposes": "\n".join(f"{r['purpose']}: {r['ground']}; {r['law']}" for r in lines),
        "data": ", ".join(sorted({f for r in lines for f in r["fields"].split(", ") if f})),
        "people": _("Công dân có hồ sơ trong sổ dân cư của tỉnh: %(n)s người ngày %(day)s.")
        % {"n": f"{_people():,}".replace(",", "."), "day": f"{on:%d/%m/%Y}"},
        "recipients": "\n".join(
            f"{p.name_vi}: {', '.join(sorted(p.purposes))}" for p in partners
        ) or _("Không có hệ thống đối tác nào đang hoạt động."),
        "operations": _(
            "Tiếp nhận danh sách, chuẩn hoá, đối chiếu, lưu giữ, tra cứu, xác minh, chỉnh sửa, thống kê, xóa."
        ),
        "retention": "\n".join(
            _("%(purpose)s: dòng nhật ký giữ %(n)s năm")
            % {"purpose": r["purpose"], "n": r["retention_years"]}
            for r in lines
        ),
        "measures": _MEASURES,
    }  # fmt: skip


_MEASURES = (
    "Một cửa duy nhất mở hồ sơ, mỗi lượt mở ghi một dòng nhật ký trong cùng giao dịch; quyền theo vai trò và địa bàn,"
    " cơ sở dữ liệu tự chặn dòng ngoài địa bàn; số định danh che trên màn hình; sổ cái băm nối chứng minh nhật ký"
    " không bị sửa; sao lưu mã hoá; khoá ký theo mục đích, đổi định kỳ; công dân đọc được ai đã xem."
)


def _people() -> int:
    """How many persons the register has; the planner's estimate is enough and opens nobody."""
    rows = ask(
        "SELECT greatest(reltuples, 0)::bigint AS n FROM pg_class WHERE oid = 'register.person'::regclass"
    )
    return int(rows[0]["n"])
