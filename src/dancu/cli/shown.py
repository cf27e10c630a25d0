"""What a run prints at its end: five scores, the communes to work on first, and where everything is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from dancu.cli.common import STAGE_NAMES, console
from dancu.engine.report import Summary
from dancu.engine.report.model import Score

CRITERIA = (
    ("correct", "Đúng"),
    ("complete", "Đủ"),
    ("clean", "Sạch"),
    ("living", "Sống"),
    ("consistent", "Thống nhất"),
    ("*", "Chung"),
)
_COLOURS = {
    "green": "[green]● xanh[/green]",
    "yellow": "[yellow]▲ vàng[/yellow]",
    "red": "[red]■ đỏ[/red]",
}


def number(value: int) -> str:
    """1234567 as it is written in Vietnam: 1.234.567."""
    return f"{value:,}".replace(",", ".")


def points(value: float) -> str:
    """96.667 as 96,67."""
    return f"{value:.2f}".replace(".", ",")


def summary(found: Summary, manifest: dict[str, Any], folder: Path) -> None:
    """The end of `dancu run`."""
    console.print()
    console.print(_counts(found, found.findings), soft_wrap=True)
    console.print(
        _scores(f"{found.province_name}, ngày {_day(found.on)}", found.province or found.register)
    )
    console.print(_worst(found))
    for line in (
        _costs(manifest),
        f"Báo cáo (report):           {folder / 'report.html'}",
        f"Số liệu (figures):          {folder / 'report.json'}",
        f"Danh sách việc (worklists): {folder / 'worklists'}/",
        f"Giải thích (why):           dancu explain {folder} MÃ_NGƯỜI",
    ):
        console.print(line, markup=False, soft_wrap=True)


def cleaned(found: Summary, written: list[str], out: Path, noted: list[str]) -> None:
    """The end of `dancu clean`."""
    console.print(_counts(found, found.record_findings), soft_wrap=True)
    if found.register:
        console.print(_scores("Điểm của những người trong tệp", found.register))
    for line in noted:
        console.print(f"Lưu ý: {line}", markup=False, soft_wrap=True)
    for path in written:
        console.print(f"  {out / path}", markup=False, soft_wrap=True)


def stages(manifest: dict[str, Any]) -> str:
    """What was done by a run that was told to stop early."""
    lines = [
        f"{STAGE_NAMES[name]}: "
        + ", ".join(f"{table} {number(rows)}" for table, rows in stage.get("rows", {}).items())
        for name, stage in manifest["stages"].items()
        if name in STAGE_NAMES
    ]
    return "\n".join(lines)


def _counts(found: Summary, findings: int) -> str:
    refused = f", {found.files_refused} tệp bị từ chối" if found.files_refused else ""
    return (
        f"{number(found.files)} tệp{refused}; {number(found.rows_in)} dòng = {number(found.rows_kept)} giữ lại + "
        f"{number(found.rows_rejected)} loại ra; {number(found.persons)} người "
        f"(gộp {number(found.duplicates_joined)} bản ghi trùng); {number(findings)} lỗi cần xử lý."
    )


def _scores(title: str, scores: dict[str, Score]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Tiêu chí")
    for heading in ("Điểm", "Đạt", "Xét"):
        table.add_column(heading, justify="right")
    table.add_column("Mức")
    for criterion, label in CRITERIA:
        if criterion in scores:
            s = scores[criterion]
            cells = (points(s.score), number(s.passed), number(s.evaluated))
            table.add_row(
                label, *cells, _COLOURS[s.colour], style="bold" if criterion == "*" else None
            )
    return table


def _worst(found: Summary) -> Table:
    table = Table(title="Mười xã cần làm trước", title_justify="left", title_style="bold")
    table.add_column("Mã")
    table.add_column("Xã, phường, thị trấn")
    for heading in ("Điểm", "Mục tiêu", "Sửa để đạt", "Định danh sai"):
        table.add_column(heading, justify="right")
    table.add_column("Mức")
    for place in found.worst:
        target = points(place.target) if place.target is not None else "đã đạt"
        fix = number(place.records_to_fix) if place.records_to_fix is not None else "—"
        table.add_row(
            place.code,
            place.name,
            points(place.score),
            target,
            fix,
            number(place.identifier_records),
            _COLOURS[place.colour],
        )
    return table


def _costs(manifest: dict[str, Any]) -> str:
    known = [(STAGE_NAMES.get(n, n), s) for n, s in manifest["stages"].items()]
    parts = [f"{name} {s['wall_s']:.1f} s".replace(".", ",") for name, s in known if "wall_s" in s]
    return "Thời gian: " + ", ".join(parts)


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"
