"""The report as a document that an editor changes: real headings, tables with a repeated head, the official frame."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dancu.engine.report.content import Annex, Part, Report, Row, Section
from dancu.platform.reports_writing import addresses
from dancu.platform.reports_writing.as_pdf import (
    SIDES,
    about,
    belongs,
    date,
    foot,
    issuer_lines,
    number,
    upper_first,
)  # fmt: skip
from dancu.platform.reports_writing.shape import Shape, shape

FACE = "Times New Roman"
"""The prescribed face; where it is missing, offices and LibreOffice take Liberation Serif, which is as wide."""
CELL = "Ô bảng"
"""The style of what stands in the cells of annexes, also of the empty ones: they would be higher than the others."""
_SIDES = {"left": ALIGN.LEFT, "center": ALIGN.CENTER, "right": ALIGN.RIGHT}


def docx(report: Report, *, at: dt.datetime) -> bytes:
    """The document; dated by the moment given, so that the same report gives the same text."""
    made = Document()
    _style(made)
    _page(made.sections[0], foot(report))
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
            _annex(made, annex, belongs(report.layout))
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
    made.styles["Normal"].paragraph_format.space_after = Pt(6)
    made.styles["Heading 1"].paragraph_format.space_before = Pt(12)
    cell = made.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style, cell.font.size = made.styles["Normal"], Pt(11)
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(1.5)


def _page(page: Any, told: str) -> None:
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin = page.bottom_margin = Cm(2)
    page.left_margin, page.right_margin = Cm(3), Cm(1.8)
    page.different_first_page_header_footer = True
    _page_number(page.header.paragraphs[0])
    for below in (page.first_page_footer, page.footer):
        below.paragraphs[0].add_run(told).font.size = Pt(8.5)


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
    _lines(
        right,
        [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True),
         ("___________________", False), (f"{own.place}, {date(own)}", None)],
        12,
    )  # fmt: skip
    for text, size in (("", 6), (own.title.upper(), 14), (about(own), 14), ("___________", 10)):
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(1)
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
    """With the last sentence on its page: no signature stands alone."""
    own = report.layout
    for paragraph in (made.paragraphs[-1], made.add_paragraph()):
        paragraph.paragraph_format.keep_with_next = True
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
        _turn(made, lies=False)
        _new_page(made, "Các phụ lục không có bảng số liệu")
    for annex in annexes:
        made.add_paragraph(f"- Phụ lục {annex.code}. {annex.title_vi}: {annex.note}.")


def _annex(made: Any, annex: Annex, goes_with: str) -> None:
    own = shape(annex)
    _turn(made, lies=own.lies)
    _new_page(made, f"Phụ lục {annex.code}")
    for text, size in ((annex.title_vi, 14), (goes_with, 12)):
        paragraph = made.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = ALIGN.CENTER, True
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = size == 14, size == 12, Pt(size)
    _table(made, annex, own)
    if annex.note:
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(4)
        run = paragraph.add_run(upper_first(annex.note))
        run.italic, run.font.size = True, Pt(12)


def _turn(made: Any, *, lies: bool) -> None:
    """A section of its own for pages that lie, and for those upright again."""
    page = made.sections[-1]
    if (page.orientation == WD_ORIENT.LANDSCAPE) == lies:
        return
    page = made.add_section()
    page.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin, page.right_margin = (Cm(2), Cm(2)) if lies else (Cm(3), Cm(1.8))
    page.different_first_page_header_footer = False


def _table(made: Any, annex: Annex, own: Shape) -> None:
    columns = [annex.columns[n] for n in own.columns]
    table = made.add_table(1, len(columns) + 2)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    sides = ["center", "left", *(SIDES.get(c.kind, "right") for c in columns)]
    heads = ("TT", annex.head_vi, *(c.head_vi for c in columns))
    _fill(table.rows[0], heads, ["center"] * len(heads), bold=True)
    _row_rule(table.rows[0], "w:tblHeader")
    for n, row in enumerate(annex.rows, start=1):
        _row(table, (str(n), row.label), row, own, sides)
    if annex.total:
        for paragraph in (p for cell in table.rows[-1].cells for p in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True
        _row(table, ("", f"Tổng: {annex.total.label}"), annex.total, own, sides, bold=True)
    _widths(table, own.widths)


def _row(
    table: Any, first: tuple[str, str], row: Row, own: Shape, sides: list[str], *, bold: bool = False
) -> None:  # fmt: skip
    made = table.add_row()
    _fill(made, (*first, *(row.cells[n].text for n in own.columns)), sides, bold=bold)
    _row_rule(made, "w:cantSplit")


def _fill(row: Any, texts: Sequence[str], sides: Sequence[str], *, bold: bool = False) -> None:
    for cell, text, side in zip(row.cells, texts, sides, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.style, paragraph.alignment = CELL, _SIDES[side]
        paragraph.add_run(text).bold = bold


def _row_rule(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
