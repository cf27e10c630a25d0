"""`dancu run` for a province's folder of lists, `dancu clean` for one or a few files."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from dancu.cli import shown
from dancu.cli.common import (
    REFUSED,
    console,
    errors,
    fail,
    json_option,
    on_option,
    print_json,
    test_people_option,
    today,
)
from dancu.cli.execute import Job, execute, open_store, read_mapping, read_specs
from dancu.engine import report
from dancu.engine.pipeline import STAGES
from dancu.engine.ports import Store
from dancu.engine.report import OutFile
from dancu.store.files import write_atomically
from dancu.store.runs import RunFolder

_OUT = click.Path(path_type=Path, file_okay=False)
_IN = click.Path(path_type=Path, exists=True)


@click.command()
@click.argument("folder", type=_IN)
@click.option(
    "--out", type=_OUT, default=None, help="Thư mục lần chạy (mặc định: var/runs/TÊN-NGÀY)."
)
@click.option(
    "--until",
    type=click.Choice([s.name for s in STAGES]),
    default=STAGES[-1].name,
    help="Dừng sau giai đoạn này. Stop after this stage.",
)
@click.option("--sector-file", type=_IN, multiple=True, help="Thêm một sector.yml của riêng mình.")
@on_option
@test_people_option
@json_option
def run(
    folder: Path,
    out: Path | None,
    until: str,
    sector_file: tuple[Path, ...],
    on: dt.date | None,
    test_people: bool,
    as_json: bool,
) -> None:
    """Chạy toàn bộ: tiếp nhận, chuẩn hóa, đối sánh, hợp nhất, biến động, kiểm tra, chấm điểm, báo cáo.

    The main job: a folder of lists becomes one register, scores for every unit and list, and worklists.
    A run that was cut off goes on where it stopped; stages whose inputs did not change are not repeated.

    \b
    Ví dụ: dancu run danh_sach/ --out var/runs/thang6 --on 21/06/2024
    """
    day = on or today()
    target = out or Path("var/runs") / f"{folder.resolve().name}-{day.isoformat()}"
    job = Job((folder,), target, day, test_people, specs=read_specs(sector_file), until=until)
    with open_store(target) as store:
        manifest = execute(job, store)
        if until != STAGES[-1].name:
            _finish(shown.stages(manifest), manifest, as_json)
            return
        started = time.perf_counter()
        context = job.context()
        written = write_all(target, report.files(store, context, manifest))
        note_report(target, manifest, time.perf_counter() - started, written)
        summary = report.summary(store, context, manifest)
        refused = refusals(store)
    if as_json:
        print_json(
            summary.as_dict() | {"refused": refused, "run": str(target), "manifest": manifest}
        )
    else:
        shown.summary(summary, manifest, target)
    leave(refused)


@click.command()
@click.argument("files", type=_IN, nargs=-1, required=True)
@click.option(
    "--sector", default=None, help="Nguồn của tệp (population, health…); bỏ trống để tự nhận biết."
)
@click.option(
    "--register", type=_IN, default=None, help="Lần chạy trước, để đối chiếu với sổ đăng ký của nó."
)
@click.option(
    "--mapping", type=_IN, default=None, help="Ánh xạ cột đã lưu bằng dancu intake --save-mapping."
)
@click.option("--out", type=_OUT, required=True, help="Thư mục kết quả.")
@click.option("--sector-file", type=_IN, multiple=True, help="Thêm một sector.yml của riêng mình.")
@on_option
@test_people_option
@json_option
def clean(
    files: tuple[Path, ...],
    sector: str | None,
    register: Path | None,
    mapping: Path | None,
    out: Path,
    sector_file: tuple[Path, ...],
    on: dt.date | None,
    test_people: bool,
    as_json: bool,
) -> None:
    """Làm sạch một hay vài tệp: tệp đã chuẩn hóa bên cạnh cột gốc, lỗi cần xử lý, trùng lặp kèm giải thích.

    Cleans a few files: the cleaned file beside the original columns, findings, duplicates with their reasons.

    \b
    Ví dụ: dancu clean "Danh sách BHYT.xlsx" --out ket_qua --on 21/06/2024
    """
    specs = read_specs(sector_file)
    if sector is not None and sector not in specs:
        fail(f"Không có nguồn «{sector}». Các nguồn: {', '.join(sorted(specs))}.", code=2)
    folder = out / "lan_chay"
    decided = read_mapping(mapping)
    job = Job(
        files,
        folder,
        on or today(),
        test_people,
        sector,
        specs,
        register=register,
        mapping=decided,
    )
    with open_store(folder) as store:
        manifest = execute(job, store)
        context = job.context()
        written = write_all(out, report.cleaned_files(store, context))
        summary = report.summary(store, context, manifest)
        refused = refusals(store)
    if as_json:
        print_json(
            summary.as_dict() | {"refused": refused, "written": written, "manifest": manifest}
        )
    else:
        shown.cleaned(summary, written, out)
    leave(refused)


def write_all(folder: Path, files: Iterable[OutFile]) -> list[str]:
    """Write outputs below the folder; gives their paths in order."""
    written = []
    for file in files:
        write_atomically(folder / file.path, file.data)
        written.append(file.path)
    return written


def note_report(folder: Path, manifest: dict[str, Any], seconds: float, written: list[str]) -> None:
    """The report's own cost and files go into the manifest beside the stages."""
    manifest["stages"]["report"] = {"wall_s": round(seconds, 3), "files": len(written)}
    RunFolder(folder).write_manifest(manifest)


def refusals(store: Store) -> dict[str, str]:
    """File -> message, for every file that could not be read."""
    rows = store.fetch(
        "SELECT name, message_vi FROM files WHERE error IS NOT NULL ORDER BY file_no"
    )
    return {row["name"]: row["message_vi"] for row in rows.to_pylist()}


def leave(refused: dict[str, str]) -> None:
    """Exit with 1 when some input was refused, so that a script notices."""
    for name, message in refused.items():
        errors.print(f"[yellow]Không đọc được[/yellow] {name}: {message}", soft_wrap=True)
    if refused:
        sys.exit(REFUSED)


def _finish(lines: str, manifest: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(manifest)
    else:
        console.print(lines)
