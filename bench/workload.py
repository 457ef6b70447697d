"""What is written and read: cases of 300 events, those of the 2023 review under other names."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count, cycle, groupby
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from cli.demo import CASE
from cli.main import run
from ledger.checks.every_stream import digest_of
from ledger.codec import encode
from ledger.envelope import IdempotencyKey
from ledger.ledger import Ledger
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from ledger.values import instant

EVENTS: Final = 300
"""In a case."""

BEGAN, SECOND = datetime(2026, 1, 1, tzinfo=UTC), timedelta(seconds=1)
TOGETHER: Final = 10
"""Cases that are written at the same time: their events take turns in the tables."""


class Workload:
    """Cases as they are stored.

    Attributes:
        demo: the ledger of the reference case.
        ground: the entries of the register and of the rubric, which every ledger begins with.
    """

    def __init__(self, folder: Path, *, whole: bool = False) -> None:
        """Make the reference case.

        Args:
            folder: where its ledger is made.
            whole: whether cases have all its events, each recorded a second after the one before.
        """
        self.demo = folder / "demo.db"
        with redirect_stdout(StringIO()):
            run(["--ledger", str(self.demo), "demo"])
        with Store.open(self.demo) as store:
            self.ground = [
                NewEntry(*entry[1:]) for entry in store.read_log() if entry.case_id != CASE
            ]
            history = Ledger(store).history(CASE)
        self._template = (
            [replace(event, at=instant(BEGAN + event.version * SECOND)) for event in history]
            if whole
            else history[:EVENTS]
        )
        self._numbers = count(1)

    def number(self) -> int:
        """One that was not given before."""
        return next(self._numbers)

    def case(self, size: int = EVENTS) -> list[NewEntry]:
        """The first events of a case that was not there before, in the bytes of the program."""
        return self.named(f"other-{self.number()}", size)

    def named(self, name: str, size: int | None = None) -> list[NewEntry]:
        """The events of a case of that name, or the first of them; then they begin again."""
        entries = []
        prev = ""
        commands = self._commands(name)
        for version, event in zip(
            range(1, (size or len(self._template)) + 1), cycle(self._template), strict=False
        ):
            command = commands[event.command.id]
            entry = encode(replace(event, case=name, version=version, prev=prev, command=command))
            prev = leaf_hash(entry).hex()
            entries.append(NewEntry(name, version, event.type, entry))
        return entries

    def _commands(self, name: str) -> dict[str, IdempotencyKey]:
        """The keys of the template's commands as a case of another name gives them."""
        keys = {}
        for id_, acts in groupby(self._template, key=lambda event: event.command.id):
            digest = digest_of([replace(act, case=name) for act in acts])
            keys[id_] = IdempotencyKey(id=id_, sha256=digest)
        return keys

    def batches(self, cases: int) -> Iterator[list[NewEntry]]:
        """Events of `case-0` and so on, as cases that are worked at together write them."""
        for first in range(0, cases, TOGETHER):
            names = [f"case-{n}" for n in range(first, min(first + TOGETHER, cases))]
            together = zip(*(self.named(name) for name in names), strict=True)
            yield [entry for turn in together for entry in turn]

    def fill(self, store: Store, cases: int) -> None:
        """Write the ground and so many cases into an empty ledger."""
        store.append(self.ground)
        for batch in self.batches(cases):
            store.append(batch)
