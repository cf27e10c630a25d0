"""The dossiers of `dossiers.lives` as two portals export them: xlsx, csv and messages, with their usual dirt.

Portal A writes a workbook, a CSV of other columns and days in other forms, and messages of changes; portal B one CSV in
which differences of known reason are planted. `truth.json` tells how many of each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import xlsxwriter

from dancu.province import dossiers
from dancu.province.dossiers import Lives
from dancu.reference import services

Texts = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
_BOOK = 0.1
"""Share of the dossiers that come in the workbook."""
_NAMES = (
    "Nguyễn Văn An",
    "Trần Thị Bình",
    "Lê Hoàng Cúc",
    "Phạm Minh Dũng",
    "Hoàng Thu Hà",
    "Vi Văn Khoa",
)
_ODD_STATUS = {
    10: "Đã trả",
    9: "Xử lý xong",
    8: "Dừng giải quyết",
    7: "Đã rút",
    4: "Đang giải quyết",
}
_A_HEADS = ("Mã hồ sơ", "Mã thủ tục", "Mã đơn vị", "Kênh thực hiện", "Trạng thái", "Ngày tiếp nhận", "Ngày hẹn trả",
            "Ngày kết thúc xử lý", "Ngày trả kết quả", "Chủ hồ sơ", "Ghi chú")  # fmt: skip


@dataclass(frozen=True)
class Made:
    """The files of a scale, and what was planted in them."""

    lists: tuple[Path, ...]
    messages: Path
    second: Path
    truth: Mapping[str, int]


def make(scale: float, seed: int, out: Path) -> Made:
    """Writes everything into `out`; the same scale and seed give the same rows."""
    out.mkdir(parents=True, exist_ok=True)
    all_of = dossiers.lives(scale, seed)
    rng = np.random.default_rng([seed, 61])
    columns = columns_of(all_of, rng, dossiers.procedures())
    cut = round(len(all_of) * _BOOK)
    truth = {"dossiers": len(all_of), "online": int((all_of.channel == services.ONLINE).sum()),
             "turns": len(all_of.whose)}  # fmt: skip
    lists = (out / "a_so_1.xlsx", out / "a_so_2.csv")
    _workbook(lists[0], {head: cells[:cut] for head, cells in columns.items()})
    truth |= _csv_a(lists[1], {head: cells[cut:] for head, cells in columns.items()}, rng)
    _messages(out / "a_tien_do.json", all_of, columns["Mã hồ sơ"])
    truth |= _csv_b(out / "b.csv", columns, rng)
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
    return Made(lists, out / "a_tien_do.json", out / "b.csv", truth)


def columns_of(
    of: Lives, rng: np.random.Generator, offered: Sequence[services.Procedure]
) -> dict[str, Texts]:
    """Cells as portal A's register has them, before any dirt."""
    day = np.datetime_as_string(of.received, "D")
    agency = np.array([_agency(u) for u in np.unique(of.unit)], object)
    code = np.unique(of.unit, return_inverse=True)[1]
    serial = np.char.zfill(of.serial.astype(str), 4)
    short = np.char.add(np.char.add(_slice(day, 2, 4), _slice(day, 5, 7)), _slice(day, 8, 10))
    codes = agency[code] + "-" + short.astype(object) + "-" + serial.astype(object)
    names = np.array([s.name_vi for s in services.statuses().values()], object)
    channels = np.array([n[0] for n in services.channels().values()], object)
    return {
        "Mã hồ sơ": codes,
        "Mã thủ tục": np.array([p.code for p in offered], object)[of.procedure],
        "Mã đơn vị": of.unit.astype(object),
        "Kênh thực hiện": channels[of.channel - 1],
        "Trạng thái": names[of.status - 1],
        "Ngày tiếp nhận": _moments(of.received), "Ngày hẹn trả": _moments(of.due),
        "Ngày kết thúc xử lý": _moments(of.ended), "Ngày trả kết quả": _moments(of.returned),
        "Chủ hồ sơ": np.array(_NAMES, object)[rng.integers(0, len(_NAMES), len(of))],
        "Ghi chú": np.full(len(of), "", object),
    }  # fmt: skip


def _agency(unit: str) -> str:
    """What the codes of a unit's dossiers begin with.

    >>> _agency("07204"), _agency("213"), _agency("24")
    ('H02.07.204', 'H02.213', 'H02')
    """
    if len(unit) == 5:
        return f"H02.{unit[:2]}.{unit[2:]}"
    return f"H02.{unit}" if len(unit) == 3 else "H02"


def _moments(at: dossiers.Times) -> Texts:
    """21/06/2024 08:30:00; empty for none."""
    texts = pc.strftime(pa.array(at, pa.timestamp("s")), format="%d/%m/%Y %H:%M:%S")
    texts = pc.utf8_slice_codeunits(texts, 0, 19)
    return np.array(pc.fill_null(texts, "").to_numpy(zero_copy_only=False), object)


def _slice(texts: Texts, start: int, stop: int) -> Texts:
    cut = pc.utf8_slice_codeunits(pa.array(texts), start, stop)
    return np.array(cut.to_numpy(zero_copy_only=False), str)


