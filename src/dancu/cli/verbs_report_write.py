"""`dancu report write`: declaration only; the group is that of `verbs_ask`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from dancu.cli.common import OUT_FOLDER, Day, json_option
from dancu.cli.guard import Verb
from dancu.cli.verbs_ask import report


@report.command("write", cls=Verb, short_help="Viết báo cáo 6 tháng. Write the six-month report.")
@click.option("--on", type=Day(), required=True, help="Ngày cuối kỳ. Last day of the period.")
@click.option(
    "--from", "first", type=Day(), default=None,
    help="Ngày đầu kỳ (mặc định: 1 tháng 1). First day (usual: 1 January).",
)  # fmt: skip
@click.option(
    "--unit", default="24", show_default=True, help="Mã tỉnh hoặc huyện. Province or district."
)
@click.option("--out", type=OUT_FOLDER, required=True, help="Thư mục kết quả. Folder of the files.")
@json_option
def report_write(on: dt.date, first: dt.date | None, unit: str, out: Path, as_json: bool) -> None:
    """Viết báo cáo của một đơn vị từ sổ: PDF/A, .docx, phụ lục .xlsx, JSON, số liệu mở và tóm tắt cho người dân.

    Writes the report of a unit from the register: PDF/A, .docx, annexes as .xlsx, JSON, open data with its DCAT
    description and a summary in plain words. Leaves with 1 when the report's own checks find an error.

    \b
    Ví dụ: dancu report write --on 2024-06-21 --out bao-cao
    """
    from dancu.cli.writing_report import write

    write(on, first, unit, out, as_json)
