"""What a citizen reads before consenting: one text for one purpose, in versions, valid in time.

A text says which fields, to whom, for how long, how to withdraw, and what happens without it; its fingerprint goes
into the consent, so that what was agreed to stays what was read.

>>> import datetime as dt
>>> text = get("bank", on=dt.date(2026, 3, 1))
>>> text.version, text.months, text.fields[:2]
('bank-2', 12, ('personal_number', 'full_name'))
>>> text.said("vi", recipient="Ngân hàng A")["recipients"]
'Chỉ Ngân hàng A; không chuyển cho ai khác, không chuyển ra nước ngoài.'
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import Row, day, rows, valid_on

PARTS = ("title", "text", "recipients", "withdraw", "consequence")
"""What is said in words; `{recipient}` stands for the name of the one recipient."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the text of one purpose."""

    purpose: str
    version: str
    fields: tuple[str, ...]
    months: int
    law: str
    row: tuple[tuple[str, str], ...]

    @property
    def sha256(self) -> str:
        """Of everything that the text says, in both languages."""
        return hashlib.sha256(
            json.dumps(dict(self.row), ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()

    def said(self, lang: str, *, recipient: str) -> dict[str, str]:
        """The parts in words, the recipient named."""
        words = dict(self.row)
        return {part: words[f"{part}_{lang}"].replace("{recipient}", recipient) for part in PARTS}


def texts(*, on: dt.date) -> dict[str, ConsentText]:
    """The texts of the day by purpose, in the order of the file."""
    return {
        r["purpose"]: _text(r)
        for r in rows("consent_texts.csv")
        if valid_on(day(r["valid_from"]), day(r["valid_to"]), on=on)
    }


def get(purpose: str, *, on: dt.date) -> ConsentText:
    """The text of a purpose on a day; raises ReferenceDataError when consent cannot be asked for it."""
    found = texts(on=on).get(purpose)
    if found is None:
        raise ReferenceDataError(
            f"Không có bản lấy ý kiến đồng ý cho mục đích «{purpose}» ngày {on:%d/%m/%Y}. Thêm vào consent_texts.csv. "
            f"(No consent text for {purpose} on that day.)"
        )
    return found


def version(code: str) -> ConsentText:
    """A version that was agreed to, whatever its day; raises ReferenceDataError."""
    for r in rows("consent_texts.csv"):
        if r["version"] == code:
            return _text(r)
    raise ReferenceDataError(
        f"Không có bản lấy ý kiến «{code}». (There is no consent text {code}.)"
    )


def _text(row: Row) -> ConsentText:
    return ConsentText(
        row["purpose"], row["version"], tuple(row["fields"].split()), int(row["months"]), row["law"],
        tuple(sorted(row.items())),
    )  # fmt: skip
