"""Everything recomputed from the tables themselves: each row against its entry, each entry against the tree.

Names what does not hold with the words of the auditor's verifier. What the database's owner rewrote altogether, with
new hashes and new signatures, only the second body's bundles can show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg

from dancu.lib import merkle, signing
from dancu.store.key_files import PublicKey
from dancu.store.ledger import heads, notes, rows, sets
from dancu.store.ledger.installing import as_written, stored
from dancu.store.ledger.kinds import Kind
from dancu.store.ledger.tiles import FULL, HASH, WIDTH, BrokenTree, Tiles, split
from dancu_verify.found import Finding

Connection = psycopg.Connection[Any]
Progress = Callable[[str, float], None]
TOLERANCE = dt.timedelta(hours=1)
MOST = 1000
"""Findings of one sort that are named."""

_LEAVES = """
SELECT e.leaf_index, k.name || ' ' || e.key, e.at::text FROM ledger.entry e JOIN ledger.kind k USING (kind_no)
LEFT JOIN ledger.tile t ON t.level = 0 AND t.index = e.leaf_index / 256
WHERE substr(t.hashes, (e.leaf_index %% 256)::integer * 32 + 1, 32)
    IS DISTINCT FROM ledger.leaf_hash(k.name, e.key, e.at, e.adopted, e.commitment)
