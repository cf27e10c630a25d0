"""Who is right where entries, tiles, heads and the second body's hashes differ; and the name of what was touched."""

from __future__ import annotations

from collections.abc import Sequence

from dancu_verify.found import Report
from dancu_verify.heads import Read
from dancu_verify.reading import Bundle
from dancu_verify.walking import WIDTH, Difference, Walk


def judge(
    walk: Walk, heads: Sequence[Read], bundle_heads: Sequence[tuple[Bundle, Read]], report: Report
) -> None:
    """All findings about the tree."""
    lies = _roots(walk, heads, report)
    _tail(walk, heads, bundle_heads, report)
    for bundle, read in bundle_heads:
        root = walk.kept_roots.get(read.head.size)
        if root is not None and root != read.head.root:
            report.add("bundle_head", bundle=bundle.name)
    _differences(walk, lies, report)
    known = {difference.index // WIDTH for difference in walk.differences}
    for level, number in walk.upper:
        if level > 1 or number not in known:
            report.add("tile_changed", tile=f"{level}/{number // WIDTH}")
    top = max((read.head.size for read in heads if read.good), default=None)
    if top is None:
        report.add("no_head")
    elif walk.entries > top:
        report.add("not_covered", count=walk.entries - top)


def _roots(walk: Walk, heads: Sequence[Read], report: Report) -> bool:
    """Compares every head; whether it is the tiles that are false (the entries lead to the signed heads)."""
    good, lies = 0, False
    for read in heads:
        own = walk.own_roots.get(read.head.size)
        tile = walk.tile_roots.get(read.head.size)
        if own is None:
            continue
        if read.good and own == read.head.root and tile != own:
            lies = True
        if read.head.root not in (own, tile):
            last = max(read.head.size - 1, 0)
            report.add("head_root", head=read.name, size=read.head.size, first=min(good, last), last=last)  # fmt: skip
        elif read.good:
            good = max(good, read.head.size)
    return lies


def _tail(
    walk: Walk, heads: Sequence[Read], bundle_heads: Sequence[tuple[Bundle, Read]], report: Report
) -> None:
    longest = max(heads, key=lambda read: read.head.size, default=None)
    if longest is not None and longest.head.size > walk.entries:
        missing = walk.entries + _gaps(walk)
        if longest.head.size > missing:
            who = f"đầu cây/head {longest.name}"
            report.add("tail_cut", who=who, size=longest.head.size, count=walk.entries)
    ends = [(bundle.next, bundle.name) for bundle, _ in bundle_heads]
    if ends and max(ends)[0] > walk.entries + _gaps(walk):
        report.add("tail_cut", who=max(ends)[1], size=max(ends)[0], count=walk.entries)


def _gaps(walk: Walk) -> int:
    """Places without an entry that have one behind them."""
    missing = [d.index for d in walk.differences if d.own is None]
    top = walk.entries
    for index in missing:
        if index < top:
            top += 1
    return top - walk.entries


def _differences(walk: Walk, lies: bool, report: Report) -> None:
    """`lies`: where only the tile differs it is the tile that was changed."""
    tiles: dict[int, Difference] = {}
    entries: list[tuple[Difference, bytes | None]] = []
    rewritten: list[Difference] = []
    for one in walk.differences:
        truth = one.kept if one.kept is not None else (one.own if lies else one.tile)
        if one.own is not None and one.own == truth:
            tiles.setdefault(one.index // WIDTH, one)
            continue
        entries.append((one, truth))
        if one.kept is not None and one.own is not None and one.own == one.tile:
            rewritten.append(one)
    for number, one in tiles.items():
        report.add("tile_changed", one.index, one.name, tile=f"0/{number}")
    if rewritten:
        one = rewritten[0]
        report.add("rewritten", one.index, one.name, bundle=one.bundle, count=len(rewritten))
    _placed(entries, report)


def _placed(entries: list[tuple[Difference, bytes | None]], report: Report) -> None:
    wanted = {truth: one.index for one, truth in entries if truth is not None}
    here = {one.own for one, _ in entries if one.own is not None}
    moved: list[tuple[Difference, int]] = []
    missing: list[int] = []
    for one, truth in entries:
        lost = truth is not None and truth not in here
        if one.own is not None and one.own in wanted:
            moved.append((one, wanted[one.own]))
            if lost:
                missing.append(one.index)
        elif one.own is not None and lost:
            report.add("leaf_changed", one.index, one.name, at=one.at)
        elif one.own is not None:
            report.add("leaf_inserted", one.index, one.name)
        elif lost:
            missing.append(one.index)
    for first, count in _runs(missing):
        report.add("leaf_missing", first, count=count)
    for group in _shifts(moved):
        one, place = group[0]
        report.add("leaf_moved", one.index, one.name, count=len(group), place=place)


def _runs(indexes: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as (first, count)."""
    made: list[tuple[int, int]] = []
    for index in sorted(indexes):
        if made and index == sum(made[-1]):
            made[-1] = (made[-1][0], made[-1][1] + 1)
        else:
            made.append((index, 1))
    return made


def _shifts(moved: list[tuple[Difference, int]]) -> list[list[tuple[Difference, int]]]:
    """Those moved by the same number of places one after another are one finding."""
    made: list[list[tuple[Difference, int]]] = []
    for one, place in moved:
        before = made[-1][-1] if made else None
        shift = place - one.index
        if before and one.index == before[0].index + 1 and shift == before[1] - before[0].index:
            made[-1].append((one, place))
        else:
            made.append([(one, place)])
    return made
