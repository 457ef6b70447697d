"""Debian's Firefox, spoken to directly by WebDriver BiDi (W3C), without a driver in between."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from shutil import which
from typing import Any, Final

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.processes import printed

FIREFOX: Final = which("firefox-esr") or which("firefox")
LISTENS: Final = r"WebDriver BiDi listening on (ws://\S+)"
"""What it prints once it listens, and where."""

START: Final = 60.0
"""Seconds that it may take until it listens."""

ANSWER: Final = 300.0
"""Seconds that it may take to answer."""


class Firefox:
    """One page of a browser of its own."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._ids = connection, count(1)
        self._ask("session.new", capabilities={})
        self._page = self._ask("browsingContext.create", type="tab")["context"]

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        asked = next(self._ids)
        self._connection.send(json.dumps({"id": asked, "method": method, "params": params}))
        while True:
            said = json.loads(self._connection.recv(ANSWER))
            if said.get("id") != asked:
                continue  # an event that nobody has asked for
            assert said["type"] == "success", said
            result: dict[str, Any] = said["result"]
            return result

    def goes_to(self, address: str) -> None:
        """Open an address and wait until it is there."""
        self._ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def evaluates(self, expression: str) -> str:
        """The text that an expression, or its promise, comes to."""
        said = self._ask(
            "script.evaluate",
            expression=expression,
            target={"context": self._page},
            awaitPromise=True,
        )
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        text: str = said["result"]["value"]
        return text

    def puts_in(self, selector: str, *files: Path) -> None:
        """Choose files in an input."""
        found = self._ask(
            "browsingContext.locateNodes",
            context=self._page,
            locator={"type": "css", "value": selector},
        )
        (node,) = found["nodes"]
        self._ask(
            "input.setFiles",
            context=self._page,
            element={"sharedId": node["sharedId"]},
            files=[str(file) for file in files],
        )


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A browser without a window, with an empty profile, that is ended at the end."""
    if FIREFOX is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Firefox; .ci/run installs it")
        pytest.skip("no Firefox here: apt-get install firefox-esr")
    said = profile / "said"
    words = [FIREFOX, "--headless", "--remote-debugging-port", "0", "--no-remote"]
    with (
        said.open("w") as out,
        subprocess.Popen([*words, "--profile", profile], stdout=out, stderr=out) as running,  # noqa: S603 - a browser for these tests
    ):
        try:
            address = printed(LISTENS, said, running, START)
            with connect(f"{address}/session", max_size=None) as connection:
                yield Firefox(connection)
        finally:
            running.terminate()
