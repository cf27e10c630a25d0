"""The verbs that carry an installation through a disaster: backup, restore. Declarations only."""

from __future__ import annotations

from pathlib import Path

import click

from dancu.cli.guard import Verb

_PASSPHRASE = click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp có mật khẩu ở dòng đầu (hoặc biến DANCU_BACKUP_PASSPHRASE). File whose first line is the passphrase.",
)  # fmt: skip


@click.command(cls=Verb, short_help="Sao lưu toàn bộ. Back up everything.")
@click.argument("target", metavar="FOLDER|FILE", type=click.Path(path_type=Path))
@_PASSPHRASE
@click.option("--plain", is_flag=True,
              help="Không niêm phong; khoá bí mật bị bỏ ra ngoài. Not sealed; the secret key is left out.")  # fmt: skip
@click.option("--keep", type=click.IntRange(1),
              help="Chỉ giữ N bản mới nhất trong thư mục. Keep the newest N.")  # fmt: skip
def backup(target: Path, passphrase_file: Path | None, plain: bool, keep: int | None) -> None:
    """Sao lưu cơ sở dữ liệu, tệp kèm theo và khoá bí mật vào một tệp được niêm phong bằng mật khẩu.

    Backs up database, files and secret key as of one moment into one sealed file; the site goes on working.

    \b
    Ví dụ: dancu backup sao-luu --passphrase-file mat-khau.txt --keep 14
    """
    from dancu.cli import saving

    saving.back_up(target, _asked(passphrase_file, plain, confirm=True), keep)


@click.command(cls=Verb, short_help="Khôi phục từ bản sao lưu. Restore a backup.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_PASSPHRASE
@click.option("--check", is_flag=True, help="Chỉ đọc và kiểm tra tệp. Only read and prove the file.")  # fmt: skip
def restore(file: Path, passphrase_file: Path | None, check: bool) -> None:
    """Khôi phục vào cơ sở dữ liệu trống: kiểm tra từng bảng, được cả hoặc không gì cả, rồi nâng cấp.

    Restores into an empty database, proves every table, all or nothing, then carries it forward.

    \b
    Ví dụ: dancu restore /mnt/usb/dancu-2024-06-21.dancu
    """
    from dancu.cli import saving

    saving.put_back(file, lambda: _asked(passphrase_file, False, confirm=False), check)


def _asked(file: Path | None, plain: bool, *, confirm: bool) -> str | None:
    """The passphrase: of the file, of the environment, else of the person at the keyboard."""
    import os
    import sys

    if plain:
        return None
    if file is not None:
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    if given := os.environ.get("DANCU_BACKUP_PASSPHRASE"):
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(
            "Cần --passphrase-file, biến DANCU_BACKUP_PASSPHRASE, hoặc --plain.\n"
            "Give --passphrase-file, DANCU_BACKUP_PASSPHRASE, or --plain."
        )
    words = "Mật khẩu của bản sao lưu (passphrase)"
    return str(click.prompt(words, hide_input=True, confirmation_prompt=confirm))
