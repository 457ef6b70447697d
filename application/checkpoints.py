"""Checkpoints (检查点): published, and what others say of them, exchanged by file."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from application.clock import Clock
from application.place import LedgerPlace
from application.sign import keys, sign, state_file
from ledger.language import Text, counted
from ledger.log import witness
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, WitnessSigningKey
from ledger.log.ml_dsa import MlDsaSigningKey
from ledger.log.note import Note, VerifierKey
from ledger.log.policy import TrustPolicy
from ledger.log.publish import publish as write_out
from ledger.log.signer import Signer, read_keys, write_public
from ledger.log.stamp import NONCE_MAX, NONCE_MIN, Authority, TimeStamp, TimeStampRequest
from ledger.log.tree import ProofError
from ledger.log.witness import Cosigner
from ledger.store import Store
from ledger.values import Instant, Invalid


class VerifiedCheckpoint(NamedTuple):
    """A checkpoint with its signatories.

    Attributes:
        checkpoint: the log's name and head.
        signers: names of the keys whose signatures hold.
    """

    checkpoint: Checkpoint
    signers: list[str]

    @property
    def facts(self) -> dict[str, object]:
        """The same for programs."""
        origin, head, _ = self.checkpoint
        return {"origin": origin, "size": head.size, "signatures": self.signers}

    @property
    def words(self) -> Text:
        """The same in a sentence."""
        (origin, head, _), names = self
        size, by = counted(head.size, "entry", "entries"), ", ".join(names)
        zh = f"{origin} {head.size} 条，签名有效：{'、'.join(names)}"
        return Text(zh, f"{origin} {size}, valid signatures: {by}")


def verify_checkpoint(signed: SignedCheckpoint, policy: TrustPolicy) -> VerifiedCheckpoint:
    """Check the signatures of a checkpoint.

    Raises:
        ProofError: one of a trusted key is wrong, or fewer have cosigned than the quorum wants.
    """
    signatures = signed.verify(policy.log, policy.witnesses)
    policy.check(key for key, _ in signatures)
    return VerifiedCheckpoint(signed.checkpoint, [key.name for key, _ in signatures])


def publish(store: Store, clock: Clock, place: LedgerPlace, folder: Path) -> SignedCheckpoint:
    """Sign the log and bring a folder of static files up to it.

    Raises:
        ProofError: the log is not what was signed or published before, grown.
        Invalid: there is no key, or the folder cannot be written.
    """
    signed = sign(store, clock, place)
    write_out(folder, signed, store.tile, store.entries)
    return signed


def cosign(
    folder: Path, seen: Path, log: list[VerifierKey], keys: list[Cosigner], clock: Clock
) -> bytes:
    """As a witness: check a published log against the last that was seen, and cosign it.

    Raises:
        ProofError: the log did not only grow, or is not signed.
        Invalid: a file cannot be read or written.
    """
    return bytes(witness.cosign(folder, seen, log, keys, int(clock().timestamp())))


def witness_keys(path: Path) -> list[Cosigner]:
    """The keys of a witness, from its file: Ed25519, and ML-DSA-44 if there is one.

    Raises:
        Invalid: there is no key in it, there are two of a kind, or others may read it.
    """
    keys = [
        key if isinstance(key, MlDsaSigningKey) else WitnessSigningKey(key.name, key.seed)
        for key in read_keys(path)
    ]
    if len({key.kind for key in keys}) < len(keys):
        raise Invalid(f"{path} 含有两把同类的密钥", f"{path} contains two keys of a kind")
    return keys


def witness_key(path: Path) -> WitnessSigningKey:
    """The key of Ed25519 with which a witness answers by mail.

    Raises:
        Invalid: as above.
    """
    keys = witness_keys(path)
    return next(key for key in keys if isinstance(key, WitnessSigningKey))


def publish_witness_keys(file: Path) -> list[str]:
    """Write the public keys of a witness next to its key file, for people to copy; the keys.

    Raises:
        Invalid: it cannot be read or written, or holds no such key.
    """
    public = [str(key.public) for key in witness_keys(file)]
    write_public(file.with_name(f"{file.name}.pub"), public)
    return public


def keep_cosignatures(store: Store, signed: SignedCheckpoint, policy: TrustPolicy) -> list[str]:
    """Keep what witnesses have put below a checkpoint that this ledger has signed; their names.

    Raises:
        ProofError: it has not, or no trusted witness has cosigned it.
    """
    kept = _kept(store, signed)
    cosignatures = signed.note.verify(policy.witnesses)
    Note.parse(bytes(kept.joined(line for _, line in cosignatures)))  # no more than a note may hold
    store.keep_cosignatures(signed.checkpoint.head.size, [line for _, line in cosignatures])
    return [key.name for key, _ in cosignatures]


def request_stamp(signed: SignedCheckpoint, below: Callable[[int], int]) -> bytes:
    """The request for a time stamp over the very bytes of a checkpoint (RFC 3161).

    Args:
        signed: the checkpoint.
        below: gives a number from 0 up to its argument that nobody can guess.
    """
    nonce = NONCE_MIN + below(NONCE_MAX - NONCE_MIN + 1)
    return bytes(TimeStampRequest(sha256(bytes(signed.note)).digest(), nonce))


def keep_stamp(
    store: Store,
    signed: SignedCheckpoint,
    request: bytes,
    reply: bytes,
    authorities: list[Authority],
) -> Instant:
    """Check the reply of an authority and keep it; the time that it states.

    Raises:
        ProofError: it is not for this request, or not by a trusted authority; or this ledger has
            not signed the checkpoint.
    """
    stamp = TimeStamp(bytes(signed.note), reply)
    at = stamp.verify(authorities, TimeStampRequest.parse(request).nonce)
    _kept(store, signed)
    store.keep_stamp(stamp)
    return at


def resume(store: Store, place: LedgerPlace, published: SignedCheckpoint) -> Checkpoint:
    """Rebuild the state of the signer from the last checkpoint that was published.

    Raises:
        ProofError: the ledger contradicts it.
        Invalid: there is a state, or no key.
    """
    head = store.head()
    kept = [SignedCheckpoint.parse(stored.note).checkpoint for stored in store.checkpoints()]
    signer = Signer(keys(place), state_file(place))
    return signer.resume(published, kept, head, store.hashes(head.size))


def _kept(store: Store, signed: SignedCheckpoint) -> Note:
    """What this ledger keeps of a checkpoint.

    Raises:
        ProofError: it has not signed it.
    """
    for stored in store.checkpoints():
        if stored.size == signed.checkpoint.head.size:
            kept = Note.parse(stored.note)
            if kept.text == signed.note.text:
                return kept
    raise ProofError(
        f"本记录库未签发过这个检查点（{signed.checkpoint.origin}，"
        f"{signed.checkpoint.head.size} 条）",
        f"this ledger did not sign that checkpoint ({signed.checkpoint.origin},"
        f" {counted(signed.checkpoint.head.size, 'entry', 'entries')})",
    )
