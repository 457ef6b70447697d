"""Signing what was prepared (签名): with a key at hand, or by a program of one's own.

All commands of a file get one signature. Their statement is a text of a few lines, which any
program can sign that has the key.
"""

from pathlib import Path
from typing import cast

from msgspec.structs import replace

from application import author_keys, author_signing, certificate_keys, ssh_keys
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


def sign(prepared: Prepared, path: Path | None, command: str | None = None) -> bytes:
    """The same commands, all signed by one signature; or what is to be signed, without a key.

    Args:
        prepared: the commands.
        path: of the key.
        command: signs where that is a certificate.

    Raises:
        Invalid: the key is another account's, or does not sign.
    """
    text = statement(prepared)
    if path is None:
        return text.encode()
    key = author_keys.read(path, command)
    for act in prepared.acts:
        if key.account not in {None, act.command.by}:
            raise Invalid(
                f"密钥属于账号 {key.account}，操作由账号 {act.command.by} 办理",
                f"the key is of the account {key.account}, the command of {act.command.by}",
            )
    return written(_carrying(prepared, key.sign(text)))


def read(data: bytes, signature: Path | None = None, certificate: Path | None = None) -> Prepared:
    """The commands in a file, signed in it or by a signature that another program has written.

    Args:
        data: of the file.
        signature: by `ssh-keygen -Y sign`, or by the program that has the key of a certificate.
        certificate: that one.

    Raises:
        Invalid: it is no such file, or no such signature.
    """
    prepared = author_signing.read(data)
    if signature is None:
        return prepared
    answer = read_bytes(signature)
    if certificate:
        value = certificate_keys.value_in(answer)
        key = author_keys.read(certificate)._replace(value_of=lambda _: value)
    else:
        value = ssh_keys.value_in(answer, signature)
        public = cast("SshSignature", SshSignature.parse(value)).public
        key = AuthorsKey(SSHSIG, public, lambda _: value)
    return _carrying(prepared, key.sign(statement(prepared)))


def _carrying(prepared: Prepared, signed: AuthorSignature) -> Prepared:
    _, places = together([act.text for act in prepared.acts])
    for act, among in zip(prepared.acts, places, strict=True):
        act.signed = replace(signed, among=among)
    return prepared
