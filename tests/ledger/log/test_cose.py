"""Receipts and statements as COSE: what is proven, and what is refused."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.cbor import Tagged, decode, encode
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.cose import (
    FIRST_BYTE,
    CoseKey,
    CoseReceipt,
    Sign1,
    TransparentStatement,
    sign_root,
    signed_roots,
    thumbprint,
)
from ledger.log.note import Note, Signature, SigningKey
from ledger.log.signer import Signer
from ledger.log.tree import ProofError, TreeHead, inclusion_proof, tree_head
from tests.support import naive_log as naive
from tests.support.signed_log import LOG, STRANGER, WITNESS, flips

NEXT = SigningKey(LOG.name, bytes(range(96, 128)))


def note_of(size: int, *keys: SigningKey) -> Note:
    head = tree_head(naive.LEAVES[:size])
    note = sign_checkpoint(Checkpoint(LOG.name, head), keys)
    return note.joined(sign_root(key, head.root) for key in keys)


def receipts(position: int, size: int, *keys: SigningKey) -> list[CoseReceipt]:
    path = tuple(inclusion_proof(naive.node, position, size))
    roots = signed_roots(note_of(size, *(keys or (LOG,))))
    return [CoseReceipt(root, position, size, path) for root in roots]


def statement(entry: bytes = b"entry 4", *keys: SigningKey) -> TransparentStatement:
    return TransparentStatement.make(LOG, entry, "parks-2022", receipts(4, 7, *keys))


class TestWhatIsSigned:
    def test_is_the_structure_of_rfc_9052_without_external_data(self) -> None:
        (receipt,) = receipts(4, 7)
        protected, payload = receipt.signed.protected, tree_head(naive.LEAVES[:7]).root
        parts = [b"\x84", b"\x6aSignature1", b"\x58" + bytes([len(protected)]), protected]
        if len(protected) < 24:
            parts[2] = bytes([0x40 + len(protected)])
        signed = b"".join([*parts, b"\x40", b"\x58\x20", payload])

        assert LOG.public.holds(signed, receipt.signed.signature)

    def test_names_the_key_by_its_thumbprint(self) -> None:
        """RFC 9679, section 4: an OKP key on the curve Ed25519."""
        key = bytes.fromhex("a301012006215820") + LOG.public.public

        assert thumbprint(LOG.public) == sha256(key).digest()

    def test_has_the_header_of_the_standards(self) -> None:
        """EdDSA is -8 (RFC 9053, section 2.2); an entry is JSON (RFC 9052, section 3.1)."""
        (receipt,), key = receipts(4, 7), thumbprint(LOG.public)

        assert decode(receipt.signed.protected) == {
            1: -8,
            4: key,
            15: {1: LOG.name, 2: LOG.name},
            395: 1,
        }
        assert decode(statement().signed.protected) == {
            1: -8,
            3: "application/json",
            4: key,
            15: {1: LOG.name, 2: "parks-2022"},
        }

    def test_is_by_a_key_whose_id_other_programs_compute(self) -> None:
        """C2SP signed-note: of the name, a newline, ff and what tells this type from others."""
        typed = b"\xffRFC 9942 COSE_Sign1 of the root" + LOG.public.public
        line = sign_root(LOG, bytes(32))

        assert line.key_id == sha256(LOG.name.encode() + b"\n" + typed).digest()[:4]

    def test_is_read_up_to_131072_bytes_and_no_further(self) -> None:
        longest = Sign1(b"", {}, bytes(131_072 - 75), bytes(64))
        assert len(bytes(longest)) == 131_072
        assert Sign1.parse(bytes(longest)) == longest
        with pytest.raises(ProofError, match="not a COSE_Sign1"):
            Sign1.parse(bytes(longest._replace(payload=bytes(131_073 - 75))))

    def test_is_told_from_a_longer_signature_by_the_log_of_another_kind(self) -> None:
        other = Signature(LOG.name, b"abcd", bytes(2_428))
        assert len(signed_roots(note_of(7, LOG).joined([other]))) == 1

    def test_is_told_from_a_signature_that_begins_with_the_same_byte(self) -> None:
        """One in 256 does: here the note is signed until one is found."""
        for size in range(1, 5_000):
            head = TreeHead(size, sha256(b"%d" % size).digest())
            note = sign_checkpoint(Checkpoint(LOG.name, head), [LOG])
            if note.signatures[0].value[:1] == FIRST_BYTE:
                break
        assert note.signatures[0].value[:1] == FIRST_BYTE

        assert signed_roots(note) == []
        assert len(signed_roots(note.joined([sign_root(LOG, head.root)]))) == 1

    def test_below_a_checkpoint_is_nothing_but_the_root_and_its_signature(self) -> None:
        head = tree_head(naive.LEAVES[:7])
        text = sign_checkpoint(Checkpoint(LOG.name, head), [LOG]).text
        key, signed = (
            CoseKey(LOG.name, LOG.public.public),
            Sign1.parse(sign_root(LOG, head.root).value),
        )
        assert key.verifies(text, bytes(signed))
        for more in (signed._replace(payload=head.root), signed._replace(unprotected={4: b"key"})):
            assert not key.verifies(text, bytes(more))


class TestAReceipt:
    @given(size=st.integers(1, 300), at=st.integers(0, 299))
    def test_comes_back_and_verifies(self, size: int, at: int) -> None:
        (made,) = receipts(at % size, size)
        assert CoseReceipt.parse(bytes(made)) == made
        assert made.verify(b"entry %d" % (at % size), [STRANGER.public, LOG.public]) == LOG.public

    def test_is_for_these_bytes_and_this_log_only(self) -> None:
        (made,) = receipts(4, 7)
        for entry in (b"", b"entry 5", b"entry 4\n"):
            with pytest.raises(ProofError):
                made.verify(entry, [LOG.public])
        with pytest.raises(ProofError):
            made.verify(b"entry 4", [STRANGER.public])
        with pytest.raises(ProofError):
            made.verify(b"entry 4", [])

    def test_with_any_bit_flipped_proves_nothing_else(self) -> None:
        (made,) = receipts(4, 7)
        for flipped in flips(bytes(made)):
            try:
                other = CoseReceipt.parse(flipped)
                other.verify(b"entry 4", [LOG.public])
            except ProofError:
                continue
            # What COSE does not sign: another position and size lead along the same path.
            assert (other.signed, other.path) == (made.signed, made.path)
            assert (other.position, other.size) != (made.position, made.size)

    def test_is_refused_with_a_payload_another_header_or_two_proofs(self) -> None:
        (made,) = receipts(4, 7)
        signed, proof = made.signed, Sign1.parse(bytes(made)).unprotected
        (one,) = proof[396][-1]  # type: ignore[index]  # decoded as it comes
        for other in (
            signed._replace(payload=tree_head(naive.LEAVES[:7]).root, unprotected=proof),
            signed,
            signed._replace(unprotected={396: {-1: ()}}),
            signed._replace(unprotected={396: {-1: (one, one)}}),
            signed._replace(unprotected={396: {-1: (one,)}, 4: b"key"}),
            signed._replace(unprotected={396: {-2: (one,)}}),
            signed._replace(unprotected={396: {-1: (one + b"\0",)}}),
            signed._replace(unprotected={396: {-1: (encode((7, 4)),)}}),
            signed._replace(unprotected={396: {-1: (encode((7, 4, ["path"])),)}}),
        ):
            with pytest.raises(ProofError):
                CoseReceipt.parse(bytes(other))

    @pytest.mark.parametrize(
        "change", [{1: -7}, {395: 2}, {4: b"another"}, {2: [1]}, {15: {1: "a"}}]
    )
    def test_is_refused_under_another_header_although_it_is_signed(
        self, change: dict[int, object]
    ) -> None:
        (made,) = receipts(4, 7)
        header = decode(made.signed.protected)
        assert isinstance(header, dict)
        root = tree_head(naive.LEAVES[:7]).root
        other = Sign1.make(LOG, header | change, root, detached=True)
        with pytest.raises(ProofError):
            made._replace(signed=other).verify(b"entry 4", [LOG.public])

    @given(st.binary(max_size=300))
    def test_of_any_bytes_is_refused(self, data: bytes) -> None:
        with pytest.raises(ProofError):
            CoseReceipt.parse(data)


class TestAStatement:
    def test_comes_back_with_the_entry_and_verifies(self) -> None:
        made = statement()
        assert TransparentStatement.parse(bytes(made)) == made
        assert made.verify(b"entry 4", [LOG.public]) == LOG.public

    def test_of_an_entry_that_is_not_in_the_log_is_refused(self) -> None:
        with pytest.raises(ProofError):
            statement(b"entry made up").verify(b"entry made up", [LOG.public])

    def test_is_for_its_own_entry_only(self) -> None:
        with pytest.raises(ProofError, match="for another entry"):
            statement().verify(b"entry 5", [LOG.public])

    def test_is_refused_without_receipts_and_by_another_key(self) -> None:
        with pytest.raises(ProofError):
            TransparentStatement.parse(bytes(statement()._replace(receipts=())))
        with pytest.raises(ProofError, match="not signed by a trusted key"):
            statement().verify(b"entry 4", [STRANGER.public])

    @pytest.mark.parametrize("claims", [{1: LOG.name, 2: None}, {1: LOG.name}, {2: 7}, None])
    def test_that_does_not_say_what_it_is_about_is_refused_although_signed(
        self, claims: object
    ) -> None:
        made = statement()
        header = decode(made.signed.protected)
        assert isinstance(header, dict)
        silent = Sign1.make(LOG, header | {15: claims}, made.entry, detached=False)
        with pytest.raises(ProofError, match="does not say what it is about"):
            made._replace(signed=silent).verify(b"entry 4", [LOG.public])

    def test_has_an_empty_entry_where_that_is_signed_or_none_is_there(self) -> None:
        made = statement(b"")
        assert made.entry == b""
        assert made._replace(signed=made.signed._replace(payload=None)).entry == b""

    def test_is_not_believed_because_a_root_was_signed(self) -> None:
        # The signature of a root is none of a statement: the headers differ.
        (receipt,) = receipts(4, 7)
        made = statement()
        forged = made.signed._replace(signature=receipt.signed.signature)
        with pytest.raises(ProofError):
            made._replace(signed=forged).verify(b"entry 4", [LOG.public])

    def test_with_any_bit_flipped_proves_nothing_else(self) -> None:
        made = statement()
        for flipped in flips(bytes(made)):
            try:
                other = TransparentStatement.parse(flipped)
                other.verify(other.entry, [LOG.public])
            except ProofError:
                continue
            assert (other.signed, other.receipts[0].path) == (made.signed, made.receipts[0].path)

    def test_has_a_receipt_for_each_key_of_a_rotation(self) -> None:
        made = statement(b"entry 4", LOG, NEXT)
        assert len(made.receipts) == 2
        assert made.verify(b"entry 4", [LOG.public]) == LOG.public


class TestTheSigner:
    def test_signs_the_root_with_every_checkpoint_and_the_same_bytes_again(
        self, tmp_path: Path
    ) -> None:
        Signer.start(tmp_path / "state", LOG.name)
        signer = Signer([LOG], tmp_path / "state")
        note = signer.sign(tree_head(naive.LEAVES[:7]), naive.node)
        assert note == note_of(7, LOG)
        assert signer.sign(tree_head(naive.LEAVES[:7]), naive.node) == note

    def test_adds_what_other_verifiers_ignore_and_receipts_leave_out(self) -> None:
        signed = SignedCheckpoint.parse(bytes(note_of(7, LOG)))
        assert [key for key, _ in signed.verify([LOG.public])] == [LOG.public]
        cosigned = signed.note.joined([WITNESS.cosign(signed.note.text, 7)])
        brief = signed._replace(note=cosigned).brief().note
        assert [line.name for line in brief.signatures] == [LOG.name, WITNESS.name]

    def test_has_its_line_checked_by_whoever_trusts_the_log(self) -> None:
        note = note_of(7, LOG)
        other = note_of(6, LOG).signatures[1]
        for line in (other, *(note.signatures[1]._replace(value=bad) for bad in (b"\xd2", b"?"))):
            false = SignedCheckpoint.parse(
                bytes(note._replace(signatures=(note.signatures[0], line)))
            )
            with pytest.raises(ProofError, match="is invalid"):
                false.verify([LOG.public])

    def test_makes_none_of_a_line_that_others_have_added(self) -> None:
        note = note_of(7, LOG)
        (root,) = signed_roots(note)
        forged = note.signatures[1]._replace(name="elsewhere.example")
        assert signed_roots(note._replace(signatures=(note.signatures[0], forged))) == []
        assert bytes(root) == encode(Tagged(18, (root.protected, {}, None, root.signature)))
