"""The numbered rules: one rule, one file, in the folder of its dimension. See `README.md`."""

from dancu.rules.loader import all_rules, get, on
from dancu.rules.model import DIMENSIONS, LEVELS, Example, Rule, RuleError, Text

__all__ = [
    "DIMENSIONS",
    "LEVELS",
    "Example",
    "Rule",
    "RuleError",
    "Text",
    "all_rules",
    "get",
    "on",
]
