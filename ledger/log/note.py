"""Signed notes: text with signatures below it (C2SP signed-note v1.0.0).

A note names keys by name and a short id. Signatures of keys that nobody trusts are ignored, so that
keys can be rotated and witnesses can join; the signature of a trusted key must hold.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import ClassVar, Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.log.tree import ProofError

NOTE_MAX: Final = 131_072
"""Bytes in a note: enough for 16 signatures of 5 kB, which is what post-quantum ones take."""

SIGNATURES_MAX: Final = 16
"""Signatures under a note: as many as every verifier must accept, and no more."""

KEY_SIZE: Final = 32
"""Bytes in an Ed25519 key, public or secret (RFC 8032)."""

SIGNATURE_SIZE: Final = 64
"""Bytes in an Ed25519 signature (RFC 8032)."""

_KEY_ID_SIZE: Final = 4
_MARK: Final = "\u2014 "  # an em dash and a space
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+(.+)")
_SECRET: Final = "PRIVATE+KEY+"  # noqa: S105 - the mark of a secret key, not one

_P: Final = 2**255 - 19
_Y8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})
"""The y of the eight points whose order divides 8: under those keys anybody can sign."""


class Signature(NamedTuple):
    """One line below a note.

    Attributes:
        name: of the key.
        key_id: 4 bytes; with the name it identifies the key and the kind of signature.
        value: the signature itself, of at least a byte.
    """

    name: str
    key_id: bytes
    value: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """The signature that a line without its newline holds.

        Raises:
            ProofError: it is not such a line.
        """
        mark, (name, _, code) = line[: len(_MARK)], line[len(_MARK) :].partition(" ")
        if mark != _MARK or not is_key_name(name):
            raise ProofError(f"不是签名行：{line[:80]!r}", f"not a signature line: {line[:80]!r}")
        data = decode_base64(code)
        if len(data) <= _KEY_ID_SIZE:
            raise ProofError(f"{name} 的签名太短", f"the signature of {name} is too short")
        return cls(name, data[:_KEY_ID_SIZE], data[_KEY_ID_SIZE:])

    def __str__(self) -> str:
        return f"{_MARK}{self.name} {encode_base64(self.key_id + self.value)}"


@dataclass(frozen=True)
class VerifierKey:
    """A public key that signs notes with Ed25519.

    Attributes:
        name: whose key, best a URL without its scheme; no space and no plus sign.
        public: 32 bytes (RFC 8032, section 5.1.2).
    """

    name: str
    public: bytes

    type: ClassVar[int] = 0x01

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise ProofError(f"密钥名不可用：{self.name!r}", f"not a key name: {self.name!r}")
        y = int.from_bytes(self.public, "little") & (2**255 - 1)
        if len(self.public) != KEY_SIZE or y >= _P or y in _SMALL_ORDER:
            raise ProofError(
                f"{self.name} 的公钥不能用：不是 32 字节的规范编码，或任何人都能伪造其签名",
                f"the public key of {self.name} is unusable: not 32 canonical bytes, or one for"
                " which anybody can forge signatures",
            )

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """The key that `str(key)` writes: `<name>+<id, hex>+<base64 of the type and the key>`.

        Raises:
            ProofError: it is not written like that, or of another type.
        """
        if _SECRET in vkey:
            raise ProofError(
                "这是私钥，不是公钥；私钥不要给出，请给公钥",
                "this is a private key, not a public one; keep it to yourself and give the public"
                " key",
            )
        match = _VKEY.fullmatch(vkey)
        if not match:
            raise ProofError(
                f"不是公钥（vkey）：“{vkey[:80]}”。公钥为一行：名称+编号+公钥的 Base64。",
                f"not a vkey: '{vkey[:80]}'. It is one line: name+id+key in Base64.",
            )
        key = cls(match[1], decode_base64(match[3])[1:])
        if str(key) != vkey:
            raise ProofError(
                f"公钥 {match[1]}+{match[2]} 的编号或类型不符；此处要 {cls.type:02x} 类",
                f"the vkey {match[1]}+{match[2]} has another id or type; type {cls.type:02x} is"
                " wanted here",
            )
        return key

    @cached_property
    def key_id(self) -> bytes:
        """4 bytes: `SHA-256(name || 0A || type || public)[:4]`."""
        return sha256(self.name.encode() + b"\n" + self._typed()).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(self._typed())}"

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether that is this key's signature of a note's text."""
        return self.holds(*self.signed(text, value))

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Whether Ed25519 has made this signature of exactly these bytes with this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:  # a wrong length is one as well
            return False
        return True

    def signed(self, text: str, value: bytes) -> tuple[bytes, bytes]:
        """What Ed25519 has signed under this type of key, and the 64 bytes that came of it."""
        return text.encode(), value

    def _typed(self) -> bytes:
        return bytes([self.type]) + self.public


