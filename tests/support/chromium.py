"""Debian's Chromium, spoken to directly by its DevTools protocol.

For questions that any test may ask in between: Playwright, which drives the pages that people use,
leaves a loop running in the test's thread, which nothing else of asyncio gets along with.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from shutil import which
from typing import Any, Final
from urllib.request import urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.processes import printed

CHROMIUM: Final = which("chromium") or which("chromium-browser")
QUIET: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
LISTENS: Final = r"DevTools listening on ws://127\.0\.0\.1:(\d+)/"
"""What it prints once it listens, and where."""

START: Final = 60.0
"""Seconds that it may take until it listens."""

ANSWER: Final = 300.0
"""Seconds that it may take to answer."""


class Chromium:
    """One page of a browser of its own."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._ids = connection, count(1)
        self._loaded = 0
        self._ask("Page.enable")

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        asked = next(self._ids)
        self._connection.send(json.dumps({"id": asked, "method": method, "params": params}))
        while (said := self._next()).get("id") != asked:
            pass
        assert "error" not in said, said
        result: dict[str, Any] = said["result"]
        return result

    def _next(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._connection.recv(ANSWER))
        self._loaded += said.get("method") == "Page.loadEventFired"
        return said

    def goes_to(self, address: str) -> None:
        """Open an address and wait until it is there."""
        before = self._loaded
        self._ask("Page.navigate", url=address)
        while self._loaded == before:
            self._next()

    def evaluates(self, expression: str) -> str:
        """The text that an expression, or its promise, comes to."""
        said = self._ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        text: str = said["result"]["value"]
        return text

    def puts_in(self, selector: str, *files: Path) -> None:
        """Choose files in an input."""
        expression = f"document.querySelector({json.dumps(selector)})"
        found = self._ask("Runtime.evaluate", expression=expression)["result"]["objectId"]
        self._ask("DOM.setFileInputFiles", objectId=found, files=[str(file) for file in files])


@contextmanager
def chromium_alone(profile: Path) -> Iterator[Chromium]:
    """A browser without a window, with an empty profile, that is ended at the end."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium; .ci/run installs it")
        pytest.skip("no Chromium here: apt-get install chromium")
    said = profile / "said"
    words = [CHROMIUM, *QUIET, "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    with (
        said.open("w") as out,
        subprocess.Popen([*words, "about:blank"], stdout=out, stderr=out) as running,  # noqa: S603 - a browser for these tests
    ):
        try:
            port = printed(LISTENS, said, running, START)
            with connect(_page(port), max_size=None) as connection:
                yield Chromium(connection)
        finally:
            running.terminate()


def _page(port: str) -> str:
    """The address of its one page."""
    with urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        pages = [one for one in json.load(answer) if one["type"] == "page"]
    address: str = pages[0]["webSocketDebuggerUrl"]
    return address
