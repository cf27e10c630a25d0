"""What every verb shares: options, the one clock, progress on standard error, errors as a person reads them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import click
from rich.console import Console

REFUSED, WRONG_USE, NOTHING_DONE = 1, 2, 3
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
F = TypeVar("F", bound=Callable[..., Any])

# Into a file or a pipe tables are as wide as they are; 80 columns would break their figures.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
errors = Console(stderr=True, highlight=False)

STAGE_NAMES = {
    "intake": "Tiếp nhận",
    "standardise": "Chuẩn hóa",
    "link": "Đối sánh",
    "golden": "Hợp nhất",
    "events": "Biến động",
    "validate": "Kiểm tra",
    "score": "Chấm điểm",
    "report": "Báo cáo",
}


class Day(click.ParamType[dt.date]):
    """A day, written 2024-06-21 or 21/06/2024."""

    name = "ngày"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        if isinstance(value, dt.date):
            return value
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(value, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        self.fail(f"«{value}» không phải là ngày; hãy viết 21/06/2024 hoặc 2024-06-21", param, ctx)


class SomePath(click.Path):
    """A path that is there; its absence is told as an official would read it."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        path = Path(value)
        if self.exists and not path.exists():
            self.fail(f"không thấy «{path}»; hãy kiểm tra đường dẫn và tên", param, ctx)
        if not self.file_okay and path.is_file():
            self.fail(f"«{path}» là tệp; ở đây cần một thư mục", param, ctx)
        if not self.dir_okay and path.is_dir():
            self.fail(f"«{path}» là thư mục; ở đây cần một tệp", param, ctx)
        return path


SOME_PATH = SomePath(exists=True)
SOME_FILE = SomePath(exists=True, dir_okay=False)
SOME_RUN = SomePath(exists=True, file_okay=False)
OUT_FOLDER = SomePath(file_okay=False)
OUT_FILE = SomePath(dir_okay=False)


def today() -> dt.date:
    """The day in Vietnam by the clock of the machine, read here and nowhere else."""
    return dt.datetime.now(VIETNAM).date()


on_option = click.option(
    "--on",
    type=Day(),
    default=None,
    help="Ngày cần trả lời (mặc định: hôm nay). The day asked about.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="In kết quả dạng JSON. Machine-readable output."
)
test_people_option = click.option(
    "--test-people",
    is_flag=True,
    help="Chấp nhận số định danh thử nghiệm (mã tỉnh 9xx). Accept test numbers.",
)


def fail(message: str, *, code: int = NOTHING_DONE) -> NoReturn:
    """Say what happened and leave with the exit code."""
    errors.print("[red]Lỗi:[/red]", end=" ")
    errors.print(message, markup=False, soft_wrap=True)
    sys.exit(code)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float, str], None]]:
    """A callback (stage, share done, what) that draws a bar on standard error when it is a terminal."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[what]}"),
    )
    with Progress(*columns, console=errors, transient=False, disable=not errors.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, share: float, what: str) -> None:
            if stage not in tasks:
                for other in tasks.values():
                    bar.update(other, completed=1.0, what="")
                tasks[stage] = bar.add_task(STAGE_NAMES.get(stage, stage), total=1.0, what="")
            bar.update(tasks[stage], completed=share, what=what[-60:])

        yield tell
        for task in tasks.values():
            bar.update(task, completed=1.0, what="")


@cache
def code_version() -> str:
    """A digest of the package's own files: a run made by other code is not resumed."""
    digest = hashlib.sha256()
    for item in sorted(_files(resources.files("dancu")), key=str):
        digest.update(str(item.name).encode())
        digest.update(item.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for item in folder.iterdir():
        if item.is_dir() and item.name != "__pycache__":
            yield from _files(item)
        elif item.name.endswith((".py", ".yml", ".csv")):
            yield item
