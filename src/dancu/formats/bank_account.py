"""Bank account for benefits paid without cash: bank number (BIN), a dash, account number.

Specification. Six digits of the bank (970436 Vietcombank), then 6 to 19 digits of the account.
Standard form `970436-0011001234567`. A bank may be written by its number, its short name, its full
name or a common alias (VCB), before or after the account; a branch may follow ("CN Bắc Giang"), and
is dropped. There is no check digit that all banks share.
Source. Circular 17/2024/TT-NHNN (accounts); Circular 23/2022/TT-NHNN (BIN); table `bank_bins.csv`.
Choice. Sixteen or nineteen digits beginning with 9704 are a card, not an account: refused, since a
payment to it fails. Where a list names the bank in another column, pass it as `bank`.

>>> validate("Vietcombank 0011 0012 34567"), validate("0011001234567", bank="VCB")
('970436-0011001234567', '970436-0011001234567')
>>> format("970405-2600205123456")
'2600205123456 – Agribank'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dancu.formats._text import (
    digits_but,
    digits_only,
    is_digits,
    is_scientific,
    is_stand_in,
    tidy,
)
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.lib.text import fold, key
from dancu.reference import ids

NAME = "bank_account"
# Sixteen digits and more may be a card.
_ACCOUNT = "|".join(digits_but(length) for length in range(6, 16))
ALREADY: str = f"(?:{'|'.join(ids.banks())})-(?:{_ACCOUNT})"
_NUMBERED = re.compile(r"([0-9]{6})[\s:/|-]+([0-9][0-9\s.-]*)")
_BANK_FIRST = re.compile(r"([^0-9]*[^0-9\s:/|.,;-])[\s:/|.,;-]*([0-9][0-9\s.-]*)")
_BANK_LAST = re.compile(r"([0-9][0-9\s.-]*?)[\s:/|.,;(-]*([^0-9\s:/|.,;(-][^0-9]*)")
_AROUND_NAME = re.compile(
    r"\b(?:stk|so tk|tk|so tai khoan|tai khoan|tai|nhtmcp|tmcp|ngan hang|nh)\b"
    r"|\b(?:chi nhanh|cn|pgd|phong giao dich)\b.*"
)
REASONS: dict[str, Reason] = common("số tài khoản ngân hàng", "bank account") | {
    "bank_missing": Reason(
        "Số tài khoản không kèm tên ngân hàng.",
        "the account does not say its bank",
        "Ghi tên hoặc mã ngân hàng, ví dụ: Agribank 2600205123456.",
    ),
    "bank_unknown": Reason(
        "Tên hoặc mã ngân hàng không có trong danh mục.",
        "the bank's name or number is not in the list",
        "Ghi tên ngắn của ngân hàng, ví dụ Agribank, Vietcombank, BIDV.",
    ),
    "is_card_number": Reason(
        "Đây là số thẻ, không phải số tài khoản.",
        "this is a card number, not an account",
        "Xin số tài khoản; chi trả vào số thẻ sẽ bị trả lại.",
    ),
}


@dataclass(frozen=True)
class BankAccount:
    """The bank's number and short name, and the account."""

    bin: str
    bank: str
    account: str


def compact(text: str) -> str:
    """`BIN-account`, the account alone where no bank is named, else the text; never raises."""
    plain = tidy(text)
    if is_scientific(plain):
        return plain.upper()
    bank, account = _split(plain)
    if bank is None:
        return account
    return f"{bank}-{account}" if bank else account


def validate(text: str, *, bank: str | None = None) -> str:
    """`BIN-account`, or FormatError. `bank` is what another column says; the cell itself wins."""
    number = compact(text)
    if not number:
        raise refusal(NAME, REASONS, "empty")
    if is_scientific(number):
        raise refusal(NAME, REASONS, "lost_digits")
    code, account = _split(number)
    if code is None:
        raise refusal(NAME, REASONS, "bank_unknown")
    if is_stand_in(account):
        raise refusal(NAME, REASONS, "placeholder")
    _check_account(account)
    code = code or _bank_beside(bank)
    if code not in ids.banks():
        raise refusal(NAME, REASONS, "bank_unknown")
    return f"{code}-{account}"


def is_valid(text: str, *, bank: str | None = None) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, bank=bank))


def format(text: str) -> str:
    """As an officer writes it: `2600205123456 – Agribank`."""
    number = compact(text)
    code, _, account = number.rpartition("-")
    return f"{account} – {ids.banks()[code]}" if code in ids.banks() else number


def parse(text: str, *, bank: str | None = None) -> BankAccount:
    """The parts of a lawful account, or FormatError."""
    code, _, account = validate(text, bank=bank).partition("-")
    return BankAccount(code, ids.banks()[code], account)


def find_bank(name: str) -> str:
    """The number of a bank by its number, short name, full name or alias; "" when unknown.

    >>> find_bank("NHTMCP Ngoại thương, CN Bắc Giang"), find_bank("970415"), find_bank("?")
    ('970436', '970415', '')
    """
    said = tidy(name)
    if said in ids.banks():
        return said
    bare = _AROUND_NAME.sub(" ", fold(said)).replace(" ", "")
    names = ids.bank_keys()
    return names.get(key(said)) or names.get(bare) or names.get(f"nganhang{bare}", "")


def _split(plain: str) -> tuple[str | None, str]:
    """Bank number ("" where none is named, None where it is unknown), and the account.

    An unknown bank and a text that is no account stay as they are, to be refused.
    """
    if found := _NUMBERED.fullmatch(plain):
        return found[1], _digits(found[2])
    bare, as_it_is = digits_only(plain), " ".join(plain.split())
    if is_digits(bare):
        return "", bare
    for pattern, name, account in ((_BANK_FIRST, 1, 2), (_BANK_LAST, 2, 1)):
        if found := pattern.fullmatch(plain):
            if bank := find_bank(found[name]):
                return bank, _digits(found[account])
            said = _AROUND_NAME.sub("", fold(found[name])).strip()
            return (None, as_it_is) if said else ("", _digits(found[account]))
    return "", as_it_is


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _check_account(account: str) -> None:
    if not is_digits(account):
        raise refusal(NAME, REASONS, "not_digits")
    if account.startswith("9704") and len(account) in (16, 19):
        raise refusal(NAME, REASONS, "is_card_number")
    if not 6 <= len(account) <= 19:
        raise refusal(NAME, REASONS, "length")


def _bank_beside(bank: str | None) -> str:
    if bank is None or not bank.strip():
        raise refusal(NAME, REASONS, "bank_missing")
    return find_bank(bank)
