"""SM2 signatures (GB/T 32918): made by a key file or a key command, verified by stock `openssl`.

The key command is for a UKey or an HSM: it gets what is to be signed on its standard input and
prints the signature, in DER. No library that this program uses signs with SM2, so `openssl` does.
"""

import subprocess
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from ledger.log.operating_system import program_call
from ledger.log.signer import read_private
from ledger.values import Invalid

ID: Final = "1234567812345678"
"""Who signs, as SM2 hashes it with the text: the value that is usual where nothing was agreed."""

_OID: Final = bytes.fromhex("06082a811ccf5501822d")
"""What a public key on the curve of SM2 holds: 1.2.156.10197.1.301, in DER."""

_LARGEST: Final = 80
"""Bytes in the longest signature: two numbers of 33 bytes, in DER."""

_HEAD, _TAIL = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
SAMPLE: Final = b"SM2\n"
"""What a true signature is of, by which it is known whether an `openssl` knows SM2 at all."""
SAMPLE_KEY: Final = (
    f"{_HEAD}\n"
    "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEuyTScYUIiOs85xYysA9XV5IFlyZd\n"
    "0SPcsaEbKaz1rCEa/JUh9BoHM+fwxCcNQwJ7XJO/xafXwIEQJYIxXLkIVw==\n"
    f"{_TAIL}\n"
).encode()
SAMPLE_SIGNATURE: Final = b64decode(
    "MEQCICQESyb2I2bphioogSEIQdRuLzXDtItfAIU6J+sfDvhvAiA0lqhaWsX4UAeW"
    "iviOO66W9rp6+04+fEGfE6jeR3m/VA=="
)


class Sm2Key(NamedTuple):
    """What signs: one of the two.

    Attributes:
        file: a private key in PEM that nobody else can read.
        command: a command that signs what it reads.
    """

    file: Path | None = None
    command: str | None = None

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes, in DER.

        Raises:
            Invalid: there is no such key or command, others can read the key, or it does not sign.
        """
        if self.command:
            made = _run(self.command, data)
        else:
            assert self.file  # noqa: S101 - one of the two, as the attributes say
            try:
                read_private(self.file)
            except OSError:
                raise Invalid(
                    f"{self.file}：没有这个 SM2 私钥文件，或无法读取。请检查路径。",
                    f"{self.file}: there is no such SM2 key file, or it cannot be read. Check the"
                    " path.",
                ) from None
            # A key under a password is for a key command, which can ask for it.
            call = ("openssl", "dgst", "-sm3", "-sign", str(self.file), "-passin", "pass:")
            made = _run((*call, "-sigopt", f"distid:{ID}"), data)
        if made is None or not made.startswith(b"\x30") or len(made) > _LARGEST:
            raise Invalid(
                "SM2 签名未完成：私钥或命令不能签名，或给出的不是 DER 签名。"
                "请检查私钥、命令和 openssl。",
                "There is no SM2 signature: the key or the command does not sign, or printed none"
                " in DER. Check the key, the command and openssl.",
            )
        return made


def verifies(public: bytes, data: bytes, signature: bytes) -> bool | None:
    """Whether a signature is one of the key; `None` where no `openssl` here knows SM2.

    Args:
        public: the public key, in PEM.
        data: what was allegedly signed.
        signature: in DER.

    Raises:
        Invalid: that is not a public key for SM2.
    """
    if not _is_public(public):
        raise Invalid(
            "不是 SM2 公钥（PEM）。请用 openssl pkey -pubout 或 openssl x509 -pubkey 得出公钥。",
            "This is no SM2 public key in PEM. Write one with openssl pkey -pubout or openssl x509"
            " -pubkey.",
        )
    if _verifies(public, data, signature):
        return True
    # It may be the signature, or a program that does not know SM2: a true one shows which.
    return False if _verifies(SAMPLE_KEY, SAMPLE, SAMPLE_SIGNATURE) else None


def _is_public(pem: bytes) -> bool:
    lines = pem.decode("ascii", "replace").split()
    text = " ".join(lines)
    if not text.startswith(_HEAD) or not text.endswith(_TAIL):
        return False
    try:
        return _OID in b64decode("".join(text[len(_HEAD) : -len(_TAIL)].split()), validate=True)
    except ValueError:
        return False


def _verifies(public: bytes, data: bytes, signature: bytes) -> bool:
    with TemporaryDirectory() as folder:
        key, signed = Path(folder) / "key.pem", Path(folder) / "signature"
        key.write_bytes(public)
        signed.write_bytes(signature)
        call = ("openssl", "dgst", "-sm3", "-verify", str(key), "-signature", str(signed))
        return _run((*call, "-sigopt", f"distid:{ID}"), data) is not None


def _run(call: str | Sequence[str], data: bytes) -> bytes | None:
    """What a program prints that reads some bytes; `None` where it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603 - openssl, or the administrator's own; without a shell
            program_call(call) if isinstance(call, str) else call,
            input=data,
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError):  # no such program; quotes that do not close
        return None
    return None if done.returncode else done.stdout
