"""A Dask cluster as people run it: a scheduler and workers as processes, which speak TLS only."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from socket import socket
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class Running(NamedTuple):
    """A cluster.

    Attributes:
        tls: the folder of its certificates.
        workers: their processes.
    """

    address: str
    tls: Path
    workers: list["subprocess.Popen[bytes]"]


def certificates(folder: Path) -> Path:
    """A certificate that is its own authority, for this machine."""
    folder.mkdir()
    key, name = generate_private_key(SECP256R1()), [x509.NameAttribute(NameOID.COMMON_NAME, HOST)]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(x509.Name(name), x509.Name(name), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False
        )
        .sign(key, SHA256())
    )
    public = made.public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, content in (("ca.pem", public), ("cert.pem", public), ("key.pem", private)):
        (folder / file).write_bytes(content)
    return folder


@contextmanager
def cluster(folder: Path, count: int = 2) -> Iterator[Running]:
    """A scheduler with so many workers, all ended at the end."""
    tls = certificates(folder / "tls")
    files = ("--tls-ca-file", tls / "ca.pem", "--tls-cert", tls / "cert.pem", "--tls-key")
    keys = [str(word) for word in (*files, tls / "key.pem")]
    with socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    address = f"tls://{HOST}:{port}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    processes: list[subprocess.Popen[bytes]] = []
    try:
        scheduler = [*dask, "scheduler", "--host", address, "--no-dashboard", "--no-jupyter"]
        processes.append(subprocess.Popen([*scheduler, *keys], **quiet))  # type: ignore[call-overload]  # noqa: S603 - Dask's own program
        for _ in range(count):
            worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
            processes.append(subprocess.Popen([*worker, *keys], **quiet))  # type: ignore[call-overload]  # noqa: S603 - the same
        yield Running(address, tls, processes[1:])
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
