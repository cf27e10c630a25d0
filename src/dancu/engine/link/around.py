"""Which other records keep a pair apart: a better partner, or a contradiction between the two sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from dancu.engine.link import wording
from dancu.engine.link.judge import Judged

Row = Mapping[str, Any]
"""A row of `pairs`."""
_TOLD = 3


def in_the_way(
    row: Row,
    *,
    near: Callable[[], Sequence[Row]],
    source: Callable[[Iterable[int]], Mapping[int, str]],
    sides: Callable[[], Sequence[Sequence[int]]],
    judged: Callable[[int, int], Judged],
    lang: str,
) -> list[str]:
    """Sentences about the records that keep the pair of this row apart.

    `near`: kept pairs of the two records; `source`: the lists of records; `sides`: the records of the two persons;
    `judged`: two records weighed. Each is asked only where its answer matters.
    """
    if row["blocked_by"] == "rival":
        return rivals(row, near(), source, lang)
    if row["blocked_by"] in (None, "judged_apart"):
        return []
    return contradictions(row, sides(), judged, lang)


def rivals(
    row: Row,
    near: Sequence[Row],
    source: Callable[[Iterable[int]], Mapping[int, str]],
    lang: str,
) -> list[str]:
    """Records of the same list as one of the two that fit the other as well."""
    a, b = row["record_a"], row["record_b"]
    lists = source(sorted({r for p in near for r in (p["record_a"], p["record_b"])}))
    found = []
    for p in near:
        x, c = (p["record_a"], p["record_b"])
        x, c = (x, c) if x in (a, b) else (c, x)
        y = b if x == a else a
        if c not in (a, b) and lists[c] == lists[y] and p["probability"] >= row["probability"]:
            percent = wording.percent(p["probability"], lang)
            said = wording.say(
                "others", "rival", lang, c=str(c), y=str(y), x=str(x), percent=percent
            )
            found.append((-p["probability"], said))
    return [said for _, said in sorted(found)[:_TOLD]]


def contradictions(
    row: Row, sides: Sequence[Sequence[int]], judged: Callable[[int, int], Judged], lang: str
) -> list[str]:
    """Records of the two sides, other than the pair itself, that a constraint or their values hold apart."""
    a, b, reason = row["record_a"], row["record_b"], row["blocked_by"]
    pairs = [(x, y) for x, y in product(*sides) if {x, y} != {a, b}]
    found = [((x, y), judged(x, y)) for x, y in pairs]
    if reason == "weak_cluster":
        return [_weak(pair, j, lang) for pair, j in sorted(found, key=lambda p: p[1].score)[:1]]
    said = wording.reason(reason, lang)
    return [
        wording.say("others", "conflict", lang, x=str(x), y=str(y), reason=said)
        for (x, y), j in found
        if j.conflict == reason
    ][:_TOLD]


def _weak(pair: tuple[int, int], judged: Judged, lang: str) -> str:
    percent = wording.percent(judged.probability, lang)
    return wording.say("others", "weak", lang, x=str(pair[0]), y=str(pair[1]), percent=percent)
