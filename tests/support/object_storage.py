"""Object storage on this machine: that of moto, in place of those that offices have."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from socket import create_server
from time import monotonic, sleep
from typing import Final

import pytest

HOST: Final = "127.0.0.1"
BUCKET: Final = "archives"
PATIENCE: Final = 60.0
"""Seconds until it has to answer."""


@contextmanager
def object_storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address below which objects can lie, for those who ask the environment who they are."""
    with create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - as above
        try:
            _make_bucket(port)
            settings = {"ENDPOINT_URL": f"http://{HOST}:{port}", "ALLOW_HTTP": "true"}
            settings |= {
                "ACCESS_KEY_ID": "test",
                "SECRET_ACCESS_KEY": "test",
                "REGION": "us-east-1",
            }
            for name, value in settings.items():
                monkeypatch.setenv(f"AWS_{name}", value)
            yield f"s3://{BUCKET}/city/2024"
        finally:
            server.terminate()


def _make_bucket(port: int) -> None:
    until = monotonic() + PATIENCE
    while True:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("PUT", f"/{BUCKET}")
            assert connection.getresponse().status == 200
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.2)
        else:
            return
        finally:
            connection.close()
