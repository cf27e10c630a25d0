"""That one record is in the set behind a frozen figure, without the others: salt and path; and the check of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from dancu.engine.report.content import FigureRef
from dancu.engine.report.content_json import from_json
from dancu.lib import merkle
from dancu.platform.snapshots import cells, kept, told
from dancu.platform.snapshots.cells import Question


def proof(snapshot: str, code: str, subject: str, *, using: str = "owner") -> dict[str, Any] | None:
    """Of a record behind the figure of a short code, as the owner; None: it is not in the set. Names nobody else."""
    found = kept.find(snapshot, using=using)
    if found is None:
        return None
    number, row = found
    said = told.unpacked(kept.file(number, using=using)[0])
    ref: FigureRef | None = from_json(said["report"]).figures.get(code)
    if ref is None:
        return None
    one = Question(
        kept.indicator(ref.code, ref.version, using=using), replace(ref.asked, known=row.known)
    )
    seed, own = kept.seed(number, using=using), said["questions"][one.name]["cells"]
    with transaction.atomic(using=using):
        for at, (unit_code, state, root, units) in enumerate(own):
            if ref.unit not in units:
                continue
            rows = cells.records(one, seed, unit_code=unit_code, state=state, using=using)
            place = next((n for n, r in enumerate(rows) if r.subject == subject), None)
            if place is not None:
                leaves = [r.leaf for r in rows]
                since = rows[place].text.split("|")[2]
                return {
                    "snapshot": snapshot, "figure": code, "subject": subject, "record": rows[place].text,
                    "salt": cells.salt(one, seed, subject, since).hex(), "cell": at, "index": place,
                    "count": len(leaves), "root": root,
                    "path": [p.hex() for p in merkle.inclusion(place, len(leaves), merkle.over(leaves))],
                }  # fmt: skip
    return None


def proves(shown: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether a proof shows its record to be in the set that a frozen report committed to."""
    try:
        question = said["figures"][shown["figure"]]["question"]
        unit_code, _, root, _ = said["questions"][question]["cells"][shown["cell"]]
        subject, carried, *_rest = shown["record"].split("|")
        if (subject, carried) != (shown["subject"], unit_code):
            return False
        leaf = merkle.leaf_hash(bytes.fromhex(shown["salt"]) + shown["record"].encode())
        path = [bytes.fromhex(p) for p in shown["path"]]
        return merkle.included(leaf, shown["index"], shown["count"], path, bytes.fromhex(root))
    except (KeyError, TypeError, ValueError, IndexError):
        return False
