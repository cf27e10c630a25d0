"""The verbs of keeping and forgetting: status, run. Declarations and a few lines of telling."""

from __future__ import annotations

import datetime as dt

import click

from dancu.cli.guard import Verb


@click.group(short_help="Lưu giữ và xoá. Keeping and deleting.")
def keep() -> None:
    """Dữ liệu nào quá thời hạn, và xoá chúng; mỗi lần xoá là một mục của sổ cái.

    What is past its time, and its deletion; each deletion is an entry of the ledger.

    \b
    Ví dụ: dancu keep status
    """


@keep.command(cls=Verb, short_help="Dữ liệu quá thời hạn. What is past its time.")
def status() -> None:
    """Từng bảng: bao nhiêu dòng quá thời hạn, theo luật nào; không xoá gì.

    Table by table: rows past their time and the law; deletes nothing.

    \b
    Ví dụ: dancu keep status
    """
    _tell()


@keep.command(cls=Verb, short_help="Xoá dữ liệu quá thời hạn. Delete what is past its time.")
@click.option("--dry-run", is_flag=True, help="Chỉ kể, không xoá. Tell, delete nothing.")
def run(dry_run: bool) -> None:
    """Xoá những dòng quá thời hạn, như việc nền làm mỗi đêm.

    Deletes rows past their time, as the background job does each night.

    \b
    Ví dụ: dancu keep run --dry-run
    """
    if dry_run:
        _tell()
        return
    from dancu.site import nightly

    gone = nightly.purge(at=dt.datetime.now(dt.UTC))
    for table, count in gone.items():
        click.echo(f"{table}: {count}")
    click.echo(f"Đã xoá {sum(gone.values())} dòng. (Rows deleted.)")


def _tell() -> None:
    from dancu.site import nightly

    for due in nightly.due(at=dt.datetime.now(dt.UTC)):
        what = f" [{due.purpose}]" if due.purpose else ""
        click.echo(
            f"{due.rule.table}{what}: {due.rows} dòng trước {due.cutoff:%d/%m/%Y} · {due.rule.law}"
        )
