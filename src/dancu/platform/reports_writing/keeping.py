"""Reports kept: counted again as a new version, changed sentence by sentence with who and why, issued once.

The key names unit and days. What a reader sees is the last version with the last edit of each sentence on it; a number
that was typed stays marked as such, also when the report is counted again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from dancu.engine.report import sums
from dancu.engine.report.content import Report, Section, Sentence
from dancu.engine.report.content_json import from_json, to_json
from dancu.engine.report.edited import Edited, edited
from dancu.platform.reports_writing import writing
from dancu.platform.reports_writing.gathering import Order
from dancu.platform.reports_writing.models import Edit, Issue, Version


class ReportError(Exception):
    """What cannot be done with a report; the message says what to do."""


class NeedsConfirming(ReportError):
    """An edit takes figures out of a sentence or puts numbers of nobody in: ask again."""

    def __init__(self, made: Edited) -> None:
        super().__init__("Câu này có số liệu; xác nhận trước khi lưu.")
        self.made = made


@dataclass(frozen=True)
class Kept:
    """The report as it reads now, the version it stands on, the edits in force by sentence, the issue if any."""

    report: Report
    version: Version
    edits: Mapping[str, Edit]
    issue: Issue | None


@transaction.atomic
def do_write(*, order: Order, by: str, at: dt.datetime) -> Version:
    """Counts the report and keeps it as the next version. Refused when it has been issued."""
    if Issue.objects.filter(key=order.key).exists():
        raise ReportError("Báo cáo đã ban hành, không lập lại được; hãy lập báo cáo của kỳ khác.")
    body = to_json(writing.content(order))
    number = Version.objects.filter(key=order.key).count() + 1
    return Version.objects.create(
        key=order.key, number=number, unit_code=order.unit, first=order.asked.first, last=order.asked.last,
        body=body, sha256=digest(body), at=at, by=by,
    )  # fmt: skip


@transaction.atomic
def do_edit(
    *, key: str, sentence: str, text: str, reason: str, confirmed: bool, by: str, at: dt.datetime
) -> Edit:
    """Keeps a person's text of a sentence; an empty one goes back to what was counted.

    Raises NeedsConfirming unless `confirmed` when figures would go or typed numbers come.
    """
    kept = get(key)
    if kept.issue is not None:
        raise ReportError("Báo cáo đã ban hành, không sửa được nữa.")
    counted = _find(from_json(kept.version.body), sentence)
    now = _find(kept.report, sentence)
    text = " ".join(text.split())
    if not reason.strip():
        raise ReportError("Ghi lý do sửa câu này.")
    if text == now.text or (not text and sentence not in kept.edits):
        raise ReportError("Câu không thay đổi; sửa nội dung rồi lưu lại.")
    made = edited(counted, text) if text else Edited(counted, ())
    if (made.lost or made.sentence.typed) and not confirmed:
        raise NeedsConfirming(made)
    return Edit.objects.create(
        key=key, sentence=sentence, before=now.text, text=text, reason=reason.strip(), typed=list(made.sentence.typed),
        lost=[f"{ref.printed} ({ref.short_code})" for ref in made.lost], at=at, by=by,
    )  # fmt: skip


@transaction.atomic
def do_issue(
    *, key: str, number: str, day: dt.date, signer: str, by: str, at: dt.datetime
) -> Issue:
    """Gives the report its number and day; from now on it stays as it is. Refused while a check finds an error."""
    kept = get(key)
    if kept.issue is not None:
        raise ReportError(f"Báo cáo đã ban hành, số {kept.issue.number}.")
    if errors := [m for m in kept.report.marks if m.weight == "error"]:
        raise ReportError(f"Còn {len(errors)} lỗi số liệu chưa sửa: {errors[0].text_vi}")
    if not number.strip() or not signer.strip():
        raise ReportError("Ghi số văn bản và người ký.")
    layout = replace(kept.report.layout, number=number.strip(), day=day, signer=signer.strip())
    body = to_json(replace(kept.report, layout=layout))
    return Issue.objects.create(
        key=key, number=number.strip(), day=day, signer=signer.strip(), body=body, sha256=digest(body), at=at, by=by,
    )  # fmt: skip


def find(key: str) -> Kept | None:
    """The report as it reads now; None when there is none of this key."""
    version = Version.objects.filter(key=key).order_by("-number").first()
    if version is None:
        return None
    issue = Issue.objects.filter(key=key).first()
    edits: dict[str, Edit] = {e.sentence: e for e in Edit.objects.filter(key=key).order_by("id")}
    edits = {name: edit for name, edit in edits.items() if edit.text}
    if issue is not None:
        return Kept(from_json(issue.body), version, edits, issue)
    return Kept(_edited(from_json(version.body), edits), version, edits, None)


def get(key: str) -> Kept:
    """The same; ReportError."""
    found = find(key)
    if found is None:
        raise ReportError("Không có báo cáo này; hãy lập báo cáo trước.")
    return found


def digest(body: Any) -> str:
    """SHA-256 of a body, however its keys are ordered."""
    told = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _edited(report: Report, edits: Mapping[str, Edit]) -> Report:
    if not edits:
        return report
    sections = tuple(_section(s, edits) for s in report.sections)
    return sums.check(replace(report, sections=sections, marks=()))


def _section(section: Section, edits: Mapping[str, Edit]) -> Section:
    return replace(
        section,
        sentences=tuple(
            edited(s, edits[s.key].text).sentence if s.key in edits else s
            for s in section.sentences
        ),
        sections=tuple(_section(s, edits) for s in section.sections),
    )


def _find(report: Report, key: str) -> Sentence:
    for sentence in report.sentences:
        if sentence.key == key:
            return sentence
    raise ReportError("Không có câu này trong báo cáo.")
