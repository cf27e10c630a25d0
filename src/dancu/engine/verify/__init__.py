"""«Is this the person?»: what is claimed, set beside what the register says; the answer names no value.

Border: pure. Who may ask, the log and the register's row belong to the platform.
"""

from __future__ import annotations

from dancu.engine.verify.compare import ATTRIBUTES, COLUMNS, compare, not_identified, warm
from dancu.engine.verify.known import Known
from dancu.engine.verify.model import RESULTS, VERDICTS, Answer, Asked, Attribute

__all__ = [
    "ATTRIBUTES",
    "COLUMNS",
    "RESULTS",
    "VERDICTS",
    "Answer",
    "Asked",
    "Attribute",
    "Known",
    "compare",
    "not_identified",
    "warm",
]
