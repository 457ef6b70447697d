from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import encode_base64
from ledger.log.receipt import Receipt
from ledger.log.tiles import write_bundle
from ledger.log.tree import ProofError, inclusion_proof, tree_head
from tests.support import naive_log as naive
from tests.support.signed_log import (
    ENTRIES,
    LOG,
    LOG_VKEY,
    NOTE,
    RECEIPT,
    STRANGER,
    TIME,
    WITNESS,
    WITNESS_VKEY,
    flips,
)


def receipt(position: int, size: int, extra: bytes | None = None) -> Receipt:
    head = tree_head(naive.LEAVES[:size])
    note = sign_checkpoint(Checkpoint("reviews.example/log1", head), [LOG])
    path = tuple(inclusion_proof(naive.node, position, size))
    return Receipt(position, path, SignedCheckpoint.parse(bytes(note)), extra)


class TestAReceipt:
    def test_of_the_worked_example(self) -> None:
        found = Receipt.parse(RECEIPT)
        assert bytes(found) == RECEIPT
        assert found.position == 1
        assert [key for key, _ in found.verify(b"beta", [LOG.public], [WITNESS.public])] == [
            LOG.public,
            WITNESS.public,
        ]

    @given(size=st.integers(1, 300), at=st.integers(0, 299), extra=st.none() | st.binary())
    def test_comes_back_and_verifies(self, size: int, at: int, extra: bytes | None) -> None:
        made = receipt(at % size, size, extra)
        assert Receipt.parse(bytes(made)) == made
        made.verify(b"entry %d" % (at % size), [LOG.public])

    def test_of_the_only_entry_has_no_path(self) -> None:
        text = bytes(receipt(0, 1)).decode()
        assert text.startswith("c2sp.org/tlog-proof@v1\nindex 0\n\nreviews.example/log1\n1\n")

    def test_is_for_these_bytes_and_this_log_only(self) -> None:
        found = Receipt.parse(RECEIPT)
        for entry in (b"", b"alpha", b"gamma", b"beta\n", b"Beta"):
            with pytest.raises(ProofError):
                found.verify(entry, [LOG.public])
        with pytest.raises(ProofError):
            found.verify(b"beta", [STRANGER.public])
        with pytest.raises(ProofError, match="no position 3"):
            found._replace(position=3).verify(b"beta", [LOG.public])

    def test_with_any_bit_the_other_way_never_proves_anything_else(self) -> None:
        for other in flips(RECEIPT):
            try:
                found = Receipt.parse(other)
                keys = found.verify(b"beta", [LOG.public], [WITNESS.public])
            except ProofError:
                continue
            # All that such a receipt can lose is a witness, whose name nobody knows any more.
            assert [key for key, _ in keys] == [LOG.public]
            assert found.position == 1
            assert found.checkpoint.checkpoint == Receipt.parse(RECEIPT).checkpoint.checkpoint

    def test_carries_extra_data_that_proves_nothing(self) -> None:
        made = receipt(3, 9, b"whatever")
        assert bytes(made).split(b"\n")[1] == b"extra d2hhdGV2ZXI="
        made._replace(extra=b"something else").verify(b"entry 3", [LOG.public])


class TestHostileReceipts:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\n\n" + NOTE,
            NOTE,
            RECEIPT[:-1],
            RECEIPT + b"\n",
            RECEIPT.replace(b"@v1", b"@v2"),
            RECEIPT.replace(b"\n", b"\r\n"),
            RECEIPT.replace(b"index 1\n", b""),
            RECEIPT.replace(b"index 1\n", b"1\n"),
            RECEIPT.replace(b"index 1\n", b"index 01\n"),
            RECEIPT.replace(b"index 1\n", b"index -1\n"),
            RECEIPT.replace(b"index 1\n", b"index  1\n"),
            RECEIPT.replace(b"index 1\n", b"index 1 \n"),
            RECEIPT.replace(b"index 1\n", b"Index 1\n"),
            RECEIPT.replace(b"index 1\n", b"index 1\nindex 1\n"),
            RECEIPT.replace(b"index 1\n", b"index 9223372036854775808\n"),
            RECEIPT.replace(b"index 1\n", "index １\n".encode()),
            RECEIPT.replace(b"index 1\n", b"index 1\nextra AA==\n"),
            RECEIPT.replace(b"index 1\n", b"extra AA==\nextra AA==\nindex 1\n"),
            RECEIPT.replace(b"index 1\n", b"extra AB==\nindex 1\n"),
            RECEIPT.replace(b"index 1\n", b"extra A\nindex 1\n"),
            RECEIPT.replace(b"index 1\n", b"index 1\nAAAA\n"),
            RECEIPT.replace(b"lE=\n\n", b"lE=\n"),
            RECEIPT.replace(b"lE=\n\n", b"lE=\n\n\n"),
            RECEIPT.replace(b"lE=\n\n", b"lF=\n\n"),
            RECEIPT.replace(b"index 1\n", b"index 1\n" + b"A" * 43 + b"=\n" * 65),
            RECEIPT.replace(b"index 1\n", b"index 1\n" + (b"A" * 43 + b"=\n") * 63),
            b"c2sp.org/tlog-proof@v1\nextra " + b"A" * 200_000 + b"\nindex 0\n\n" + NOTE,
        ],
    )
    def test_are_refused(self, data: bytes) -> None:
        with pytest.raises(ProofError):
            Receipt.parse(data)

    def test_are_read_up_to_the_limit_and_no_further(self) -> None:
        """90,360 bytes before the checkpoint: all extra data, 64 hashes, and some to spare."""
        longest = Receipt.parse(RECEIPT)._replace(
            position=1234, path=(bytes(32),) * 64, extra=bytes(65_580)
        )
        assert bytes(longest).index(b"\n\n") == 90_360
        assert Receipt.parse(bytes(longest)) == longest
        with pytest.raises(ProofError, match="too long"):
            Receipt.parse(bytes(longest._replace(position=12345)))

    def test_whose_path_is_too_long_or_too_short_prove_nothing(self) -> None:
        found = Receipt.parse(RECEIPT)
        for path in ((), found.path[:1], (*found.path, found.path[0]), found.path[::-1]):
            with pytest.raises(ProofError):
                found._replace(path=path).verify(b"beta", [LOG.public])

    @given(data=st.binary())
    def test_of_any_bytes_are_refused_or_come_back(self, data: bytes) -> None:
        for other in (data, b"c2sp.org/tlog-proof@v1\n" + data + b"\n\n" + NOTE):
            try:
                assert bytes(Receipt.parse(other)) == other
            except ProofError:
                continue


def test_the_documentation_prints_the_worked_example() -> None:
    page = (Path(__file__).parents[3] / "docs/formats/log.md").read_text(encoding="utf-8")
    leaves = [naive.leaf(entry) for entry in ENTRIES]
    bundle = " ".join(write_bundle([entry]).hex() for entry in ENTRIES)

    for index, leaf in enumerate(leaves):
        assert f"leaf {index}   {leaf.hex()}\n" in page
    assert f"root     {naive.mth(leaves).hex()}\n" in page
    assert f"tile/entries/000.p/3  {bundle}\n" in page
    assert f"log      {LOG_VKEY}\nwitness  {WITNESS_VKEY}\n" in page
    assert f"cosigned at {TIME}" in page
    assert f"`{encode_base64(naive.proof(2, leaves)[0])}` only" in page
    assert f"```\n{RECEIPT.decode()}```" in page
