"""The known answers of Certificate Transparency, as a Debian package carries them.

They are read from the package and are no part of this repository. Where continuous integration
runs, a missing package is a failure: otherwise nobody would notice that this was not checked.
The wrong proofs are those that its own tests make of the right ones.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.log.tree import (
    EMPTY_ROOT,
    CompactRange,
    ProofError,
    TreeHead,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

PACKAGE = "golang-github-google-certificate-transparency-dev"
FILE = "share/gocode/src/github.com/google/certificate-transparency/go/merkletree"
ROOT = Path(__file__).parents[3]
PLACES = (Path("/usr"), ROOT / "build" / "vectors" / "usr")  # installed, or unpacked by .ci/run


class Vectors(NamedTuple):
    """What the package says of its eight entries.

    Attributes:
        entries: the eight.
        roots: over the first one to eight of them.
        inclusion: place from 1, size, proof.
        consistency: older size, newer size, proof.
    """

    entries: list[bytes]
    roots: list[bytes]
    inclusion: list[tuple[int, int, list[bytes]]]
    consistency: list[tuple[int, int, list[bytes]]]

    def head(self, size: int) -> TreeHead:
        return TreeHead(size, self.roots[size - 1])


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    for place in PLACES:
        file = place / FILE / "merkle_verifier_test.go"
        if file.is_file():
            return parsed(file.read_text(encoding="utf-8"))
    if os.environ.get("CI") == "true":
        pytest.fail(f"the public vectors are missing; .ci/run unpacks them from {PACKAGE}")
    pytest.skip(f"no public vectors here: apt-get install {PACKAGE}")


def parsed(source: str) -> Vectors:
    """The tables in the functions of a Go test."""

    def table(function: str) -> str:
        return source.partition(f"func {function}()")[2].partition("\n}\n")[0]

    def hashes(text: str) -> list[bytes]:
        found: list[tuple[str, str]] = re.findall(r'\{dh\("([0-9a-f]*)"\), (\d+)\}', text)
        return [bytes.fromhex(code)[: int(length)] for code, length in found]

    def proofs(text: str) -> Iterator[tuple[int, int, list[bytes]]]:
        row = r"\{(\d+),\s*(\d+),\s*(\d+),\s*\[3?\]proofTestVector\{(.*?)\}\}"
        found: list[tuple[str, str, str, str]] = re.findall(row, text, re.DOTALL)
        for one, other, length, path in found:
            yield int(one), int(other), hashes(f"{path}}}")[: int(length)]

    return Vectors(
        hashes(table("getInputs")),
        hashes(table("getRoots")),
        list(proofs(table("getInclusionTestVector"))),
        list(proofs(table("getConsistencyProofs"))),
    )


def subtree(vectors: Vectors, level: int, index: int) -> bytes:
    """The hash over a full subtree of the entries."""
    if level == 0:
        return leaf_hash(vectors.entries[index])
    below = level - 1
    return node_hash(subtree(vectors, below, 2 * index), subtree(vectors, below, 2 * index + 1))


def wrong(proof: list[bytes], first: bytes, last: bytes) -> Iterator[list[bytes]]:
    """Proofs that were right until a hash was changed, added or left out."""
    for at in range(len(proof)):
        yield [*proof[:at], EMPTY_ROOT, *proof[at + 1 :]]
    for more in (b"", first, last):
        yield [*proof, more]
        yield [more, *proof]
    if proof:
        yield proof[:-1]
        yield proof[1:]
        yield [proof[0], *proof]


def test_there_are_as_many_as_the_package_is_known_to_have(vectors: Vectors) -> None:
    """So that a package in another form cannot pass for one that agrees."""
    assert (len(vectors.entries), len(vectors.roots)) == (8, 8)
    assert (len(vectors.inclusion), len(vectors.consistency)) == (6, 4)
    assert sum(len(path) for _, _, path in vectors.inclusion) == 10
    assert sum(len(path) for _, _, path in vectors.consistency) == 8


def test_the_roots_are_ours(vectors: Vectors) -> None:
    frontier = CompactRange()
    for size, entry in enumerate(vectors.entries, 1):
        frontier.append(leaf_hash(entry))
        assert frontier.head() == vectors.head(size)


def test_the_inclusion_proofs_are_ours_and_hold(vectors: Vectors) -> None:
    for place, size, path in vectors.inclusion:
        if place == 0:  # there is none: the package counts from 1
            continue
        index, head = place - 1, vectors.head(size)
        leaf = leaf_hash(vectors.entries[index])
        assert inclusion_proof(lambda *node: subtree(vectors, *node), index, size) == path
        verify_inclusion(leaf, index, path, head)


def test_nothing_else_is_included(vectors: Vectors) -> None:
    for place, size, path in vectors.inclusion:
        if place == 0:
            continue
        index, head = place - 1, vectors.head(size)
        leaf = leaf_hash(vectors.entries[index])
        for bad in wrong(path, leaf, head.root):
            with pytest.raises(ProofError):
                verify_inclusion(leaf, index, bad, head)
        for other in (index - 1, index + 1, index ^ 2):
            with pytest.raises(ProofError):
                verify_inclusion(leaf, other, path, head)
        for scaled in {size * 2, size // 2} - {size}:
            with pytest.raises(ProofError):
                verify_inclusion(leaf, index, path, head._replace(size=scaled))
        for bad_leaf in (leaf_hash(b"WrongLeaf"), b"WrongLeaf", b""):
            with pytest.raises(ProofError):
                verify_inclusion(bad_leaf, index, path, head)
        for root in (EMPTY_ROOT, b""):
            with pytest.raises(ProofError):
                verify_inclusion(leaf, index, path, head._replace(root=root))


def test_the_consistency_proofs_are_ours_and_hold(vectors: Vectors) -> None:
    for old, new, path in vectors.consistency:
        assert consistency_proof(lambda *node: subtree(vectors, *node), old, new) == path
        verify_consistency(vectors.head(old), vectors.head(new), path)


def test_nothing_else_is_consistent(vectors: Vectors) -> None:
    for size, newer, path in vectors.consistency:
        old, new = vectors.head(size), vectors.head(newer)
        for bad in wrong(path, old.root, new.root):
            with pytest.raises(ProofError):
                verify_consistency(old, new, bad)
        if not path:
            continue
        for other in (size - 1, size + 1, size ^ 2):
            with pytest.raises(ProofError):
                verify_consistency(old._replace(size=other), new, path)
        for other in (newer * 2, newer // 2):
            with pytest.raises(ProofError):
                verify_consistency(old, new._replace(size=other), path)
        for root in (b"WrongRoot", EMPTY_ROOT):
            with pytest.raises(ProofError):
                verify_consistency(old._replace(root=root), new, path)
            with pytest.raises(ProofError):
                verify_consistency(old, new._replace(root=root), path)
        with pytest.raises(ProofError):
            verify_consistency(old._replace(root=new.root), new._replace(root=old.root), path)
        with pytest.raises(ProofError):
            verify_consistency(old, new, [])
