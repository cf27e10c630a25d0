"""What arrived in the one input of the scan page: a card's QR code or machine-readable lines, or a number and a name.

>>> typed("924 090 000 011 Giáp Thị Mẫu 5/9/1990")["claims"]
{'full_name': 'Giáp Thị Mẫu', 'birth_date': '5/9/1990'}
>>> typed("121999999 Giáp Thị Mẫu")["old_number"], typed("Giáp Thị Mẫu")
('121999999', {})
"""

from __future__ import annotations

import re
from typing import Any

from dancu.engine.verify import scanned

_TYPED = re.compile(
    r"(?P<number>[0-9][0-9 .]{7,17}[0-9])[\s,;]*(?P<name>[^\d|]*?)[\s,;]*(?P<born>\d[\d/.\-]{3,9})?"
)


def typed(text: str, *, test_people: bool = True) -> dict[str, Any]:
    """As the API takes it: `qr`, `mrz`, or a number with claims; empty when it is none of them."""
    if "IDVNM" in text.upper():
        return {"mrz": text}
    read = scanned.repaired(text, test_people=test_people)
    if read.count("|") >= 5:
        return {"qr": read}
    found = _TYPED.fullmatch(" ".join(text.split()))
    if found is None:
        return {}
    number = re.sub(r"[ .]", "", found["number"])
    said = {"full_name": found["name"], "birth_date": found["born"] or ""}
    way = "old_number" if len(number) == 9 else "number"
    return {way: number, "claims": {name: value for name, value in said.items() if value}}
