"""The key of an author (办理人密钥): a file that its owner alone can read, and how it signs."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from application.sign import Chance
from ledger.author_key import ED25519
from ledger.envelope import AuthorSignature
from ledger.log.note import KEY_SIZE, SigningKey
from ledger.log.signer import create_key, read_keys
from ledger.values import AccountId, Invalid

Fields = dict[str, object]
"""A command as files write it."""


def generate(path: Path, account: AccountId, chance: Chance) -> str:
    """Make the key of an account in a file that nobody else can read.

    Returns:
        The SHA-256 of the public key, which its owner tells whoever countersigns it.

    Raises:
        Invalid: there is such a file already, or it cannot be written.
    """
    key = SigningKey(account, chance(KEY_SIZE))
    create_key(path, key)
    return fingerprint(key)


def read(path: Path) -> SigningKey:
    """The key in a file.

    Raises:
        Invalid: there is none, it is unreadable, or others can read it.
    """
    if not path.exists():
        raise Invalid(
            f"{path}：没有这个办理人密钥文件。请先生成密钥。",
            f"{path}: there is no such author key. Generate one first.",
        )
    keys = read_keys(path)
    if len(keys) > 1:
        raise Invalid(
            f"{path}：办理人密钥文件只能有一把密钥",
            f"{path}: the file of an author's key has one key only",
        )
    return keys[0]


def signed_by(key: SigningKey, text: str) -> AuthorSignature:
    """The signature of a statement's text by a key that its author alone holds (RFC 8032)."""
    value = b64encode(key.sign(text).value).decode()
    return AuthorSignature(key=sha256(key.public.public).hexdigest(), scheme=ED25519, value=value)


def signing(path: Path) -> Callable[[str], AuthorSignature]:
    """Signs with the key in a file, which is read when something is signed."""
    return lambda text: signed_by(read(path), text)


def fingerprint(key: SigningKey) -> str:
    """By what signatures and commands call a key: the SHA-256 of the public key, in hex."""
    return sha256(key.public.public).hexdigest()


def enrolment(path: Path) -> tuple[AccountId, Fields]:
    """The account that a key file names, and the command that enrols its key.

    Raises:
        Invalid: as `read` does.
    """
    key = read(path)
    public = b64encode(key.public.public).decode()
    asked: Fields = {"do": "enrol-key", "account": key.name, "scheme": ED25519, "public": public}
    return key.name, asked
