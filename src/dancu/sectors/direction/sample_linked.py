"""The sample's inspections with their findings, a campaign, good models and their copies, units that help units.

Everything is invented. Of the five findings two are put right, two are being worked on, one waits for its task.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from dancu.reference.holidays import working_days_after
from dancu.sectors.direction import entries, may, tasks
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import New
from dancu.sectors.direction.tasks import Ask, NewTask, Origin

PROVINCE, UNIT_DAY = "24", dt.date(2024, 5, 1)
_RAISED = "online_rate_essential_25"
_INSPECTIONS = (
    ("218", dt.date(2024, 4, 9), (
        ("Chưa bố trí kinh phí thực hiện Đề án 06 năm 2024", "districts_without_budget", "open"),
        ("Máy quét ở bộ phận một cửa hỏng, chưa sửa", "", "done"),
    )),
    ("221", dt.date(2024, 4, 23), (
        ("Chưa có cán bộ chuyên trách công nghệ thông tin", "districts_without_it_officer", "open"),
        ("Chưa niêm yết mã QR nộp hồ sơ trực tuyến", _RAISED, "done"),
    )),
    ("219", dt.date(2024, 5, 28), (("Hồ sơ giấy chưa ghi lý do nộp giấy", _RAISED, ""),)),
    ("215", dt.date(2024, 6, 4), ()),
)  # fmt: skip
_CAMPAIGN: dict[str, Any] = {
    "name": "30 ngày hỗ trợ người dân nộp hồ sơ trực tuyến", "first_day": dt.date(2024, 3, 18),
    "last_day": dt.date(2024, 4, 16), "aim": "Mỗi thôn, tổ dân phố một buổi hướng dẫn tại chỗ",
    "indicator": _RAISED, "units": ["218", "219", "220", "221"],
}  # fmt: skip
"""Thirty days with as many before and after them in the half-year: where there are dossiers, all three are counted."""
_REACHED = (
    ("218", 3, "Họp thôn", 640), ("218", 17, "Hướng dẫn tại một cửa", 215), ("219", 5, "Phát thanh, họp bản", 480),
    ("220", 6, "Đến từng nhà", 130), ("220", 20, "Họp thôn", 350), ("221", 12, "Ngày hội chuyển đổi số", 900),
)  # fmt: skip
_MODELS = (
    ("213", "Tổ công nghệ số cộng đồng tại tổ dân phố", "model", dt.date(2024, 1, 15),
     "Mỗi tổ dân phố ba người, trực tối thứ ba và thứ năm, giúp nộp hồ sơ, kích hoạt định danh",
     "Người già, người không có điện thoại thông minh được giúp tại nhà",
     (("216", dt.date(2024, 3, 4)), ("217", dt.date(2024, 3, 18)), ("222", dt.date(2024, 4, 8)))),
    ("216", "Khai sinh tại trạm y tế", "practice", dt.date(2024, 2, 19),
     "Cán bộ tư pháp nhận tờ khai ngay khi trẻ ra viện", "Không gia đình nào phải đi lại lần hai",
     (("215", dt.date(2024, 5, 13)),)),
    ("222", "Chợ không dùng tiền mặt", "model", dt.date(2024, 4, 22),
     "Mỗi sạp một mã QR, phí chợ thu qua tài khoản", "", ()),
)  # fmt: skip
_HELP = (
    ("213", "219", "Cử hai cán bộ một cửa sang làm cùng mỗi tuần một ngày", dt.date(2024, 3, 4), dt.date(2024, 9, 30)),
    ("216", "220", "Tập huấn tổ công nghệ số các xã vùng cao", dt.date(2024, 4, 1), None),
)  # fmt: skip


def make(by: may.System) -> int:
    """All of it in the caller's transaction; how many entries. A second time changes nothing."""
    return sum((_inspections(by), _campaign(by), _models(by), _helping(by)))


def _inspections(by: may.System) -> int:
    made = 0
    for n, (unit, day, findings) in enumerate(_INSPECTIONS):
        values = {
            "other_code": unit, "number": f"{45 + n}/KH-TCT", "held_on": day, "result": "",
            "team": "Công an tỉnh, Văn phòng UBND tỉnh, Sở TT&TT", "subject": "Việc thực hiện Đề án 06 đầu năm",
        }  # fmt: skip
        one = _record("inspection", PROVINCE, values, day, by)
        for what, indicator, becomes in findings:
            values = {"inspection_no": one.thing_no, "what": what, "indicator": indicator}
            found = _record("finding", PROVINCE, values, day, by)
            if becomes:
                _task(found, unit, day, by, done=becomes == "done")
        made += 1 + len(findings)
    return made


def _task(finding: entries.Entry, unit: str, day: dt.date, by: may.System, *, done: bool) -> None:
    """Due within 30 working days, or for what takes money and people within 90."""
    given = working_days_after(day, 1)
    new = NewTask(
        f"Khắc phục: {finding.values['what']}", unit, working_days=30 if done else 90,
        origin=Origin("finding", finding.thing_no), giver_code=PROVINCE, unit_day=UNIT_DAY,
        event_id=_event(f"task:{finding.values['what']}"),
    )  # fmt: skip
    task = tasks.do_open(new=new, by=by, at=_at(given), on=given)
    if not done or task.version_no > 1:
        return
    day = working_days_after(given, 12)
    task = tasks.do_report(
        task_no=task.task_no, ask=Ask(task.version_no, "Đã khắc phục, có ảnh kèm theo"), percent=100,
        by=may.System("cán bộ huyện"), at=_at(day), on=day, finished=True,
    )  # fmt: skip
    accepted = working_days_after(day, 1)
    tasks.do_accept(task_no=task.task_no, ask=Ask(task.version_no), by=by, at=_at(accepted))


def _campaign(by: may.System) -> int:
    one = _record("campaign", PROVINCE, _CAMPAIGN, dt.date(2024, 3, 11), by)
    for unit, day, what, people in _REACHED:
        on = _CAMPAIGN["first_day"] + dt.timedelta(days=day)
        values = {"campaign_no": one.thing_no, "held_on": on, "what": what, "people": people}
        _record("reach", unit, values, on, by)
    return 1 + len(_REACHED)


def _models(by: may.System) -> int:
    made = 0
    for unit, name, kind, since, what, result, copies in _MODELS:
        values = {"name": name, "kind": kind, "since": since, "what": what, "result": result}
        one = _record("model", unit, values, since, by)
        for other, day in copies:
            copy = {"model_no": one.thing_no, "since": day, "note": ""}
            _record("copy", other, copy, day, by)
        made += 1 + len(copies)
    return made


def _helping(by: may.System) -> int:
    for unit, other, what, first, last in _HELP:
        values = {
            "other_code": other, "what": what, "indicator": _RAISED, "valid_from": first, "valid_to": last,
            "result": "",
        }  # fmt: skip
        _record("pairing", unit, values, first, by)
    return len(_HELP)


def _record(table: str, unit: str, values: dict[str, Any], day: dt.date, by: may.System) -> entries.Entry:  # fmt: skip
    said = next(values[n] for n in ("number", "name", "what", "since") if n in values)
    new = New(unit, UNIT_DAY, values, _event(f"{table}:{unit}:{said}"))
    return entries.do_record(book=BY_TABLE[table], new=new, by=by, at=_at(day))


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(16), timezone.get_default_timezone())


def _event(said: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"direction.sample:{said}")
