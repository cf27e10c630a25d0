"""The work of `dancu report verify FILE`: the frozen report against the register as known then, told in words."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.cli.common import REFUSED, WRONG_USE, console, fail, print_json
from dancu.site import boot

if TYPE_CHECKING:
    from dancu.kit.snapshots import Verdict

_KINDS = {
    "digit": "SỐ LIỆU", "definition": "ĐỊNH NGHĨA", "unit_tree": "ĐƠN VỊ", "record": "BẢN GHI",
    "commitment": "CAM KẾT", "signature": "CHỮ KÝ", "file": "TỆP", "ledger": "SỔ CÁI",
}  # fmt: skip


def tell(file: Path, as_json: bool) -> None:
    """Prints what differs; leaves with 1 when anything does, with 2 when the file is no frozen report."""
    boot.ready()
    from dancu.kit import snapshots

    try:
        verdict = snapshots.verify(file.read_bytes())
    except snapshots.NoSnapshot as error:
        fail(f"{file.name}: {error}", code=WRONG_USE)
    if as_json:
        print_json({"good": verdict.good, **asdict(verdict)})
    else:
        _print(file, verdict)
    if not verdict.good:
        sys.exit(REFUSED)


def _print(file: Path, verdict: Verdict) -> None:
    for one in verdict.differences:
        console.print(f"[red]{_KINDS.get(one.kind, one.kind)}[/red]", end=" ")
        console.print(f"{one.vi} ({one.en})", markup=False, soft_wrap=True)
    if verdict.known is not None:
        console.print(
            f"{file.name}: báo cáo {verdict.key}, {verdict.figures} số liệu, {verdict.records} lượt bản ghi,"
            f" như đã biết lúc {verdict.known.astimezone():%H:%M:%S %d/%m/%Y}.",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    console.print(
        "[green]KHỚP[/green] Mọi chữ số như khi chốt. (Every digit is as frozen.)" if verdict.good
        else f"[red]KHÔNG KHỚP[/red] {len(verdict.differences)} chỗ khác. ({len(verdict.differences)} differences.)"
    )  # fmt: skip
