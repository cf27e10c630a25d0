"""Merkle trees as in RFC 6962: the hash of a list that only grows, and short proofs about it.

Knows hashes and numbers, no rows and no store: who asks for a proof gives `node(level, index)`, the hash of the
perfect subtree over the leaves from `index * 2**level` on. Verification follows RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]
EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


class ProofError(ValueError):
    """A proof that cannot be: about a leaf or a size that the tree does not have."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's bytes.

    >>> leaf_hash(b"").hex()
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, all in hand.

    >>> root_of([]) == EMPTY, root_of([leaf_hash(b"")]) == leaf_hash(b"")
    (True, True)
    """
    level = list(hashes)
    if not level:
        return EMPTY
    while len(level) > 1:
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        # An odd last one goes up as it is: the same as splitting at the largest power of two.
        level = [*above, level[-1]] if len(level) % 2 else above
    return level[0]


def over(hashes: Sequence[bytes]) -> Node:
    """`node` over leaf hashes in hand."""

    def node(level: int, index: int) -> bytes:
        return root_of(hashes[index << level : (index + 1) << level])

    return node


def root(size: int, node: Node) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, node) if size else EMPTY


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The audit path of a leaf in the tree of the first `size` leaves, from below. Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(middle, end, node))
            end = middle
        else:
            path.append(_range(start, middle, node))
            start = middle
    return path[::-1]


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """The proof that the tree of `second` leaves begins with that of `first`. Raises ProofError."""
    if not 0 < first <= second:
        raise ProofError(f"a tree of {first} is no beginning of one of {second}")
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_range(middle, end, node))
            end = middle
        else:
            path.append(_range(start, middle, node))
            start, whole = middle, False
    return path[::-1] if whole else [_range(start, end, node), *path[::-1]]


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that this path leads to. Raises ProofError for a path of a wrong length."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    at, last, found = index, size - 1, leaf
    for part in path:
        if last == 0:
            raise ProofError("the path is too long")
        if at % 2 or at == last:
            found = node_hash(part, found)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, part)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    return found


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the path proves the leaf to stand at `index` under this root."""
    try:
        return root_by_inclusion(leaf, index, size, path) == root_hash
    except ProofError:
        return False


def consistent(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path proves the second tree to begin with the first."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    parts = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not parts:
        return False
    at, last = first - 1, second - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    one = two = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            one, two = node_hash(part, one), node_hash(part, two)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            two = node_hash(two, part)
        at, last = at >> 1, last >> 1
    return last == 0 and one == first_root and two == second_root


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range(start: int, end: int, node: Node) -> bytes:
    """The hash over the leaves from `start` to before `end`; `start` is a multiple of the first perfect part."""
    peaks = [node(level, index) for level, index in _perfect(start, end)]
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level
