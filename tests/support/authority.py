"""A time-stamping authority of our own, by `openssl ts`: a stranger's program all the way."""

import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple, Self

import pytest

_SETTINGS: Final = """\
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,{purpose}
"""
STAMPING: Final = "timeStamping"


def openssl(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `openssl`, which is on every machine that tests run on; never skipped where it is not."""
    program = shutil.which("openssl")
    if program is None:
        pytest.fail("openssl is not installed, and time stamps cannot be tested without it")
    return subprocess.run(  # noqa: S603 - the system's own program and files of these tests
        [program, *words], capture_output=True, text=True, check=False
    )


class Authority(NamedTuple):
    """An authority: a root, and a key below it that stamps.

    Attributes:
        ca: PEM certificate of the root, which verifiers bring along.
    """

    folder: Path
    ca: Path

    @classmethod
    def found(cls, folder: Path, purpose: str = STAMPING) -> Self:
        """A new one.

        Args:
            folder: does not exist yet.
            purpose: what its certificate may be used for.
        """
        folder.mkdir()
        settings, root = folder / "settings", folder / "ca.pem"
        settings.write_text(_SETTINGS.format(folder=folder, purpose=purpose))
        (folder / "serial").write_text("01\n")
        for name in ("ca", "leaf"):
            _ran("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", folder / name)
        named = ("-config", settings, "-subj")
        signed = ("-days", "30", "-extensions")
        _ran(
            *("req", "-new", "-x509", "-key", folder / "ca", "-out", root, *named, "/CN=ca"),
            *(*signed, "ca"),
        )
        _ran("req", "-new", "-key", folder / "leaf", "-out", folder / "csr", *named, "/CN=tsa")
        _ran(
            *("x509", "-req", "-in", folder / "csr", "-CA", root, "-CAkey", folder / "ca"),
            *("-CAcreateserial", "-extfile", settings, "-out", folder / "leaf.pem"),
            *(*signed, "leaf"),
        )
        return cls(folder, root)

    def stamp(self, request: Path, to: Path, *more: str | Path) -> Path:
        """Answer a request.

        Args:
            request: of a time stamp.
            to: the file of the reply.
            more: options of `openssl ts -reply`.
        """
        _ran(
            *("ts", "-reply", "-config", self.folder / "settings", "-queryfile", request),
            *("-signer", self.folder / "leaf.pem", "-inkey", self.folder / "leaf", "-out", to),
            *more,
        )
        return to


def _ran(*words: str | Path) -> None:
    done = openssl(*words)
    assert done.returncode == 0, done.stderr
