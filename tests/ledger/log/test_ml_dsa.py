"""ML-DSA-44 below checkpoints; `dilithium-py`, which shares no code with ours, agrees both ways."""

from pathlib import Path

import pytest
from dilithium_py.ml_dsa import ML_DSA_44

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.ml_dsa import MlDsaKey, MlDsaSigningKey
from ledger.log.note import Signature
from ledger.log.policy import TrustPolicy
from ledger.log.signer import Signer, add_key, create_key, parse_keys, read_keys, retire_key
from ledger.log.tree import ProofError, TreeHead, tree_head
from ledger.values import Invalid
from tests.support import naive_log as naive
from tests.support.signed_log import LOG, LOG_VKEY, TEXT, TIME, WITNESS, WITNESS_VKEY

OURS = MlDsaSigningKey(LOG.name, bytes(range(32)))
SEER = MlDsaSigningKey(WITNESS.name, bytes(range(32, 64)))
NEXT = MlDsaSigningKey(LOG.name, bytes(range(64, 96)))


def message(name: str, time: int) -> bytes:
    """What is signed of the worked example, put together by hand (C2SP tlog-cosignature)."""
    return (
        b"subtree/v1\n\0"
        + bytes([len(name)])
        + name.encode()
        + time.to_bytes(8, "big")
        + b"\x14reviews.example/log1"
        + bytes(8)
        + (3).to_bytes(8, "big")
        + bytes.fromhex("385da30f3917282c8939dff851957e519ab1846b1351a14c0adb3b11632742aa")
    )


class TestAnotherLibrary:
    def test_makes_the_same_public_key_of_a_seed(self) -> None:
        public, _ = ML_DSA_44.key_derive(OURS.seed)
        assert public == OURS.public.public

    def test_verifies_what_the_log_and_a_witness_have_signed(self) -> None:
        for key, made, time in (
            (OURS, OURS.sign(TEXT), 0),
            (SEER, SEER.cosign(TEXT, TIME), TIME),
        ):
            assert made.value[:8] == time.to_bytes(8, "big")
            assert len(made.value) == 8 + 2420
            asked = (key.public.public, message(key.name, time), made.value[8:])
            assert ML_DSA_44.verify(*asked)
            assert not ML_DSA_44.verify(asked[0], asked[1] + b"\0", asked[2])

    def test_signs_what_we_verify(self) -> None:
        public, secret = ML_DSA_44.key_derive(SEER.seed)
        value = TIME.to_bytes(8, "big") + ML_DSA_44.sign(secret, message(SEER.name, TIME))
        key = MlDsaKey(SEER.name, public)
        assert key.verifies(TEXT, value)
        assert not key.verifies(TEXT.replace("3\n", "4\n", 1), value)
        assert not key.verifies(TEXT, (TIME + 1).to_bytes(8, "big") + value[8:])
        assert not MlDsaKey("another.example", public).verifies(TEXT, value)


class TestAKey:
    def test_is_written_and_read_as_other_keys_are(self) -> None:
        assert MlDsaKey.parse(str(OURS.public)) == OURS.public
        assert MlDsaSigningKey.parse(OURS.text()) == OURS
        assert repr(OURS.seed) not in repr(OURS)

    @pytest.mark.parametrize("public", [b"", bytes(32), bytes(1311), bytes(1313)])
    def test_of_another_size_is_refused(self, public: bytes) -> None:
        with pytest.raises(ProofError):
            MlDsaKey(LOG.name, public)

    def test_with_too_long_a_name_is_refused(self) -> None:
        with pytest.raises(ProofError):
            MlDsaKey("n" * 256, OURS.public.public)
        with pytest.raises(ProofError, match="more than 255 bytes"):
            OURS.sign(str(Checkpoint("n" * 256, TreeHead(3, bytes(32)))))

    def test_with_the_longest_name_signs_and_verifies(self) -> None:
        longest = MlDsaSigningKey("n" * 255, OURS.seed)
        text = str(Checkpoint(longest.name, TreeHead(3, bytes(32))))
        assert longest.public.verifies(text, longest.sign(text).value)

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n"])
    def test_with_a_name_that_none_has_is_refused(self, name: str) -> None:
        with pytest.raises(ProofError, match="not a key name"):
            MlDsaKey(name, OURS.public.public)

    def test_states_a_time_up_to_the_last(self) -> None:
        assert SEER.public.verifies(TEXT, SEER.cosign(TEXT, 2**63 - 1).value)

    @pytest.mark.parametrize("value", [b"", bytes(8), bytes(64), bytes(72), bytes(2428)])
    def test_verifies_no_bytes_of_another_kind(self, value: bytes) -> None:
        assert not OURS.public.verifies(TEXT, value)
        assert not OURS.public.verifies("no checkpoint\n", value)

    def test_states_no_time_beyond_the_last(self) -> None:
        with pytest.raises(ProofError, match="not a valid time"):
            SEER.cosign(TEXT, 2**63)
        _, secret = ML_DSA_44.key_derive(SEER.seed)
        late = (2**63).to_bytes(8, "big") + ML_DSA_44.sign(secret, message(SEER.name, 2**63))
        assert not SEER.public.verifies(TEXT, late)


