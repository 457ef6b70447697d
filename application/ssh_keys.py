"""Keys of SSH (SSH 密钥): of people who have one already, in a file, an agent or a security key.

The program `ssh-keygen` of OpenSSH signs. It asks for the password or the touch itself; the file of
a public key is signed for by the agent that holds the other half.
"""

import subprocess
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from typing import Final

from intake.files import read_bytes
from ledger.log.tree import ProofError
from ledger.ssh_signature import NAMESPACE, SshSignature, key_of, strings
from ledger.values import Invalid

PROGRAM: Final = "ssh-keygen"
PRIVATE: Final = b"-----BEGIN OPENSSH PRIVATE KEY-----"
SIGNATURE: Final = b"-----BEGIN SSH SIGNATURE-----"
INSIDE: Final = b"openssh-key-v1\0"
"""How the bytes between the lines of a private key begin (OpenSSH's PROTOCOL.key)."""


def public_in(path: Path) -> bytes | None:
    """The public key in a file of SSH, as it is enrolled; `None` where it is no such file.

    Raises:
        Invalid: it cannot be read, or the key is of a kind that is not used here.
    """
    data = read_bytes(path)
    if not data.startswith((PRIVATE, b"ssh-", b"ecdsa-", b"sk-")):
        return None
    with suppress(ValueError, ProofError, IndexError):
        public = _public_of(data) if data.startswith(PRIVATE) else b64decode(data.split()[1])
        key_of(public)
        return public
    raise Invalid(
        f"{path}：不是可用的 SSH 密钥。可用的有 ed25519、ecdsa（256 位）、ed25519-sk，"
        "请用 ssh-keygen -t ed25519 生成。",
        f"{path}: not an SSH key that can be used here. These can: ed25519, ecdsa with 256 bits,"
        " ed25519-sk. Make one with ssh-keygen -t ed25519.",
    )


def _public_of(private: bytes) -> bytes:
    """The public half in the file of a private key, which has no password even if that has one.

    Raises:
        ValueError: there is none.
    """
    inside = _between_the_lines(private)
    _, rest = strings(inside.removeprefix(INSIDE), 3)  # the cipher, and how it is begun
    (public,), _ = strings(rest[4:], 1)
    return public


def _between_the_lines(data: bytes) -> bytes:
    return b64decode(b"".join(data.split(b"-----")[2].split()), validate=True)


def sign(path: Path, text: str) -> bytes:
    """The signature of a text by the key of a file, by `ssh-keygen -Y sign`.

    Raises:
        Invalid: the program is not there, or does not sign: neither the file nor an agent has the
            private key, or its owner has not agreed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and a file of the one who asks
            [PROGRAM, "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(path)],
            input=text.encode(),
            stdout=subprocess.PIPE,
            check=False,
        )
    except OSError:
        raise Invalid(
            f"没有 {PROGRAM} 程序，不能用 SSH 密钥签名。请安装 OpenSSH。",
            f"There is no program {PROGRAM}, so SSH keys cannot sign. Install OpenSSH.",
        ) from None
    if done.returncode:
        raise Invalid(
            f"{path}：SSH 密钥没有签名。请检查密码，或私钥是否在文件旁或 ssh-agent 中。",
            f"{path}: the SSH key has not signed. Check the password, and that the private key is"
            " next to the file or in ssh-agent.",
        )
    return value_in(done.stdout, path)


def value_in(armoured: bytes, path: Path) -> bytes:
    """The signature between the lines of what `ssh-keygen -Y sign` has written.

    Raises:
        Invalid: it is no such signature.
    """
    with suppress(ValueError, IndexError):
        value = _between_the_lines(armoured)
        if armoured.startswith(SIGNATURE) and SshSignature.parse(value):
            return value
    raise Invalid(
        f"{path}：不是 ssh-keygen -Y sign 写出的签名",
        f"{path}: not a signature that ssh-keygen -Y sign has written",
    )
