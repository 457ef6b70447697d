"""emmett, a library for Node: a process of its own, which measures what it does itself."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec.json import decode

from bench.limit import Row
from bench.measure import Answer
from bench.peers.places import NODE

NAME: Final = "emmett 0.38.5 (SQLite), 0.42.0 (PostgreSQL), Node"
ON_SQLITE: Final = True
ON_POSTGRES: Final = True


class Peer:
    """A process with the event store open."""

    def __init__(self, target: str) -> None:
        folder = NODE / ("postgresql" if "://" in target else "sqlite")
        script = Path(__file__).with_suffix(".cjs")
        self._process = subprocess.Popen(  # noqa: S603 - a script of ours
            ["node", script, folder, target],  # noqa: S607 - wherever it is installed
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def append(self, row: Row) -> Answer:
        """Append one event to a stream that is not there yet."""
        return self.append_all([row])

    def append_all(self, rows: Sequence[Row]) -> Answer:
        """Append the events of a stream in one transaction."""
        events = [{"type": type_, "data": decode(entry)} for _, _, type_, entry in rows]
        return self._told("append", rows[0][0], events)

    def replay(self, case_id: str) -> Answer:
        """The last score of every indicator."""
        return self._told("replay", case_id)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _told(self, *order: object) -> Answer:
        print(json.dumps(order), file=self._process.stdin, flush=True)
        reply = json.loads(next(iter(self._process.stdout or ())))
        answer = Answer(reply["scores"])
        answer.seconds = reply["seconds"]
        return answer
