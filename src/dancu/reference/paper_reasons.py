"""Why a dossier came on paper although it could have come online: a short list, so that reasons can be counted.

Source: `services/paper_reasons.csv`, ours.

>>> names(on=date(2025, 7, 7))["no_device"][0]
'Không có điện thoại thông minh hoặc máy tính'
"""

from __future__ import annotations

from datetime import date
from functools import cache

from dancu.reference.loader import day, in_force, rows


@cache
def names(*, on: date) -> dict[str, tuple[str, str]]:
    """Code -> Vietnamese and English words, of the day, in the order in which they are offered."""
    found = in_force(
        rows("services/paper_reasons.csv"),
        on=on,
        period=lambda r: (day(r["valid_from"]), day(r["valid_to"])),
    )
    return {r["code"]: (r["name_vi"], r["name_en"]) for r in found}
