"""The sealer as a service, and a server whose writes outlive it when it is killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from ledger.store import Store, admit
from projections.portfolio.catch_up import make_ready
from tests.support.postgres import Server, programs
from tests.support.terminal import ROOT


class Sealer:
    """`scoretrail seal --follow` in a process of its own, which may be killed.

    Attributes:
        killed: how often it was.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self.killed = 0
        self._process = self._start()

    def kill(self) -> None:
        """Kill it, and start another."""
        self._process.kill()
        said = self._process.communicate()
        assert self._process.returncode == -signal.SIGKILL, f"it had ended by itself: {said}"
        self.killed += 1
        self._process = self._start()

    def stop(self) -> None:
        """Ask it to stop, as a service is stopped."""
        self._process.send_signal(signal.SIGTERM)
        said = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, said
        assert "Traceback" not in said[1]

    def _start(self) -> "subprocess.Popen[str]":
        program = [sys.executable, "-c", "from cli.main import main; main()", "--lang", "en"]
        return subprocess.Popen(  # noqa: S603 - our own program
            [*program, "--ledger", self._target, "seal", "--follow"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def durable_server() -> Iterator[tuple[Server, str]]:
    """A server whose writes are durable, and the address of the program's role in a new ledger."""
    server = Server(programs(), durable=True)
    try:
        owner = server.start().url
        with Store.create(owner) as store:
            make_ready(store)
        yield server, admit(owner, "app", server.password)
    finally:
        server.stop()
