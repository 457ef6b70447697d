"""The conformance vectors of our formats, docs/formats/vectors.json: we find what they say, and Go.

The other way round, those of Debian's Go packages are in tests/ledger/log/test_public_vectors.py.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from ledger.author_key import verifies
from ledger.codec import UnreadableEntry, decode
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.cose import CoseReceipt, TransparentStatement
from ledger.log.note import VerifierKey
from ledger.log.policy import WITNESS_KEYS, public_key
from ledger.log.receipt import Receipt
from ledger.log.tree import (
    ProofError,
    TreeHead,
    leaf_hash,
    tree_head,
    verify_consistency,
    verify_inclusion,
)
from tests.support.strangers_in_go import Verifier
from tests.support.vectors import FILE, Vector, text

READ: Final[list[Vector]] = json.loads(FILE.read_bytes())["vectors"]

Given = Mapping[str, Any]


def hashes(given: Given, key: str) -> list[bytes]:
    return [bytes.fromhex(one) for one in given[key]]


def of(given: Given, key: str) -> bytes:
    return bytes.fromhex(given[key])


def equal(one: bytes, other: bytes) -> None:
    if one != other:
        raise ProofError("不同", "they differ")


def holds(said: bool) -> None:  # noqa: FBT001 - what was found
    if not said:
        raise ProofError("不成立", "it does not hold")


def log(given: Given) -> list[VerifierKey]:
    return [VerifierKey.parse(given["vkey"])]


CHECKS: Final[Mapping[str, Callable[[Given], object]]] = {
    "entry": lambda g: decode(of(g, "entry")),
    "leaf": lambda g: equal(leaf_hash(of(g, "entry")), of(g, "leaf")),
    "root": lambda g: equal(tree_head(hashes(g, "leaves")).root, of(g, "root")),
    "inclusion": lambda g: verify_inclusion(
        of(g, "leaf"), g["index"], hashes(g, "path"), TreeHead(g["size"], of(g, "root"))
    ),
    "consistency": lambda g: verify_consistency(
        TreeHead(g["old"], of(g, "old_root")),
        TreeHead(g["new"], of(g, "new_root")),
        hashes(g, "path"),
    ),
    "checkpoint": lambda g: SignedCheckpoint.parse(of(g, "note")).verify(log(g)),
    "cosignature": lambda g: holds(
        public_key(g["vkey"], WITNESS_KEYS).verifies(g["text"], of(g, "signature"))
    ),
    "receipt": lambda g: Receipt.parse(of(g, "receipt")).verify(of(g, "entry"), log(g)),
    "cose-receipt": lambda g: CoseReceipt.parse(of(g, "message")).verify(of(g, "entry"), log(g)),
    "statement": lambda g: TransparentStatement.parse(of(g, "message")).verify(
        of(g, "entry"), log(g)
    ),
    "author-signature": lambda g: holds(
        verifies(g["scheme"], of(g, "public"), g["text"], of(g, "value"))
    ),
}


def test_the_file_is_what_is_written_again() -> None:
    assert FILE.read_text(encoding="utf-8") == text()


def test_every_kind_has_what_is_valid_and_what_is_not() -> None:
    found = {(one["kind"], one["finding"]) for one in READ}
    assert found == {(kind, finding) for kind in CHECKS for finding in ("valid", "invalid")}
    assert len({(one["kind"], one["name"]) for one in READ}) == len(READ) > 300


@pytest.mark.parametrize("kind", CHECKS)
def test_we_find_what_the_vectors_say(kind: str) -> None:
    for one in READ:
        if one["kind"] == kind:
            try:
                CHECKS[kind](one["given"])
                found = "valid"
            except (ProofError, UnreadableEntry):
                found = "invalid"
            assert found == one["finding"], (kind, one["name"])


def test_go_finds_the_same_for_what_it_has_a_counterpart_of(goverify: Verifier) -> None:
    said = goverify("-vectors", FILE)
    assert said.returncode == 0, said.stdout + said.stderr
    counts = Counter(one["kind"] for one in READ)
    for kind in ("leaf", "root", "inclusion", "consistency", "checkpoint"):
        assert f"{kind}: {counts[kind]} as expected" in said.stdout
