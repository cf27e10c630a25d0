"""How frequent the parts of names are in the country: what a small file cannot tell of its own names.

A file of ten rows in which two people are called Nguyễn Thị Hương would take the name for rare. The counts of the
reference data stand in, as so many imagined records that a province's own counts outweigh them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

from dancu.engine.link import columns
from dancu.reference import names

TABLES = ("vietnamese_names",)
"""Tables that `known` of a comparison may name."""

TOGETHER = 1.0
"""Bits by which the parts of a name go together more often than alone: given and middle names tell the sex."""


_COUNTED = {
    "surname": names.surnames,
    "middle": names.middle_names,
    "given": names.given_names,
}


@cache
def shares(table: str, feature: str) -> Mapping[int, float]:
    """Hash of a surname, middle or given name -> share of the people who bear it; nothing of other features."""
    if table not in TABLES or feature not in _COUNTED:
        return {}
    counts: Counter[int] = Counter()
    for name in _COUNTED[feature]():
        # A middle name stands between two others; an empty one is no middle name.
        text = f"x {name.text} x" if feature == "middle" else name.text
        counts[columns.hash_of(columns.even_text(text), feature, is_name=True)] += name.total
    counts.pop(0, None)
    whole = sum(counts.values())
    return {value: count / whole for value, count in counts.items()}
