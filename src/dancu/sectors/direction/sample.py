"""The direction of a half-year as the review of 21 June 2024 tells it, as records: for the demo, the story and tests.

106 documents of the provincial committee and some of others; a plan in each of the ten districts; money in nine, none
in Lục Nam; a full-time IT officer in five; tasks that were done in time, late, and not yet; inspections, a campaign,
models and help in `sample_linked`. Each is known from the day on which it was made. Everything is invented but the
numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from dancu.reference.holidays import is_working_day, working_days_after
from dancu.sectors.direction import entries, may, sample_linked, tasks
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import New
from dancu.sectors.direction.tasks import Ask, NewTask, Origin

PROVINCE = "24"
DISTRICTS = ("213", "215", "216", "217", "218", "219", "220", "221", "222", "223")
WITHOUT_BUDGET = ("218",)
"""Lục Nam."""
WITHOUT_IT_OFFICER = ("213", "219", "220", "221", "222")
"""Thành phố Bắc Giang, Lục Ngạn, Sơn Động, Yên Dũng, Việt Yên."""
BY_COMMITTEE, BY_OTHERS = 106, 14
UNIT_DAY, FIRST, LAST = dt.date(2024, 5, 1), dt.date(2024, 1, 2), dt.date(2024, 6, 20)
_KINDS = (
    ("letter", "UBND-NC", "V/v "), ("letter", "UBND-KGVX", "V/v "), ("plan", "KH-UBND", "Kế hoạch "),
    ("decision", "QĐ-UBND", "Quyết định về "), ("notice", "TB-UBND", "Thông báo kết luận về "),
)  # fmt: skip
_SUBJECTS = (
    "đẩy mạnh nộp hồ sơ trực tuyến 25 dịch vụ công thiết yếu",
    "làm sạch dữ liệu dân cư, bảo đảm đúng, đủ, sạch, sống",
    "chi trả an sinh xã hội qua tài khoản",
    "cấp căn cước và kích hoạt định danh điện tử",
    "dùng thẻ căn cước gắn chip khi khám, chữa bệnh bảo hiểm y tế",
    "bố trí kinh phí và nhân lực thực hiện Đề án 06",
    "khắc phục tồn tại, hạn chế sau kiểm tra Đề án 06",
    "thanh toán không dùng tiền mặt trong dịch vụ công",
    "bảo đảm an toàn thông tin khi kết nối cơ sở dữ liệu quốc gia về dân cư",
    "cập nhật thông tin đảng viên, hội viên vào hệ thống",
)
_TASKS = (
    "Bố trí cán bộ chuyên trách công nghệ thông tin", "Bố trí kinh phí thực hiện Đề án 06 năm 2024",
    "Rà soát hồ sơ sai lệch dữ liệu dân cư", "Mở tài khoản cho người hưởng trợ cấp xã hội",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """How many of each were made."""

    directives: int
    plans: int
    budgets: int
    posts: int
    tasks: int
    linked: int


def make(*, seed: int = 2024) -> Made:
    """All of it, in one transaction of the owner; a second time changes nothing."""
    chance = Random(seed)  # noqa: S311
    with may.as_system() as by:
        directives = [_record("directive", PROVINCE, one, by) for one in _directives(chance)]
        plans = [_record("plan", code, _plan(n, chance), by) for n, code in enumerate(DISTRICTS)]
        budgets = [
            _record("budget", code, _budget(n, chance), by)
            for n, code in enumerate(DISTRICTS)
            if code not in WITHOUT_BUDGET
        ]
        for code, budget in zip(
            (c for c in DISTRICTS if c not in WITHOUT_BUDGET), budgets, strict=True
        ):
            _record("spending", code, _spending(int(budget.values["amount"]), chance), by)
        posts = [_record("post", code, _post(code), by) for code in DISTRICTS]
        given = sum(_tasks(code, n, directives[0].thing_no, by) for n, code in enumerate(DISTRICTS))
        linked = sample_linked.make(by)
    return Made(len(directives), len(plans), len(budgets), len(posts), given, linked)


def _record(table: str, unit: str, values: dict[str, Any], by: may.System) -> entries.Entry:
    book = BY_TABLE[table]
    said = f"{table}:{unit}:{values.get('number') or values[book.day]}"
    new = New(unit, UNIT_DAY, values, _event(said))
    day = max(values[book.day], FIRST)
    return entries.do_record(book=book, new=new, by=by, at=_at(day))


def _directives(chance: Random) -> Iterator[dict[str, Any]]:
    """Those of the committee, numbered as the days go on, then the task force's."""
    ours_on = sorted(_day(chance) for _n in range(BY_COMMITTEE))
    theirs_on = sorted(_day(chance) for _n in range(BY_OTHERS))
    for n, day in enumerate((*ours_on, *theirs_on)):
        yield _directive(n, day, chance)


