"""What `dancu ledger …` does: ask the clock, the database's owner and the store; print."""

from __future__ import annotations

import base64
import datetime as dt
import getpass
import json
import sys
from pathlib import Path
from typing import Any

import click

from dancu.cli.common import REFUSED, console, fail, print_json, progress_bar
from dancu.kit import ledger
from dancu.site import boot, home
from dancu.store import supervisor
from dancu.store.ledger import disclosing, handing, heads, proving, sequencing
from dancu.store.postgres import connect


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()


def _owner() -> Any:
    return connect(supervisor.ensure(home.folder()).dsn, autocommit=True)


def status(as_json: bool) -> None:
    """Numbers of the ledger as it stands."""
    with _owner() as con:
        tree = con.execute("SELECT origin, size, moved_at FROM ledger.tree").fetchone()
        waits, head = sequencing.waiting(con), heads.last(con)
        given = handing.last(con, most=5)
        checked = con.execute(
            "SELECT at, jsonb_array_length(found) FROM ledger.check_run ORDER BY check_no DESC LIMIT 1"
        ).fetchone()
    told = {
        "origin": tree[0], "entries": tree[1], "last_place_at": tree[2],
        "waiting": waits.count, "waiting_since": waits.since,
        "head": {"size": head.size, "at": head.at, "stamped": head.token is not None} if head else None,
        "handovers": [
            {"channel": h.channel, "to": h.next_leaf, "done_at": h.done_at, "tries": h.tries, "error": h.error}
            for h in given
        ],
        "last_check": {"at": checked[0], "findings": checked[1]} if checked else None,
    }  # fmt: skip
    if as_json:
        print_json(told)
        return
    said = f"{tree[0]}: {tree[1]} mục (entries), {waits.count} đang chờ (waiting)"
    console.print(said, markup=False)
    if head:
        stamped = (
            "có dấu thời gian (stamped)" if head.token else "chưa có dấu thời gian (not stamped)"
        )
        console.print(
            f"Đầu cây (head): {head.size} mục, {head.at.isoformat()}, {stamped}", markup=False
        )
    for one in given:
        state = (
            f"đã gửi {one.done_at.isoformat()}"
            if one.done_at
            else f"chờ, {one.tries} lần: {one.error or ''}"
        )
        console.print(
            f"Bên thứ hai (second body) {one.channel}: tới {one.next_leaf}, {state}", markup=False
        )
    if not given:
        console.print(
            "Chưa gửi gì cho bên thứ hai. (Nothing was handed to a second body.)", markup=False
        )
    if checked:
        console.print(
            f"Kiểm tra (check) {checked[0].isoformat()}: {checked[1]} điều không đúng (findings)",
            markup=False,
        )


def head(sign: bool) -> None:
    """The latest head, or a new one."""
    if sign:
        boot.ready()
        ledger.sign(at=_now())
    with _owner() as con:
        found = heads.last(con)
    if found is None:
        fail(
            "Chưa có đầu cây nào: dancu ledger head --sign.\nThere is no head yet: dancu ledger head --sign."
        )
    click.echo(found.note, nl=False)


def prove(key: str, kind: str, row: bool, out: Path | None) -> None:
    """The proof of one row."""
    with _owner() as con:
        found = [
            entry for entry in proving.entries(con, key=key, kind=kind) if entry.index is not None
        ]
        if not found or found[0].index is None:
            fail(
                "Không có mục này trong cây; mục mới có chỗ trong vòng một phút.\n"
                "No such entry has a place in the tree; a new one gets it within a minute."
            )
        one, index = found[0], found[0].index
        signed = heads.covering(con, index=index)
        proof = proving.inclusion(con, index=index, size=signed.size if signed else None)
        told: dict[str, Any] = {
            "leaf": one.leaf, "index": proof.index, "size": proof.size, "leaf_hash": proof.leaf_hash.hex(),
            "path": [part.hex() for part in proof.path], "root": proof.root.hex(),
            "head": signed.note if signed else None,
            "token": base64.b64encode(signed.token).decode() if signed and signed.token else None,
        }  # fmt: skip
        if row:
            told["row"], told["salt"] = disclosing.row(con, index=index)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if out:
        out.touch(mode=0o600)
        out.write_text(text + "\n", "utf-8")
        click.echo(str(out))
    else:
        click.echo(text)


def export(folder: Path, *, with_rows: bool, basis: str) -> None:
    """The whole ledger into a folder."""
    boot.ready()
    with progress_bar() as tell:
        leaves = ledger.export(
            folder, by=f"console {getpass.getuser()}", basis=basis, with_rows=with_rows, at=_now(),
            progress=lambda what, share: tell("sổ cái", share, what),
        )  # fmt: skip
    click.echo(f"{folder}: {leaves} mục (entries)\ndancu-verify {folder}")


def check(as_json: bool) -> None:
    """Everything recomputed; exit code 1 when something does not hold."""
    boot.ready()
    with progress_bar() as tell:
        found = ledger.check(
            by=f"console {getpass.getuser()}", progress=lambda what, share: tell("sổ cái", share, what)
        )  # fmt: skip
    if as_json:
        said = [
            {"code": f.code, "leaf": f.leaf, "row": f.row, "vi": f.text("vi"), "en": f.text("en")}
            for f in found
        ]
        print_json(said)
    else:
        for finding in found:
            click.echo(f"✗ {finding.text('vi')}\n  {finding.text('en')}")
        done = (
            "Nguyên vẹn. (Whole.)"
            if not found
            else f"{len(found)} điều không đúng. ({len(found)} findings.)"
        )
        click.echo(done)
    if found:
        sys.exit(REFUSED)
