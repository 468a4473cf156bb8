"""The tree is that of RFC 9162: known roots, and laws of proofs."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.merkle import EMPTY_ROOT, Frontier, inclusion_proof, leaf_hash, node_hash, root_above

# The leaves and roots that certificate-transparency implementations test against (google/certificate-transparency,
# merkletree/merkle_tree_test.cc).
CONTENTS = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
CONTENTS.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(content) for content in CONTENTS]


def test_roots_are_those_that_others_compute() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [Frontier().grown(LEAVES[:size]).root.hex() for size in range(1, 9)] == ROOTS


def plain_root(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 9162 defines it: the left subtree is the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


@given(st.integers(1, 200), st.data())
def test_a_tree_grows_in_parts_and_proves_each_leaf(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    cut, index = data.draw(st.integers(0, size)), data.draw(st.integers(0, size - 1))
    early = Frontier().grown(leaves[:cut])
    tree = Frontier.unpacked(cut, early.packed()).grown(leaves[cut:])
    assert (tree.size, tree.root) == (size, plain_root(leaves))
    proof = inclusion_proof(leaves, index)
    assert root_above(leaves[index], index, size, proof) == tree.root
    assert len(proof) <= (size - 1).bit_length()


@given(st.integers(2, 100), st.data())
def test_a_proof_holds_for_its_own_leaf_and_place_only(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    index, other = data.draw(st.permutations(range(size)))[:2]
    proof, root = inclusion_proof(leaves, index), plain_root(leaves)
    for leaf, place, hashes in ((leaves[other], index, proof), (leaves[index], other, proof)):
        with suppress(ValueError):  # the other place may need a proof of another length
            assert root_above(leaf, place, size, hashes) != root
    with pytest.raises(ValueError, match="too long"):
        root_above(leaves[index], index, size, [*proof, leaves[0]])
    with pytest.raises(ValueError, match="too short"):
        root_above(leaves[index], index, size, proof[:-1])


def test_what_is_no_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier.unpacked(3, bytes(32))
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(ValueError, match="no such leaf"):
        root_above(LEAVES[0], 8, 8, [])