class TestACheckpoint:
    def signed(self, *more: Signature) -> SignedCheckpoint:
        note = sign_checkpoint(Checkpoint.parse(TEXT), [LOG, OURS])
        return SignedCheckpoint.parse(bytes(note.joined(more)))

    def test_holds_by_either_key_and_by_both(self) -> None:
        for keys in ([LOG.public], [OURS.public], [LOG.public, OURS.public]):
            assert [key for key, _ in self.signed().verify(keys)] == keys

    def test_is_refused_where_one_of_two_trusted_signatures_is_false(self) -> None:
        sound = self.signed()
        value = bytearray(sound.note.signatures[1].value)
        value[100] ^= 1
        lines = (sound.note.signatures[0], sound.note.signatures[1]._replace(value=bytes(value)))
        false = sound._replace(note=sound.note._replace(signatures=lines))
        assert false.verify([LOG.public])
        with pytest.raises(ProofError, match="is invalid"):
            false.verify([LOG.public, OURS.public])

    def test_is_brief_without_it(self) -> None:
        brief = self.signed(WITNESS.cosign(TEXT, TIME), SEER.cosign(TEXT, TIME)).brief()
        assert [(line.name, len(line.value)) for line in brief.note.signatures] == [
            (LOG.name, 64),
            (WITNESS.name, 72),
        ]

    def test_meets_a_quorum_of_ml_dsa(self) -> None:
        lines = f"log {OURS.public}\nwitness w {SEER.public}\nquorum w\n"
        policy = TrustPolicy.parse(lines.encode())
        found = self.signed(SEER.cosign(TEXT, TIME)).verify(policy.log, policy.witnesses)
        policy.check(key for key, _ in found)
        with pytest.raises(ProofError):
            policy.check([OURS.public])


class TestTheKeysOfALog:
    def test_sign_all_and_are_read_in_order(self, tmp_path: Path) -> None:
        create_key(tmp_path / "key", LOG)
        add_key(tmp_path / "key", OURS)
        keys = read_keys(tmp_path / "key")
        assert keys == [LOG, OURS]
        assert parse_keys(f"{OURS.text()}\n{LOG.text()}\n".encode()) == keys
        Signer.start(tmp_path / "state", LOG.name)
        note = Signer(keys, tmp_path / "state").sign(tree_head(naive.LEAVES[:3]), naive.node)
        assert [len(line.value) for line in note.signatures[:2]] == [64, 2428]
        assert SignedCheckpoint.parse(bytes(note)).verify([OURS.public])

    def test_rotate_together_and_the_newest_of_each_kind_is_left(self, tmp_path: Path) -> None:
        file, new = tmp_path / "key", type(LOG)(LOG.name, bytes(range(96, 128)))
        create_key(file, LOG)
        add_key(file, OURS)
        with pytest.raises(Invalid):
            retire_key(file)
        add_key(file, new, NEXT)
        assert read_keys(file) == [LOG, new, OURS, NEXT]
        with pytest.raises(Invalid):
            add_key(file, MlDsaSigningKey(LOG.name, bytes(32)))
        retire_key(file)
        assert read_keys(file) == [new, NEXT]

    def test_are_never_of_ml_dsa_alone(self) -> None:
        with pytest.raises(Invalid):
            parse_keys(f"{OURS.text()}\n".encode())


class TestWitnessesOfOneOrganisation:
    """They count once: a group that wants more than one has one member of each at most."""

    def policy(self, *names: str, group: str) -> TrustPolicy:
        keys = [type(WITNESS)(name, bytes([n]) * 32) for n, name in enumerate(names)]
        lines = [f"log {LOG_VKEY}", *(f"witness w{n} {k.public}" for n, k in enumerate(keys))]
        return TrustPolicy.parse("\n".join([*lines, group, "quorum q", ""]).encode())

    def test_are_refused_next_to_each_other(self) -> None:
        for second in ("a.example/2", "A.example", "a.example/x/y"):
            with pytest.raises(ProofError, match=r"line 4: a\.example has more than one witness"):
                self.policy("a.example/1", second, group="group q 2 w0 w1")

    def test_are_refused_in_two_groups_of_one_too(self) -> None:
        nested = "group a any w0\ngroup b any w1\ngroup q all a b"
        with pytest.raises(ProofError, match="counts once"):
            self.policy("a.example/1", "a.example/2", group=nested)

    def test_are_named_by_the_first_of_two_organisations(self) -> None:
        nested = "group a any w0 w1\ngroup b any w2 w3\ngroup q all a b"
        names = ("b.example/1", "a.example/1", "b.example/2", "a.example/2")
        with pytest.raises(ProofError, match=r"a\.example has more than one witness"):
            self.policy(*names, group=nested)

    def test_count_once_in_a_group_of_their_own(self) -> None:
        group = "group a any w0 w1\ngroup q 2 a w2"
        policy = self.policy("a.example/1", "a.example/2", "b.example/1", group=group)
        first, second, other = policy.witnesses
        assert not policy.met_by([first, second])
        assert policy.met_by([first, other])
        assert policy.met_by([second, other])

    def test_are_several_where_one_is_enough(self) -> None:
        assert self.policy("a.example/1", "a.example/2", group="group q any w0 w1").quorum


def test_a_public_key_of_another_kind_is_told_from_the_usual_one() -> None:
    for line in (f"log {WITNESS_VKEY}", f"log {LOG_VKEY}\nwitness w {LOG_VKEY}"):
        with pytest.raises(ProofError, match="another id or type"):
            TrustPolicy.parse(f"{line}\nquorum none\n".encode())
