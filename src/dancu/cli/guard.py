"""What happens to an error that nobody foresaw: one line for the user, the trace in a file without personal data.

A message may quote a cell, so the file holds the kinds of the errors and the places in the code, never a message;
`--debug` shows everything, on the screen of the person who asked.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from pathlib import Path
from typing import Any

import click

from dancu.cli.common import errors, fail

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells know it."""

FILE = "loi.txt"
_ASKED = "dancu.debug"
_DEBUG = click.Option(
    ["--debug"],
    is_flag=True,
    expose_value=False,
    callback=lambda ctx, _param, value: ctx.meta.update({_ASKED: value}),
    help="Hiện toàn bộ vết lỗi (có thể chứa dữ liệu cá nhân). Show the whole trace of an error.",
)


class Verb(click.Command):
    """A command that ends with a message and an exit code, whatever happens inside."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_DEBUG)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a known error is told, an unknown one noted, an interruption is no error."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            errors.print(
                "Đã dừng theo yêu cầu (Ctrl-C). Không có tệp dở dang; gọi lại cùng lệnh để làm tiếp. Interrupted.",
                soft_wrap=True,
            )
            sys.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            sys.exit(0)
        except Exception as error:
            if ctx.meta.get(_ASKED):
                raise
            if _is_ours(error):
                fail(str(error))
            _tell(error, _folder(ctx))


def _is_ours(error: BaseException) -> bool:
    """Whether the message was written for users: the base errors of the rooms, looked up without importing them."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return bool(names & {"dancu.store.errors.StoreError", "dancu.engine.spec.SpecError"})


def _folder(ctx: click.Context) -> Path | None:
    """Where this command writes: its `--out`, else the run it reads."""
    for name in ("out", "run", "run_folder"):
        folder = ctx.params.get(name)
        if isinstance(folder, Path) and (name == "out" or folder.is_dir()):
            return folder
    return None


def _tell(error: BaseException, folder: Path | None) -> None:
    text = trace(error)
    code = hashlib.sha256(text.encode()).hexdigest()[:8]
    disk = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    told = f"Lỗi không ngờ tới ({type(error).__name__}{disk}), mã {code}; "
    written = folder and _written(folder / FILE, f"{code}\n{text}")
    if written:
        told += f"đã ghi vào {written} (không có dữ liệu cá nhân). Hãy gửi tệp này cho nơi hỗ trợ."
    else:
        told += "gọi lại với --debug để thấy chỗ lỗi."
    fail(told)


def _written(path: Path, text: str) -> Path | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError:
        return None
    return path


def trace(error: BaseException) -> str:
    """The kinds of the error and of what caused it, with file, line and function of each step; no messages."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        for frame in traceback.extract_tb(seen.__traceback__):
            lines.append(f"  {_place(frame.filename)}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines) + "\n"


def _place(file: str) -> str:
    """A file's path from its package on: no folder of the machine, no name of its user."""
    parts = Path(file).parts
    start = next(
        (i for i, p in enumerate(parts) if p in ("dancu", "site-packages")), len(parts) - 1
    )
    return "/".join(parts[start:])
