"""The work of `dancu formats check VALUE`: which written forms a value fits, and why not the others."""

from __future__ import annotations

import sys
from dataclasses import asdict

from dancu.cli.common import REFUSED, console, fail, print_json
from dancu.formats import FORMATS
from dancu.formats.check import Verdict, check


def tell(value: str, name: str | None, *, test_people: bool, as_json: bool) -> None:
    """Prints the verdicts; leaves with 1 when no form fits, 2 when the form asked for is none."""
    try:
        verdicts = check(value, name, test_people=test_people)
    except KeyError:
        fail(f"Không có định dạng «{name}». Các định dạng: {', '.join(sorted(FORMATS))}.", code=2)
    if as_json:
        print_json([asdict(v) for v in verdicts])
    else:
        _print(verdicts)
    if not any(v.fits for v in verdicts):
        sys.exit(REFUSED)


def _print(verdicts: list[Verdict]) -> None:
    """Those that fit, with their parts; the reasons against the rest only when none fits."""
    fitting = [v for v in verdicts if v.fits]
    for verdict in fitting:
        console.print(f"[green]✓[/green] [bold]{verdict.format}[/bold]:", end=" ")
        console.print(verdict.written, markup=False)
        if isinstance(verdict.parts, dict):
            for part, found in verdict.parts.items():
                if found not in (None, ""):
                    console.print(f"    {part}: {found}", markup=False)
    for verdict in verdicts if not fitting else []:
        console.print("[red]✗[/red]", end=" ")
        console.print(f"{verdict.format}: {verdict.message_vi} {verdict.hint_vi}", markup=False)