ORDER BY 1 LIMIT {most}
"""
_GAPS = """
SELECT behind + 1, leaf_index - behind - 1 FROM (
    SELECT leaf_index, lag(leaf_index, 1, -1::bigint) OVER (ORDER BY leaf_index) AS behind FROM (
        SELECT leaf_index FROM ledger.entry UNION ALL SELECT size FROM ledger.tree
    ) every
) pairs WHERE leaf_index > behind + 1 ORDER BY 1 LIMIT {most}
"""
_DATED = """
SELECT e.leaf_index, k.name || ' ' || e.key, e.at::text, h.at::text FROM (
    SELECT at, size, lead(size, 1, 9223372036854775807) OVER (ORDER BY head_no) AS until FROM ledger.head
) h JOIN ledger.entry e ON e.leaf_index >= h.size AND e.leaf_index < h.until
JOIN ledger.kind k USING (kind_no) WHERE e.at < h.at - %(tolerance)s ORDER BY 1 LIMIT {most}
"""
_TWICE = """
SELECT max(e.leaf_index), k.name || ' ' || e.key FROM ledger.entry e JOIN ledger.kind k USING (kind_no)
GROUP BY k.name, e.key HAVING count(*) > 1 ORDER BY 1 LIMIT {most}
"""


def check(
    con: Connection, *, keys: Sequence[PublicKey], progress: Progress = lambda _what, _share: None
) -> list[Finding]:
    """What does not hold, in one state of the database; empty when everything does."""
    found: list[Finding] = []
    with con.transaction():
        con.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with as_written(con):
            kinds = dict(stored(con))
            for at, (number, kind) in enumerate(kinds.items()):
                progress(kind.table, 0.6 * at / max(len(kinds), 1))
                found += _rows(con, number, kind)
            loose = rows.loose(con, kinds)
            found += [Finding("row_without_entry", None, f"{k} {key}") for k, key in loose]
            progress("ledger.entry", 0.6)
            found += _entries(con)
            progress("ledger.tile", 0.8)
            found += _tiles(con)
            found += _heads(con, keys)
            broken = sets.broken(con)
            found += [Finding("set_changed", None, f"bulk.1 {number}") for number, _ in broken]
    progress("", 1.0)
    return found


def _rows(con: Connection, number: int, kind: Kind) -> Iterator[Finding]:
    """Rows changed, gone without an erasure, without salt, of another time than their entry."""
    if not rows.is_readable(con, kind):
        return
    late = "false"
    if kind.at:
        late = f'NOT e.adopted AND abs(extract(epoch FROM t."{kind.at}"::timestamptz - e.at)) > %(late)s'
    there = f't."{kind.keys[0]}" IS NOT NULL'
    query = f"""
        WITH erased AS MATERIALIZED (SELECT coalesce(range_agg(part), '{{}}'::int8multirange) AS leaves
            FROM ledger.erasure r CROSS JOIN LATERAL unnest(r.leaves) part)
        SELECT leaf_index, key, what FROM (
            SELECT e.leaf_index, e.key, CASE
                WHEN NOT {there} THEN CASE WHEN e.salt IS NULL AND e.leaf_index <@ (SELECT leaves FROM erased)
                    THEN NULL ELSE 'row_dropped' END
                WHEN e.salt IS NULL THEN CASE WHEN e.leaf_index <@ (SELECT leaves FROM erased)
                    THEN 'erased_but_there' ELSE 'salt_gone' END
                WHEN sha256(e.salt || convert_to({kind.row_text("t")}, 'UTF8')) <> e.commitment THEN 'row_changed'
                WHEN {late} THEN 'row_back_dated' END AS what
            FROM ledger.entry e LEFT JOIN {kind.place} t ON {kind.key_text("t")} = e.key WHERE e.kind_no = %(kind)s
        ) judged WHERE what IS NOT NULL ORDER BY leaf_index LIMIT {MOST}
    """
    given = {"kind": number, "late": TOLERANCE.total_seconds()}
    for index, key, what in con.execute(query.encode(), given).fetchall():
        yield Finding(what, index, f"{kind.name} {key}", {"gap": f"> {TOLERANCE}"})


def _entries(con: Connection) -> Iterator[Finding]:
    def ask(query: str) -> list[tuple[Any, ...]]:
        return con.execute(query.format(most=MOST).encode(), {"tolerance": TOLERANCE}).fetchall()

    yield from (Finding("leaf_changed", i, name, {"at": at}) for i, name, at in ask(_LEAVES))
    yield from (Finding("leaf_missing", i, None, {"count": count}) for i, count in ask(_GAPS))
    for i, name, at, head in ask(_DATED):
        yield Finding("back_dated", i, name, {"at": at, "head": head})
    yield from (Finding("twice", i, name) for i, name in ask(_TWICE))


def _tiles(con: Connection) -> Iterator[Finding]:
    """Each full tile against the hash above it, and as many hashes as there must be."""
    size, level = Tiles(con).size(), 0
    while size:
        held = con.execute(
            "SELECT coalesce(sum(octet_length(hashes)), 0) / 32 FROM ledger.tile WHERE level = %s", [level]
        ).fetchone()  # fmt: skip
        if held is None or held[0] != size:
            yield Finding("tile_changed", None, None, {"tile": f"{level}/{size // WIDTH}"})
        yield from _above(con, level)
        size, level = size // WIDTH, level + 1


def _above(con: Connection, level: int) -> Iterator[Finding]:
    upper = b"".join(
        bytes(row[0]) for row in con.execute(
            "SELECT hashes FROM ledger.tile WHERE level = %s ORDER BY index", [level + 1]
        )
    )  # fmt: skip
    with con.cursor(name="tiles") as cursor:
        cursor.itersize = 500
        cursor.execute(
            "SELECT index, hashes FROM ledger.tile WHERE level = %s ORDER BY index", [level]
        )
        for index, hashes in cursor:
            data = bytes(hashes)
            above = upper[index * HASH : (index + 1) * HASH]
            if len(data) == FULL and merkle.root_of(split(data)) != above:
                yield Finding("tile_changed", None, None, {"tile": f"{level}/{index}"})


def _heads(con: Connection, keys: Sequence[PublicKey]) -> Iterator[Finding]:
    """Signature, text and root of every head; one state of the tree serves them all."""
    tree = Tiles(con)
    size, good = tree.size(), 0
    origin = con.execute("SELECT origin FROM ledger.tree").fetchone()
    by_kid = {key.kid: key for key in keys}
    for head in heads.every(con):
        name = f"{head.head_no:06d}"
        text = notes.Head(str(origin[0]) if origin else "", head.size, head.root, head.at).text()
        key = by_kid.get(head.kid)
        if key is None or not _signed(head.note, text, key):
            yield Finding("head_signature", None, None, {"head": name})
        elif not key.was_in_force(head.at):
            yield Finding("head_key_time", None, None, {"head": name})
        if head.size > size:
            told = {"who": f"head {name}", "size": head.size, "count": size}
            yield Finding("tail_cut", None, None, told)
            continue
        try:
            same = merkle.root(head.size, tree.node) == head.root
        except BrokenTree:
            same = False
        if same:
            good = head.size
        else:
            told = {"head": name, "size": head.size, "first": good, "last": max(head.size - 1, 0)}
            yield Finding("head_root", None, None, told)


def _signed(note: str, text: str, key: PublicKey) -> bool:
    import base64

    signed, _, line = note.partition("\n\n")
    try:
        raw = base64.b64decode(line.strip().rpartition(" ")[2], validate=True)
    except ValueError:
        return False
    return f"{signed}\n" == text and signing.holds(key.jwk, raw[4:], text.encode())
