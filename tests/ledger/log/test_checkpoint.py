import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
    WitnessKey,
    WitnessSigningKey,
    cosigned_at,
    decimal,
    sign_checkpoint,
)
from ledger.log.cose import sign_root
from ledger.log.note import Note, Signature, SigningKey, VerifierKey
from ledger.log.tree import EMPTY_ROOT, SIZE_MAX, ProofError, TreeHead, leaf_hash, tree_head
from tests.support.signed_log import (
    ENTRIES,
    LOG,
    LOG_LINE,
    LOG_VKEY,
    NOTE,
    STRANGER,
    TEXT,
    TIME,
    WITNESS,
    WITNESS_LINE,
    WITNESS_VKEY,
    flips,
)

HEAD = tree_head(map(leaf_hash, ENTRIES))
CHECKPOINT = Checkpoint("reviews.example/log1", HEAD)
ROOT = TEXT.split("\n")[2]
EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

LINES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1)


class TestTheText:
    def test_of_the_worked_example(self) -> None:
        assert str(CHECKPOINT) == TEXT
        assert Checkpoint.parse(TEXT) == CHECKPOINT

    def test_of_an_empty_log(self) -> None:
        empty = Checkpoint("log", TreeHead(0, EMPTY_ROOT))
        assert str(empty) == f"log\n0\n{EMPTY}\n"
        assert Checkpoint.parse(str(empty)) == empty

    @given(
        origin=LINES,
        size=st.integers(1, SIZE_MAX),
        root=st.binary(min_size=32, max_size=32),
        extensions=st.lists(LINES).map(tuple),
    )
    def test_comes_back(
        self, origin: str, size: int, root: bytes, extensions: tuple[str, ...]
    ) -> None:
        checkpoint = Checkpoint(origin, TreeHead(size, root), extensions)
        assert Checkpoint.parse(str(checkpoint)) == checkpoint
        assert SignedCheckpoint.parse(bytes(sign_checkpoint(checkpoint, [LOG])))[0] == checkpoint

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n",
            "log\n",
            f"log\n3\n{ROOT}",
            f"\n3\n{ROOT}\n",
            f"log\n\n{ROOT}\n",
            f"log\n3\n\n{ROOT}\n",
            f"log\n3\n{ROOT}\n\n",
            f"log\n3\n{ROOT}\n\nmore\n",
            f"log\n3\n{ROOT}\nmore",
            f"log\r\n3\r\n{ROOT}\r\n",
            f"3\n{ROOT}\n",
            "log\n3\n",
            f"log\n3\n{ROOT[:-1]}\n",
            f"log\n3\n{ROOT[:-2]}p=\n",
            f"log\n3\n {ROOT}\n",
            f"log\n3\n{ROOT[:-4]}\n",
            "log\n3\nAAAA\n",
            f"log\n0\n{ROOT}\n",
            f"log\n3{ROOT}\n",
        ],
    )
    def test_in_any_other_form_is_refused(self, text: str) -> None:
        with pytest.raises(ProofError):
            Checkpoint.parse(text)

    @pytest.mark.parametrize(
        "size",
        [
            *(
                "03",
                "00",
                "+3",
                "-3",
                " 3",
                "3 ",
                "3.0",
                "0x3",
                "1e3",
                "1_000",
                "٣",
                "３",
                "",
                "three",
            ),
            *(str(SIZE_MAX + 1), str(2**64), "1" * 20, "9" * 5000),
        ],
    )
    def test_has_the_size_in_one_spelling(self, size: str) -> None:
        with pytest.raises(ProofError):
            Checkpoint.parse(f"log\n{size}\n{ROOT}\n")

    def test_may_have_the_largest_size(self) -> None:
        assert decimal(str(SIZE_MAX)) == SIZE_MAX

    @pytest.mark.parametrize(
        "checkpoint",
        [
            Checkpoint("", HEAD),
            Checkpoint("a\nb", HEAD),
            Checkpoint("a\n9", TreeHead(3, HEAD.root), ("x",)),
            Checkpoint("log", TreeHead(-1, HEAD.root)),
            Checkpoint("log", TreeHead(SIZE_MAX + 1, HEAD.root)),
            Checkpoint("log", TreeHead(3, HEAD.root[:31])),
            Checkpoint("log", TreeHead(0, HEAD.root)),
            Checkpoint("log", HEAD, ("",)),
            Checkpoint("log", HEAD, ("a\nb",)),
            Checkpoint("log", HEAD, ("a\tb",)),
        ],
    )
    def test_is_signed_only_if_it_can_be_read_again(self, checkpoint: Checkpoint) -> None:
        with pytest.raises(ProofError):
            sign_checkpoint(checkpoint, [LOG])


