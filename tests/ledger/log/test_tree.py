from base64 import b64decode
from functools import reduce
from hashlib import sha256

from ledger.log.tree import leaf_hash, node_hash

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
