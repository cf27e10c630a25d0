"""The report: counted, checked, edited with a warning, issued once, in every form; small counts stay hidden."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from tests.web import reports
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot

from dancu.engine.report import content_json, sums
from dancu.engine.report.content import Report, Section
from dancu.engine.report.edited import edited
from dancu.engine.report.indicators import Asked
from dancu.platform.reports_writing.gathering import Order

__all__ = ["browser", "desk"]
ORDER = Order("24", reports.HALF, reports.DAY)
KEY = ORDER.key
ESSENTIAL = "2.1.essential"


@pytest.fixture(scope="module")
def report(site: str) -> Iterator[Report]:
    from dancu.platform.reports_writing import writing

    with reports.dossiers():
        yield writing.content(ORDER, using="owner")


@pytest.fixture(scope="module")
def kept(report: Report) -> Iterator[None]:
    """The report written once and kept for the pages; gone afterwards."""
    from django.db import connections

    from dancu.platform.reports_writing.keeping import digest
    from dancu.platform.reports_writing.models import Version

    body = content_json.to_json(report)
    Version.objects.using("owner").create(
        key=KEY, number=1, unit_code="24", first=reports.HALF.first, last=reports.HALF.last, body=body,
        sha256=digest(body), at=reports.AT, by="test",
    )  # fmt: skip
    yield
    with connections["owner"].cursor() as cursor:
        for table in ("version", "edit", "issue"):
            cursor.execute(f"DELETE FROM reports_writing_{table}")


def _said(report: Report, key: str) -> str:
    return next(s.text for s in report.sentences if s.key == key)


def test_sentences_say_what_the_records_say_and_sections_without_data_say_so(
    report: Report,
) -> None:
    assert _said(report, ESSENTIAL) == (
        "25 dịch vụ công thiết yếu: 674/1.089 hồ sơ nộp trực tuyến, đạt 61,89%, vượt chỉ tiêu của Chính phủ (trên 60%),"
        " chưa đạt chỉ tiêu của UBND tỉnh (trên 70%), còn 89 hồ sơ nữa; tăng 8,26 điểm % so với cùng kỳ năm trước."
    )
    assert _said(report, "2.2.pensions").endswith("chưa có dữ liệu.")
    assert "huyện Lục Ngạn đạt 38,33%" in _said(report, "3.behind.A3.2")
    assert [s.number for s in report.sections] == ["1", "2", "3", "4", "5", "6"]
    assert {a.code.partition(".")[0] for a in report.annexes} == {f"A{n}" for n in range(1, 15)}
    assert report.marks == ()


def test_annexes_add_up_rank_only_units_with_enough_and_name_each_figure(report: Report) -> None:
    table = next(a for a in report.annexes if a.code == "A3.2")
    assert table.total is not None and [c.text for c in table.total.cells[:3]] == [
        "1.089",
        "674",
        "61,89",
    ]
    assert sum(int(r.cells[0].number or 0) for r in table.rows) == 1089
    ranks = {r.label: r.cells[-1].text for r in table.rows}
    assert ranks["Thành phố Bắc Giang"] == "1" and ranks["Huyện Lục Ngạn"] == "2"
    assert ranks["Huyện Sơn Động"] == "", "nine dossiers are too few for a place"
    assert all(c.ref for r in table.rows for c in r.cells[:2])


def test_services_are_listed_each_and_in_each_unit(report: Report) -> None:
    """Of 363 dossiers each: the distance is to the hardest target that the service does not reach."""
    by_service, by_unit = (next(a for a in report.annexes if a.code == c) for c in ("A3.6", "A3.7"))
    assert [[c.text for c in row.cells] for row in by_service.rows] == [
        ["363", "288", "79,34", "0"], ["363", "230", "63,36", "25"], ["363", "156", "42,98", "99"],
    ]  # fmt: skip
    assert by_service.head_vi == "Dịch vụ" and by_service.rows[0].label == "Đăng ký thường trú"
    assert by_service.total is not None
    assert [c.text for c in by_service.total.cells] == ["1.089", "674", "61,89", "89"]
    table = next(a for a in report.annexes if a.code == "A3.2")
    assert by_unit.total is not None
    of = {c.key: cell.text for c, cell in zip(by_unit.columns, by_unit.total.cells, strict=True)}
    assert of == {row.unit: row.cells[2].text for row in table.rows}


def test_what_is_nought_stands_behind_its_name_and_a_table_without_units_is_its_total(
    report: Report,
) -> None:
    """Nobody writes "không phải nộp 0 giấy tờ", nor ten districts of nought where a department does it all."""
    from django.db import connections

    from dancu.platform.reports_writing import writing

    later = dt.date(2024, 6, 3)  # all that the others have is of May and before
    made = reports.MADE.replace("VALUES ('07204', 100, 120)", "VALUES ('24', 100, 120)")
    made += " AND u.unit = '24' AND p.code = '3.000347' AND n = 120 AND y = 0"
    with connections["owner"].cursor() as cursor:
        cursor.execute(made.replace("n * interval '1 day'", "interval '153 days'"))
    province = writing.content(replace(ORDER, asked=Asked(later, later)), using="owner")
    assert _said(province, "2.1.papers").startswith("Giấy tờ người dân không phải nộp: 0 giấy tờ")
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM services.dossier WHERE unit_code = '24'")
    licences = next(a for a in province.annexes if a.code == "A3.3")
    assert licences.total is not None and licences.total.cells[0].text == "1"
    assert [(row.unit, row.cells[0].text) for row in licences.rows] == [("", "1")]


def test_a_report_survives_json(report: Report) -> None:
    assert content_json.from_json(json.loads(json.dumps(content_json.to_json(report)))) == report


def test_a_wrong_digit_a_wrong_total_and_a_number_below_nought_are_marked(report: Report) -> None:
    def why(changed: Report) -> set[str]:
        return {m.why for m in sums.check(replace(changed, marks=())).marks}

    table = next(a for a in report.annexes if a.code == "A3.2")
    assert table.total is not None

    def with_cell(n: int, **more: Any) -> Report:
        row = table.rows[0]
        cells = tuple(replace(c, **more) if k == n else c for k, c in enumerate(row.cells))
        rows = (replace(row, cells=cells), *table.rows[1:])
        return replace(report, annexes=(replace(table, rows=rows),))

    assert why(report) == set()
    assert why(with_cell(0, number=table.rows[0].cells[0].number + 1)) == {"rows_and_total"}  # type: ignore[operator]
    assert "counted_twice" in why(with_cell(0, number=-(table.rows[0].cells[0].number or 0)))
    ref = table.rows[0].cells[1].ref
    assert ref is not None
    assert why(with_cell(1, ref=replace(ref, printed="528"))) == {"wrong_number"}


def _edit(client: Any, sentence: str, text: str, **more: str) -> Any:
    return client.post(f"/bao-cao/{KEY}/cau/{sentence}/", {"text": text, "reason": "thử", **more})


def _page(client: Any, path: str = "") -> str:
    answer = client.get(f"/bao-cao/{KEY}/{path}")
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_each_figure_of_the_page_is_a_link_to_its_code(
    kept: None, report: Report, client_as: Callable[..., Any]
) -> None:
    page = client_as("auditor").get(f"/bao-cao/{KEY}/").content.decode()
    sentence = next(s for s in report.sentences if s.key == ESSENTIAL)
    assert len(sentence.figures) == 5
    for ref in sentence.figures:
        assert re.search(
            rf'href="/so-lieu/{ref.short_code}/"[^>]*>{re.escape(ref.printed)}</a>', page
        )
    assert "Sửa câu" not in page, "who may only read is offered no change"


def test_a_typed_figure_needs_a_confirmation_stays_marked_and_is_kept_with_who_and_why(
    kept: None, report: Report, client_as: Callable[..., Any]
) -> None:
    from django.db import connections

    clerk, text = client_as("task_force"), _said(report, ESSENTIAL)
    warned = clerk.get(f"/bao-cao/{KEY}/cau/{ESSENTIAL}/").content.decode()
    assert "Câu này có số đếm từ bản ghi" in warned
    changed = text.replace("đạt 61,89%", "đạt 97,5%")
    refused = _edit(clerk, ESSENTIAL, changed)
    assert refused.status_code == 422
    again = html.unescape(refused.content.decode())
    assert "Bỏ số 61,89" in again and "Thêm số 97,5" in again and changed in again
    assert _edit(clerk, ESSENTIAL, changed, confirmed="1").status_code == 302
    assert "Số 97,5 do người soạn gõ" in _page(clerk) and "674/1.089 = 61,9%" in _page(
        clerk, "kiem-tra/"
    )
    told = _page(clerk, "lich-su/")
    assert clerk.user.username in told and "thử" in told and text in told
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT typed, sentence FROM reports_writing_edit ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ('["97,5"]', ESSENTIAL)
    assert _edit(clerk, ESSENTIAL, "", restore="1").status_code == 302
    assert "97,5" not in _page(clerk) and text in _page(clerk)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("đạt 61,89%, tăng 8% so với cùng kỳ.", "ambiguous_change"),
        ("674/1.089 hồ sơ, đạt 61,90%.", "wrong_share"),
        ("Theo Chỉ thị 24/CT-TTg, ngày 21/06/2024 có 674/1.089 hồ sơ, đạt 61,89%.", ""),
    ],
)
def test_what_a_person_writes_is_checked(report: Report, new: str, why: str) -> None:
    sentence = next(s for s in report.sentences if s.key == ESSENTIAL)
    made = edited(sentence, new).sentence
    sections = (Section("1", "", "", (made,)),)
    found = {
        m.why for m in sums.check(replace(report, sections=sections, annexes=(), marks=())).marks
    }
    assert found - {"typed_figure"} == ({why} if why else set())
    assert ("typed_figure" in found) == bool(why)


def test_only_who_may_write_changes_issues_and_counts(
    kept: None, client_as: Callable[..., Any]
) -> None:
    reader, nobody = client_as("auditor"), client_as("commune_police")
    assert _edit(reader, ESSENTIAL, "x").status_code == 403
    assert reader.post(f"/bao-cao/{KEY}/ban-hanh/", {}).status_code == 403
    days = {"unit": "24", "first": "2024-01-01", "last": "2024-06-21"}
    assert reader.post("/bao-cao/", days).status_code == 403
    for path in ("", "kiem-tra/", "lich-su/", "tep/pdf/", "phu-luc/A3.2/"):
        assert nobody.get(f"/bao-cao/{KEY}/{path}").status_code == 403
    assert client_as(None).get(f"/bao-cao/cong-khai/{KEY}/").status_code == 404, "not issued yet"


def test_every_form_says_the_same_digits(
    kept: None, report: Report, client_as: Callable[..., Any]
) -> None:
    reader = client_as("auditor")
    text = _said(report, ESSENTIAL)

    def file(kind: str) -> bytes:
        return reader.get(f"/bao-cao/{KEY}/tep/{kind}/").content

    document = Document(io.BytesIO(file("docx")))
    assert text in [p.text for p in document.paragraphs]
    heads = [c.text for t in document.tables for c in t.rows[0].cells]
    assert any("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in h for h in heads)
    assert any(h.startswith("Nơi nhận:") for h in heads)
    assert {s.orientation for s in document.sections} == set(WD_ORIENT), "A3.7 lies: ten districts"
    book = openpyxl.load_workbook(io.BytesIO(file("xlsx")))
    last = [c.value for c in list(book["A3.2"].rows)[-1]]
    assert last[:5] == ["24", "Tỉnh Bắc Giang", 1089, 674, 61.89]
    assert json.loads(file("json"))["figures"].keys() == report.figures.keys()
    printed = file("pdf")
    assert printed == file("pdf"), "the same report gives the same bytes"
    assert b"pdfaid:part>2<" in printed and b"pdfaid:conformance>A<" in printed
    if shutil.which("pdftotext"):
        read = subprocess.run(
            ["pdftotext", "-", "-"], input=printed, capture_output=True, check=True
        ).stdout.decode()
        assert text in " ".join(read.split())


def test_the_command_writes_every_form_and_a_summary_without_names(
    report: Report, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from dancu.cli import main

    given = ["report", "write", "--on", "2024-06-21", "--out", str(tmp_path), "--json"]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["key"] == KEY and told["marks"] == []
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == set(
        told["files"]
    )
    assert (
        content_json.from_json(json.loads((tmp_path / "bao-cao.json").read_text("utf-8"))).figures
        == report.figures
    )
    assert "hơn 61 hồ sơ" in (tmp_path / "cong-khai" / "tom-tat.txt").read_text("utf-8")
    assert CliRunner().invoke(main, [*given, "--unit", "07204"]).exit_code == 2


def test_an_issued_report_is_public_without_small_counts_and_changes_no_more(
    kept: None, client_as: Callable[..., Any]
) -> None:
    clerk, anybody = client_as("task_force"), client_as(None)
    given = {"number": "125/BC-UBND", "day": "2024-06-21", "signer": "Mai Sơn"}
    assert clerk.post(f"/bao-cao/{KEY}/ban-hanh/", given).status_code == 302
    assert _edit(clerk, ESSENTIAL, "Sửa sau.").status_code == 422
    days = {"unit": "24", "first": "2024-01-01", "last": "2024-06-21"}
    assert clerk.post("/bao-cao/", days).status_code == 422
    summary = anybody.get(f"/bao-cao/cong-khai/{KEY}/").content.decode()
    assert "hơn 61 hồ sơ" in summary and "125/BC-UBND" in summary
    told = anybody.get(f"/bao-cao/cong-khai/{KEY}/so-lieu.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    small = [r for r in rows if r["annex"] == "A3.3" and r["unit_name"] == "Huyện Sơn Động"]
    assert [(r["suppressed"], r["numerator"], r["denominator"]) for r in small] == [
        ("true", "", "")
    ]
    of_people = [
        r for r in rows if r["annex"] != "A2"
    ]  # A2: plans that offices have made, one or none each
    counts = [int(r[c]) for r in of_people for c in ("numerator", "denominator") if r[c]]
    assert counts and not [n for n in counts if 0 < n < 5]
    for annex in {r["annex"] for r in rows}:
        own = [r for r in rows if r["annex"] == annex]
        for column in ("numerator", "denominator"):
            hidden = int(own[-1][column]) - sum(int(r[column] or 0) for r in own[:-1])
            assert hidden == 0 or hidden >= 5, (annex, column, hidden)
    described = json.loads(anybody.get(f"/bao-cao/cong-khai/{KEY}/dcat.jsonld").content)
    assert described["@type"] == "dcat:Dataset" and len(described["dcat:distribution"]) == 2
    assert "NGUYỄN VĂN BÍ MẬT" not in told + summary


@needs_chromium
def test_the_pages_on_a_desk_and_on_a_telephone(kept: None, desk: Callable[..., Any]) -> None:
    clerk = desk("task_force")
    pages = (
        ("/bao-cao/", "list"), (f"/bao-cao/{KEY}/", "one"), (f"/bao-cao/{KEY}/phu-luc/A3.2/", "annex"),
        (f"/bao-cao/{KEY}/kiem-tra/", "checks"), (f"/bao-cao/{KEY}/lich-su/", "history"),
        (f"/bao-cao/{KEY}/cau/{ESSENTIAL}/", "sentence"), (f"/bao-cao/{KEY}/ban-hanh/", "issue"),
        (f"/bao-cao/cong-khai/{KEY}/", "public"), ("/bao-cao/cong-khai/", "public-list"),
    )  # fmt: skip
    for path, picture in pages:
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            clerk.set_viewport_size({"width": size[0], "height": size[1]})
            open_cleanly(clerk, path)
            shot(clerk, f"{picture}-{name}")
