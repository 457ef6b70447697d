"""Score table (评分表): what a table says as it is delivered, recorded with the table.

The reviewer's columns become awards; read as a self-evaluation, the unit's own become figures and
claims. Both are ordinary commands of the account that acts.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from application.batch import StreamResult, apply_batch
from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.found_in_table import Side
from application.look import look
from application.place import LedgerPlace
from application.table_commands import commands_of, totals_of
from application.understood_table import UnderstoodTable, understand_file
from intake.batch import Batch
from intake.table_totals import PrintedTotal
from intake.written_command import WrittenCommand, located_commands
from ledger.field_errors import Path as Keys
from ledger.language import Text, counted
from ledger.store import Store
from ledger.values import AccountId

MAPPING: Final = ".mapping.toml"


class ImportedTable(NamedTuple):
    """A table as it was understood, and what came of it.

    Attributes:
        results: of the case; none where the table says nothing new or something is left open.
    """

    table: UnderstoodTable
    results: list[StreamResult]

    @property
    def totals(self) -> list[PrintedTotal]:
        """The totals that the table prints, next to what its rows add up to."""
        return totals_of(self.table)

    @property
    def recorded(self) -> int:
        """How many events are new."""
        return sum(len(result.recorded) for result in self.results)

    def summary(self, *, dry_run: bool) -> Text:
        """Where its mapping is, and how many events came of it, or would."""
        path = self.table.path
        fresh, zh = counted(self.recorded, "event"), f"对应文件 {path}；"
        if dry_run:
            zh, en = f"{zh}可以写入 {self.recorded} 条（仅检查）", f"{fresh} would be recorded"
        else:
            zh, en = f"{zh}写入 {self.recorded} 条", f"{fresh} recorded"
        return Text(zh, f"mapping in {path}; {en}")


def import_table(  # noqa: PLR0913, PLR0917 - who, when, into which case, and two files
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    account: AccountId,
    case: str,
    file: Path,
    *,
    mapping: Path | None = None,
    side: Side = "review",
    dated: date | None = None,
    dry_run: bool = False,
    confirmed: Confirmed = NOTHING,
) -> ImportedTable:
    """Record what a table says, with the table and its mapping as evidence.

    The mapping is written next to the table where there is none; where it leaves something open,
    nothing is recorded and the table says what.

    Args:
        store: where the case is.
        clock: when.
        place: where evidence is kept.
        account: who acts.
        case: whose table it is.
        file: the workbook.
        mapping: which row is which indicator; next to the table where it is not given.
        side: whose columns are read.
        dated: business date; the clock's day where it is not given.
        dry_run: work out everything, record nothing.
        confirmed: what is meant so, although it looks like a slip.

    Raises:
        Invalid: no such case; no table; no such mapping.
    """
    path = mapping or Path(f"{file}{MAPPING}")
    table = understand_file(look(store, case), file, path, side=side, keep=not dry_run)
    if table.refused:
        return ImportedTable(table, [])
    day = dated or clock().date()
    batch = batch_of(table, account, day)
    results = apply_batch(store, clock, place, batch, dry_run=dry_run, confirmed=confirmed)
    return ImportedTable(table, list(results) if batch.commands else [])


def batch_of(table: UnderstoodTable, account: AccountId, dated: date) -> Batch:
    """The commands of a table as a batch, which files the table and its mapping.

    Raises:
        Invalid: something is left open, or the table lacks indicators.
    """
    case = table.point.case.id
    commands = [
        WrittenCommand({"case": case, **fields}, _at(where)) for where, fields in commands_of(table)
    ]
    files = {str(table.file): table.table, str(table.path): table.mapping}
    located = located_commands(commands, None, account=account, dated=dated, files=files)
    return Batch(table.file, located)


def _at(place: Text) -> Callable[[Keys], Text]:
    return lambda _: place