def _directive(n: int, day: dt.date, chance: Random) -> dict[str, Any]:
    ours, about = n < BY_COMMITTEE, chance.choice(_SUBJECTS)
    kind, symbol, start = chance.choice(_KINDS) if ours else ("letter", "TCT06", "V/v ")
    number = 15 + 37 * n if ours else n - BY_COMMITTEE + 1
    return {
        "number": f"{number}/{symbol}", "issued_on": day, "body": "committee" if ours else "task_force",
        "kind": kind, "subject": start + about, "about": "project06",
    }  # fmt: skip


def _plan(n: int, chance: Random) -> dict[str, Any]:
    day = _working(dt.date(2024, 1, 8) + dt.timedelta(days=chance.randrange(50)))
    return {
        "year": 2024, "number": f"{12 + n}/KH-UBND", "issued_on": day,
        "title": "Kế hoạch thực hiện Đề án 06 trên địa bàn năm 2024",
    }  # fmt: skip


def _budget(n: int, chance: Random) -> dict[str, Any]:
    day = _working(dt.date(2024, 1, 15) + dt.timedelta(days=chance.randrange(60)))
    return {
        "year": 2024, "amount": 50_000_000 * chance.randrange(6, 40), "source": "local",
        "decision": f"{210 + n}/QĐ-UBND", "decided_on": day,
    }  # fmt: skip


def _spending(amount: int, chance: Random) -> dict[str, Any]:
    return {
        "year": 2024, "amount": amount * chance.randrange(20, 60) // 100,
        "spent_on": _working(dt.date(2024, 5, 2) + dt.timedelta(days=chance.randrange(40))),
        "what": "Mua máy quét, máy tính cho bộ phận một cửa",
    }  # fmt: skip


def _post(code: str) -> dict[str, Any]:
    vacant = code in WITHOUT_IT_OFFICER
    return {
        "kind": "it_officer", "full_time": True, "seat": "1", "state": "vacant" if vacant else "filled",
        "valid_from": dt.date(2024, 1, 2), "valid_to": None,
        "decision": "" if vacant else f"{int(code) + 300}/QĐ-UBND",
    }  # fmt: skip


def _tasks(code: str, n: int, directive: int, by: may.System) -> int:
    """Two tasks of a district: one done in time or late, one that is still due."""
    for k in range(2):
        given = _working(dt.date(2024, 3, 4) + dt.timedelta(days=7 * n + 20 * k))
        new = NewTask(
            _TASKS[(n + k) % len(_TASKS)], code, working_days=20, origin=Origin("directive", directive),
            giver_code=PROVINCE, unit_day=UNIT_DAY, event_id=_event(f"task:{code}:{k}"),
        )  # fmt: skip
        task = tasks.do_open(new=new, by=by, at=_at(given), on=given)
        if k == 0 and task.version_no == 1:
            _finish(task, late=n % 4 == 3, by=by)
    return 2


def _finish(task: tasks.Task, *, late: bool, by: may.System) -> None:
    day = working_days_after(task.due_on, 4) if late else task.due_on
    owner = may.System("cán bộ huyện")
    done = tasks.do_report(
        task_no=task.task_no, ask=Ask(task.version_no, "Đã làm xong, có văn bản kèm theo"), percent=100,
        by=owner, at=_at(day), on=day, finished=True,
    )  # fmt: skip
    tasks.do_accept(
        task_no=task.task_no, ask=Ask(done.version_no), by=by, at=_at(working_days_after(day, 1))
    )


def _day(chance: Random) -> dt.date:
    return _working(FIRST + dt.timedelta(days=chance.randrange((LAST - FIRST).days)))


def _working(day: dt.date) -> dt.date:
    return day if is_working_day(day) else working_days_after(day, 1)


def _at(day: dt.date) -> dt.datetime:
    """In the afternoon of the day."""
    return dt.datetime.combine(day, dt.time(16), timezone.get_default_timezone())


def _event(said: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"direction.sample:{said}")
