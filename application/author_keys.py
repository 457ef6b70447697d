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


def signing(path: str | Path) -> Callable[[str], AuthorSignature]:
    """Signs with the key in a file, which is read when something is signed."""
    return lambda text: signed_by(read(Path(path)), text)


def fingerprint(path: Path) -> str:
    """By what signatures and commands call the key in a file: the SHA-256 of the public key."""
    return sha256(read(path).public.public).hexdigest()


def enrolment(path: Path, account: AccountId, chance: Chance) -> Fields:
    """The command that enrols the key of an account; a file that is not there yet is made.

    Raises:
        Invalid: as `read` does; the key is of another account; or no file can be written there.
    """
    if not path.exists():
        create_key(path, SigningKey(account, chance(KEY_SIZE)))
    key = read(path)
    if key.name != account:
        raise Invalid(
            f"{path}：密钥属于账号 {key.name}，不属于 {account}",
            f"{path}: the key is of the account {key.name}, not of {account}",
        )
    public = b64encode(key.public.public).decode()
    return {"do": "enrol-key", "account": account, "scheme": ED25519, "public": public}
