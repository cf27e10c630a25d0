"""Cut each list into the files that its offices send, and say where every record went.

`lists/<source>/…`: the folder is the sending sector, the file name its area and day. What a layout
does to whole columns (TCVN3, capitals without marks, only the year of birth) is noted as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dancu.lib.legacy_encodings import encode
from dancu.province import sheets
from dancu.province.families import Ints
from dancu.province.flaws import Log
from dancu.province.layouts import DISTRICT_NAMES, DISTRICT_SLUGS, Layout, headings
from dancu.province.lists import Draft
from dancu.province.sheets import Sheet
from dancu.province.world import EPOCH

_WRITERS = {"csv": sheets.write_csv, "parquet": sheets.write_parquet}
_LEVELS = ("Tiểu học", "THCS", "THPT")


@dataclass
class Places:
    """Where each row of a draft was written: number of the file name, of the sheet, and the row."""

    file: Ints
    sheet: Ints
    row: Ints


@dataclass
class Cabinet:
    """All files written so far, below one folder."""

    root: Path
    files: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=lambda: [""])
    drafts: list[tuple[Draft, Places, Log]] = field(default_factory=list)

    def file(self, source: str, stem: str, suffix: str) -> tuple[int, Path]:
        """The number and path of a new file."""
        name = f"{source}/{stem}.{suffix}"
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files.append(name)
        return len(self.files) - 1, path

    def sheet(self, name: str) -> int:
        """The number of a sheet name."""
        if name not in self.sheets:
            self.sheets.append(name)
        return self.sheets.index(name)


def file_away(cabinet: Cabinet, draft: Draft, log: Log) -> None:
    """Write a draft as files and remember where its rows are."""
    count = len(draft)
    places = Places(*(np.full(count, -1, dtype=np.int32) for _ in range(3)))
    for area in np.unique(draft.split):
        rows = np.flatnonzero(draft.split == area).astype(np.int32)
        _write(cabinet, draft, log, int(area), rows, places)
    cabinet.drafts.append((draft, places, log))


def _write(cabinet: Cabinet, draft: Draft, log: Log, area: int, rows: Ints, places: Places) -> None:
    layout = layout_of(draft, area)
    cells = {role: c.take(pa.array(rows)) for role, c in draft.cells.items()}
    cells, layout = _reshaped(draft, cells, layout, log, rows)
    parts = _parts(draft, rows)
    number, path = cabinet.file(draft.source, _stem(draft, area), layout.form)
    made = [Sheet(name, {r: c.take(pa.array(at)) for r, c in cells.items()}) for name, at in parts]
    first = _save(path, made, layout)
    for (name, at), sheet in zip(parts, made, strict=True):
        places.file[rows[at]] = number
        places.sheet[rows[at]] = cabinet.sheet(name if layout.form in ("xlsx", "ods") else "")
        places.row[rows[at]] = first + np.arange(sheet.rows)


def _save(path: Path, made: list[Sheet], layout: Layout) -> int:
    if layout.form == "xlsx":
        return sheets.write_xlsx(path, made, layout)
    if layout.form == "ods":
        return sheets.write_ods(path, made, layout)
    if layout.form == "json":
        return sheets.write_json(path, made[0])
    if layout.form == "xml":
        return sheets.write_xml(path, made[0])
    return _WRITERS[layout.form](path, made[0], layout)


def _parts(draft: Draft, rows: Ints) -> list[tuple[str, Ints]]:
    """The sheets of one file: schools by level, the commune workbook by commune."""
    everything = np.arange(len(rows), dtype=np.int32)
    if draft.name == "education" and _is_book(draft, int(draft.split[rows[0]])):
        level = pa.array(draft.cells["school"]).take(pa.array(rows))
        keys = [
            pc.starts_with(level, f"Trường {name}").to_numpy(zero_copy_only=False)
            for name in _LEVELS
        ]
        found = [(n, everything[k]) for n, k in zip(_LEVELS, keys, strict=True) if k.any()]
        return found
    if draft.part is not None:
        part = draft.part[rows]
        return [(f"Xã {k + 1}", everything[part == u]) for k, u in enumerate(np.unique(part))]
    return [("Danh sách", everything)]


def _is_book(draft: Draft, area: int) -> bool:
    return draft.name == "education" and area % 2 == 0


def _stem(draft: Draft, area: int) -> str:
    when = (date.fromordinal(EPOCH.toordinal() + draft.day)).isoformat()
    names = {
        "population": "nhan-khau", "communes": "nhan-khau-cac-xa", "messages": "qcvn109",
        "social_insurance": "bhxh", "health": "kham-chua-benh", "education": "hoc-sinh",
        "social_benefits": "tro-cap-xa-hoi", "driving_licence": "giay-phep-lai-xe",
        "vehicle": "chu-xe", "tax": "ma-so-thue", "civic_members": "hoi-vien-nong-dan",
        "births": "khai-sinh", "deaths": "khai-tu", "marriages": "ket-hon",
        "moves": "bien-dong-cu-tru",
    }  # fmt: skip
    local = {"population", "social_insurance", "health", "education", "social_benefits"}
    place = f"_{DISTRICT_SLUGS[area]}" if draft.name in local else ""
    part = f"_{area + 1}" if draft.name == "messages" else ""
    return f"{names[draft.name]}{place}{part}_{when}"


def layout_of(draft: Draft, area: int) -> Layout:
    """The layout that the office of an area uses for a list."""
    name, roles = draft.name, tuple(draft.cells)
    when = date.fromordinal(EPOCH.toordinal() + draft.day)
    until = f"(Tính đến ngày {when:%d/%m/%Y})"
    if name == "messages":
        return Layout("json" if area == 0 else "xml", {})
    table = headings("population" if name == "communes" else name, area, roles)
    title = f"DANH SÁCH – {DISTRICT_NAMES[area]}"
    if name == "communes":
        home = ("Nơi thường trú", ("hamlet", "commune", "district"))
        office = "CÔNG AN HUYỆN SƠN ĐỘNG"
        return Layout(
            "xlsx",
            table,
            (office, "DANH SÁCH NHÂN KHẨU THƯỜNG TRÚ", until),
            groups=(home,),
            totals=True,
        )
    if name == "population":
        forms = (
            Layout("csv", table),
            Layout("parquet", table, serial=None),
            Layout(
                "csv",
                table,
                delimiter=";",
                encoding="utf-8-sig",
                titles=("CÔNG AN TỈNH BẮC GIANG", title, until),
            ),
        )
        return forms[area % 3]
    if name == "social_insurance":
        encodings = ("utf-8-sig", "cp1258", "utf-16", "utf-8")
        return Layout("csv", table, delimiter=";", encoding=encodings[area % 4])
    if name == "health":
        style = ((",", "utf-8"), ("\t", "utf-16"), (";", "utf-8-sig"))[area % 3]
        return Layout("csv", table, ("SỞ Y TẾ BẮC GIANG", until) if area % 2 else (), *style)
    if name == "education":
        tick = "Nữ" if area % 4 == 2 else None
        titles = ("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", title, until)
        return (
            Layout("xlsx", table, titles, totals=True, female_tick=tick)
            if area % 2 == 0
            else Layout("csv", table)
        )
    if name == "social_benefits":
        tcvn3 = ("full_name", "hamlet", "commune", "district") if area in (3, 7) else ()
        home = ("Nơi cư trú", ("hamlet", "commune", "district"))
        titles = ("PHÒNG LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI", title, until)
        return Layout(
            "xlsx", table, titles, groups=(home,) if area % 2 else (), totals=True, tcvn3=tcvn3
        )
    return _province_wide(name, table, until)


def _province_wide(name: str, table: dict[str, str], until: str) -> Layout:
    if name == "civic_members":
        return Layout("ods", table, ("HỘI NÔNG DÂN TỈNH BẮC GIANG", "DANH SÁCH HỘI VIÊN", until))
    if name in ("deaths", "marriages"):
        title = "SỔ ĐĂNG KÝ KHAI TỬ" if name == "deaths" else "SỔ ĐĂNG KÝ KẾT HÔN"
        return Layout("xlsx", table, (title, until))
    if name == "driving_licence":
        return Layout("csv", table, delimiter="|")
    return Layout("csv", table, delimiter=";" if name == "tax" else ",")


def _reshaped(
    draft: Draft, cells: dict[str, pa.Array], layout: Layout, log: Log, rows: Ints
) -> tuple[dict[str, pa.Array], Layout]:
    """Cells as this office types them, what that spoils noted in the log."""
    if layout.tcvn3:
        for role in layout.tcvn3:
            cells[role] = mapped(cells[role], lambda t: encode(t, "tcvn3"))
        for about in ("full_name", "permanent_unit", "address_head"):
            log.note(rows, "column_tcvn3", about, 4, "affected")
    if layout.encoding == "cp1258" or layout.tcvn3:
        log.forget(rows, "name_decomposed")
    if draft.name == "driving_licence":
        log.note(rows, "column_unmarked", "full_name", 4, "affected")
    if layout.female_tick:
        tick = pc.if_else(pc.equal(cells["sex"], "Nữ"), "x", None)
        return _swap(cells, layout, "sex", {"female_tick": tick}, {"female_tick": "Nữ"})
    if draft.name == "civic_members":
        return _years_by_sex(cells, layout, log, rows)
    return cells, layout


def _years_by_sex(
    cells: dict[str, pa.Array], layout: Layout, log: Log, rows: Ints
) -> tuple[dict[str, pa.Array], Layout]:
    """The year of birth in the column of the sex; day and month are not in the list at all."""
    year = pc.utf8_slice_codeunits(cells["birth_date"], -4, None)
    male = pc.equal(cells["sex"], "Nam")
    columns = {
        "birth_year_male": pc.if_else(male, year, None),
        "birth_year_female": pc.if_else(male, None, year),
    }
    log.note(rows, "birth_year_only", "birth_date", 1, "noise")
    cells, layout = _swap(
        cells,
        layout,
        "birth_date",
        columns,
        {"birth_year_male": "Năm sinh Nam", "birth_year_female": "Năm sinh Nữ"},
    )
    return _swap(cells, layout, "sex", {}, {})


def _swap(
    cells: dict[str, pa.Array], layout: Layout, role: str, new: dict[str, pa.Array],
    names: dict[str, str],
) -> tuple[dict[str, pa.Array], Layout]:  # fmt: skip
    """Other columns in the place of one."""
    found: dict[str, pa.Array] = {}
    for name, column in cells.items():
        found.update(new if name == role else {name: column})
    return found, replace(layout, headings={**layout.headings, **names})


def mapped(column: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """A function of text applied to the distinct cells."""
    coded = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = coded.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    return pa.array([change(t) for t in texts], pa.string()).take(coded.indices)
