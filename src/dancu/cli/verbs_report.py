"""`dancu report verify FILE`: declaration only; the group is that of `verbs_ask`."""

from __future__ import annotations

from pathlib import Path

import click

from dancu.cli.common import SOME_FILE, json_option
from dancu.cli.guard import Verb
from dancu.cli.verbs_ask import report


@report.command(
    "verify", cls=Verb, short_help="Kiểm tra báo cáo đã chốt số. Verify a frozen report."
)
@click.argument("file", type=SOME_FILE)
@json_option
def report_verify(file: Path, as_json: bool) -> None:
    """Tính lại mọi số liệu của một báo cáo đã chốt (PDF đã ký hoặc JSON trong đó) từ sổ như đã biết khi chốt.

    Counts every figure of a frozen report (the signed PDF, or the JSON in it) again from the register as it was known
    then, holds definitions, units, signature and ledger against it, and names each digit, definition, unit and record
    that differs. Leaves with 0 when everything agrees, with 1 when something differs.

    \b
    Ví dụ: dancu report verify bao-cao.pdf
    """
    from dancu.cli.verifying_report import tell

    tell(file, as_json)
