from base64 import b64decode
from functools import reduce
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.tree import (
    EMPTY_ROOT,
    PATH_MAX,
    SIZE_MAX,
    CompactRange,
    ProofError,
    TreeHead,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from,
    tree_head,
    verify_consistency,
    verify_inclusion,
)
from tests.support import naive_log as naive

# A log of three entries, with the root and the proof that other implementations gave for it.
ALPHA, BETA, GAMMA = b"alpha", b"beta", b"gamma"
ROOT = bytes.fromhex("385da30f3917282c8939dff851957e519ab1846b1351a14c0adb3b11632742aa")


def test_the_leaves_of_the_worked_example() -> None:
    assert leaf_hash(ALPHA).hex().startswith("2a158d8a")
    assert leaf_hash(BETA).hex().startswith("e23537b0")
    assert leaf_hash(GAMMA).hex().startswith("4c79d0d6")


def test_the_root_of_the_worked_example() -> None:
    left = node_hash(leaf_hash(ALPHA), leaf_hash(BETA))
    assert node_hash(left, leaf_hash(GAMMA)) == ROOT


def test_the_printed_proof_of_the_second_entry_leads_to_the_root() -> None:
    sibling = b64decode("KhWNiv1I4/iMtBld/bKp5IF9lfpX/TREDZP5quXE+Cs=")
    uncle = b64decode("THnQ1i989cqIdBVfLTuHXyYl2iuzq8hrvWgz8lupDlE=")
    assert sibling == leaf_hash(ALPHA)
    assert node_hash(node_hash(sibling, leaf_hash(BETA)), uncle) == ROOT


def test_the_empty_entry_has_a_leaf_of_its_own() -> None:
    """The well-known test vector of Certificate Transparency for an empty leaf."""
    assert leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert leaf_hash(b"") != sha256(b"").digest()


def test_a_node_cannot_pass_for_an_entry() -> None:
    left, right = leaf_hash(ALPHA), leaf_hash(BETA)
    assert leaf_hash(left + right) != node_hash(left, right)


def test_order_counts() -> None:
    hashes = [leaf_hash(entry) for entry in (ALPHA, BETA, GAMMA)]
    assert reduce(node_hash, hashes) != reduce(node_hash, reversed(hashes))


SMALL = 70
HEADS = [TreeHead(size, naive.mth(naive.LEAVES[:size])) for size in range(SMALL + 1)]


def flips(data: bytes) -> list[bytes]:
    """The data with each of its bits the other way."""
    number = int.from_bytes(data, "big")
    return [(number ^ 1 << bit).to_bytes(len(data), "big") for bit in range(8 * len(data))]


class TestRoots:
    def test_of_nothing(self) -> None:
        assert b64decode("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") == EMPTY_ROOT
        assert tree_head([]) == TreeHead(0, EMPTY_ROOT)
        assert root_from(naive.node, 0) == EMPTY_ROOT

    def test_of_every_small_tree_from_leaves_and_from_nodes(self) -> None:
        for head in HEADS:
            assert tree_head(naive.LEAVES[: head.size]) == head
            assert root_from(naive.node, head.size) == head.root


class TestAFrontier:
    def test_has_the_root_at_every_size_and_goes_on_from_its_bytes(self) -> None:
        frontier = CompactRange()
        for size in range(600):
            assert frontier.head() == TreeHead(size, naive.mth(naive.LEAVES[:size]))
            frontier = CompactRange.parse(size, bytes(frontier))
            frontier.append(naive.LEAVES[size])

    def test_holds_one_hash_for_each_bit_of_the_size(self) -> None:
        frontier = CompactRange()
        for leaf in naive.LEAVES[:0b1101]:
            frontier.append(leaf)
        full = [naive.LEAVES[:8], naive.LEAVES[8:12], naive.LEAVES[12:13]]
        assert bytes(frontier) == b"".join(map(naive.mth, full))

    @pytest.mark.parametrize("length", [0, 31, 32, 63, 65, 96])
    def test_of_the_wrong_length_is_refused(self, length: int) -> None:
        with pytest.raises(ProofError, match="64"):
            CompactRange.parse(5, bytes(length))


