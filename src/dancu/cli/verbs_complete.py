"""The verbs of the proof that the log is whole: check, receipts. Declarations and a few lines of telling."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from pathlib import Path

import click

from dancu.cli.common import REFUSED, SOME_FILE, fail, json_option, on_option, print_json, today
from dancu.cli.guard import Verb


@click.group(short_help="Nhật ký có đủ không. Is the log complete.")
def complete() -> None:
    """Đối chiếu những gì hệ thống đã trả lời với nhật ký truy cập; tìm lại biên nhận của đối tác.

    Compares what was answered with the access log; looks partners' receipts up in it.

    \b
    Ví dụ: dancu complete check --on 2024-06-21
    """


@complete.command(cls=Verb, short_help="Đối chiếu một ngày. Compare a day.")
@on_option
@json_option
def check(on: dt.date | None, as_json: bool) -> None:
    """Đối chiếu một ngày (mặc định: hôm nay); mã thoát 1 khi có câu trả lời không có dòng nhật ký.

    Compares a day (today if not given); leaves with 1 when an answer has no line.

    \b
    Ví dụ: dancu complete check
    """
    from dancu.site import nightly

    run, gaps = nightly.compare(on=on or today())
    if as_json:
        print_json({**dataclasses.asdict(run), "found": [dataclasses.asdict(gap) for gap in gaps]})
    else:
        click.echo(
            f"{run.on_day:%d/%m/%Y}: {run.answers} câu trả lời về {run.persons} người, {run.lists} danh sách, "
            f"{run.lines} dòng nhật ký, {run.receipts} biên nhận; thiếu {run.gaps} (answers, lines, gaps)"
        )
        for gap in gaps[:50]:
            moment = f"{gap.at.astimezone():%H:%M:%S}" if gap.at else "—"
            click.echo(f"  {moment}  {gap.route}: {gap.word} · {gap.receipt or gap.request}")
        if run.database_audit == "off":
            click.echo(
                "Cơ sở dữ liệu không ghi nhật ký của chủ nó: docs/how-to/run.md (the database's own audit is off)"
            )
    if gaps:
        sys.exit(REFUSED)


@complete.command(cls=Verb, short_help="Biên nhận của đối tác. A partner's receipts.")
@click.argument("file", type=SOME_FILE)
@click.option("--partner", required=True, help="Mã đối tác. The partner's code.")
def receipts(file: str, partner: str) -> None:
    """Nhận danh sách biên nhận mà đối tác giữ; từ nay mỗi lần đối chiếu đều tìm lại chúng trong nhật ký.

    Takes in the receipts a partner holds; each comparison looks them up in the log.

    \b
    Ví dụ: dancu complete receipts bien-nhan.csv --partner benh-vien-1
    """
    from dancu.site import nightly

    try:
        listed, new = nightly.hold(partner=partner, text=Path(file).read_text(encoding="utf-8-sig"))
    except ValueError as error:
        fail(str(error))
    click.echo(f"{partner}: {listed} biên nhận, {new} mới (receipts, new)")