class TestSignatures:
    def test_of_the_worked_example(self) -> None:
        note = sign_checkpoint(CHECKPOINT, [LOG])
        assert bytes(note).decode() == f"{TEXT}\n{LOG_LINE}"
        cosigned = note._replace(signatures=(*note.signatures, WITNESS.cosign(TEXT, TIME)))
        assert bytes(cosigned) == NOTE
        log, witness = VerifierKey.parse(LOG_VKEY), WitnessKey.parse(WITNESS_VKEY)
        found = SignedCheckpoint.parse(NOTE).verify([log], [witness])
        assert [key for key, _ in found] == [log, witness]
        assert cosigned_at(found[1][1].value) == TIME

    def test_are_handed_out_but_for_the_root_as_cose(self) -> None:
        cose = sign_root(LOG, HEAD.root)
        plain, cosigned = LOG.sign(TEXT), WITNESS.cosign(TEXT, TIME)
        post_quantum, shorter = (
            Signature(LOG.name, b"some", bytes(size)) for size in (8 + 2420, 8 + 2419)
        )
        every = (plain, cose, cosigned, shorter, post_quantum)

        found = SignedCheckpoint(CHECKPOINT, Note(TEXT, every)).handed_out()

        assert found == SignedCheckpoint(CHECKPOINT, Note(TEXT, (plain, cosigned, post_quantum)))

    def test_by_two_keys_of_the_log_verify_with_either(self) -> None:
        signed = SignedCheckpoint.parse(bytes(sign_checkpoint(CHECKPOINT, [LOG, STRANGER])))
        for keys in ([LOG.public], [STRANGER.public], [STRANGER.public, LOG.public]):
            assert len(signed.verify(keys)) == len(keys)

    def test_of_witnesses_alone_are_not_the_log_s(self) -> None:
        note = Note.parse(f"{TEXT}\n{WITNESS_LINE}".encode())
        with pytest.raises(ProofError, match="not signed by the log"):
            SignedCheckpoint(CHECKPOINT, note).verify([LOG.public], [WITNESS.public])

    def test_of_a_witness_that_bears_the_log_s_name_is_not_the_log_s_either(self) -> None:
        namesake = WitnessSigningKey(LOG.name, WITNESS.seed)
        note = Note.parse(f"{TEXT}\n{namesake.cosign(TEXT, TIME)}\n".encode())
        assert note.verify([namesake.public])
        with pytest.raises(ProofError, match="not signed by the log"):
            SignedCheckpoint(CHECKPOINT, note).verify([LOG.public], [namesake.public])

    def test_of_a_trusted_witness_must_hold(self) -> None:
        other = WITNESS.cosign(TEXT, TIME)._replace(name=WITNESS.name)
        early = Signature(*other[:2], (TIME - 1).to_bytes(8, "big") + other.value[8:])
        note = Note.parse(f"{TEXT}\n{LOG_LINE}{early}\n".encode())
        with pytest.raises(ProofError, match="is invalid"):
            SignedCheckpoint(CHECKPOINT, note).verify([LOG.public], [WITNESS.public])
        assert SignedCheckpoint(CHECKPOINT, note).verify([LOG.public])

    def test_with_any_bit_of_the_checkpoint_the_other_way_lose_a_signer_or_are_refused(
        self,
    ) -> None:
        for other in flips(NOTE):
            try:
                signed = SignedCheckpoint.parse(other)
                found = signed.verify([LOG.public], [WITNESS.public])
            except ProofError:
                continue
            assert signed.checkpoint == CHECKPOINT
            assert [key for key, _ in found] == [LOG.public], "a name that nobody knows any more"


class TestACosignature:
    def test_key_is_written_as_the_worked_example_says(self) -> None:
        assert str(WITNESS.public) == WITNESS_VKEY
        assert WitnessKey.parse(WITNESS_VKEY) == WITNESS.public
        assert WitnessSigningKey.parse(WITNESS.text()) == WITNESS

    def test_key_is_not_a_log_s_key_nor_the_reverse(self) -> None:
        for kind, vkey in ((VerifierKey, WITNESS_VKEY), (WitnessKey, LOG_VKEY)):
            with pytest.raises(ProofError, match="type"):
                kind.parse(vkey)
        for secret in (SigningKey, WitnessSigningKey):
            with pytest.raises(ProofError):
                secret.parse((WITNESS if secret is SigningKey else LOG).text())
        assert WitnessKey(LOG.name, LOG.public.public) != LOG.public
        assert WitnessKey(LOG.name, LOG.public.public).key_id != LOG.public.key_id

    def test_cannot_pass_for_a_signature_of_the_log(self) -> None:
        """The same secret under both types: what one signed is nothing under the other."""
        both = WitnessSigningKey(LOG.name, LOG.seed)
        cosigned, signed = both.cosign(TEXT, TIME), LOG.sign(TEXT)
        assert both.public.verifies(TEXT, cosigned.value)
        assert not both.public.verifies(TEXT, signed.value)
        assert not LOG.public.verifies(TEXT, cosigned.value)
        assert not LOG.public.verifies(TEXT, cosigned.value[8:])

    @pytest.mark.parametrize("time", [0, TIME, 2**63 - 1])
    def test_says_when(self, time: int) -> None:
        value = WITNESS.cosign(TEXT, time).value
        assert cosigned_at(value) == time
        assert WITNESS.public.verifies(TEXT, value)

    @pytest.mark.parametrize("time", [-1, 2**63])
    def test_has_63_bits_for_that(self, time: int) -> None:
        with pytest.raises(ProofError, match="not a valid time"):
            WITNESS.cosign(TEXT, time)

    def test_is_for_checkpoints_only(self) -> None:
        with pytest.raises(ProofError):
            WITNESS.cosign("hello\n", TIME)

    @pytest.mark.parametrize("cut", [0, 1, 7, 8, 9, 71])
    def test_of_the_wrong_length_is_false(self, cut: int) -> None:
        assert not WITNESS.public.verifies(TEXT, WITNESS.cosign(TEXT, TIME).value[:cut])

    def test_later_than_63_bits_can_say_is_false(self) -> None:
        late = 2**63
        message = f"cosignature/v1\ntime {late}\n{TEXT}"
        plain = SigningKey(WITNESS.name, WITNESS.seed).sign(message).value
        assert not WITNESS.public.verifies(TEXT, late.to_bytes(8, "big") + plain)
