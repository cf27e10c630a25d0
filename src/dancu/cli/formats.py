"""`dancu formats check VALUE`: which written forms a value fits, and why not the others."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from dancu.cli.common import (
    REFUSED,
    console,
    fail,
    json_option,
    print_json,
    test_people_option,
)
from dancu.formats import FORMATS
from dancu.formats.check import Verdict
from dancu.formats.check import check as check_value


@click.group()
def formats() -> None:
    """Kiểm tra cách viết của một giá trị (số định danh, thẻ BHYT, biển số…). Check written forms."""


@formats.command()
@click.argument("value")
@click.option(
    "--format", "name", default=None, help="Chỉ kiểm tra một định dạng. Only this format."
)
@test_people_option
@json_option
def check(value: str, name: str | None, test_people: bool, as_json: bool) -> None:
    """Cho biết VALUE là gì, dạng chuẩn và các phần của nó. What VALUE is, its standard form and its parts.

    \b
    Ví dụ: dancu formats check "98a-12345"
    """
    try:
        verdicts = check_value(value, name, test_people=test_people)
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
        console.print(f"[green]✓[/green] [bold]{verdict.format}[/bold]: {verdict.written}")
        if isinstance(verdict.parts, dict):
            for part, found in verdict.parts.items():
                console.print(f"    {part}: {found}", markup=False)
    for verdict in verdicts if not fitting else []:
        console.print(f"[red]✗[/red] {verdict.format}: {verdict.message_vi} {verdict.hint_vi}")
