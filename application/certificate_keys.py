"""Keys with a certificate (证书密钥): in a UKey or an HSM, whose own program signs.

The program is a command line that its owner names. It gets the text to be signed on stdin and
answers on stdout with the signature: in DER, or that in base64.
"""

import subprocess
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from typing import Final

from intake.files import read_bytes
from ledger.log.operating_system import program_call
from ledger.log.tree import ProofError
from ledger.sm2_certificate import certificate_of
from ledger.values import Invalid

LINE: Final = b"-----BEGIN CERTIFICATE-----"
SEQUENCE: Final = 0x30
"""With which everything begins that is a certificate or a signature in DER."""


def certificate_in(path: Path) -> bytes | None:
    """The certificate in a file, in DER as it is enrolled; `None` where it is no such file.

    Raises:
        Invalid: it cannot be read, or is not one of SM2.
    """
    data = read_bytes(path)
    is_text = data.startswith(LINE)
    if not is_text and data[:1] != bytes([SEQUENCE]):
        return None
    with suppress(ValueError, IndexError, ProofError):
        public = b64decode(b"".join(data.split(b"-----")[2].split())) if is_text else data
        certificate_of(public)
        return public
    raise Invalid(
        f"{path}：不是 SM2 证书。请从 UKey 或证书机构取得签名证书（.cer、.pem）。",
        f"{path}: not a certificate of SM2. Get the one for signing (.cer or .pem) from the UKey or"
        " its issuer.",
    )


def sign(command: str | None, text: str) -> bytes:
    """The signature of a text by the command that has the key.

    Raises:
        Invalid: there is no such command, it fails, or does not answer with a signature.
    """
    if not command:
        raise Invalid(
            "用证书签名，须写明签名的命令",
            "to sign with a certificate, name the command that signs",
        )
    try:
        done = subprocess.run(  # noqa: S603 - the owner's own command, without a shell
            program_call(command), input=text.encode(), stdout=subprocess.PIPE, check=False
        )
    except (OSError, ValueError):  # no such program; quotes that do not close
        raise Invalid(
            "无法运行签名命令。请检查程序名和引号。",
            "The signing command cannot be run. Check the name of its program and its quotes.",
        ) from None
    if done.returncode:
        raise Invalid(
            f"签名命令失败（退出码 {done.returncode}）",
            f"the signing command failed (exit code {done.returncode})",
        )
    return value_in(done.stdout)


def value_in(answer: bytes) -> bytes:
    """The signature that a program has written, in DER.

    Raises:
        Invalid: it is none.
    """
    with suppress(ValueError):
        plain = answer[:1] == bytes([SEQUENCE])
        value = answer if plain else b64decode(b"".join(answer.split()), validate=True)
        if value[:1] == bytes([SEQUENCE]) and value[1:2] == bytes([len(value) - 2]):
            return value
    raise Invalid(
        "签名程序写出的不是签名：应为 DER，或其 base64",
        "what the signing program has written is no signature: it must be DER, or that in base64",
    )
