"""The rival of the address bench; runs in its own environment, with nothing of dancu."""

from __future__ import annotations

import time


def rival(rows: list[list[str]]) -> dict[str, object]:
    """vietnamadminunits over (kind, text, code); legacy units (of early 2025)."""
    from vietnamadminunits import parse_address  # type: ignore[import-not-found]

    parse_address("Hà Nội", mode="LEGACY")
    start = time.process_time()
    found = []
    for _, text, _ in rows:
        try:
            found.append(parse_address(text, mode="LEGACY").ward_code)
        except Exception:  # it raises many kinds on odd texts: that counts as no answer
            found.append(None)
    spent = time.process_time() - start
    right = sum(got == code for got, (_, _, code) in zip(found, rows, strict=True))
    sure = sum(
        got is not None and got != code for got, (_, _, code) in zip(found, rows, strict=True)
    )
    return {
        "rows": len(rows),
        "right": round(right / len(rows), 4),
        "sure_wrong": round(sure / len(rows), 4),
        "rows_s": round(len(rows) / spent),
    }
