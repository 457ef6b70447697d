"""COSE, which strangers' libraries read: signed tree heads, receipts and transparent statements.

A receipt (RFC 9942) proves like a `.tlog-proof` that an entry is in the log; a transparent
statement (RFC 9943) is the entry, signed, with its receipts. All are COSE_Sign1 messages (RFC 9052)
by the log's Ed25519 key. What is signed for a receipt is the root alone: so the signer signs it
with each checkpoint, and anybody who holds that can put the proof of any entry to it.

The first of the signed bytes is 84, which no text begins with: nothing that is signed for a note
can pass for one of these messages.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import ClassVar, Final, NamedTuple, Self

from ledger.log.cbor import Tagged, decode, encode
from ledger.log.note import (
    SIGNATURE_SIZE,
    Note,
    Signature,
    SigningKey,
    VerifierKey,
    decode_base64,
)
from ledger.log.tree import ProofError, inclusion_root, leaf_hash

MESSAGE_MAX: Final = 131_072
"""Bytes in a message: an entry of 65,535 and its receipts."""

_SIGN1: Final = 18  # RFC 9052, section 2
_ALGORITHM, _CONTENT_TYPE, _KEY_ID, _CLAIMS = 1, 3, 4, 15  # RFC 9052, 3.1; RFC 9597, 2
_RECEIPTS, _STRUCTURE, _PROOFS = 394, 395, 396  # RFC 9942, section 8
_ED_DSA: Final = -8  # RFC 9053, section 2.2
_RFC9162_SHA256, _INCLUSION = 1, -1  # RFC 9942, section 5
_ISSUER, _SUBJECT = 1, 2  # RFC 8392, section 3.1
_JSON: Final = "application/json"

FIRST_BYTE: Final = encode(Tagged(_SIGN1, None))[:1]
"""What every COSE_Sign1 message begins with."""


class CoseKey(VerifierKey):
    """The log's key where it signs roots as COSE: as a line below checkpoints, it has an id so."""

    type: ClassVar[int] = 0xFF

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether that is the root of a checkpoint's text, signed as COSE by this key."""
        try:
            signed, root = Sign1.parse(value), decode_base64(text.split("\n")[2])
        except (IndexError, ProofError):
            return False
        bare = signed.payload is None and not signed.unprotected
        return bare and signed.holds(self, _receipt_header(self), root)

    def _typed(self) -> bytes:
        # C2SP signed-note: types without a byte of their own are ff and a name that is unique.
        return bytes([self.type]) + b"RFC 9942 COSE_Sign1 of the root" + self.public


class Sign1(NamedTuple):
    """A COSE_Sign1 message, which is not believed yet (RFC 9052, section 4.2).

    Attributes:
        protected: the header that is signed, encoded.
        unprotected: the header that is not.
        payload: what is signed; `None` where the verifier has to know it.
        signature: 64 bytes.
    """

    protected: bytes
    unprotected: Mapping[object, object]
    payload: bytes | None
    signature: bytes

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The message in these bytes: `bytes(message)` is the same again.

        Raises:
            ProofError: it is not one, or not in its deterministic encoding.
        """
        if len(data) <= MESSAGE_MAX:
            match decode(data):
                case Tagged(
                    18,  # `_SIGN1`
                    (bytes(protected), dict(unprotected), bytes() | None as payload, bytes(value)),
                ):
                    return cls(protected, unprotected, payload, value)
        raise _malformed("不是 COSE_Sign1", "not a COSE_Sign1 message")

    def __bytes__(self) -> bytes:
        return encode(Tagged(_SIGN1, tuple(self)))

    @classmethod
    def make(
        cls, key: SigningKey, header: Mapping[int, object], payload: bytes, *, detached: bool
    ) -> Self:
        """A payload signed under a header; `detached` leaves it out of the message."""
        protected = encode(header)
        signature = key.signature_of(_to_be_signed(protected, payload))
        return cls(protected, {}, None if detached else payload, signature)

    def holds(self, key: VerifierKey, header: Mapping[int, object], payload: bytes) -> bool:
        """Whether that key has signed that payload under exactly that header."""
        return self.protected == encode(header) and key.holds(
            _to_be_signed(self.protected, payload), self.signature
        )


def sign_root(key: SigningKey, root: bytes) -> Signature:
    """The root of a checkpoint, signed as COSE: a line below it, which other verifiers ignore.

    The caller has made sure that the log only grew.
    """
    signed = Sign1.make(key, _receipt_header(key.public), root, detached=True)
    return Signature(key.name, CoseKey(key.name, key.public.public).key_id, bytes(signed))


def signed_roots(note: Note) -> list[Sign1]:
    """The roots below a checkpoint that are signed as COSE, the older key's first.

    One in 256 signatures of Ed25519 begins with that byte as well, and is shorter.
    """
    origin = note.text.partition("\n")[0]
    return [
        Sign1.parse(line.value)
        for line in note.signatures
        if line.name == origin and line.value[:1] == FIRST_BYTE and len(line.value) > SIGNATURE_SIZE
    ]


class CoseReceipt(NamedTuple):
    """That an entry is in a log (RFC 9942, section 5.2.1), which is not believed yet.

    Position and size are not signed: they lead the proof to the root, and others could as well.

    Attributes:
        signed: the root, left out, with no other header than the one that is signed.
        position: stated for the entry, from 0.
        size: stated for the log.
        path: hashes of 32 bytes, the sibling of the leaf first.
    """

    signed: Sign1
    position: int
    size: int
    path: tuple[bytes, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The receipt in these bytes: `bytes(receipt)` is the same again.

        Raises:
            ProofError: it is not a receipt with one proof of inclusion.
        """
        signed = Sign1.parse(data)
        match signed.unprotected:
            case {396: {-1: (bytes(proof),)}} if signed.payload is None:
                match decode(proof):
                    case (int(size), int(position), (*hashes,)):
                        path = tuple(one for one in hashes if isinstance(one, bytes))
                        made = cls(signed._replace(unprotected={}), position, size, path)
                        if bytes(made) == data:
                            return made
        raise _malformed("不是一个包含证明的存证证明", "not a receipt with one proof of inclusion")

    def __bytes__(self) -> bytes:
        proof = encode((self.size, self.position, self.path))
        return bytes(self.signed._replace(unprotected={_PROOFS: {_INCLUSION: (proof,)}}))

    def verify(self, entry: bytes, log: Iterable[VerifierKey]) -> VerifierKey:
        """Check that these bytes are in the log; the key that has signed its root.

        Args:
            entry: the bytes of the entry.
            log: keys that are trusted.

        Raises:
            ProofError: it is not shown.
        """
        root = inclusion_root(leaf_hash(entry), self.position, self.path, self.size)
        for key in log:
            if self.signed.holds(key, _receipt_header(key), root):
                return key
        raise ProofError(
            "存证证明（COSE）：算出的根没有可信密钥的签名：不是这一条的，或不是这个日志的",
            "receipt (COSE): no trusted key has signed the root that it leads to: it is for another"
            " entry, or of another log",
        )


