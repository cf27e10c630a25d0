"""Why two records were, or were not, taken for one person: the evidence of `pairs.why` in words."""

from __future__ import annotations

import json

from dancu.engine.report.words import comparison_name, percent
from dancu.reference.fields import fields

_AGREES = ("same", "no_marks", "partial", "very_close")


def evidence(why: str | None) -> tuple[str, str]:
    """(what agrees, what differs), the strongest evidence first; `why` is JSON name -> [level, weight in bits].

    >>> evidence('{"sex": ["different", -5.6], "phone": ["same", 12.0]}')
    ('Số điện thoại: giống nhau', 'Giới tính: khác nhau')
    """
    found = json.loads(why) if why else {}
    ordered = sorted(found.items(), key=lambda item: (-abs(item[1][1]), item[0]))
    agree = [_words(name, level) for name, (level, _) in ordered if level in _AGREES]
    differ = [_words(name, level) for name, (level, _) in ordered if level not in _AGREES]
    return "\n".join(agree), "\n".join(differ)


def conclusion(joined: bool, probability: float | None, blocked_by: str | None) -> str:
    """The verdict on a pair, as a sentence."""
    sure = (
        f" (khả năng là một người: {percent(100 * probability)})" if probability is not None else ""
    )
    if joined:
        return f"Cùng một người{sure}"
    reason = f" vì {comparison_name(blocked_by)}" if blocked_by else " vì bằng chứng chưa đủ"
    return f"Không ghép{reason}{sure}"


def _words(name: str, level: str) -> str:
    label = fields()[name].label_vi if name in fields() else comparison_name(name)
    return f"{label}: {comparison_name(level)}"
