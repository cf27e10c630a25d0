"""Our Merkle trees against RFC 6962's published vectors and against pymerkle, which others wrote."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from dancu.lib import merkle

# The reference tests of Certificate Transparency (merkle_tree_test of google/certificate-transparency).
LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
PATHS = {
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
GROWN = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip
HASHES = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_roots_are_the_published_ones(size: int, root: str) -> None:
    assert merkle.root_of(HASHES[:size]).hex() == root
    assert merkle.root(size, merkle.over(HASHES)).hex() == root


@pytest.mark.parametrize(("at", "path"), PATHS.items())
def test_audit_paths_are_the_published_ones(at: tuple[int, int], path: list[str]) -> None:
    index, size = at
    made = merkle.inclusion(index, size, merkle.over(HASHES))
    assert [part.hex() for part in made] == path
    assert merkle.included(HASHES[index], index, size, made, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "path"), GROWN.items())
def test_consistency_proofs_are_the_published_ones(sizes: tuple[int, int], path: list[str]) -> None:
    made = merkle.consistency(*sizes, merkle.over(HASHES))
    assert [part.hex() for part in made] == path
    first, second = (bytes.fromhex(ROOTS[size]) for size in sizes)
    assert merkle.consistent(*sizes, first, second, made)


class Others:
    """pymerkle's tree over the same leaves."""

    def __init__(self, count: int) -> None:
        self.tree = InmemoryTree(algorithm="sha256")
        self.data = [f"lá {n}".encode() for n in range(count)]
        for leaf in self.data:
            self.tree.append_entry(leaf)
        self.hashes = [merkle.leaf_hash(leaf) for leaf in self.data]
        self.node = merkle.over(self.hashes)


def test_another_implementation_agrees_on_a_thousand_random_proofs() -> None:
    """Roots and audit paths are equal; of consistency (it writes another form) both judge the same roots alike."""
    drawn, others = random.Random(20240621), Others(700)
    agreed = 0
    for _ in range(500):
        size = drawn.randint(1, 700)
        index = drawn.randrange(size)
        root = merkle.root(size, others.node)
        assert root == others.tree.get_root(size)
        theirs = others.tree.prove_inclusion(index + 1, size)
        path = merkle.inclusion(index, size, others.node)
        assert [others.hashes[index], *path] == theirs.path
        verify_inclusion(others.hashes[index], root, theirs)
        assert merkle.included(others.hashes[index], index, size, theirs.path[1:], root)
        with pytest.raises(InvalidProof):
            verify_inclusion(others.hashes[index], sha256(root).digest(), theirs)
        first = drawn.randint(1, size)
        grown = others.tree.prove_consistency(first, size)
        before = merkle.root(first, others.node)
        verify_consistency(before, root, grown)
        ours = merkle.consistency(first, size, others.node)
        assert merkle.consistent(first, size, before, root, ours)
        other = sha256(before).digest()
        assert not merkle.consistent(first, size, other, root, ours)
        with pytest.raises(InvalidProof):
            verify_consistency(other, root, grown)
        agreed += 2
    assert agreed == 1000


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 260), st.data())
def test_a_changed_part_a_shorter_or_longer_path_proves_nothing(
    size: int, data: st.DataObject
) -> None:
    node = merkle.over([merkle.leaf_hash(str(n).encode()) for n in range(size)])
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion(index, size, node), merkle.root(size, node)
    leaf = node(0, index)
    assert merkle.included(leaf, index, size, path, root)
    assert not merkle.included(leaf, index, size, [*path, leaf], root)
    assert not merkle.included(merkle.leaf_hash(leaf), index, size, path, root)
    first = data.draw(st.integers(1, size))
    grown, before = merkle.consistency(first, size, node), merkle.root(first, node)
    assert merkle.consistent(first, size, before, root, grown)
    assert not merkle.consistent(first, size, merkle.leaf_hash(before), root, grown)
    assert not merkle.consistent(first, size, before, merkle.leaf_hash(root), grown)
    assert not merkle.consistent(first, size, before, root, [*grown, leaf])
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        changed = [*path[:at], merkle.leaf_hash(path[at]), *path[at + 1 :]]
        assert not merkle.included(leaf, index, size, changed, root)
        assert not merkle.included(leaf, index, size, path[:-1], root)
    if grown:
        assert not merkle.consistent(first, size, before, root, grown[:-1])