def _workbook(path: Path, columns: Mapping[str, Texts]) -> None:
    """Titles, headings in another order, a total at the foot."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    page = book.add_worksheet("Hồ sơ")
    heads = ["STT", *_A_HEADS[5:], *_A_HEADS[:5]]
    page.write_string(0, 0, "DANH SÁCH HỒ SƠ (số liệu giả định)")
    page.write_row(2, 0, heads)
    lists = [columns[head].tolist() for head in heads[1:]]
    count = len(lists[0])
    for at in range(count):
        page.write_number(at + 3, 0, at + 1)
        for column, cells in enumerate(lists, 1):
            if cells[at]:
                page.write_string(at + 3, column, cells[at])
    page.write_string(count + 3, 1, f"Tổng cộng: {count}")
    book.close()


def _csv_a(path: Path, columns: Mapping[str, Texts], rng: np.random.Generator) -> dict[str, int]:
    """Dirt: doubled rows, older states, codes in other punctuation, words for statuses, days in odd forms, gaps."""
    table = {head: cells.copy() for head, cells in columns.items()}
    count = len(table["Mã hồ sơ"])
    pick = rng.permutation(count)
    part = max(1, count // 500)
    odd, spaced, missing, unknown, twice, older = (
        pick[k * part : (k + 1) * part] for k in range(6)
    )
    for old, word in _ODD_STATUS.items():
        rows = odd[table["Trạng thái"][odd] == services.statuses()[old].name_vi]
        table["Trạng thái"][rows] = word
    table["Ngày tiếp nhận"][odd] = [_odd(text) for text in table["Ngày tiếp nhận"][odd]]
    table["Mã hồ sơ"][spaced] = [_from_below(code) for code in table["Mã hồ sơ"][spaced]]
    table["Ngày tiếp nhận"][missing] = ""
    table["Trạng thái"][unknown] = "Không rõ"
    rows = {
        head: np.concatenate([cells, cells[twice], cells[older]]) for head, cells in table.items()
    }
    rows["Trạng thái"][-len(older) :] = "Đang xử lý"
    rows["Ngày kết thúc xử lý"][-len(older) :] = rows["Ngày trả kết quả"][-len(older) :] = ""
    write(path, rows, _A_HEADS[::-1])
    return {"missing": len(missing), "unknown": len(unknown), "twice": len(twice) + len(older)}


def _odd(text: str) -> str:
    day, clock = text.split(" ")
    d, m, y = day.split("/")
    hour, minute, _ = clock.split(":")
    return f"{int(hour)}h{minute} ngày {int(d)}.{int(m)}.{y}"


def _from_below(code: str) -> str:
    """The code as Circular 01/2018 has it, with blanks."""
    agency, day, number = code.split("-")
    province, district, commune = agency.split(".")
    return f"{commune}.00.{district}.{province} - {day} - {number}"


def _csv_b(path: Path, columns: Mapping[str, Texts], rng: np.random.Generator) -> dict[str, int]:
    """The second portal: the same dossiers with planted differences, each of one reason."""
    table = {head: cells.copy() for head, cells in columns.items()}
    count = len(table["Mã hồ sơ"])
    pick = rng.permutation(count)
    part = max(2, count // 400)
    at = iter(pick[k * part : (k + 1) * part] for k in range(8))
    planted: dict[str, Ints] = {}
    online = next(at)
    planted["b_channel"] = online[table["Kênh thực hiện"][online] == "Trực tuyến"]
    table["Kênh thực hiện"][planted["b_channel"]] = "Trực tiếp"
    rows = next(at)
    planted["b_channel_missing"] = rows[table["Kênh thực hiện"][rows] == "Trực tuyến"]
    table["Kênh thực hiện"][planted["b_channel_missing"]] = ""
    rows = next(at)
    planted["b_late_sync"] = rows[table["Trạng thái"][rows] == "Đã trả kết quả"]
    table["Trạng thái"][planted["b_late_sync"]] = "Đang xử lý"
    for head in ("Ngày kết thúc xử lý", "Ngày trả kết quả"):
        table[head][planted["b_late_sync"]] = ""
    planted["b_code_form"] = next(at)
    table["Mã hồ sơ"][planted["b_code_form"]] = [
        _from_below(c) for c in table["Mã hồ sơ"][planted["b_code_form"]]
    ]
    twice, gone = next(at), next(at)
    planted |= {"b_twice": twice, "b_gone": gone}
    keep = np.ones(count, bool)
    keep[gone] = False
    rows_of = {head: np.concatenate([cells[keep], cells[twice]]) for head, cells in table.items()}
    write(path, rows_of, _A_HEADS)
    return {name: len(rows) for name, rows in planted.items()}


def write(path: Path, columns: Mapping[str, Texts], heads: Sequence[str]) -> None:
    """A list as CSV, its headings in this order."""
    table = pa.table({head: pa.array(columns[head], pa.string()) for head in heads})
    pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="all_valid"))


def _messages(path: Path, of: Lives, codes: Texts) -> None:
    """One object a line, as the national exchange names its fields."""
    at = pc.utf8_slice_codeunits(
        pc.strftime(pa.array(of.turn_at, pa.timestamp("s")), format="%Y%m%d%H%M%S"), 0, 14
    )
    code = pa.array(codes, pa.string()).take(pa.array(of.whose))
    lines = pc.binary_join_element_wise(
        '{"MaHoSo":"', code, '","TrangThai":', pa.array(of.turn_status).cast(pa.string()), ',"ThoiDiemXuLy":"', at,
        '"}\n', "",
    )  # fmt: skip
    with path.open("wb") as file:
        for start in range(0, len(lines), 200_000):
            part = lines.slice(start, 200_000)
            file.write(b"".join(pc.cast(part, pa.binary()).to_pylist()))
