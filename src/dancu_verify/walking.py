"""One walk over all leaves: entries, tiles and the second body's hashes side by side, a tree grown over each.

What differs is noted with its place; who is right is judged afterwards, when the heads have been compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dancu_verify.found import Report
from dancu_verify.merkle import Growing, root_of
from dancu_verify.reading import Bundle, Entry, Export

WIDTH = 256
MOST = 200_000
"""Differences kept with their places; one dropped leaf moves all behind it."""


@dataclass(frozen=True)
class Difference:
    """A place where entry, tile and the second body's hash are not one and the same."""

    index: int
    own: bytes | None
    tile: bytes | None
    kept: bytes | None
    name: str | None
    at: str | None
    bundle: str | None


@dataclass
class Walk:
    """What a walk has found out."""

    entries: int = 0
    tiles: int = 0
    kept: int = 0
    own_roots: dict[int, bytes] = field(default_factory=dict)
    tile_roots: dict[int, bytes] = field(default_factory=dict)
    kept_roots: dict[int, bytes] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    upper: list[tuple[int, int]] = field(default_factory=list)
    """(level, number) of a tile of which a hash is not that of the tile below it."""


class Kept:
    """The second body's hashes in order; gaps are None. Contradictions between bundles are reported."""

    def __init__(self, bundles: Sequence[Bundle], report: Report) -> None:
        self._waiting, self._report = list(bundles), report
        self._open: list[tuple[Bundle, Iterator[bytes]]] = []
        self.end = max((bundle.next for bundle in bundles), default=0)
        self._told: set[str] = set()

    def at(self, index: int) -> tuple[bytes | None, str | None]:
        """The hash at this place and the bundle it is from; places are asked for one after another."""
        while self._waiting and self._waiting[0].first <= index:
            bundle = self._waiting.pop(0)
            self._open.append((bundle, bundle.leaves()))
        found: bytes | None = None
        name: str | None = None
        for bundle, leaves in list(self._open):
            if bundle.next <= index:
                self._open.remove((bundle, leaves))
                continue
            leaf = next(leaves, None)
            if found is not None and leaf != found and bundle.name not in self._told:
                self._told.add(bundle.name)
                self._report.add("bundle_conflict", index, bundle=bundle.name)
            if found is None:
                found, name = leaf, bundle.name
        return found, name


def walk(export: Export, kept: Kept, sizes: set[int], rows: Iterator[Entry | None]) -> Walk:
    """From the first leaf to the last of any of the three. `sizes`: where roots are wanted."""
    made = Walk()
    own_tree, tile_tree, kept_tree = Growing(), Growing(), Growing()
    tiles, upper = export.tiles(0), _Upper(export, made)
    index = 0
    _roots(made, 0, own_tree, tile_tree, kept_tree, sizes)
    while True:
        entry, tile = next(rows, None), next(tiles, None)
        hash_kept, bundle = kept.at(index)
        if entry is None and tile is None and index >= max(kept.end, export.size):
            break
        own = entry.leaf_hash() if entry else None
        made.entries += entry is not None
        made.tiles += tile is not None
        made.kept += hash_kept is not None
        if tile is not None:
            upper.add(tile)
        differs = own != tile or (hash_kept is not None and hash_kept != own)
        if differs and len(made.differences) < MOST:
            name, at = (entry.name, entry.at) if entry else (None, None)
            made.differences.append(Difference(index, own, tile, hash_kept, name, at, bundle))
        _grow(own_tree, index, own or tile or hash_kept)
        _grow(tile_tree, index, tile)
        _grow(kept_tree, index, hash_kept)
        index += 1
        _roots(made, index, own_tree, tile_tree, kept_tree, sizes)
    upper.end()
    return made


def _grow(tree: Growing, index: int, leaf: bytes | None) -> None:
    """A tree ends where a leaf is missing."""
    if leaf is not None and tree.size == index:
        tree.add(leaf)


def _roots(
    made: Walk, size: int, own: Growing, tile: Growing, kept: Growing, sizes: set[int]
) -> None:
    if size in sizes:
        for roots, tree in (
            (made.own_roots, own),
            (made.tile_roots, tile),
            (made.kept_roots, kept),
        ):
            if tree.size == size:
                roots[size] = tree.root()


class _Upper:
    """The upper tiles as they must be, compared with those of the export."""

    def __init__(self, export: Export, made: Walk) -> None:
        self._export, self._made = export, made
        self._levels: list[list[bytes]] = [[]]
        self._read: dict[int, Iterator[bytes]] = {}
        self._counts: list[int] = [0]

    def add(self, leaf: bytes, level: int = 0) -> None:
        """A hash of this level; 256 of them make one of the next."""
        held = self._levels[level]
        held.append(leaf)
        self._counts[level] += 1
        if len(held) < WIDTH:
            return
        self._levels[level] = []
        if level + 1 == len(self._levels):
            self._levels.append([])
            self._counts.append(0)
            self._read[level + 1] = self._export.tiles(level + 1)
        wanted, found = root_of(held), next(self._read[level + 1], None)
        if wanted != found:
            self._made.upper.append((level + 1, self._counts[level + 1]))
        self.add(found or wanted, level + 1)

    def end(self) -> None:
        """Hashes beyond what there can be are no tiles of this tree."""
        for level, read in self._read.items():
            if next(read, None) is not None:
                self._made.upper.append((level, self._counts[level]))
