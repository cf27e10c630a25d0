"""The whole examination of an export: heads first, then one walk over all leaves, then judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509

from dancu_verify import heads, judging, reading, walking
from dancu_verify.found import Report
from dancu_verify.rows import Rows

TOLERANCE = dt.timedelta(hours=1)


def verify(
    folder: Path, *, second_body: Path | None = None, certificates: Sequence[x509.Certificate] = (),
    pinned: Sequence[str] = (), tolerance: dt.timedelta = TOLERANCE,
) -> Report:  # fmt: skip
    """What holds and what does not. `pinned`: kids of the keys known from elsewhere. Raises reading.Damaged."""
    report, export = Report(), reading.Export(folder)
    bundles = reading.bundles(second_body) if second_body else []
    keys = heads.trusted_keys(export, bundles, pinned, report)
    stamps = list(certificates)
    own = heads.read(export.heads(), export.origin, keys, stamps, report)
    theirs = []
    for bundle in bundles:
        told = [(bundle.name, bundle.note, bundle.token)]
        theirs += [(bundle, read) for read in heads.read(told, export.origin, keys, stamps, report)]
    known = [*own, *(read for _, read in theirs)]
    rows = Rows(export, own, tolerance, report)
    kept = walking.Kept(bundles, report)
    sizes = {read.head.size for read in known}
    walk = walking.walk(export, kept, sizes, rows.entries())
    rows.end()
    judging.judge(walk, own, theirs, report)
    _gaps(bundles, report)
    report.counted |= {"leaves": walk.entries, "heads": len(own)}
    report.counted |= {"bundles": len(bundles), "kept": walk.kept}
    return report


def _gaps(bundles: Sequence[reading.Bundle], report: Report) -> None:
    """Leaves that the second body was never given."""
    place = 0
    for bundle in bundles:
        if bundle.first > place:
            report.add("bundle_gap", first=place, last=bundle.first - 1)
        place = max(place, bundle.next)
