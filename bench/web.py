"""The web: processor time a request takes in one worker, `python -m bench.web`.

The application is called without a server, by somebody who has logged in, so that neither the
network nor another process is in the figures. The ledger is that of the reference case.
"""

import asyncio
import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, Final

from starlette.testclient import TestClient

from application.place import LedgerPlace
from bench.append import LOADED
from bench.workload import Workload
from cli.demo import CASE
from ledger.store import Store
from web.app import create_app
from web.identity import Identities
from web.store import WebStore

TURNS: Final = 15
PASSWORD: Final = "only-for-the-bench"  # noqa: S105 - of a ledger that ends with it
ACCOUNT: Final = "agency-reviewer"
HOST: Final = "https://127.0.0.1"

READS: Final = (
    ("score sheet", f"/cases/{CASE}", 6),
    ("score sheet at v200", f"/cases/{CASE}?at=v200", 6),
    ("indicator", f"/cases/{CASE}/indicators/output-goals", 7),
    ("bridge", f"/cases/{CASE}/bridge", 7),
    ("change log", f"/cases/{CASE}/log", None),
    ("checks", f"/cases/{CASE}/checks", None),
    ("cases", "/cases", 8),
    ("work list", "/", 8),
    ("poll for news (API)", f"/api/v1/cases/{CASE}/head", 0.5),
)
"""What is asked for, where, and the bar in ms, where there is one."""


class Caller:
    """Calls an application as a server would."""

    def __init__(self, app: Any, cookie: str) -> None:  # noqa: ANN401 - any ASGI application
        self._app, self._loop = app, asyncio.new_event_loop()
        self._headers = [
            (b"host", b"127.0.0.1"),
            (b"cookie", cookie.encode()),
            (b"sec-fetch-site", b"same-origin"),
            (b"accept-language", b"zh"),
        ]

    def __call__(
        self, path: str, body: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> int:
        """Ask once; the status of the answer."""
        plain, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST" if body else "GET",
            "scheme": "https",
            "path": plain,
            "raw_path": plain.encode(),
            "query_string": query.encode(),
            "headers": [*self._headers, *headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 443),
            "root_path": "",
        }
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            await asyncio.sleep(0)
            said.append(message)

        self._loop.run_until_complete(self._app(scope, receive, send))
        status: int = said[0]["status"]
        return status


def measured(folder: Path) -> Iterator[tuple[str, float, float | None]]:
    """What was asked, the least milliseconds of the processor that it took, and the bar."""
    workload = Workload(folder)
    ledger, open_case = workload.demo, workload.case(LOADED)
    with Store.open(ledger) as store:
        store.append(open_case)
    now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone()  # noqa: E731 - a clock
    kept = WebStore(str(folder / "logins"))
    Identities(kept, now).give_password(ACCOUNT, PASSWORD, initial=False)
    app = create_app(LedgerPlace(str(ledger), None), kept, now)
    door = TestClient(app, base_url=HOST, headers={"sec-fetch-site": "same-origin"})
    door.post("/login", data={"account": ACCOUNT, "password": PASSWORD}, follow_redirects=False)
    call = Caller(app, "; ".join(f"{name}={value}" for name, value in door.cookies.items()))
    for name, path, bar in READS:
        yield name, _least(lambda path=path: call(path), name), bar  # type: ignore[misc]  # its path is bound
    keys, there = count(1), f"/api/v1/cases/{open_case[0].case_id}"

    def act() -> int:
        number = next(keys)
        asked = {
            "command": {
                "do": "raise-finding",
                "finding": f"bench-{number}",
                "title": "部分绩效指标编制不够合理",
                "statement": "数量目标写成上限，做得少也算达到，约束不了完成情况。",
            },
            "dated": "2024-12-30",
        }
        headers = (
            (b"content-type", b"application/json"),
            (b"idempotency-key", f"bench-{number}".encode()),
        )
        return call(f"{there}/commands", json.dumps(asked).encode(), headers)

    yield "a command (API)", _least(act, "command"), 5
    app.state.office.close()


def _least(ask: Callable[[], int], name: str) -> float:
    """The least milliseconds of several turns, after the first."""
    if (status := ask()) >= 300:  # noqa: PLR2004 - of HTTP
        raise AssertionError(name, status)
    spent = []
    for _ in range(TURNS):
        began = process_time()
        ask()
        spent.append(process_time() - began)
    return min(spent) * 1000


def main() -> None:
    """Print a line for each thing that is asked for."""
    ArgumentParser(description=__doc__).parse_args()
    with TemporaryDirectory() as folder:
        for name, spent, bar in measured(Path(folder)):
            print(f"{name:24}{spent:9.2f} ms   bar {bar or '-'}")


if __name__ == "__main__":
    main()
