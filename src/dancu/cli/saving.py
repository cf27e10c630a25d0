"""What `dancu backup` and `dancu restore` do: ask the clock, show how far it is, tell the outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from dancu.cli.common import errors
from dancu.site import backing
from dancu.store import sealed
from dancu.store.backup import Manifest


def back_up(target: Path, passphrase: str | None, keep: int | None) -> None:
    """Make it, then tell its file, hash and what was left out."""
    with _bar() as progress:
        made = backing.back_up(
            target, passphrase=passphrase, now=dt.datetime.now().astimezone(), keep=keep, progress=progress
        )  # fmt: skip
    click.echo(f"{made.path}\nSHA-256 {made.sha256}")
    click.echo(_size(made.manifest) + f" · {made.bytes / 1e6:.1f} MB")
    _left_out(made.manifest)


def put_back(file: Path, ask: Callable[[], str | None], check: bool) -> None:
    """Prove it, and unless that is all, put it back."""
    with file.open("rb") as opened:
        passphrase = ask() if sealed.is_sealed(opened) else None
    with _bar() as progress:
        work = backing.check if check else backing.put_back
        manifest = work(file, passphrase=passphrase, progress=progress)
    done = (
        "Bản sao lưu nguyên vẹn. (The backup is whole.)" if check else "Đã khôi phục. (Restored.)"
    )
    click.echo(f"{done}\n{manifest.made_at} · dancu {manifest.dancu} · {_size(manifest)}")
    _left_out(manifest)


def _size(manifest: Manifest) -> str:
    rows = f"{sum(table.rows for table in manifest.tables.values()):,}".replace(",", ".")
    return f"{len(manifest.tables)} bảng, {rows} dòng, {len(manifest.parts) - 1} tệp kèm theo"


def _left_out(manifest: Manifest) -> None:
    if manifest.left_out:
        errors.print(
            "Không niêm phong nên không có khoá bí mật: sau khi khôi phục, mọi người phải cài lại mã xác thực.\n"
            "Not sealed, so without the secret key: after restoring everybody enrolls the second factor anew.",
            soft_wrap=True,
        )


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, completed=share, description=what)