class TestInclusion:
    def test_of_every_entry_in_every_small_tree_is_as_the_rfc_defines_it(self) -> None:
        for head in HEADS:
            leaves = naive.LEAVES[: head.size]
            for index, leaf in enumerate(leaves):
                proof = inclusion_proof(naive.node, index, head.size)
                assert proof == naive.path(index, leaves)
                verify_inclusion(leaf, index, proof, head)

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
    def test_is_rejected_with_any_bit_the_other_way(self, size: int) -> None:
        head = HEADS[size]
        for index, leaf in enumerate(naive.LEAVES[:size]):
            proof = inclusion_proof(naive.node, index, size)
            for other in flips(leaf):
                assert_not_included(other, index, proof, head)
            for other in flips(head.root):
                assert_not_included(leaf, index, proof, TreeHead(size, other))
            for at, one in enumerate(proof):
                for other in flips(one):
                    assert_not_included(leaf, index, [*proof[:at], other, *proof[at + 1 :]], head)

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
    def test_is_rejected_at_any_other_place_of_the_same_tree(self, size: int) -> None:
        for index, leaf in enumerate(naive.LEAVES[:size]):
            proof = inclusion_proof(naive.node, index, size)
            for other in {*range(-2, 70), 2**63, 2**64 + index} - {index}:
                assert_not_included(leaf, other, proof, HEADS[size])

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
    def test_is_rejected_with_a_hash_too_many_or_too_few(self, size: int) -> None:
        for index, leaf in enumerate(naive.LEAVES[:size]):
            proof = inclusion_proof(naive.node, index, size)
            assert_not_included(leaf, index, [*proof, leaf], HEADS[size], "too long")
            assert_not_included(leaf, index, [leaf, *proof], HEADS[size])
            for at in range(len(proof)):
                shorter = proof[:at] + proof[at + 1 :]
                assert_not_included(leaf, index, shorter, HEADS[size], "too (short|long)")

    def test_takes_hashes_of_32_bytes_only(self) -> None:
        leaf, head = naive.LEAVES[0], HEADS[2]
        proof = inclusion_proof(naive.node, 0, 2)
        assert_not_included(leaf[:-1], 0, proof, head)
        assert_not_included(leaf, 0, [proof[0] + b"\0"], head, "32 bytes")
        assert_not_included(leaf, 0, [EMPTY_ROOT] * 65, head, "more than 64")
        assert_not_included(b"", 0, [], TreeHead(1, b""))  # the empty leaf would be the empty root

    def test_of_a_node_as_if_it_were_an_entry_is_rejected(self) -> None:
        inner = naive.LEAVES[0] + naive.LEAVES[1]
        proof = inclusion_proof(naive.node, 0, 4)[1:]
        assert_not_included(leaf_hash(inner), 0, proof, HEADS[4])

    def test_is_not_made_of_what_is_not_there(self) -> None:
        for index, size in ((0, 0), (5, 5), (6, 5), (-1, 5), (0, SIZE_MAX + 1)):
            with pytest.raises(ProofError, match=f"no position {index}"):
                inclusion_proof(naive.node, index, size)


def assert_not_included(
    leaf: bytes, index: int, proof: list[bytes], head: TreeHead, why: str = ""
) -> None:
    with pytest.raises(ProofError, match=f"包含证明.*{why}"):
        verify_inclusion(leaf, index, proof, head)


