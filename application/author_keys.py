"""The key of an author (办理人密钥): what signs for them, and how it is enrolled.

It is a file of ours that its owner alone can read, or a key that its owner has already: of SSH
(`application/ssh_keys.py`), or with a certificate (`application/certificate_keys.py`).
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from application import certificate_keys, ssh_keys
from application.log_keys import Chance
from ledger.author_key import ED25519, SM2_X509, SSHSIG
from ledger.envelope import AuthorSignature
from ledger.log.note import KEY_SIZE, SigningKey
from ledger.log.signer import create_key, read_keys
from ledger.values import AccountId, Invalid, Sha256

Fields = dict[str, object]
"""A command as files write it."""


class AuthorsKey(NamedTuple):
    """A key that signs.

    Attributes:
        scheme: how.
        public: what is enrolled.
        value_of: signs a text.
        account: whose it is, where the key says so.
    """

    scheme: str
    public: bytes
    value_of: Callable[[str], bytes]
    account: AccountId | None = None

    @property
    def id(self) -> Sha256:
        """By what signatures and commands call it: the SHA-256 of the public key."""
        return sha256(self.public).hexdigest()

    def sign(self, text: str) -> AuthorSignature:
        """The signature of a statement's text.

        Raises:
            Invalid: the program or the device that has the key does not sign it.
        """
        value = b64encode(self.value_of(text)).decode()
        return AuthorSignature(key=self.id, scheme=self.scheme, value=value)


@dataclass(frozen=True)
class KeyInFile:
    """Signs with the key in a file, which is read when something is signed (`Sign`)."""

    path: str
    command: str | None = None

    def __call__(self, text: str) -> AuthorSignature:
        """Sign a text.

        Raises:
            Invalid: as `read` and `AuthorsKey.sign` do.
        """
        return read(Path(self.path), self.command).sign(text)


def read(path: Path, command: str | None = None) -> AuthorsKey:
    """The key in a file, or the one that a public key of SSH or a certificate names.

    Args:
        path: of the file.
        command: signs where the file is a certificate.

    Raises:
        Invalid: there is none, it is unreadable, or others can read it.
    """
    if not path.exists():
        raise Invalid(
            f"{path}：没有这个办理人密钥文件。请先生成密钥。",
            f"{path}: there is no such author key. Generate one first.",
        )
    if public := ssh_keys.public_in(path):
        return AuthorsKey(SSHSIG, public, lambda text: ssh_keys.sign(path, text))
    if public := certificate_keys.certificate_in(path):
        return AuthorsKey(SM2_X509, public, lambda text: certificate_keys.sign(command, text))
    keys = read_keys(path)
    if len(keys) > 1:
        raise Invalid(
            f"{path}：办理人密钥文件只能有一把密钥",
            f"{path}: the file of an author's key has one key only",
        )
    key = keys[0]
    return AuthorsKey(ED25519, key.public.public, lambda text: key.sign(text).value, key.name)


def enrolment(path: Path, account: AccountId, chance: Chance) -> Fields:
    """The command that enrols the key of an account; a file that is not there yet is made.

    Raises:
        Invalid: as `read` does; the key is of another account; or no file can be written there.
    """
    if not path.exists():
        create_key(path, SigningKey(account, chance(KEY_SIZE)))
    key = read(path)
    if key.account not in {None, account}:
        raise Invalid(
            f"{path}：密钥属于账号 {key.account}，不属于 {account}",
            f"{path}: the key is of the account {key.account}, not of {account}",
        )
    public = b64encode(key.public).decode()
    return {"do": "enrol-key", "account": account, "scheme": key.scheme, "public": public}
