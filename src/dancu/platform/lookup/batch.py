"""Lists: candidates of an exam, people who receive a benefit. Each line is a question with its own line in the log.

Border: the claims are in the database while the list is worked on and gone when it is done; the result says verdicts,
reasons and receipts by the number of the row, never a value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.engine.verify import ATTRIBUTES, wording
from dancu.lib.text import fold
from dancu.platform.lookup import answering, reading, tasks
from dancu.platform.lookup.models import Batch
from dancu.platform.lookup.problems import Refusal
from dancu.platform.lookup.register_state import state
from dancu.platform.tasks import services
from dancu.reference import purposes
from dancu.reference.fields import fields

RIGHT = "person.verify"
MOST, LARGEST, EVERY = 5_000, 2_000_000, 100
COLUMNS = ("dong", "ket_qua", "the", "so_dinh_danh", "khac_o_dau", "so_bien_nhan")


class BatchError(ValueError):
    """A list that cannot be taken; the message says what to put right."""


def read(content: bytes) -> list[dict[str, str]]:
    """Rows of a CSV file by attribute; headings are labels or names of fields. BatchError."""
    if len(content) > LARGEST:
        raise BatchError(_("Danh sách quá lớn: tối đa 2 MB."))
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        table = list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count)))
    except (UnicodeDecodeError, csv.Error):
        raise BatchError(_("Lưu danh sách dạng CSV UTF-8 rồi gửi lại.")) from None
    names = [_attribute(cell) for cell in table[0]] if table else []
    if not {"personal_number", "old_number"} & set(names) or "full_name" not in names:
        raise BatchError(_("Danh sách cần cột số định danh (hoặc số CMND) và cột họ tên."))
    rows = [
        {
            name: cell.strip()
            for name, cell in zip(names, row, strict=False)
            if name and cell.strip()
        }
        for row in table[1:]
    ]
    if not 0 < len(rows) <= MOST:
        raise BatchError(_("Danh sách phải có từ 1 đến 5.000 dòng."))
    return rows


def do_start(*, by: Any, name: str, rows: list[dict[str, str]], basis: str) -> Batch:
    """The list is kept and the job queued, in the page's transaction."""
    on = state().on
    purpose = purposes.get(purposes.usual(by.roles_today, on=on), on=on)
    made = Batch.objects.create(
        user_id=by.pk, username=by.username, role=" ".join(by.roles_today)[:200], name=name[:200],
        purpose=purpose.code, basis=f"{purpose.law}; {basis}"[:300], total=len(rows), lines=rows,
    )  # fmt: skip
    services.start(
        tasks.verify_list, kind="verify", about=f"verify/{made.pk}", right=RIGHT, by=by.username, number=made.pk
    )  # fmt: skip
    return made


def work(number: int, told: Callable[[str, float], None]) -> None:
    """Answer what is not answered yet: after a crash it goes on behind the last hundred that were kept."""
    batch = Batch.objects.using("owner").get(pk=number)
    now = state(using="owner")
    purpose = purposes.get(batch.purpose, on=now.on)
    result = list(batch.result)
    for place, line in enumerate(batch.lines[len(result) :], start=len(result)):
        result.append(_one(line, batch, purpose, now))
        if len(result) % EVERY == 0:
            Batch.objects.using("owner").filter(pk=number).update(result=result)
        told(f"{place + 1}/{batch.total}", (place + 1) / batch.total)
    Batch.objects.using("owner").filter(pk=number).update(
        result=result, lines=[], ended_at=timezone.now()
    )


def _one(line: Mapping[str, str], batch: Batch, purpose: Any, now: Any) -> dict[str, Any]:
    way = "number" if line.get("personal_number") else "old_number"
    claims = {
        name: text[: reading.LONGEST] for name, text in line.items()
        if name not in ("personal_number", "old_number") and reading.is_allowed(name, purpose.fields)
    }  # fmt: skip
    sent = {way: line.get("personal_number") or line.get("old_number", ""), "claims": claims}
    try:
        asked = reading.one(sent, fields=purpose.fields, test_people=now.test_people)
    except Refusal:
        return {"state": "unreadable"}
    told = answering.for_list(
        asked, by=batch.username, role=batch.role, purpose=purpose, on=now.on, basis=batch.basis
    )
    said = told.answer.as_json() if told.state == "answered" else {}
    return {"state": told.state, "receipt": told.receipt, **said}


def sheet(batch: Batch, lang: str = "vi") -> str:
    """The result as CSV, a line for each row of the list."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for place, row in enumerate(batch.result, start=1):
        writer.writerow([place, *_cells(row, lang)])
    return out.getvalue()


def _cells(row: Mapping[str, Any], lang: str) -> list[str]:
    if row["state"] != "answered":
        words = {
            "unreadable": _("không đọc được số"), "no_consent": _("chưa có đồng ý"),
            "too_many": _("tra cứu quá nhiều lần"),
        }  # fmt: skip
        word = words.get(row["state"], _("không được trả lời"))
        return [word, "", "", "", row.get("receipt", "")]
    differs = [
        f"{wording.attribute(a['attribute'], lang)}: {wording.word('verdicts', a['verdict'], lang)}"
        + (f" ({wording.word('reasons', a.get('reason'), lang)})" if a.get("reason") else "")
        for a in row["attributes"] if a["verdict"] != "match" and row["result"] != "not_identified"
    ]  # fmt: skip
    return [
        wording.word("results", row["result"], lang), wording.word("cards", row["card"], lang),
        wording.word("numbers", row["number"], lang), "; ".join(differs), row["receipt"],
    ]  # fmt: skip


_ALSO = {
    "full_name": {"ho ten", "ho va ten"}, "birth_date": {"ngay sinh", "nam sinh"},
    "personal_number": {"so dinh danh", "so cccd", "cccd"}, "old_number": {"so cmnd", "cmnd"},
}  # fmt: skip


def _attribute(heading: str) -> str:
    """The attribute that a heading names, empty for another column."""
    plain = fold(heading)
    for name in ATTRIBUTES:
        known = fields().get(name)
        english = [known.label_en] if known else []
        labels = [name.replace("_", " "), wording.attribute(name), *english]
        if plain in {fold(label) for label in labels} | _ALSO.get(name, set()):
            return name
    return ""
