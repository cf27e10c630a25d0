"""The verbs of the signing keys: list, rotate, export-public. Declarations and a few lines of telling."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from dancu.cli.common import OUT_FILE, json_option, print_json
from dancu.cli.guard import Verb


@click.group(short_help="Khoá ký. Signing keys.")
def keys() -> None:
    """Khoá ký của bản cài này: xem, đổi, xuất bản công khai. Ai giữ khoá nào: docs/how-to/keys.md.

    The signing keys of this installation: list, roll over, export the public record.

    \b
    Ví dụ: dancu keys list
    Ví dụ: dancu keys rotate ledger
    """


@keys.command("list", cls=Verb, short_help="Các khoá và thời hạn. Keys and their periods.")
@json_option
def list_keys(as_json: bool) -> None:
    """Mọi khoá từ trước tới nay, khoá nào đang ký, khoá nào thiếu lời của khoá trước.

    Every key there ever was, which one signs now, which lacks the word of the one before.

    \b
    Ví dụ: dancu keys list
    """
    from dancu.store import keyring

    if as_json:
        print_json([keyring.as_document(use) for use in keyring.USES])
        return
    for use, what in keyring.USES.items():
        known, alone = keyring.public(use), keyring.unendorsed(use)
        click.echo(f"{use}: {what}" + ("" if known else " — chưa dùng (not used yet)"))
        for key in known:
            end = (
                f"{key.retired_at:%d/%m/%Y %H:%M} ({key.why})"
                if key.retired_at
                else "đang ký (in force)"
            )
            odd = " · CHƯA ĐƯỢC KHOÁ TRƯỚC XÁC NHẬN (not endorsed)" if key.kid in alone else ""
            click.echo(f"  {key.kid}  {key.not_before:%d/%m/%Y %H:%M} → {end}{odd}")


@keys.command(cls=Verb, short_help="Đổi khoá. Roll a key over.")
@click.argument("use")
@click.option("--lost", is_flag=True, help="Khoá cũ đã mất. The old key is lost.")
@click.option("--stolen", is_flag=True, help="Khoá cũ đã lộ. The old key is in other hands.")
def rotate(use: str, lost: bool, stolen: bool) -> None:
    """Khoá mới ký từ bây giờ; khoá cũ xác nhận khoá mới, phần bí mật của nó bị huỷ; chữ ký cũ vẫn kiểm được.

    A new key signs from now on, endorsed by the old one, whose private half is destroyed; old signatures still hold.

    \b
    Ví dụ: dancu keys rotate answer
    Ví dụ: dancu keys rotate ledger --stolen
    """
    from dancu.store import keyring

    if lost and stolen:
        raise click.UsageError("Chọn một: --lost hoặc --stolen. (One of them.)")
    why = keyring.LOST if lost else keyring.STOLEN if stolen else keyring.ROTATED
    made = keyring.rotate(use, at=dt.datetime.now(dt.UTC), why=why)
    click.echo(f"{use}: {made.kid}")
    if why != keyring.ROTATED:
        click.echo(
            "Không ai xác nhận được khoá mới: gửi bản công khai bằng đường khác (dancu keys export-public).\n"
            "Nobody can speak for the new key: hand the public record to everybody by another way."
        )


@keys.command("export-public", cls=Verb, short_help="Xuất các khoá công khai. Export public keys.")
@click.argument("target", metavar="FILE", type=OUT_FILE)
def export_public(target: str) -> None:
    """Ghi bản công khai của mọi khoá vào một tệp JSON, để giao cho bên kiểm tra.

    Writes the public record of all keys into one JSON file, for auditors and partners.

    \b
    Ví dụ: dancu keys export-public khoa-cong-khai.json
    """
    from dancu.store import keyring

    told = {use: keyring.as_document(use)["keys"] for use in keyring.USES}
    Path(target).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    click.echo(f"{target}: {sum(len(keyring.public(use)) for use in keyring.USES)}")
