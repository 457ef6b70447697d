"""The event store: the only part of the ledger that knows a database and `eventsourcing`.

It has two faces over the same tables, which append and read by the same functions (`streams.py`).
`Store` is what our own ledger uses. `recorders.py` is a persistence module of the `eventsourcing`
library, for applications built on it that have a database of their own:
`PERSISTENCE_MODULE=ledger.store.recorders` and `SCORETRAIL_DATABASE=` a target as `Store` takes it.
The library is imported there and nowhere else.

Two steps write: *append* makes an event durable, *sequence* assigns its position in the log. What
one database does differently from the other is in `sqlite.py` and `postgresql.py`, and nowhere
else:

- A SQLite file has one writer at a time, so both steps are one transaction.
- A PostgreSQL server has many. To append is one statement without any lock, and the server writes
  those of many clients to the disk together. One client at a time seals, for everybody, by a
  function of the server.

What can go wrong::

    StoreError
    ├── Conflict         the version is taken: someone else was faster
    ├── Busy             someone else has been writing for too long
    ├── FrozenLedger     nothing is recorded in it any more
    ├── TooLarge         the entry is longer than the log's formats can carry
    ├── Exists           there is something where the ledger was to be made
    ├── NotEmpty         there is something in the ledger that was to be filled
    ├── NoLedger         there is no ledger where one was to be opened
    ├── SchemaMismatch   the ledger is older or newer than this program
    ├── Unreachable      the database cannot be opened, read or written
    │   ├── ReadOnly     it can be read, but not be written by this user
    │   └── Unanswered   it may have been written or not: the way broke before the answer came
    ├── Damaged          the database says itself that its file is broken
    │   └── Spoiled      only that of the projections is
    └── Closed           the store has been closed
"""

from ledger.store.audit import Audit, Moment, Share
from ledger.store.database import LOCK_TIMEOUT, Ask, ProjectionTransaction
from ledger.store.entries import (
    ENTRY_MAX,
    AuditRow,
    AuditTuple,
    Basis,
    Behind,
    Entry,
    NewEntry,
    StoredCheckpoint,
    WrittenEntry,
    moment_of,
)
from ledger.store.errors import (
    DatabaseDamaged,
    DatabaseUnavailable,
    FrozenLedger,
    LedgerExists,
    LedgerNotEmpty,
    LedgerNotFound,
    LockTimeout,
    OutcomeUnknown,
    ProjectionsDamaged,
    ReadOnly,
    RecordedBefore,
    SchemaMismatch,
    StoreClosed,
    StoreError,
    TablesNotMade,
    TooLarge,
    VersionConflict,
)
from ledger.store.sqlite import MEMORY
from ledger.store.store import Store, admit, migrate
from ledger.store.structure import StructureFault

__all__ = [
    "ENTRY_MAX",
    "LOCK_TIMEOUT",
    "MEMORY",
    "Ask",
    "Audit",
    "AuditRow",
    "AuditTuple",
    "Basis",
    "Behind",
    "DatabaseDamaged",
    "DatabaseUnavailable",
    "Entry",
    "FrozenLedger",
    "LedgerExists",
    "LedgerNotEmpty",
    "LedgerNotFound",
    "LockTimeout",
    "Moment",
    "NewEntry",
    "OutcomeUnknown",
    "ProjectionTransaction",
    "ProjectionsDamaged",
    "ReadOnly",
    "RecordedBefore",
    "SchemaMismatch",
    "Share",
    "Store",
    "StoreClosed",
    "StoreError",
    "StoredCheckpoint",
    "StructureFault",
    "TablesNotMade",
    "TooLarge",
    "VersionConflict",
    "WrittenEntry",
    "admit",
    "migrate",
    "moment_of",
]
