"""A server in a process of its own, asked over one connection; how much processor an answer takes.

Ours and others' are started and asked in the same way: the network of the machine and the reading
of HTTP are in the figures, what the caller does is not. Linux tells the time of another process.
"""

import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from time import clock_gettime, monotonic, sleep
from typing import Final, NamedTuple, Self

from bench import ROOT

HOST: Final = "127.0.0.1"
PATIENCE: Final = 60
"""Seconds in which a server must have begun to listen, or must answer."""

ROUNDS: Final = 8
EACH: Final = 15
"""Answers of a round; of all rounds the shortest counts, since others use the machine as well."""


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Server:
    """A server that listens, with a connection to it.

    Attributes:
        port: where it listens.
        headers: that go with every request.
    """

    def __init__(self, process: int, port: int) -> None:
        self._process, self.port = process, port
        self.headers = {"accept-language": "zh", "sec-fetch-site": "same-origin"}
        self._connection = HTTPConnection(HOST, port, timeout=PATIENCE)

    def another(self) -> Self:
        """The same server and the same person, by a connection of its own."""
        made = type(self)(self._process, self.port)
        made.headers = self.headers
        return made

    def ask(
        self, path: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask once: for something, or for what a body says."""
        sent = self.headers | dict(headers or {})
        self._connection.request("GET" if body is None else "POST", path, body, sent)
        said = self._connection.getresponse()
        return Answer(said.status, dict(said.headers), said.read())

    def log_in(self, account: str, password: str) -> None:
        """Be an account from now on; its cookie is for HTTPS, so it is carried by hand."""
        form = {"content-type": "application/x-www-form-urlencoded"}
        said = self.ask("/login", f"account={account}&password={password}", form)
        self.headers["cookie"] = said.headers["set-cookie"].partition(";")[0]

    def spent(self) -> float:
        """Seconds of the processor that the server has taken since it began."""
        return clock_gettime((~self._process << 3) | 2)  # as clock_getcpuclockid(3) writes it

    def least(self, *paths: str) -> float:
        """Milliseconds of the processor that an answer takes; these are asked for in turn."""
        turns = cycle(paths)
        return self.least_of(lambda: self.ask(next(turns)))

    def least_of(self, ask: Callable[[], Answer]) -> float:
        """Milliseconds of the processor that it takes to ask once, in the best of several rounds.

        Raises:
            AssertionError: the server has refused, or failed.
        """
        spent = []
        for _ in range(ROUNDS):
            began = self.spent()
            for _ in range(EACH):
                answer = ask()
                if answer.status >= 300:  # noqa: PLR2004 - of HTTP
                    raise AssertionError(answer)
            spent.append(self.spent() - began)
        return min(spent) / EACH * 1000

    def memory(self) -> float:
        """MiB that it holds now."""
        status = Path(f"/proc/{self._process}/status").read_text("utf-8")
        (held,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(held) / 1024


@contextmanager
def served(words: Callable[[int], Sequence[str]]) -> Iterator[Server]:
    """A server, as long as the block runs.

    Args:
        words: its command line, which is told the port.
    """
    port = _free_port()
    with subprocess.Popen(words(port), cwd=ROOT, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - ours, or a peer's
        try:
            _await(port, process)
            yield Server(process.pid, port)
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        port: int = asked.getsockname()[1]
        return port


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        sleep(0.05)
    raise AssertionError(process.args)
