"""The text of a VietQR: a transfer to an account of a bank in Vietnam, with amount and memo, to be scanned.

Border: writes one, reads none. Sources: EMVCo «QR Code Specification for Payment Systems, Merchant-Presented Mode»
1.1 (tag, length of two digits, value; CRC-16/CCITT-FALSE over everything up to and with `6304`); NAPAS «VietQR» 1.0
(tag 38: AID A000000727, BIN and account, service QRIBFTTA = quick transfer to an account). The example below is
NAPAS' own, with its sum.

>>> crc("00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
...     "530370454061800005802VN62340107NPS68690819thanh toan don hang6304")
'2E2E'
>>> text(bin="970403", account="0011012345678", amount=180000, memo="DVC2345678923")[:75]
'00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA53'
"""

from __future__ import annotations

import re

_AID, _SERVICE = "A000000727", "QRIBFTTA"
_DYNAMIC = "12"
"""Used once: it names an amount and a memo."""
_DONG, _COUNTRY = "704", "VN"


def text(*, bin: str, account: str, amount: int, memo: str) -> str:
    """What the picture holds; ValueError for what no bank would read."""
    if not re.fullmatch(r"[0-9]{6}", bin) or not re.fullmatch(r"[0-9A-Za-z]{1,19}", account):
        raise ValueError("mã ngân hàng có 6 chữ số, số tài khoản có 1 đến 19 chữ và số")
    if not 0 < amount < 10**13 or not re.fullmatch(r"[0-9A-Za-z ]{1,25}", memo):
        raise ValueError("số tiền phải dương, nội dung có 1 đến 25 chữ không dấu và số")
    to = _tag("00", bin) + _tag("01", account)
    body = (
        _tag("00", "01")
        + _tag("01", _DYNAMIC)
        + _tag("38", _tag("00", _AID) + _tag("01", to) + _tag("02", _SERVICE))
        + _tag("53", _DONG)
        + _tag("54", str(amount))
        + _tag("58", _COUNTRY)
        + _tag("62", _tag("08", memo))
        + "6304"
    )
    return body + crc(body)


def crc(data: str) -> str:
    """CRC-16/CCITT-FALSE as four capital hexadecimal digits.

    >>> crc("123456789")
    '29B1'
    """
    value = 0xFFFF
    for byte in data.encode("ascii"):
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def _tag(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"
