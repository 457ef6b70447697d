"""Which rows of a change log a reader wants: whose, of what kind, from when, recorded late."""

from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from ledger.events import Role
from ledger.values import AccountId, Instant
from projections.change_log import ChangeLogRow


class LogFilter(Struct, frozen=True, kw_only=True):
    """What must hold of a row, all of it together; nothing where nothing is stated.

    Rows stay as they are in the whole log: what a row says of before and after is not counted
    again from the rows that are left.

    Attributes:
        accounts: who acted; any of them.
        roles: in which role; any of them.
        types: names of events, such as `ScoreAdjusted`; any of them.
        dated_from: the first business date, `dated_to` the last.
        recorded_from: the first instant of recording, `recorded_to` the last.
        late: whether only what was recorded on a later day than it is dated.
        after_version: leaves out this event of the case, and those before it.
        after_position: the same by the position in the log.
    """

    accounts: Collection[AccountId] = ()
    roles: Collection[Role] = ()
    types: Collection[str] = ()
    dated_from: date | None = None
    dated_to: date | None = None
    recorded_from: Instant | None = None
    recorded_to: Instant | None = None
    late: bool = False
    after_version: int = 0
    after_position: int = -1

    def holds(self, row: ChangeLogRow) -> bool:
        """Whether a row is wanted."""
        return (
            (not self.accounts or row.by.account in self.accounts)
            and (not self.roles or row.by.role in self.roles)
            and (not self.types or row.type in self.types)
            and (self.dated_from is None or row.dated >= self.dated_from)
            and (self.dated_to is None or row.dated <= self.dated_to)
            and (self.recorded_from is None or row.at >= self.recorded_from)
            and (self.recorded_to is None or row.at <= self.recorded_to)
            and (not self.late or row.recorded_late_days > 0)
            and row.version > self.after_version
            and (row.position is None or row.position > self.after_position)
        )

    def of(self, rows: Iterable[ChangeLogRow]) -> list[ChangeLogRow]:
        """The rows that are wanted, in their order."""
        return [row for row in rows if self.holds(row)]
