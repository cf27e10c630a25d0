"""The work of `dancu intake`: how a file is understood, and worklists that come back filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dancu.cli.common import REFUSED, console, errors, fail, print_json
from dancu.cli.execute import inputs_of, open_run, read_specs, sector_of
from dancu.cli.returned import keep
from dancu.engine.intake import IntakeError, SheetResult, dump_mapping, read, read_arrow
from dancu.engine.report import corrections
from dancu.engine.report.corrections import CorrectionsError
from dancu.engine.spec import SectorSpec
from dancu.reference.fields import fields
from dancu.store.files import read_file, write_atomically
from dancu.store.runs import RunFolder


def specs_for(sector: str | None, files: tuple[Path, ...]) -> Mapping[str, SectorSpec]:
    """The sources a list may be of: those found by their headings, and the one that was named."""
    specs = read_specs(files)
    sector_of(sector, specs)
    return {name: spec for name, spec in specs.items() if spec.recognised or name == sector}


def show(
    files: tuple[Path, ...],
    specs: Mapping[str, SectorSpec],
    sector: str | None,
    save_mapping: Path | None,
    on: dt.date,
    as_json: bool,
) -> None:
    """Prints, for each sheet, what each column was taken for; saves the proposal when asked."""
    sheets: list[tuple[str, SheetResult]] = []
    refused: list[dict[str, str]] = []
    for source in inputs_of(files, sector):
        try:
            data = source.read()
            asked: dict[str, Any] = {
                "name": source.name,
                "specs": specs,
                "sector": sector,
                "on": on,
            }
            found = read(data, **asked) if isinstance(data, bytes) else [read_arrow(data, **asked)]
        except IntakeError as error:
            refused.append(
                {"file": source.name, "reason": error.reason, "message": error.message_vi}
            )
            continue
        except OSError as error:
            refused.append({"file": source.name, "reason": "unreadable", "message": str(error)})
            continue
        sheets += [(source.name, sheet) for sheet in found]
    if save_mapping is not None and sheets:
        text = "".join(dump_mapping(sheet.proposal) for _, sheet in sheets)
        write_atomically(save_mapping, text.encode())
    if as_json:
        print_json({"sheets": [_plain(n, s) for n, s in sheets], "refused": refused})
    else:
        for name, sheet in sheets:
            console.print("\n".join(_lines(name, sheet)), markup=False, soft_wrap=True)
        if save_mapping is not None and sheets:
            console.print(
                f"Đã ghi ánh xạ cột vào {save_mapping}. Sửa xong, dùng: "
                f"dancu clean TỆP --mapping {save_mapping} --out THƯ_MỤC",
                markup=False,
                soft_wrap=True,
            )
    for item in refused:
        errors.print("[red]Không đọc được[/red]", end=" ")
        named = item["message"].startswith(item["file"])
        told = item["message"] if named else f"{item['file']}: {item['message']}"
        errors.print(told, markup=False, soft_wrap=True)
    if refused:
        raise SystemExit(REFUSED)


def _plain(name: str, sheet: SheetResult) -> dict[str, Any]:
    return {
        "file": name,
        "sheet": sheet.sheet,
        "source": sheet.source,
        "list_date": sheet.list_date,
        "header_row": sheet.header_row,
        "rows": sheet.rows.num_rows,
        "rejected": sheet.rejects.num_rows,
        "mapping": dict(sheet.mapping),
        "unread": list(sheet.unread),
        "notes": list(sheet.notes),
    }


def _lines(name: str, sheet: SheetResult) -> list[str]:
    place = f"{name}, trang «{sheet.sheet}»" if sheet.sheet else name
    lines = [
        f"{place}: nguồn {sheet.source or 'chưa rõ (xem như danh sách chung)'}; tiêu đề ở dòng {sheet.header_row}; "
        f"{sheet.rows.num_rows} dòng dữ liệu, {sheet.rejects.num_rows} dòng bị loại."
    ]
    width = max((len(h) for h in sheet.mapping), default=0)
    for heading, role in sheet.mapping.items():
        lines.append(f"  {heading:<{width}} → {fields()[role].label_vi} ({role})")
    if sheet.unread:
        lines.append(f"  Cột không đọc (vẫn giữ nguyên): {', '.join(map(str, sheet.unread))}")
    return lines + [f"  Lưu ý: {note['message_vi']}" for note in sheet.notes]


def take_back(file: Path, run: Path, *, test_people: bool, as_json: bool) -> None:
    """Checked answers become a source of the run; refused rows are told one by one."""
    lawful = test_people or bool(RunFolder(run).read_manifest().get("test_people"))
    with open_run(run) as store:
        try:
            found = corrections.read(read_file(file), test_people=lawful)
        except CorrectionsError as error:
            fail(f"{file.name}: {error}")
        kept = keep(store, run, found, name=file.stem)
    told = {
        "run": str(run),
        "rows_answered": found.answered,
        "rows_refused": len(found.refused),
        "rows_untouched": found.untouched,
        "persons_changed": kept,
        "refused": [row.message for row in found.refused],
    }
    if as_json:
        print_json(told)
    else:
        console.print(
            f"{file.name}: nhận {found.answered} dòng đã xử lý, {len(found.refused)} dòng bị từ chối, "
            f"{found.untouched} dòng chưa điền. {kept} người sẽ được cập nhật khi chạy lại dancu run với --out {run}.",
            markup=False,
            soft_wrap=True,
        )
    for row in found.refused:
        errors.print(row.message, markup=False, soft_wrap=True)
    if found.refused:
        raise SystemExit(REFUSED)
