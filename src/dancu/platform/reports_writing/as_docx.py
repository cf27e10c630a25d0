"""The report as a document that an editor changes: real headings, tables with a repeated head, the official frame."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dancu.engine.report.content import Annex, Part, Report, Row, Section
from dancu.platform.reports_writing import addresses
from dancu.platform.reports_writing.as_pdf import issuer_lines, long_day, number

FACE = "Times New Roman"
"""The prescribed face; where it is missing, offices and LibreOffice take Liberation Serif, which is as wide."""


_WIDTH = 16.2


def docx(report: Report, *, at: dt.datetime) -> bytes:
    """The document; dated by the moment given, so that the same report gives the same text."""
    made = Document()
    _style(made)
    made.core_properties.title = f"{report.layout.title}: {report.layout.about}"
    made.core_properties.author = report.layout.issuer
    made.core_properties.created = made.core_properties.modified = at.astimezone(dt.UTC).replace(
        tzinfo=None
    )
    _head(made, report)
    for section in report.sections:
        _section(made, section, 1)
    _foot(made, report)
    for annex in report.annexes:
        if annex.rows:
            _annex(made, annex)
    _bare(made, [annex for annex in report.annexes if not annex.rows])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _style(made: Any) -> None:
    for name, size in (("Normal", 14), ("Heading 1", 14), ("Heading 2", 14)):
        style = made.styles[name]
        style.font.name, style.font.size = FACE, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin = page.bottom_margin = Cm(2)
    page.left_margin, page.right_margin = Cm(3), Cm(1.8)
    page.different_first_page_header_footer = True
    _page_number(page.header.paragraphs[0])
    made.styles["Normal"].paragraph_format.space_after = Pt(6)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        one = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            one.set(qn("w:fldCharType"), kind)
        else:
            one.text = text
        run._r.append(one)


def _head(made: Any, report: Report) -> None:
    own = report.layout
    left, right = _two(made, 6.2, 10.0)
    upper = [(own.authority.upper(), False)] if own.authority else []
    issuer = [(line.upper(), True) for line in issuer_lines(own)]
    _lines(left, [*upper, *issuer, ("_______", False), (f"Số: {number(own)}", False)], 12)
    day = long_day(own.day) if own.number else f"ngày      tháng      năm {own.day.year}"
    _lines(
        right,
        [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập – Tự do – Hạnh phúc", True),
         ("___________________", False), (f"{own.place}, {day}", None)],
        12,
    )  # fmt: skip
    for text, size in (("", 6), (own.title.upper(), 14), (own.about, 14), ("___________", 10)):
        paragraph = made.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        run = paragraph.add_run(text)
        run.bold, run.font.size = size == 14, Pt(size)


def _two(made: Any, left: float, right: float) -> tuple[Any, Any]:
    """Two cells side by side, of these widths."""
    table = made.add_table(1, 2)
    _widths(table, (left, right))
    _row_rule(table.rows[0], "w:cantSplit")
    cells = table.rows[0].cells
    return cells[0], cells[1]


def _widths(table: Any, widths: Sequence[float]) -> None:
    """In cm; both for the grid and for each cell: Word reads the one, LibreOffice the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _lines(cell: Any, lines: list[tuple[str, bool | None]], size: int) -> None:
    """Centred lines of a cell; None: slanted."""
    for n, (text, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.italic = bool(bold), bold is None
        run.font.size = Pt(size)


def _section(made: Any, section: Section, level: int) -> None:
    made.add_heading(f"{section.number}. {section.title_vi}", level)
    for sentence in section.sentences:
        paragraph = made.add_paragraph()
        paragraph.alignment = ALIGN.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1)
        _parts(paragraph, sentence.parts)
    if section.annexes:
        codes = ", ".join(f"Phụ lục {code}" for code in section.annexes)
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Cm(1)
        paragraph.add_run(f"(Số liệu theo đơn vị: {codes})").italic = True
    for one in section.sections:
        _section(made, one, level + 1)


def _parts(paragraph: Any, parts: tuple[Part, ...]) -> None:
    for part in parts:
        if isinstance(part, str):
            paragraph.add_run(part)
        else:
            _link(paragraph, part.printed, addresses.of_figure(part.short_code))


def _link(paragraph: Any, text: str, address: str) -> None:
    """A figure that opens its page; it looks like the text around it."""
    if not address.startswith("http"):
        paragraph.add_run(text)
        return
    target = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def _foot(made: Any, report: Report) -> None:
    own = report.layout
    made.add_paragraph()
    left, right = _two(made, 8.1, 8.1)
    _lines(left, [("Nơi nhận:", None)], 12)
    for one in own.recipients:
        paragraph = left.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        end = "" if one.endswith(".") else ";"
        paragraph.add_run(f"- {one}{end}").font.size = Pt(11)
    left.paragraphs[0].alignment = ALIGN.LEFT
    left.paragraphs[0].runs[0].bold = True
    titles = [(line.upper(), True) for line in own.signer_title.splitlines()]
    gap: list[tuple[str, bool | None]] = [("", False)] * 4
    _lines(right, [(own.signed_for.upper(), True), *titles, *gap, (own.signer, True)], 14)


def _new_page(made: Any, heading: str) -> None:
    made_heading = made.add_heading(heading, 1)
    made_heading.alignment = ALIGN.CENTER
    made_heading.paragraph_format.page_break_before = True


def _bare(made: Any, annexes: list[Annex]) -> None:
    """Annexes without data, named together."""
    if annexes:
        _new_page(made, "Các phụ lục chưa có dữ liệu")
    for annex in annexes:
        made.add_paragraph(f"- Phụ lục {annex.code}. {annex.title_vi}: {annex.note}.")


def _annex(made: Any, annex: Annex) -> None:
    _new_page(made, f"Phụ lục {annex.code}")
    title = made.add_paragraph()
    title.alignment = ALIGN.CENTER
    title.add_run(annex.title_vi).bold = True
    _table(made, annex)
    if annex.note:
        made.add_paragraph().add_run(f"{annex.note[:1].upper()}{annex.note[1:]}").italic = True


def _table(made: Any, annex: Annex) -> None:
    table = made.add_table(1, len(annex.columns) + 2)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    heads = ("TT", annex.head_vi, *(c.head_vi for c in annex.columns))
    words = {n for n, c in enumerate(annex.columns, start=2) if c.kind == "words"}
    _fill(table.rows[0], heads, bold=True, centred=True)
    _row_rule(table.rows[0], "w:tblHeader")
    for n, row in enumerate(annex.rows, start=1):
        _row(table, str(n), row, words)
    if annex.total:
        total = replace(annex.total, label=f"Tổng: {annex.total.label}")
        _row(table, "", total, words, bold=True)
    label = 3.2 if words else 4.6
    parts = [2.2 if n in words else 1.4 for n in range(2, len(annex.columns) + 2)]
    each = (_WIDTH - 1.1 - label) / max(sum(parts), 1)
    _widths(table, (1.1, label, *(each * part for part in parts)))


def _row(table: Any, number: str, row: Row, words: set[int], *, bold: bool = False) -> None:
    made = table.add_row()
    _fill(made, (number, row.label, *(c.text for c in row.cells)), {1, *words}, bold=bold)
    _row_rule(made, "w:cantSplit")


def _fill(
    row: Any, texts: tuple[str, ...], left: Collection[int] = (), *, bold: bool = False, centred: bool = False
) -> None:  # fmt: skip
    for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        side = ALIGN.CENTER if centred or n == 0 else ALIGN.LEFT if n in left else ALIGN.RIGHT
        paragraph.alignment = side
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(11)


def _row_rule(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
