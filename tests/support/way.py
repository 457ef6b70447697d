"""A way to a server that can be made as bad as real ones are: slow, silent, or cut."""

import select
import socket
import struct
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Final, Literal, Self
from urllib.parse import urlsplit

Direction = Literal["up", "down"]
CHUNK: Final = 65_536


class Way:
    """A TCP proxy on the loopback, between a client and the server of a URL.

    Attributes:
        delay: seconds that everything takes in each direction.
        passed: bytes that have passed in each direction since `watch`: up is to the server.
        cuts: how many connections were cut.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (str(parts.hostname), int(parts.port or 0))
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        who = f"{parts.username}:{parts.password}"
        self.url = parts._replace(netloc=f"{who}@127.0.0.1:{port}").geturl()
        self._over = False
        self._silent = False
        self._last: dict[Direction, int] = {}
        self.delay = 0.0
        self.passed: dict[Direction, int] = {"up": 0, "down": 0}
        self.cuts = 0

    def watch(self) -> None:
        """Let everything pass, and count it from now on."""
        self._last = {}
        self._silent = False
        self.passed = {"up": 0, "down": 0}

    def cut(self, direction: Direction, after: int) -> None:
        """Reset the connection once so many bytes have passed from now on in one direction."""
        self.watch()
        self._last = {direction: after}

    def silence(self) -> None:
        """Let nothing pass any more, while both ends believe that the other is there."""
        self._silent = True

    def _accept(self) -> None:
        while not self._over:
            with suppress(OSError):
                client, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """One connection; one thread for both directions, so that a reset is one at once."""
        with suppress(OSError), client, socket.create_connection(self._server) as server:
            ways: dict[socket.socket, tuple[socket.socket, Direction]] = {
                client: (server, "up"),
                server: (client, "down"),
            }
            for end in ways:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # `delay` says how slow
            under_way: deque[tuple[float, bytes, socket.socket, Direction]] = deque()
            while not self._over:
                pause = max(0, under_way[0][0] - time.monotonic()) if under_way else 0.2
                for ready in select.select([*ways], [], [], pause)[0]:
                    data = ready.recv(CHUNK)
                    if not data:
                        return
                    if not self._silent:
                        under_way.append((time.monotonic() + self.delay, data, *ways[ready]))
                while under_way and under_way[0][0] <= time.monotonic():
                    if not self._pass(*under_way.popleft()[1:]):
                        for end in ways:
                            end.setsockopt(
                                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                            )
                        return

    def _pass(self, data: bytes, to: socket.socket, direction: Direction) -> bool:
        """Hand on what may pass; whether the way still holds."""
        left = self._last.get(direction, len(data) + self.passed[direction] + 1)
        left -= self.passed[direction]
        # Counted first: who has got the last byte may look at the count at once.
        self.passed[direction] += len(data)
        holds = len(data) < left
        if not holds:
            self.cuts += 1
            self._last = {}
        to.sendall(data[:left])
        return holds

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
