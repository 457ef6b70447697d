"""The ranking of a year (名次表): drawn up, recorded, and shown to each unit as far as its own.

The list with its random bytes is a file that only its owner may read, kept by those who drew it up;
the ledger has its root alone. The file is written before anything is recorded: a root whose list is
lost would be one of which nobody could be shown a place.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import json

from application.clock import Clock
from application.ranking_audit import ListedRanking, final_scores
from application.recording import record
from ledger.commands import CommandEnvelope, RecordRanking
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.log.atomic_files import sync, translated_errors, write
from ledger.ranking import SALT_SIZE, Ranking, draw_up
from ledger.store import Store
from ledger.values import AccountId, Invalid

PRIVATE: Final = 0o600

Chance = Callable[[int], bytes]
"""Gives so many bytes that nobody can guess."""


class Recorder(NamedTuple):
    """Who records rankings.

    Attributes:
        chance: gives random bytes.
    """

    store: Store
    clock: Clock
    account: AccountId
    chance: Chance

    def record(
        self, year: int, file: Path, *, dated: date, key: str, reason: str | None = None
    ) -> ListedRanking:
        """Draw the ranking of a year up, keep the list in a file, and record its root.

        Args:
            year: that was scored.
            file: of the list, which is not there yet.
            dated: the business date.
            key: idempotency key of the command.
            reason: why it takes the place of the one in force, where there is one.

        Raises:
            Invalid: no result of that year is issued, or the file is there or cannot be written.
            EnvelopeRefused: the account may not, or there is a ranking and no reason; nothing was
                recorded.
        """
        ledger, size = Ledger(self.store), self.store.size()
        scores = dict(final_scores(ledger, year, size))
        if not scores:
            raise Invalid(
                f"{year} 年度尚无已印发的结果，无可排名。",
                f"no result of {year} is issued, so there is nothing to rank.",
            )
        ranking = draw_up(year, size, scores.items(), iter(lambda: self.chance(SALT_SIZE), b""))
        command = RecordRanking(
            year=year,
            cases=len(ranking.cases),
            entries=size,
            root=ranking.root,
            replaces=ledger.register().rankings.get(year),
            reason=reason,
        )
        _keep(file, ranking)
        envelope = CommandEnvelope(case=None, by=self.account, dated=dated, id=key, command=command)
        try:
            record(ledger, self.clock, [envelope])
        except EnvelopeRefused:
            file.unlink()  # of nothing that is recorded
            raise
        return ListedRanking(ranking, in_force=True)


def _keep(file: Path, ranking: Ranking) -> None:
    """Write the list where nobody else reads it, and make it last.

    Raises:
        Invalid: it is there, or cannot be written.
    """
    if file.exists():
        raise Invalid(
            f"{file} 已存在，未作改动。请换一个文件名。",
            f"{file} already exists and was not changed. Choose another name.",
        )
    with translated_errors(file):
        data = json.format(json.encode(ranking), indent=1) + b"\n"
        write(file, data, draft=file.with_name(f".{file.name}.draft"), mode=PRIVATE)
        sync(file.absolute().parent)
