"""The verbs of public services: import, differ. Declarations only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from dancu.cli.common import OUT_FOLDER, SOME_FILE, Day, json_option
from dancu.cli.guard import Verb


@click.group(short_help="Hồ sơ dịch vụ công. Dossiers of public services.")
def services() -> None:
    """Hồ sơ dịch vụ công: nhập danh sách của cổng khác, so khác biệt giữa hai cổng.

    Dossiers of public services: take in other portals' lists, list the differences between two portals.

    \b
    Ví dụ: dancu services import ho_so_thang_6.xlsx --source mot-cua-tinh
    """


@services.command("import", cls=Verb, short_help="Nhập danh sách hồ sơ. Take lists in.")
@click.argument("files", type=SOME_FILE, nargs=-1, required=True)
@click.option(
    "--source", required=True, help="Tên ngắn của cổng gửi danh sách. Short name of the portal."
)
@json_option
def import_(files: tuple[Path, ...], source: str, as_json: bool) -> None:
    """Nhập danh sách hồ sơ và tiến độ của một cổng (xlsx, csv, JSON) trong một giao dịch; nhập lại không lặp.

    Takes a portal's dossiers and changes of status (xlsx, csv, JSON) in, in one transaction; the same files a second
    time change nothing. Rows that are not taken are kept with their reason.

    \b
    Ví dụ: dancu services import ho_so.xlsx tien_do.json --source mot-cua-tinh
    """
    from dancu.cli import servicing

    servicing.take_in(files, source, as_json)


@services.command(cls=Verb, short_help="So khác biệt hai cổng. Differences of two portals.")
@click.argument("a", type=SOME_FILE)
@click.argument("b", type=SOME_FILE, required=False)
@click.option("--from", "first", type=Day(), required=True, help="Ngày đầu kỳ. First day.")
@click.option("--to", "last", type=Day(), required=True, help="Ngày cuối kỳ. Last day.")
@click.option("--out", type=OUT_FOLDER, required=True, help="Thư mục kết quả. Folder of the results.")  # fmt: skip
@json_option
def differ(
    a: Path, b: Path | None, first: dt.date, last: dt.date, out: Path, as_json: bool
) -> None:
    """So hai danh sách hồ sơ cùng kỳ, từng hồ sơ kèm lý do; không có B thì so với sổ hồ sơ của tỉnh.

    Compares two lists of the same period, dossier by dossier, each with its reason; without B, with our own register.
    Writes khac-biet.xlsx and khac-biet.csv. The effects of all reasons add up to the difference of the totals.

    \b
    Ví dụ: dancu services differ cong_tinh.xlsx cong_quoc_gia.csv --from 01/06/2024 --to 30/06/2024 --out so-sanh
    """
    from dancu.cli import servicing

    servicing.differ(a, b, first, last, out, as_json)
