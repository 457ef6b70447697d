"""Signed files (文件签名): a signed note about the bytes of a file, see `docs/formats/sm3.md`."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from application import ssh_keys
from application.place import LedgerPlace
from application.sign import keys, may_sign
from ledger.log.note import SigningKey, sign
from ledger.log.signer import read_keys
from ledger.log.sm3 import sm3
from ledger.values import Invalid

SIGNED: Final = "scoretrail-file/1"
"""The first line of what is signed for a file."""


def note_of(file: Path) -> Path:
    """Where the signature of a file is."""
    return file.with_name(f"{file.name}.note")


def signed_file(data: bytes, signers: list[SigningKey]) -> bytes:
    """A signed note about the bytes of a file."""
    return bytes(sign(signed_text(data), signers))


def signed_text(data: bytes) -> str:
    """What is signed for a file of these bytes."""
    return f"{SIGNED}\nsha256 {sha256(data).hexdigest()}\nsm3 {sm3(data).hex()}\n"


def signers(place: LedgerPlace, author_key: str | None) -> list[SigningKey]:
    """Who signs a file: the author, otherwise the log, otherwise nobody.

    Raises:
        Invalid: the key cannot be read.
    """
    if author_key:
        path = Path(author_key)
        if path.exists() and ssh_keys.public_in(path):
            raise Invalid(
                f"{path}：SSH 密钥不能签 note；请用本程序的密钥文件，或写出后用 ssh-keygen -Y sign"
                " 签名。",
                f"{path}: a key of SSH cannot sign a note. Use a key file of this program, or sign"
                " the file afterwards with ssh-keygen -Y sign.",
            )
        return read_keys(path)
    return keys(place) if may_sign(place) else []
