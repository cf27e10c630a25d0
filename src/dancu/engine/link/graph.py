"""What holds a cluster together: its links, and the one that would break it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Link:
    """Two records of one cluster and the evidence between them."""

    a: int
    b: int
    probability: float
    score: float


@dataclass(frozen=True)
class Graph:
    """`links`, the strongest first; `tree`: those that connect; `weakest` of these, and the `sides` without it.

    `parts`: the groups that no link connects (more than one only where an officer's answer joins them).
    """

    members: tuple[int, ...]
    links: tuple[Link, ...]
    tree: tuple[Link, ...]
    weakest: Link | None
    sides: tuple[tuple[int, ...], ...]
    parts: tuple[tuple[int, ...], ...]


def graph(members: Iterable[int], pairs: Iterable[Mapping[str, Any]]) -> Graph:
    """The graph of these records; `pairs`: rows of the table, of which the joined ones between members count."""
    known = tuple(sorted(set(members)))
    links = sorted(
        (
            Link(p["record_a"], p["record_b"], p["probability"], p["score"])
            for p in pairs
            if p["joined"] and p["record_a"] in known and p["record_b"] in known
        ),
        key=lambda x: (-x.probability, -x.score, x.a, x.b),
    )
    tree = _tree(known, links)
    weakest = tree[-1] if tree else None
    sides = _parts(known, tree[:-1]) if weakest else ()
    chosen = tuple(s for s in sides if weakest and (weakest.a in s or weakest.b in s))
    return Graph(known, tuple(links), tuple(tree), weakest, chosen, _parts(known, tree))


def _tree(members: Sequence[int], links: Sequence[Link]) -> list[Link]:
    """The strongest links that connect all that can be connected (Kruskal)."""
    root = {m: m for m in members}
    kept = []
    for link in links:
        a, b = _root(root, link.a), _root(root, link.b)
        if a != b:
            root[max(a, b)] = min(a, b)
            kept.append(link)
    return kept


def _root(root: dict[int, int], member: int) -> int:
    while root[member] != member:
        member = root[member]
    return member


def _parts(members: Sequence[int], links: Sequence[Link]) -> tuple[tuple[int, ...], ...]:
    root = {m: m for m in members}
    for link in links:
        a, b = _root(root, link.a), _root(root, link.b)
        root[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = {}
    for m in members:
        groups.setdefault(_root(root, m), []).append(m)
    return tuple(tuple(g) for g in groups.values())
