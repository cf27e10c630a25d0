"""docs/reference/cli.md: the help of ``dancu`` and of each verb, as the program prints it."""

from __future__ import annotations

from pathlib import Path

import click


def text(root: Path) -> str | None:
    """The page; None while ``dancu.cli`` has no command group."""
    del root
    import dancu.cli

    main = getattr(dancu.cli, "main", None)
    if not isinstance(main, click.Group):
        return None
    lines = [
        "# Command line",
        "",
        "Made by `make docs` from the program's own help; do not edit.",
        "",
    ]
    for path, command in _commands(main, "dancu"):
        context = click.Context(command, info_name=path, terminal_width=96, max_content_width=96)
        lines += [f"## {path}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(line.rstrip() for part in lines for line in part.split("\n")).rstrip() + "\n"


def _commands(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            found += _commands(command.commands[name], f"{path} {name}")
    return found
