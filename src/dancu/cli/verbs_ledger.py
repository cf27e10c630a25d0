"""The verbs of the ledger: status, head, prove, export, check. Declarations only."""

from __future__ import annotations

from pathlib import Path

import click

from dancu.cli.common import OUT_FILE, json_option
from dancu.cli.guard import Verb


@click.group(short_help="Sổ cái chứng minh. The ledger.")
def ledger() -> None:
    """Sổ cái: chứng minh không dòng nào của nhật ký, sự kiện, kết luận bị sửa, bỏ, đổi chỗ hay ghi lùi ngày.

    The ledger: proves that no row of the logs, events and judgements was changed, dropped, moved or dated back.

    \b
    Ví dụ: dancu ledger status
    Ví dụ: dancu ledger check
    """


@ledger.command(cls=Verb, short_help="Tình trạng. How it stands.")
@json_option
def status(as_json: bool) -> None:
    """Số mục, mục đang chờ, đầu cây mới nhất, việc gửi bên thứ hai, lần kiểm tra mới nhất.

    Entries, what waits, the latest head, hand-overs, the last check.

    \b
    Ví dụ: dancu ledger status --json
    """
    from dancu.cli import ledgering

    ledgering.status(as_json)


@ledger.command(cls=Verb, short_help="Đầu cây đã ký. The signed head.")
@click.option(
    "--sign", is_flag=True, help="Ký đầu cây mới, đóng dấu thời gian, gửi đi. Make one now."
)
def head(sign: bool) -> None:
    """In đầu cây mới nhất như đã ký.

    Prints the latest head as it was signed.

    \b
    Ví dụ: dancu ledger head --sign
    """
    from dancu.cli import ledgering

    ledgering.head(sign)


@ledger.command(cls=Verb, short_help="Chứng minh một dòng. Prove a row.")
@click.argument("key")
@click.option("--kind", default="access", show_default=True, help="Loại mục. Kind of entry.")
@click.option("--row", is_flag=True, help="Kèm dòng và muối (dữ liệu cá nhân). With the row and its salt.")  # fmt: skip
@click.option("--out", type=OUT_FILE, help="Ghi vào tệp. Write to a file.")
def prove(key: str, kind: str, row: bool, out: Path | None) -> None:
    """Đường băm từ một dòng (số biên nhận hoặc khoá) tới đầu cây đã ký.

    The path from a row (by receipt or key) to the signed head, as JSON.

    \b
    Ví dụ: dancu ledger prove 0f8e9f2e-6f6f-4d7a-9a53-0d3b1f0d9c11
    Ví dụ: dancu ledger prove 17 --kind event --row
    """
    from dancu.cli import ledgering

    ledgering.prove(key, kind, row, out)


@ledger.command(cls=Verb, short_help="Xuất cho kiểm toán. Export for an auditor.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--no-rows", is_flag=True, help="Không kèm dòng: chỉ mã băm. Hashes only, nobody's data.")  # fmt: skip
@click.option("--basis", default="", help="Căn cứ (quyết định, kế hoạch kiểm tra). The legal basis.")  # fmt: skip
def export(folder: Path, no_rows: bool, basis: str) -> None:
    """Ghi toàn bộ sổ cái vào một thư mục mới; kiểm toán dùng dancu-verify để kiểm tra.

    Writes the whole ledger into a new folder, for dancu-verify. An export with rows is kept as a bulk read.

    \b
    Ví dụ: dancu ledger export kiem-tra-2026 --basis "Quyết định 12/QĐ-TTr"
    """
    from dancu.cli import ledgering

    ledgering.export(folder, with_rows=not no_rows, basis=basis)


@ledger.command(cls=Verb, short_help="Kiểm tra tất cả. Check everything.")
@json_option
def check(as_json: bool) -> None:
    """Tính lại mọi dòng từ bảng của nó; nêu tên dòng bị sửa, bị bỏ, thêm không có mục, đổi chỗ, ghi lùi ngày.

    Recomputes every row from its table; names rows changed, dropped, added without entry, moved, dated back.

    \b
    Ví dụ: dancu ledger check
    """
    from dancu.cli import ledgering

    ledgering.check(as_json)
