"""Cells that a spreadsheet would run: how they are recognised, and how they are written harmlessly.

A cell that begins with = + - @ (or a tab, a carriage return) is a formula to Excel and LibreOffice
(OWASP, "CSV Injection"). Intake keeps such a cell as text; outputs write it with an apostrophe.
"""

from __future__ import annotations

import re
from typing import Final

# A signed number, a phone with its country code and a lone dash are honest.
_HONEST: Final = re.compile(r"[+\-]?[\d\s.,()\-]*")
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could run the cell.

    >>> is_formula_like("=HYPERLINK(1)"), is_formula_like("-5"), is_formula_like("+84 912 345 678")
    (True, False, False)
    """
    if not text.startswith(FORMULA_SIGNS) and not text.lstrip().startswith(FORMULA_SIGNS):
        return False
    return _HONEST.fullmatch(text.strip()) is None


def escape_cell(text: str) -> str:
    """The text as it may be written to a file that people open: an apostrophe before a formula.

    >>> escape_cell("=1+1"), escape_cell("Nguyễn Văn A"), escape_cell("-5")
    ("'=1+1", 'Nguyễn Văn A', '-5')
    """
    return "'" + text if is_formula_like(text) else text
