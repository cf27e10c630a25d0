"""Ethnic groups by the name the issue asks for: `ethnic.code(name_or_code, scheme=…)`.

>>> code("06", scheme="2008") == code("Hoa") == "04"
True
"""

from __future__ import annotations

from dancu.reference.codes import Scheme
from dancu.reference.codes import ethnic as LIST

__all__ = ["LIST", "Scheme", "code", "from_text", "in_scheme", "label"]

code = LIST.code
from_text = LIST.from_text
in_scheme = LIST.in_scheme
label = LIST.label
