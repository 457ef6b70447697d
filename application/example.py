"""Example (实例): a case of the examples is recorded in a ledger, its files in their order."""

from datetime import date
from pathlib import Path

from application.batch import apply_batch
from application.clock import Clock
from application.place import LedgerPlace
from intake.batch import read_batch
from ledger.refusals import CommandRefused
from ledger.store import Store


def record_example(store: Store, clock: Clock, place: LedgerPlace, folder: Path, day: date) -> None:
    """Record a case from its batch files, which begin with their numbers.

    Raises:
        CommandRefused: a command is refused, which the tests of the examples exclude.
    """
    for file in sorted(folder.glob("[1-9]-*.toml")):
        batch = read_batch(file, account=None, dated=day)
        for applied in apply_batch(store, clock, place, batch):
            if applied.refused:
                raise CommandRefused("example", applied.refused.zh, applied.refused.en)
