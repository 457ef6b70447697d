"""SM2 keys, made by stock `openssl` as its users make them."""

import subprocess
from pathlib import Path
from typing import NamedTuple

DISTID = "distid:1234567812345678"


class Sm2Pair(NamedTuple):
    """A private key and its public key, in PEM."""

    private: Path
    public: Path


def sm2_pair(folder: Path, name: str = "sm2") -> Sm2Pair:
    """A fresh key that its owner alone can read, and the public one."""
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    openssl("genpkey", "-algorithm", "SM2", "-out", str(private))
    private.chmod(0o600)
    openssl("pkey", "-in", str(private), "-pubout", "-out", str(public))
    return Sm2Pair(private, public)


def openssl(*words: str) -> bytes:
    """What stock `openssl` prints."""
    said = subprocess.run(("openssl", *words), capture_output=True, check=True)  # noqa: S603, S607 - stock openssl, as users call it
    return said.stdout


def openssl_verifies(public: Path, signature: Path, signed: Path) -> bool:
    """Whether stock `openssl` accepts an SM2 signature, by the command of the format document."""
    said = subprocess.run(  # noqa: S603 - the same
        (
            *("openssl", "dgst", "-sm3", "-verify", str(public), "-sigopt", DISTID),
            *("-signature", str(signature), str(signed)),
        ),
        capture_output=True,
        check=False,
    )
    return said.returncode == 0