class TransparentStatement(NamedTuple):
    """An entry, signed by the log's key, with its receipts (RFC 9943), not believed yet.

    Attributes:
        signed: the entry under a header that states whose it is and what it is about.
        receipts: of the entry; two while one key takes over from the other.
    """

    signed: Sign1
    receipts: tuple[CoseReceipt, ...]

    @classmethod
    def make(
        cls, key: SigningKey, entry: bytes, subject: str, receipts: Iterable[CoseReceipt]
    ) -> Self:
        """The statement of an entry that is in the log, about its stream."""
        header = _statement_header(key.public, subject)
        return cls(Sign1.make(key, header, entry, detached=False), tuple(receipts))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The statement in these bytes: `bytes(statement)` is the same again.

        Raises:
            ProofError: it is none, or has no receipts.
        """
        signed = Sign1.parse(data)
        match signed.unprotected:
            case {394: (_, *_) as receipts} if signed.payload is not None:
                parts = [part for part in receipts if isinstance(part, bytes)]
                read = tuple(map(CoseReceipt.parse, parts))
                made = cls(signed._replace(unprotected={}), read)
                if bytes(made) == data:
                    return made
        raise _malformed("不是附有存证证明的声明", "not a statement with receipts")

    def __bytes__(self) -> bytes:
        receipts = tuple(map(bytes, self.receipts))
        return bytes(self.signed._replace(unprotected={_RECEIPTS: receipts}))

    @property
    def entry(self) -> bytes:
        """The bytes of the entry."""
        return self.signed.payload or b""

    def verify(self, entry: bytes, log: Sequence[VerifierKey]) -> VerifierKey:
        """Check that a trusted key has signed the entry, and one of the receipts holds; that key.

        Args:
            entry: the bytes of the entry, which are here as well.
            log: keys that are trusted.

        Raises:
            ProofError: it is not shown.
        """
        if entry != self.entry:
            raise ProofError(
                "声明（COSE）：是另一条的", "statement (COSE): it is for another entry"
            )
        subject = self._subject()
        for key in log:
            if self.signed.holds(key, _statement_header(key, subject), self.entry):
                break
        else:
            raise ProofError(
                "声明（COSE）：没有可信密钥的签名", "statement (COSE): not signed by a trusted key"
            )
        refusals = []
        for receipt in self.receipts:
            try:
                return receipt.verify(self.entry, log)
            except ProofError as error:
                refusals.append(error)
        raise refusals[0]

    def _subject(self) -> str:
        match decode(self.signed.protected):
            case {15: {2: str(subject)}}:  # `_CLAIMS`, `_SUBJECT`
                return subject
        raise _malformed("没有写明事项", "it does not say what it is about")


def _receipt_header(key: VerifierKey) -> dict[int, object]:
    """What is signed with a root (RFC 9942, section 5.2.1; RFC 9943, section 6, asks for 4, 15)."""
    return _header(key, key.name) | {_STRUCTURE: _RFC9162_SHA256}


def _statement_header(key: VerifierKey, subject: str) -> dict[int, object]:
    """What is signed with an entry (RFC 9943, section 6)."""
    return _header(key, subject) | {_CONTENT_TYPE: _JSON}


def _header(key: VerifierKey, subject: str) -> dict[int, object]:
    return {
        _ALGORITHM: _ED_DSA,
        _KEY_ID: thumbprint(key),
        _CLAIMS: {_ISSUER: key.name, _SUBJECT: subject},
    }


def thumbprint(key: VerifierKey) -> bytes:
    """32 bytes that name a key: SHA-256 of it as a COSE_Key (RFC 9679)."""
    return sha256(encode({1: 1, -1: 6, -2: key.public})).digest()  # OKP, Ed25519, x


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """`Sig_structure` (RFC 9052, section 4.4), without external data."""
    return encode(("Signature1", protected, b"", payload))


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"COSE 文件：{zh}", f"COSE: {en}")
