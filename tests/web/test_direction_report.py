"""What the six-month report says of inspections, campaigns, models, help and tasks: sentences and annexes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from tests.web.direction import made

from dancu.engine.report.content import Annex, Report
from dancu.engine.report.indicators import Asked
from dancu.platform.reports_writing import as_docx, as_pdf, as_tables, writing
from dancu.platform.reports_writing.gathering import Order
from dancu.platform.reports_writing.layout import layout
from dancu.sectors.direction import entries, may, moved, report_parts, tasks
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import Edit, New
from dancu.sectors.direction.shortcomings import checking, services
from dancu.sectors.direction.shortcomings import reading as shortcomings
from dancu.sectors.direction.shortcomings.reading import Filters
from dancu.sectors.direction.tasks import Ask

__all__ = ["made"]
DAY = dt.date(2024, 6, 21)
HALF = Asked(dt.date(2024, 1, 1), DAY)
ORDER = Order("24", HALF, DAY)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17), timezone.get_default_timezone())


@pytest.fixture
def half(made: may.System) -> Iterator[may.System]:
    """The sample half-year, checked for shortcomings on its last day; gone after the test."""
    with transaction.atomic():
        checking.run(province="24", on=DAY, at=at(DAY), full=False)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def report(half: may.System) -> Report:
    del half
    return writing.content(ORDER, using="owner")


def annex(report: Report, code: str) -> Annex:
    return next(a for a in report.annexes if a.code == code)


def lines(found: Annex) -> list[tuple[str, ...]]:
    return [(row.label, *(cell.text for cell in row.cells)) for row in found.rows]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("1.inspections", "Trong kỳ đã tiến hành 4 cuộc kiểm tra; tồn tại phát hiện qua kiểm tra đã khắc phục 2/5, đạt"
         " 40,00%."),
        ("1.inspected", "Đã kiểm tra: huyện Lục Nam (09/04/2024); huyện Yên Dũng (23/04/2024); huyện Lục Ngạn"
         " (28/05/2024); huyện Yên Thế (04/06/2024)."),
        ("1.campaigns", "Các đợt cao điểm tuyên truyền, vận động đã tiếp cận 2.715 lượt người."),
        ("3.findings", "Qua kiểm tra, còn phải khắc phục: huyện Lục Nam: chưa bố trí kinh phí thực hiện Đề án 06 năm"
         " 2024; huyện Yên Dũng: chưa có cán bộ chuyên trách công nghệ thông tin; huyện Lục Ngạn: hồ sơ giấy chưa ghi"
         " lý do nộp giấy."),
        ("4.helped", "Để giúp đỡ, trao đổi kinh nghiệm, 2 cặp đơn vị đang giúp nhau."),
        ("4.helping", "Các cặp giúp nhau: thành phố Bắc Giang giúp huyện Lục Ngạn (cử hai cán bộ một cửa sang làm cùng"
         " mỗi tuần một ngày); huyện Tân Yên giúp huyện Sơn Động (tập huấn tổ công nghệ số các xã vùng cao)."),
        ("5.models", "Đang thực hiện 3 mô hình điểm, cách làm hay; trong kỳ được nhân rộng thêm 4 lượt."),
        ("6.commended", "Biểu dương đơn vị: chưa có dữ liệu."),
    ],
)  # fmt: skip
def test_the_report_says_it(report: Report, key: str, said: str) -> None:
    assert next(s.text for s in report.sentences if s.key == key) == said


def test_documents_are_told_by_kind_and_issuer_and_add_up(report: Report) -> None:
    """The 106 of the committee are those of the sentence; a wrong sum would be marked."""
    found = annex(report, "A1")
    assert [c.head_vi for c in found.columns] == ["Ủy ban nhân dân", "Tổ công tác Đề án 06", "Cộng"]
    assert found.total is not None
    assert (found.total.label, *(c.text for c in found.total.cells)) == (
        "Tỉnh Bắc Giang",
        "106",
        "14",
        "120",
    )
    assert report.marks == ()


def test_shortcomings_are_listed_with_what_becomes_of_them(report: Report) -> None:
    found = lines(annex(report, "A11"))
    assert ("Huyện Lục Nam", "Chưa bố trí kinh phí thực hiện Đề án 06 năm 2024") in {
        line[:2] for line in found
    }
    assert {line[-1] for line in found} == {"Chưa khắc phục"}
    without = [
        line[0] for line in found if line[1] == "Chưa có cán bộ chuyên trách công nghệ thông tin"
    ]
    assert without == [
        "Thành phố Bắc Giang", "Huyện Lục Ngạn", "Huyện Sơn Động", "Huyện Yên Dũng", "Thị xã Việt Yên",
    ]  # fmt: skip


def test_shortcomings_stand_as_they_stood_on_the_last_day_and_were_known(half: may.System) -> None:
    """Money decided and a promise given in July: nothing of it is in the list of June."""
    june = a11(DAY)
    lacking = "Chưa bố trí kinh phí thực hiện Đề án 06 năm 2024"
    vacant = "Chưa có cán bộ chuyên trách công nghệ thông tin"
    second, third = dt.date(2024, 7, 2), dt.date(2024, 7, 3)
    (son_dong,) = [s for s in shortcomings.listed(Filters(), on=second, limit=500, offset=0)
                   if s.title == vacant and s.unit_code == "220"]  # fmt: skip
    services.do_explain(
        number=son_dong.shortcoming_no, by=half, at=at(second), on=second,
        words=services.Words(son_dong.version_no, "Chưa tuyển được người", "Cử người học từ xa", dt.date(2024, 9, 30)),
    )  # fmt: skip
    values = {
        "year": 2024,
        "amount": 500_000_000,
        "source": "local",
        "decision": "12/QĐ-UBND",
        "decided_on": third,
    }
    entries.do_record(book=BY_TABLE["budget"], new=New("218", third, values), by=half, at=at(third))
    assert checking.run(province="24", on=third, at=at(third), full=False).fixed == 1
    assert a11(DAY) == june
    assert june["Huyện Lục Nam", lacking][-1] == "Chưa khắc phục"
    assert a11(third)["Huyện Lục Nam", lacking][-1] == "Đã khắc phục 03/07/2024"
    assert a11(third, known=at(second))["Huyện Lục Nam", lacking][-1] == "Chưa khắc phục"
    assert (
        june["Huyện Sơn Động", vacant][-2]
        != a11(second)["Huyện Sơn Động", vacant][-2]
        == "30/09/2024"
    )


def a11(last: dt.date, known: dt.datetime | None = None) -> dict[tuple[str, str], tuple[str, ...]]:
    made = report_parts.shortcomings(Order("24", Asked(HALF.first, last, known), last))
    assert made is not None
    return {(line[0], line[1]): line for line in lines(made)}


def test_tasks_stand_as_they_stood_on_the_last_day(half: may.System, report: Report) -> None:
    """What is accepted in July is still being done in the report of June, and done in that of July."""
    found = {line[1]: line for line in lines(annex(report, "A12")) if line[2] == "Kiểm tra"}
    assert {title: line[-1] for title, line in found.items()} == {
        "Khắc phục: Chưa bố trí kinh phí thực hiện Đề án 06 năm 2024": "Đang thực hiện",
        "Khắc phục: Chưa có cán bộ chuyên trách công nghệ thông tin": "Đang thực hiện",
        "Khắc phục: Máy quét ở bộ phận một cửa hỏng, chưa sửa": "Đã nghiệm thu",
        "Khắc phục: Chưa niêm yết mã QR nộp hồ sơ trực tuyến": "Đã nghiệm thu",
    }
    july = dt.date(2024, 7, 3)
    title = "Khắc phục: Chưa bố trí kinh phí thực hiện Đề án 06 năm 2024"
    one = next(
        t for t in tasks.reading.tasks(on=july) if t.title == title and t.origin_kind == "finding"
    )
    one = tasks.do_report(
        task_no=one.task_no, ask=Ask(one.version_no, "Đã có quyết định"), percent=100, by=may.System("huyện"),
        at=at(july), on=july, finished=True,
    )  # fmt: skip
    tasks.do_accept(task_no=one.task_no, ask=Ask(one.version_no), by=half, at=at(july))

    def stands(last: dt.date) -> str:
        made = report_parts.tasks(Order("24", Asked(HALF.first, last), last))
        assert made is not None
        return next(line[-1] for line in lines(made) if line[1:3] == (title, "Kiểm tra"))

    assert (stands(DAY), stands(july)) == ("Đang thực hiện", "Đã nghiệm thu")


def test_models_name_who_follows_them_and_stay_as_they_were_known(
    half: may.System, report: Report
) -> None:
    found = lines(annex(report, "A13"))
    assert found[0] == (
        "Thành phố Bắc Giang", "Tổ công nghệ số cộng đồng tại tổ dân phố (mô hình điểm)", "15/01/2024",
        "Người già, người không có điện thoại thông minh được giúp tại nhà",
        "Huyện Tân Yên (04/03/2024); Huyện Lạng Giang (18/03/2024); Thị xã Việt Yên (08/04/2024)",
    )  # fmt: skip
    book = BY_TABLE["model"]
    (one,) = [e for e in entries.entries(book) if e.values["name"] == "Chợ không dùng tiền mặt"]
    august = at(dt.date(2024, 8, 1))
    entries.do_change(
        book=book, thing_no=one.thing_no, edit=Edit(one.version_no, None, "Ghi nhầm đơn vị"), by=half, at=august
    )  # fmt: skip
    then = Order("24", Asked(HALF.first, DAY, at(DAY)), DAY)
    numbers = [len(made.rows) for o in (ORDER, then) if (made := report_parts.models(o))]
    assert numbers == [2, 3]


def test_a_district_reads_its_own_alone(half: may.System) -> None:
    """Of Lục Nam: its inspection and tasks; a district without any has no list."""
    del half
    own, none = (Order(unit, HALF, DAY) for unit in ("218", "223"))
    assert [s.text for s in report_parts.inspected(own)] == [
        "Đã kiểm tra: huyện Lục Nam (09/04/2024)."
    ]
    assert list(report_parts.inspected(none)) == [] and report_parts.documents(none) is None
    found = report_parts.tasks(own)
    assert found is not None and {row.label for row in found.rows} == {"Huyện Lục Nam"}
    assert layout(own).recipients[0] == "UBND tỉnh, Công an tỉnh (để báo cáo)"


def test_the_sample_campaign_has_as_many_days_before_and_after_it(made: may.System) -> None:
    """All three stretches are over on the day of the review, or its page would say «—»."""
    del made
    (one,) = entries.entries(BY_TABLE["campaign"])
    told = moved.spans(one.values["first_day"], one.values["last_day"], DAY)
    assert [(s.last - s.first).days + 1 for s in told if s] == [30, 30, 30]


def test_every_form_of_the_report_takes_the_lists(report: Report) -> None:
    assert as_pdf.pdf(report, at=at(DAY)).startswith(b"%PDF") and as_docx.docx(
        report, at=at(DAY)
    ).startswith(b"PK")
    assert as_tables.xlsx(report).startswith(b"PK")
