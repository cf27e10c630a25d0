"""What `dancu services …` does: read the files, open the database, print what came of it."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dancu.cli.common import REFUSED, fail, print_json, progress_bar
from dancu.engine.intake import IntakeError
from dancu.site import boot, home
from dancu.store import supervisor
from dancu.store.files import read_file, write_atomically
from dancu.store.postgres import connect


def take_in(files: Sequence[Path], source: str, as_json: bool) -> None:
    """One import of all the files."""
    boot.ready()
    from dancu.sectors.public_services.importing import problems, taking

    order = taking.Order(f"console {getpass.getuser()}", source, dt.datetime.now().astimezone())
    try:
        taking.check_source(source)
        with progress_bar() as tell, connect(supervisor.ensure(home.folder()).dsn) as con:
            sheets = [sheet for file in files for sheet in _sheets(file)]
            done = taking.take(con, sheets, order, progress=lambda what, share: tell("hồ sơ", share, what))  # fmt: skip
    except taking.NotTaken as error:
        fail(str(error))
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"Lần nhập {done.import_no}: {done.rows} dòng, {done.turns} lần đổi trạng thái (changes of status); mới"
            f" (new) {done.added}, đổi (changed) {done.changed}, như cũ (as they were) {done.unchanged}."
        )
        for reason, count in sorted(done.reasons.items(), key=lambda item: -item[1]):
            told = problems.message(reason) if reason in problems.NUMBER else reason
            click.echo(f"  {count} dòng không nhận: {told}")
    if set(done.reasons) - set(problems.NOT_WRONG):
        sys.exit(REFUSED)


def differ(
    a: Path, b: Path | None, first: dt.date, last: dt.date, out: Path, as_json: bool
) -> None:
    """The list of differences into a folder."""
    boot.ready()
    from dancu.sectors.public_services.importing import differing
    from dancu.sectors.public_services.importing.counted import Period

    if last < first:
        fail("Ngày cuối kỳ phải sau ngày đầu kỳ.\nThe last day comes after the first.")
    period = Period(first, last)
    side_a = differing.side_of(a.name, _sheets(a))
    if b is not None:
        side_b = differing.side_of(b.name, _sheets(b))
    else:
        with connect(supervisor.ensure(home.folder()).dsn) as con:
            side_b = differing.own_side(con, period)
    found = differing.compared(side_a, side_b, period)
    out.mkdir(parents=True, exist_ok=True)
    book = differing.as_workbook(
        (found.a, found.b), (side_a.name, side_b.name), period, differing.summary(found), found.differences
    )  # fmt: skip
    write_atomically(out / "khac-biet.xlsx", book)
    write_atomically(out / "khac-biet.csv", differing.as_csv(found.differences))
    _tell(found, (side_a.name, side_b.name), out, as_json)


def _tell(found: Any, names: tuple[str, str], out: Path, as_json: bool) -> None:
    from dancu.sectors.public_services.importing import differing

    lines = differing.summary(found)
    if as_json:
        told = {"a": found.a._asdict(), "b": found.b._asdict(), "uncounted": found.uncounted, "effects": {
            name: {"dossiers": count, **effect._asdict()} for name, count, effect in lines}}  # fmt: skip
        print_json(told)
        return
    heads = ("tiếp nhận", "trực tuyến", "đúng hạn")
    for name, figures in zip(
        (*names, "A hơn B"), (found.a, found.b, found.a.less(found.b)), strict=True
    ):
        click.echo(f"{name}: " + ", ".join(f"{h} {f}" for h, f in zip(heads, figures, strict=True)))
    for name, count, effect in lines:
        click.echo(f"  {name}: {count} hồ sơ, " + ", ".join(f"{value:+d}" for value in effect))
    for name, count in zip(names, found.uncounted, strict=True):
        if count:
            click.echo(
                f"  {name}: {count} dòng không có ngày tiếp nhận đọc được, không đếm vào kỳ nào"
            )
    click.echo(str(out / "khac-biet.xlsx"))


def _sheets(file: Path) -> list[Any]:
    from dancu.sectors.public_services.importing import reading

    try:
        return reading.read(read_file(file), name=file.name)
    except IntakeError as error:
        fail(error.message_vi)