class TestConsistency:
    def test_of_every_two_small_trees_is_as_the_rfc_defines_it(self) -> None:
        for new in HEADS:
            leaves = naive.LEAVES[: new.size]
            verify_consistency(HEADS[0], new, consistency_proof(naive.node, 0, new.size))
            for old in HEADS[1 : new.size + 1]:
                proof = consistency_proof(naive.node, old.size, new.size)
                assert proof == naive.proof(old.size, leaves)
                verify_consistency(old, new, proof)

    def test_of_the_worked_example(self) -> None:
        leaves = [leaf_hash(entry) for entry in (ALPHA, BETA, GAMMA)]
        proof = [b64decode("THnQ1i989cqIdBVfLTuHXyYl2iuzq8hrvWgz8lupDlE=")]
        verify_consistency(tree_head(leaves[:2]), tree_head(leaves), proof)

    @pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (6, 13)])
    def test_is_rejected_with_any_bit_the_other_way(self, old: int, new: int) -> None:
        proof = consistency_proof(naive.node, old, new)
        for other in flips(HEADS[old].root):
            assert_not_consistent(TreeHead(old, other), HEADS[new], proof)
        for other in flips(HEADS[new].root):
            assert_not_consistent(HEADS[old], TreeHead(new, other), proof)
        for at, one in enumerate(proof):
            for other in flips(one):
                changed = [*proof[:at], other, *proof[at + 1 :]]
                assert_not_consistent(HEADS[old], HEADS[new], changed)

    def test_is_rejected_with_a_hash_too_many_or_too_few(self) -> None:
        for new in HEADS[1:]:
            for old in HEADS[: new.size + 1]:
                proof = consistency_proof(naive.node, old.size, new.size)
                why = "too long" if 0 < old.size < new.size else "should be no proof"
                assert_not_consistent(old, new, [*proof, new.root], why)
                assert_not_consistent(old, new, [new.root, *proof])
                for at in range(len(proof)):
                    assert_not_consistent(old, new, proof[:at] + proof[at + 1 :])
                if 0 < old.size < new.size:
                    assert_not_consistent(old, new, proof[:-1], "too short|is empty")
                    assert_not_consistent(old, new, [], "is empty")

    def test_one_size_has_one_root(self) -> None:
        other = TreeHead(5, naive.mth(naive.LEAVES[1:6]))
        assert_not_consistent(HEADS[5], other, [])
        assert_not_consistent(TreeHead(0, other.root), HEADS[5], [])
        assert_not_consistent(HEADS[0], TreeHead(0, other.root), [])

    def test_a_log_never_shrinks(self) -> None:
        assert_not_consistent(HEADS[5], HEADS[4], [], "went from 5 entries to 4")
        for old, new in ((5, 4), (-1, 4), (1, SIZE_MAX + 1)):
            with pytest.raises(ProofError, match=rf"from {old} (entries|entry) to {new}"):
                consistency_proof(naive.node, old, new)

    def test_takes_hashes_of_32_bytes_only_and_not_any_number_of_them(self) -> None:
        junk = TreeHead(3, b"twelve bytes")
        assert_not_consistent(HEADS[0], junk, [])
        assert_not_consistent(junk, junk, [])
        assert_not_consistent(HEADS[2], HEADS[3], [b"short"], "32 bytes")
        assert_not_consistent(HEADS[2], HEADS[3], [EMPTY_ROOT] * 65, "more than 64")

    @given(data=st.data())
    def test_holds_after_any_growth_and_for_no_other_past(self, data: st.DataObject) -> None:
        new = data.draw(st.integers(2, 2000), "new")
        old = data.draw(st.integers(1, new), "old")
        leaves = naive.LEAVES[:new]
        changed = data.draw(st.integers(0, old - 1), "changed")
        rewritten = [*leaves[:changed], leaf_hash(b"other"), *leaves[changed + 1 :]]
        before, after, other = tree_head(leaves[:old]), tree_head(leaves), tree_head(rewritten)

        verify_consistency(before, after, consistency_proof(naive.node, old, new))
        assert_not_consistent(before, other, naive.proof(old, rewritten) if old < new else [])


def assert_not_consistent(old: TreeHead, new: TreeHead, proof: list[bytes], why: str = "") -> None:
    with pytest.raises(ProofError, match=f"一致性证明.*{why}"):
        verify_consistency(old, new, proof)


@pytest.mark.parametrize("size", [10**6, 10**12 - 1, SIZE_MAX])
def test_proofs_take_few_reads_however_long_the_log(size: int) -> None:
    reads = []

    def read(level: int, index: int) -> bytes:
        assert (index + 1) << level <= size, "a full subtree of the log"
        reads.append((level, index))
        return EMPTY_ROOT

    for at in (0, 1, size // 3, size // 2, size - 1):
        reads.clear()
        assert len(inclusion_proof(read, at, size)) <= size.bit_length()
        assert len(reads) <= 2 * size.bit_length()
        reads.clear()
        assert len(consistency_proof(read, at + 1, size)) <= size.bit_length() + 1
        assert len(reads) <= 2 * size.bit_length()


@pytest.mark.parametrize("size", [10**6, 10**12 - 1, SIZE_MAX])
def test_proofs_in_the_longest_logs_hold(size: int) -> None:
    """All entries of this one are the same, and so are all subtrees of one height."""
    hashes = [leaf_hash(ALPHA)]
    for _ in range(63):
        hashes.append(node_hash(hashes[-1], hashes[-1]))

    def read(level: int, _: int) -> bytes:
        return hashes[level]

    head = TreeHead(size, root_from(read, size))
    for at in (2, size // 3, size - 1):
        verify_inclusion(hashes[0], at, inclusion_proof(read, at, size), head)
        old = TreeHead(at + 1, root_from(read, at + 1))
        verify_consistency(old, head, consistency_proof(read, at + 1, size))


def test_the_longest_proof_is_as_long_as_a_proof_may_be() -> None:
    proof = consistency_proof(lambda *_: EMPTY_ROOT, 3, SIZE_MAX)
    assert len(proof) == PATH_MAX


def test_what_is_unproven_says_so_in_both_languages() -> None:
    assert str(ProofError("不对", "wrong")) == "不对 / wrong"


def test_a_tree_has_no_more_entries_than_a_signed_number_of_eight_bytes_counts() -> None:
    assert SIZE_MAX == 0x7FFFFFFFFFFFFFFF