@dataclass(frozen=True)
class SigningKey:
    """A secret key that signs notes with Ed25519.

    Attributes:
        name: as in its public key.
        seed: 32 bytes that nobody else may ever see (RFC 8032, section 5.1.5).
    """

    name: str
    seed: bytes = field(repr=False)

    kind: ClassVar[type[VerifierKey]] = VerifierKey

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that `text()` writes.

        Raises:
            ProofError: it is not written like that, or of another type. The text is not shown.
        """
        if match := _VKEY.fullmatch(text.removeprefix(_SECRET)):
            with suppress(ProofError, ValueError):  # what they say would show a part of the secret
                key = cls(match[1], decode_base64(match[3])[1:])
                if key.text() == text:
                    return key
        raise ProofError("不是签名用的私钥", "not a key to sign with")

    def text(self) -> str:
        """The secret in words: `PRIVATE+KEY+<name>+<id, hex>+<base64 of the type and the seed>`.

        It is how the tools of Go's `x/mod/sumdb/note` write it.
        """
        typed = bytes([self.kind.type]) + self.seed
        return f"{_SECRET}{self.name}+{self.public.key_id.hex()}+{encode_base64(typed)}"

    @cached_property
    def public(self) -> VerifierKey:
        """What others need to verify."""
        return self.kind(self.name, self._ed25519.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """The signature of a note's text, which ends in a newline."""
        return Signature(self.name, self.public.key_id, self.signature_of(text.encode()))

    def signature_of(self, message: bytes) -> bytes:
        """64 bytes: Ed25519 over exactly these bytes, which no other kind of message can be."""
        return self._ed25519.sign(message)

    @cached_property
    def _ed25519(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


class Note(NamedTuple):
    """A text with signatures, none of which is believed yet.

    Attributes:
        text: what is signed, with its final newline.
        signatures: 1 to 16 of them.
    """

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The note in these bytes: `bytes(note)` is the same again.

        Raises:
            ProofError: it is not a note, or above our limits.
        """
        # 1. Not too long, UTF-8, and no control characters but newlines.
        if len(data) > NOTE_MAX:
            raise _malformed(f"超过 {NOTE_MAX} 字节", f"larger than {NOTE_MAX} bytes")
        try:
            note = data.decode()
        except UnicodeDecodeError:
            raise _malformed("不是 UTF-8", "not UTF-8") from None
        if control := _CONTROL.search(note):
            raise _malformed(f"含控制字符 {control[0]!r}", f"control character {control[0]!r}")
        # 2. The last empty line parts the text from the signatures.
        text, blank, below = note.rpartition("\n\n")
        if not blank or not below.endswith("\n"):
            raise _malformed("没有签名，或末尾没有换行", "no signatures, or no newline at the end")
        # 3. One signature a line.
        lines = below[:-1].split("\n")
        if len(lines) > SIGNATURES_MAX:
            raise _malformed(
                f"多于 {SIGNATURES_MAX} 个签名", f"more than {SIGNATURES_MAX} signatures"
            )
        return cls(text + "\n", tuple(map(Signature.parse, lines)))

    def __bytes__(self) -> bytes:
        below = "".join(f"{signature}\n" for signature in self.signatures)
        return f"{self.text}\n{below}".encode()

    def joined(self, signatures: Iterable[Signature]) -> Self:
        """The same text with more signatures below it, none twice; perhaps more than may be."""
        every = dict.fromkeys((*self.signatures, *signatures))
        return self._replace(signatures=tuple(every))

    def verify(self, keys: Iterable[VerifierKey]) -> list[tuple[VerifierKey, Signature]]:
        """The signatures of keys that are trusted; others are ignored.

        Raises:
            ProofError: one of them is false, or there is none.
        """
        trusted: dict[tuple[str, bytes], VerifierKey] = {}
        for key in keys:
            if trusted.setdefault((key.name, key.key_id), key) != key:
                raise _malformed(
                    f"{key.name} 的两把公钥编号相同", f"two keys of {key.name} have the same id"
                )
        verified = []
        for signature in self.signatures:
            known = trusted.get((signature.name, signature.key_id))
            if known is None:
                continue
            if not known.verifies(self.text, signature.value):
                raise _malformed(
                    f"{signature.name} 的签名不正确",
                    f"the signature of {signature.name} is invalid",
                )
            verified.append((known, signature))
        if not verified:
            raise _malformed("没有可信密钥的签名", "no signature by a trusted key")
        return verified


def sign(text: str, keys: Sequence[SigningKey]) -> Note:
    """A text signed by every one of the keys.

    Raises:
        ProofError: a note cannot contain the text.
    """
    note = Note(text, tuple(key.sign(text) for key in keys))
    if Note.parse(bytes(note)) != note:
        raise _malformed("正文须以换行结尾", "the text must end in a newline")
    return note


def is_key_name(name: str) -> bool:
    """Whether a key may have that name: not empty, no Unicode space, no plus sign."""
    return bool(name) and "+" not in name and not any(map(str.isspace, name))


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64, which has one spelling only.

    Raises:
        ProofError: it is not base64, or another spelling.
    """
    try:
        data = b64decode(text)
    except ValueError:
        data = b""
    if encode_base64(data) != text:
        raise ProofError(
            f"不是规范的 base64：{text[:80]!r}", f"not canonical base64: {text[:80]!r}"
        )
    return data


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"签名文件（note）：{zh}", f"signed note: {en}")
