"""Wrong calls: what is wrong, in Vietnamese, and where to look, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from dancu.cli.common import WRONG_USE, fail
from dancu.cli.guard import INTERRUPTED


class Program(click.Group):
    """The group of all verbs: what a user got wrong is told in Vietnamese, with what to do."""

    def main(  # type: ignore[override]  # click overloads it for who asks no exit
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Run, and leave with an exit code; with `standalone_mode=False` errors are raised."""
        alone = extra.pop("standalone_mode", True)
        if not alone:
            return super().main(args, prog_name, standalone_mode=False, **extra)
        try:
            done = super().main(args, prog_name, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(WRONG_USE)
        except click.UsageError as error:
            _wrong_use(error)
        except click.Abort:
            sys.exit(INTERRUPTED)
        sys.exit(done if isinstance(done, int) else 0)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that was named; a name that is none gets the list of them."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"Không có lệnh «{args[0]}». Các lệnh: {', '.join(self.list_commands(ctx))}.")
        return super().resolve_command(ctx, args)


def _wrong_use(error: click.UsageError) -> None:
    told = _words(error)
    help_of = f" Xem: {error.ctx.command_path} --help" if error.ctx else ""
    fail(f"{told}{'' if told.endswith('.') else '.'}{help_of}", code=WRONG_USE)


def _words(error: click.UsageError) -> str:
    """What is wrong with the call, in Vietnamese; our own messages are so already."""
    if isinstance(error, click.MissingParameter):
        return f"Thiếu {_name(error.param)}"
    if isinstance(error, click.NoSuchOption):
        near = f"; có phải {', '.join(error.possibilities)}?" if error.possibilities else ""
        return f"Không có tùy chọn {error.option_name}{near}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)}: {_bad(error)}"
    if error.message.startswith("Got unexpected"):
        return f"Thừa tham số: {error.message.partition('(')[2].rstrip(')')}"
    if "requires an argument" in error.message:
        return f"Thiếu giá trị sau tùy chọn {error.message.split()[1]}"
    return error.message


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.make_metavar(click.Context(click.Command("dancu"))) if param else "tham số"


def _bad(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"giá trị không có; chọn một trong: {', '.join(map(str, kind.choices))}"
    if isinstance(kind, (click.FloatRange, click.IntRange)):
        return f"phải là số từ {kind.min} đến {kind.max}"
    if kind in (click.INT, click.FLOAT):
        return "phải là số"
    return error.message
