"""The daily check of the whole ledger against the tables, and what it leaves for the auditor."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from dancu.platform.access.models import Notice
from dancu.platform.ledger.database import own
from dancu.store import keyring
from dancu.store.ledger import checking
from dancu_verify.found import Finding

SHOWN = 200
"""Findings that are kept with a check."""


def run(
    *, by: str, progress: Callable[[str, float], None] = lambda _what, _share: None
) -> list[Finding]:
    """Check everything, keep the outcome, tell the auditor of what does not hold. As the owner."""
    start = time.perf_counter()
    with own() as con:
        size = con.execute("SELECT size FROM ledger.tree").fetchone()[0]
        found = checking.check(con, keys=keyring.public("ledger"), progress=progress)
        told = [{"vi": f.text("vi"), "en": f.text("en"), "code": f.code} for f in found[:SHOWN]]
        con.execute(
            "INSERT INTO ledger.check_run (by, size, rows, seconds, found) VALUES (%s, %s, %s, %s, %s)",
            [by, size, size, time.perf_counter() - start, json.dumps(told, ensure_ascii=False)],
        )
    if found:
        Notice.objects.using("owner").create(
            for_role="auditor", kind="ledger.broken", subject=by,
            detail={"reason": told[0]["vi"], "target": f"{len(found)}", "kind": "ledger"},
        )  # fmt: skip
    return found
