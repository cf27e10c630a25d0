"""`dancu province`: an invented province with its messy lists, and the truth about them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from dancu.cli.common import Day, console, json_option, print_json, progress_bar
from dancu.province import make

_DAY = dt.date(2024, 6, 21)


@click.command()
@click.option(
    "--scale",
    type=click.FloatRange(0.0005, 2.0),
    default=0.01,
    show_default=True,
    help="1 = 2.034.961 người.",
)
@click.option(
    "--seed",
    type=int,
    default=7,
    show_default=True,
    help="Cùng số, cùng dữ liệu. Same seed, same bytes.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Thư mục kết quả.",
)
@click.option(
    "--on", type=Day(), default=_DAY, show_default="21/06/2024", help="Ngày của các danh sách."
)
@json_option
def province(scale: float, seed: int, out: Path, on: dt.date, as_json: bool) -> None:
    """Tạo một tỉnh không có thật: danh sách lộn xộn của các ngành và sự thật để đối chiếu.

    \b
    Ví dụ: dancu province --scale 0.01 --seed 7 --out var/demo/province
    """
    with progress_bar() as tell:
        summary = make(
            scale=scale,
            seed=seed,
            out=out,
            on=on,
            progress=lambda share, what: tell("province", share, what),
        )
    if as_json:
        print_json(summary.as_dict())
        return
    console.print(summary.as_text())
