"""RFC 6962 as an auditor computes it: leaf after leaf, with one hash kept for each perfect subtree."""

from __future__ import annotations

from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that grows by one leaf at a time and knows its root at every size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        found, at = leaf, self.size
        while at & 1:
            found = node_hash(self._peaks.pop(), found)
            at >>= 1
        self._peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The root over the leaves so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found


def root_of(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes in hand."""
    tree = Growing()
    for leaf in hashes:
        tree.add(leaf)
    return tree.root()


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether an audit path proves the leaf (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for part in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(part, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, part)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root
