"""Short codes as they are printed and typed: two groups of four and a check character, without 0, 1, I and O.

The check character finds every single wrong letter and two neighbours that changed places (but for 2 and Z).
"""

from __future__ import annotations

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 8


class WrongCode(ValueError):
    """What was typed is no code; the message says what to look at."""


def printed(code: str) -> str:
    """As it stands on paper.

    >>> printed("S7QC28PS")
    'S7QC-28PS-4'
    """
    return f"{code[:4]}-{code[4:]}-{check_character(code)}"


def check_character(code: str) -> str:
    """By Luhn's rule over 32 letters."""
    total = 0
    for at, letter in enumerate(reversed(code)):
        double = _ALPHABET.index(letter) * (1 if at % 2 else 2)
        total += double // 32 + double % 32
    return _ALPHABET[-total % 32]


def read(typed: str) -> str:
    """The code that somebody typed, with or without the check character. Raises WrongCode.

    >>> read(" s7qc 28ps-4"), read("S7QC28PS")
    ('S7QC28PS', 'S7QC28PS')
    >>> read("S7QC-28PT-4")
    Traceback (most recent call last):
    dancu.platform.snapshots.codes.WrongCode: Mã số liệu sai một chữ; so lại từng chữ với tờ giấy.
    """
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(code) not in (_LENGTH, _LENGTH + 1) or set(code) - set(_ALPHABET):
        raise WrongCode(
            "Mã số liệu có 8 chữ và số, không có 0, 1, I, O; sau đó có thể là một chữ kiểm tra."
        )
    if len(code) > _LENGTH and check_character(code[:_LENGTH]) != code[_LENGTH]:
        raise WrongCode("Mã số liệu sai một chữ; so lại từng chữ với tờ giấy.")
    return code[:_LENGTH]
