"""The work of `dancu link`: which records of plain tables are one."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import yaml

from dancu.cli.common import WRONG_USE, console, fail, print_json
from dancu.cli.shown import number
from dancu.engine.link import link, read_settings
from dancu.engine.link.settings import LinkSettings, LinkSettingsError, preset
from dancu.store.files import read_table, write_table

_PRESET = "vietnamese_person"


def match_files(
    files: tuple[Path, ...],
    settings: Path | None,
    preset_name: str | None,
    id_column: str | None,
    out: Path,
    as_json: bool,
) -> None:
    """Writes links.csv (record, person, file, row, the asked column) and pairs.csv (the evidence)."""
    chosen = _settings(settings, preset_name)
    tables = [_placed(read_table(path), path, chosen) for path in files]
    records = _numbered(pa.concat_tables(tables, promote_options="permissive"), chosen)
    _check_columns(records, chosen, id_column)
    result = link(records, chosen)
    links = _with_places(result.links, records, chosen, id_column)
    write_table(out / "links.csv", links)
    write_table(out / "pairs.csv", result.pairs)
    if as_json:
        print_json({"out": str(out), "files": ["links.csv", "pairs.csv"], **result.report})
        return
    joined = result.report["records"] - result.report["persons"]
    console.print(
        f"{number(result.report['records'])} bản ghi → {number(result.report['persons'])} người "
        f"(gộp {number(joined)} bản ghi trùng); đã xét {number(result.pairs.num_rows)} cặp giống nhau.",
        soft_wrap=True,
    )
    console.print(f"Ai với ai (links): {out / 'links.csv'}", markup=False, soft_wrap=True)
    console.print(f"Vì sao (pairs):    {out / 'pairs.csv'}", markup=False, soft_wrap=True)


def _settings(path: Path | None, name: str | None) -> LinkSettings:
    try:
        if path is None:
            return preset(name or _PRESET)
        data = yaml.safe_load(path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise LinkSettingsError("link: cần các dòng «khóa: giá trị»")
        return read_settings(data)
    except LinkSettingsError as error:
        fail(f"{path or name}: {error}.", code=WRONG_USE)
    except (yaml.YAMLError, UnicodeDecodeError):
        fail(f"{path}: không đúng cú pháp YAML; hãy xem lại dấu cách đầu dòng.", code=WRONG_USE)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        fail(f"{path}: cấu hình đối sánh thiếu hoặc sai ở {error}.", code=WRONG_USE)


def _placed(table: pa.Table, path: Path, settings: LinkSettings) -> pa.Table:
    """The rows with the file and line they stand on, and the file's name as their source."""
    columns = {
        "_file": pa.repeat(path.name, table.num_rows),
        "_row": pa.array(range(2, table.num_rows + 2), pa.int64()),
    }
    if settings.source_column not in table.column_names:
        columns[settings.source_column] = pa.repeat(path.stem, table.num_rows)
    for name, values in columns.items():
        table = table.append_column(name, values)
    return table


def _numbered(records: pa.Table, settings: LinkSettings) -> pa.Table:
    """Records numbered from 1 in the order of the files, as the matcher wants them."""
    if settings.id_column in records.column_names:
        named = [f"_{n}" if n == settings.id_column else n for n in records.column_names]
        records = records.rename_columns(named)
    ids = pa.array(range(1, records.num_rows + 1), pa.int64())
    return records.append_column(settings.id_column, ids)


def _check_columns(records: pa.Table, settings: LinkSettings, id_column: str | None) -> None:
    have = set(records.column_names)
    if id_column and id_column not in have:
        fail(f"Không có cột «{id_column}». Các cột: {', '.join(_given(records))}.", code=WRONG_USE)
    if not have & set(settings.columns()):
        fail(
            f"Các tệp không có cột nào mà cấu hình dùng ({', '.join(settings.columns())}). "
            f"Các cột của tệp: {', '.join(_given(records))}. Hãy đổi tiêu đề cột, hoặc viết --settings.",
            code=WRONG_USE,
        )


def _given(records: pa.Table) -> list[str]:
    return [n for n in records.column_names if not n.startswith("_") and n != "record_id"]


def _with_places(
    links: pa.Table, records: pa.Table, settings: LinkSettings, id_column: str | None
) -> pa.Table:
    asked = f"_{id_column}" if id_column == settings.id_column else id_column
    columns = {"file": records["_file"], "row": records["_row"]}
    if id_column and asked in records.column_names:
        columns[id_column if id_column != "record_id" else "id"] = records[asked]
    for name, values in columns.items():
        links = links.append_column(name, values)
    return links
