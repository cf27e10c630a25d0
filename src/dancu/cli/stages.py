"""The verbs for one stage: intake, link, score, worklist, report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
import pyarrow as pa
import yaml

from dancu.cli import shown
from dancu.cli.clean import write_all
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
from dancu.cli.execute import CORRECTIONS, context_of, inputs_of, open_run, read_specs
from dancu.engine import report as reporting
from dancu.engine.intake import IntakeError, SheetResult, dump_mapping, read
from dancu.engine.link import link as match
from dancu.engine.link import read_settings
from dancu.engine.link.settings import LinkSettings, LinkSettingsError, preset
from dancu.store.files import read_file, read_table, write_atomically, write_table

_RUN = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True)
_OUT = click.Path(path_type=Path)


@click.command()
@click.argument("files", type=_FILE, nargs=-1)
@click.option("--sector", default=None, help="Nguồn của tệp; bỏ trống để tự nhận biết.")
@click.option(
    "--sector-file", type=_FILE, multiple=True, help="Thêm một sector.yml của riêng mình."
)
@click.option(
    "--save-mapping",
    type=_OUT,
    default=None,
    help="Ghi đề xuất ánh xạ cột ra tệp YAML để sửa và dùng lại.",
)
@click.option(
    "--corrections", type=_FILE, default=None, help="Danh sách việc (.xlsx) mà cán bộ đã điền."
)
@click.option(
    "--run", "run_folder", type=_RUN, default=None, help="Lần chạy mà danh sách việc thuộc về."
)
@on_option
@test_people_option
@json_option
def intake(
    files: tuple[Path, ...],
    sector: str | None,
    sector_file: tuple[Path, ...],
    save_mapping: Path | None,
    corrections: Path | None,
    run_folder: Path | None,
    on: dt.date | None,
    test_people: bool,
    as_json: bool,
) -> None:
    """Xem một tệp được hiểu thế nào, hoặc nhận lại danh sách việc đã điền.

    Shows how files would be read, or takes back a worklist that an officer filled in.

    \b
    Ví dụ: dancu intake danh_sach.xlsx
           dancu intake --corrections 07366.xlsx --run var/runs/demo
    """
    if corrections is not None:
        if run_folder is None:
            fail("Cần --run THƯ_MỤC_LẦN_CHẠY để biết danh sách việc thuộc về lần chạy nào.", code=2)
        _take_back(corrections, run_folder, test_people, as_json)
        return
    if not files:
        fail("Cần ít nhất một tệp, hoặc --corrections.", code=2)
    specs = read_specs(sector_file)
    shown_sheets, refused = [], []
    for source in inputs_of(files, sector):
        try:
            sheets = read(
                source.read(), name=source.name, specs=specs, sector=sector, on=on or today()
            )
        except IntakeError as error:
            refused.append(
                {"file": source.name, "reason": error.reason, "message": error.message_vi}
            )
            continue
        shown_sheets += [_sheet(source.name, sheet) for sheet in sheets]
        if save_mapping is not None:
            text = "".join(dump_mapping(sheet.proposal) for sheet in sheets)
            write_atomically(save_mapping, text.encode())
    if as_json:
        print_json({"sheets": shown_sheets, "refused": refused})
    else:
        _print_sheets(shown_sheets)
    for item in refused:
        errors.print(f"[red]Không đọc được[/red] {item['file']}: {item['message']}", soft_wrap=True)
    if refused:
        raise SystemExit(REFUSED)


def _sheet(name: str, sheet: SheetResult) -> dict[str, object]:
    return {
        "file": name,
        "sheet": sheet.sheet,
        "source": sheet.source,
        "header_row": sheet.header_row,
        "rows": sheet.rows.num_rows,
        "rejected": sheet.rejects.num_rows,
        "mapping": dict(sheet.mapping),
        "unread": list(sheet.unread),
        "notes": list(sheet.notes),
    }


def _print_sheets(sheets: list[dict[str, object]]) -> None:
    for sheet in sheets:
        mapping, unread, notes = sheet["mapping"], sheet["unread"], sheet["notes"]
        console.print(
            f"[bold]{sheet['file']}[/bold] {sheet['sheet']} → {sheet['source'] or 'chưa rõ nguồn'}"
        )
        console.print(
            f"  dòng tiêu đề {sheet['header_row']}, {sheet['rows']} dòng, {sheet['rejected']} bị loại"
        )
        if isinstance(mapping, dict):
            for heading, role in mapping.items():
                console.print(f"  {heading} → {role}", markup=False)
        if isinstance(unread, list) and unread:
            console.print(f"  không đọc: {', '.join(map(str, unread))}", markup=False)
        for note in notes if isinstance(notes, list) else []:
            console.print(f"  {note}", markup=False)


def _take_back(file: Path, run_folder: Path, test_people: bool, as_json: bool) -> None:
    """Checked answers become a source of the run; refused rows are told one by one."""
    try:
        answers = reporting.corrections.read(read_file(file), test_people=test_people)
    except reporting.corrections.CorrectionsError as error:
        fail(str(error))
    kept = reporting.corrections.as_records(answers.table)
    target = run_folder / CORRECTIONS / f"{file.stem}.parquet"
    if kept.num_rows:
        write_table(target, kept)
    told = {
        "kept": kept.num_rows,
        "answers": answers.table.num_rows,
        "refused": [r.message for r in answers.refused],
    }
    if as_json:
        print_json(told)
    else:
        console.print(
            f"Đã nhận {told['answers']} kết quả, {told['kept']} người được cập nhật khi chạy lại {run_folder}."
        )
        for row in answers.refused:
            errors.print(row.message, markup=False, soft_wrap=True)
    if answers.refused:
        raise SystemExit(REFUSED)


@click.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option(
    "--settings", type=_FILE, default=None, help="Tệp YAML: cột, phép so sánh, khóa, ràng buộc."
)
@click.option("--preset", "preset_name", default=None, help="generic hoặc vietnamese_person.")
@click.option("--id", "id_column", default=None, help="Cột mã bản ghi (mặc định theo cấu hình).")
@click.option("--out", type=_OUT, required=True, help="Thư mục kết quả: links.csv, pairs.csv.")
@json_option
def link(
    files: tuple[Path, ...],
    settings: Path | None,
    preset_name: str | None,
    id_column: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """Tìm bản ghi trùng trong các tệp CSV/Parquet có tiêu đề đơn giản, mọi bảng chữ cái.

    Finds which records are one, in plain CSV or Parquet files of any alphabet.

    \b
    Ví dụ: dancu link a.csv b.csv --preset generic --out ket_qua
    """
    chosen = _settings(settings, preset_name)
    tables = [_with_source(read_table(path), path.stem, chosen) for path in files]
    records = pa.concat_tables(tables, promote_options="default")
    original = records[id_column] if id_column else None
    records = _numbered(records, chosen)
    result = match(records, chosen)
    links = result.links if original is None else result.links.append_column(id_column, original)
    write_table(out / "links.csv", links)
    write_table(out / "pairs.csv", result.pairs)
    people = len(set(result.links["person_id"].to_pylist()))
    told = {
        "records": records.num_rows,
        "people": people,
        "pairs": result.pairs.num_rows,
        **result.report,
    }
    if as_json:
        print_json(told)
    else:
        console.print(
            f"{records.num_rows} bản ghi → {people} người. Kết quả: {out / 'links.csv'}, {out / 'pairs.csv'}"
        )


def _settings(path: Path | None, name: str | None) -> LinkSettings:
    try:
        if path is not None:
            return read_settings(yaml.safe_load(path.read_text("utf-8")))
        return preset(name or "vietnamese_person")
    except (LinkSettingsError, yaml.YAMLError, KeyError, FileNotFoundError) as error:
        fail(f"Cấu hình đối sánh không dùng được: {error}", code=2)


def _with_source(table: pa.Table, name: str, settings: LinkSettings) -> pa.Table:
    if settings.source_column in table.column_names:
        return table
    return table.append_column(settings.source_column, pa.repeat(name, table.num_rows))


def _numbered(records: pa.Table, settings: LinkSettings) -> pa.Table:
    """Records numbered from 1 in the order of the files, as the matcher wants them."""
    if settings.id_column in records.column_names:
        records = records.drop_columns([settings.id_column])
    return records.append_column(
        settings.id_column, pa.array(range(1, records.num_rows + 1), pa.int64())
    )


@click.command()
@click.argument("run", type=_RUN)
@click.option("--unit", default=None, help="Mã xã, huyện, tỉnh hoặc mã nguồn; bỏ trống = tất cả.")
@json_option
def score(run: Path, unit: str | None, as_json: bool) -> None:
    """In điểm của một lần chạy: từng xã, huyện, tỉnh và từng danh sách. Prints the scores of a run.

    \b
    Ví dụ: dancu score var/runs/demo --unit 07366
    """
    chosen = "field = '*' AND rule_id = '*'"
    if unit:
        chosen = "scope_code = '" + unit.replace("'", "''") + "' AND rule_id = '*'"
    with open_run(run) as store:
        rows = store.fetch(
            f"SELECT * FROM scores WHERE {chosen} ORDER BY scope, scope_code, field, criterion"
        ).to_pylist()
    if not rows:
        fail(f"Không có điểm của «{unit}» trong {run}.")
    if as_json:
        print_json(rows)
        return
    for row in rows:
        console.print(
            f"{row['scope']:<9}{row['scope_code']:<20}{row['field']:<22}{row['criterion']:<12}"
            f"{shown.points(row['score']):>7}  {shown.number(row['passed'])}/{shown.number(row['evaluated'])}",
            markup=False,
        )


@click.command()
@click.argument("run", type=_RUN)
@click.option("--unit", multiple=True, help="Mã xã; lặp lại được; bỏ trống = mọi xã.")
@click.option("--out", type=_OUT, required=True, help="Thư mục để ghi các tệp .xlsx.")
@json_option
def worklist(run: Path, unit: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Ghi danh sách việc cho công an xã (.xlsx để điền). Worklists that officers fill in.

    \b
    Ví dụ: dancu worklist var/runs/demo --unit 07366 --out viec
    """
    context, _ = context_of(run)
    with open_run(run) as store:
        written = write_all(out, reporting.worklist_files(store, context, units=unit or None))
    if not written:
        fail("Không có việc nào cho các đơn vị đã nêu.")
    _told(written, out, as_json)


@click.command()
@click.argument("run", type=_RUN)
@click.option("--out", type=_OUT, default=None, help="Thư mục báo cáo (mặc định: chính lần chạy).")
@json_option
def report(run: Path, out: Path | None, as_json: bool) -> None:
    """Lập lại báo cáo và danh sách việc từ một lần chạy đã có. Makes the report anew from a finished run.

    \b
    Ví dụ: dancu report var/runs/demo --out bao_cao
    """
    context, manifest = context_of(run)
    with open_run(run) as store:
        written = write_all(out or run, reporting.files(store, context, manifest))
    _told(written, out or run, as_json)


def _told(written: list[str], out: Path, as_json: bool) -> None:
    if as_json:
        print_json({"folder": str(out), "files": written})
    else:
        console.print(f"Đã ghi {len(written)} tệp vào {out}.")
