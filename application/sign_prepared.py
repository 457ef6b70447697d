"""Signing what was prepared (签名): with a key at hand, or by a program of one's own.

All commands of a file get one signature. Their statement is a text of a few lines, which any
program can sign that has the key.
"""

from pathlib import Path
from typing import cast

from msgspec.structs import replace

from application import ssh_keys
from application.author_keys import AuthorsKey
from application.author_signing import Prepared, written
from intake.files import read_bytes
from ledger.author_key import SSHSIG
from ledger.author_signature import together
from ledger.envelope import AuthorSignature
from ledger.ssh_signature import SshSignature
from ledger.values import Invalid


def statement(prepared: Prepared) -> str:
    """What one author signs for all of the commands, once.

    Raises:
        Invalid: they are several accounts', and nobody can sign for another.
    """
    if len({act.command.by for act in prepared.acts}) != 1:
        raise Invalid(
            "文件中的操作须由同一账号办理。请按账号分别准备。",
            "The commands of the file must be of one account. Prepare a file for each account.",
        )
    text, _ = together([act.text for act in prepared.acts])
    return text


def sign(prepared: Prepared, key: AuthorsKey) -> bytes:
    """The same commands, all signed by one signature.

    Raises:
        Invalid: the key is another account's, or does not sign.
    """
    for act in prepared.acts:
        if key.account not in {None, act.command.by}:
            raise Invalid(
                f"密钥属于账号 {key.account}，操作由账号 {act.command.by} 办理",
                f"the key is of the account {key.account}, the command of {act.command.by}",
            )
    return written(_carrying(prepared, key.sign(statement(prepared))))


def signed_elsewhere(prepared: Prepared, signature: Path) -> Prepared:
    """The same commands with the signature of their statement that `ssh-keygen` has written.

    Raises:
        Invalid: it is none.
    """
    value = ssh_keys.value_in(read_bytes(signature), signature)
    public = cast("SshSignature", SshSignature.parse(value)).public
    key = AuthorsKey(SSHSIG, public, lambda _: value)
    return _carrying(prepared, key.sign(statement(prepared)))


def _carrying(prepared: Prepared, signed: AuthorSignature) -> Prepared:
    _, places = together([act.text for act in prepared.acts])
    for act, among in zip(prepared.acts, places, strict=True):
        act.signed = replace(signed, among=among)
    return prepared
