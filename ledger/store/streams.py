"""Appending and reading, as `Store` and the library's recorders do it, inside their transaction.

Every statement about events is here once. They run for every command, so they are plain SQL that
goes to the driver as it is.
"""

from collections.abc import Sequence
from typing import Final

from ledger.store.database import Transaction
from ledger.store.entries import (
    AUDIT_KINDS,
    BEHIND_KINDS,
    END_KINDS,
    ENTRY_KINDS,
    NUMBERED_KINDS,
    PLACED_KINDS,
    STREAM_KINDS,
    AuditTuple,
    Basis,
    Behind,
    Entry,
    NewEntry,
    only,
    sound,
)
from ledger.store.errors import check

LAST_VERSION: Final = 2**63 - 1
"""No stream is longer."""

# By a range: with a limit, PostgreSQL would sort all that is left of a log whose size it misjudges.
SEALED: Final = (
    "SELECT position, entry FROM main.leaves JOIN main.events ON events.id = event_id"
    " WHERE position >= ? AND position < ? ORDER BY position"
)
"""Position and bytes of the sealed entries from one position up to but not including another."""

_AFTER = " AND version > ?"
_OF_STREAM = f" WHERE case_id = ?{_AFTER} AND version <= ? ORDER BY version"
_JOINED = " FROM main.events LEFT JOIN main.leaves ON event_id = events.id"
_AUDITED = f"SELECT position, hash, case_id, version, type, entry{_JOINED}{_OF_STREAM}"
_END = (
    "SELECT case_id, version, entry FROM main.events WHERE case_id = ?"
    " AND version = (SELECT max(version) FROM main.events WHERE case_id = ?)"
)
_BEHIND = (
    "SELECT size, (SELECT max(position) FROM main.leaves),"
    " (SELECT count(*) FROM main.leaves JOIN main.events ON events.id = event_id"
    " WHERE position > ? AND position <= ? AND position < size) FROM main.log_state"
)
_FOLLOWS = (
    "SELECT position, case_id, version, type, entry FROM main.leaves"
    " JOIN main.events ON events.id = event_id"
    " WHERE position > ? AND position <= ? AND case_id <> ? AND instr(entry, ?) > 0"
)
_EVENTS = f"SELECT position, case_id, version, type, entry{_JOINED}{_OF_STREAM}"
_ENTRIES = f"SELECT position, entry{_JOINED}{_OF_STREAM}"
_NUMBERED = f"SELECT position, entry, version{_JOINED}{_OF_STREAM}"
_LAST = "SELECT max(version) FROM main.events WHERE case_id = ? AND version > ? AND version <= ?"
_OF_TYPE = (
    f"SELECT position, entry{_JOINED} WHERE case_id = ? AND type = ? AND version <= ?"
    " ORDER BY version"
)
_OF_TYPES = (
    f"SELECT position, case_id, version, type, entry{_JOINED}"
    " WHERE case_id IN ({}) AND type IN ({}) ORDER BY case_id, version"
)
_SNAPSHOTS = "SELECT NULL, case_id, version, type, entry FROM main.snapshots" + _OF_STREAM  # noqa: S608 - put together from constants
_LOG = (
    "SELECT position, case_id, version, type, entry FROM main.leaves"
    " JOIN main.events ON events.id = event_id WHERE position >= ? AND position < ?"
)
GROWN: Final = "SELECT 1 FROM main.events WHERE case_id = ? AND version = ? + 1"
"""Whether a stream goes beyond a version. What lies after a gap is none of it."""

ENTRY_AT: Final = (
    "SELECT entry FROM main.leaves JOIN main.events ON events.id = event_id WHERE position = ?"
)
_SIZE = "SELECT size FROM main.log_state"
_PENDING = (
    "SELECT count(*) FROM main.events"
    " WHERE id > (SELECT coalesce(max(event_id), 0) FROM main.leaves)"
)
_TAKEN = "SELECT 1 FROM main.events WHERE case_id = ? AND version = ?"
_FIRST = "SELECT case_id FROM main.events ORDER BY id LIMIT 1"


def append(
    transaction: Transaction, entries: Sequence[NewEntry], basis: Basis | None = None
) -> list[int]:
    """Append and seal events; the position of each, in the order given.

    Raises:
        TooLarge: an entry has more than 65,535 bytes.
        VersionConflict, RecordedBefore: see `Transaction.append`.
    """
    check(entries)
    return transaction.append(entries, basis)


def read_stream(  # noqa: PLR0913 - what the library's recorders can be asked for
    transaction: Transaction,
    case_id: str,
    *,
    after: int | None = -1,
    upto: int | None = None,
    backwards: bool = False,
    limit: int | None = None,
    snapshots: bool = False,
) -> list[Entry]:
    """The events of one stream in the order of their versions, none if there is no such stream.

    Args:
        transaction: to read in.
        case_id: whose events.
        after: the version before the first to read. Those of other applications may begin with 0,
            and what came past the program anywhere: everything where it is `None`.
        upto: the last version to read; all where it is `None`.
        backwards: the last version first.
        limit: how many at most; all where it is `None`.
        snapshots: read those instead, which have no position.
    """
    statement = _SNAPSHOTS if snapshots else _EVENTS
    key = [case_id, LAST_VERSION if upto is None else upto]
    if after is None:
        statement = statement.replace(_AFTER, "")
    else:
        key.insert(1, after)
    if backwards:
        statement += " DESC"
    if limit is not None:
        statement += " LIMIT ?"
        key.append(limit)
    return _entries(transaction, statement, key)


def read_entries(
    transaction: Transaction, case_id: str, upto: int | None = None
) -> list[tuple[int | None, bytes]] | None:
    """Position and bytes of the same, one for each version from 1; `None` where one is missing."""
    key = (case_id, 0, LAST_VERSION if upto is None else upto)
    found: list[tuple[int | None, bytes]] = transaction.execute(_ENTRIES, key).fetchall()
    (last,) = transaction.execute(_LAST, key).fetchone()
    sound(found, PLACED_KINDS)
    return found if len(found) == (last or 0) else None


def read_numbered(
    transaction: Transaction, case_id: str, upto: int | None = None
) -> list[tuple[int | None, bytes, int]]:
    """Position, bytes and version of the same; some may be missing."""
    key = (case_id, 0, LAST_VERSION if upto is None else upto)
    found: list[tuple[int | None, bytes, int]] = transaction.execute(_NUMBERED, key).fetchall()
    sound(found, NUMBERED_KINDS)
    return found


def read_of_type(
    transaction: Transaction, case_id: str, type_: str, upto: int | None = None
) -> list[tuple[int | None, bytes]]:
    """The same of those events that are stored under a name."""
    key = (case_id, type_, LAST_VERSION if upto is None else upto)
    return [*sound(transaction.execute(_OF_TYPE, key).fetchall(), PLACED_KINDS)]


def read_of_types(
    transaction: Transaction, case_ids: Sequence[str], types: Sequence[str]
) -> list[Entry]:
    """The events of some streams that are stored under some names, one stream after the other."""
    places = (", ".join("?" * len(names)) for names in (case_ids, types))
    return _entries(transaction, _OF_TYPES.format(*places), (*case_ids, *types))


def read_audited(
    transaction: Transaction, case_id: str, upto: int | None = None, after: int = 0
) -> list[AuditTuple]:
    """The same with all columns of the tables, for a reader that trusts none of them."""
    key = (case_id, after, LAST_VERSION if upto is None else upto)
    return [*sound(transaction.execute(_AUDITED, key).fetchall(), AUDIT_KINDS[:-1])]


def read_ends(transaction: Transaction, case_ids: Sequence[str]) -> list[tuple[str, int, bytes]]:
    """Stream, version and bytes of the last entry of each of some streams that there are."""
    statement = " UNION ALL ".join([_END] * len(case_ids))
    key = [name for case_id in case_ids for name in (case_id, case_id)]
    return [*sound(transaction.execute(statement, key).fetchall(), END_KINDS)]


def read_behind(transaction: Transaction, position: int, limit: int) -> Behind:
    """What there is of the log after a position, as far as a limit."""
    key = (position, position + limit)
    size, last, there = only(transaction.execute(_BEHIND, key).fetchall(), BEHIND_KINDS)
    return Behind(size, -1 if last is None else last, there)


def read_followers(
    transaction: Transaction, position: int, limit: int, case_id: str, leaf: bytes
) -> list[Entry]:
    """Events after a position, as far as a limit, that name a leaf and lie under other names."""
    named = f'"prev":"{leaf.hex()}"'.encode()
    return _entries(transaction, _FOLLOWS, (position, position + limit, case_id, named))


def read_log(
    transaction: Transaction,
    start: int,
    limit: int,
    *,
    stop: int | None = None,
    types: Sequence[str] = (),
) -> list[Entry]:
    """The sealed events in the order of the log.

    Args:
        transaction: to read in.
        start: the first position.
        limit: how many at most.
        stop: the position after the last one; the end of the log where it is `None`.
        types: only events of these types; of all where there are none.
    """
    statement = _LOG
    if types:
        statement += f" AND type IN ({', '.join('?' for _ in types)})"
    statement += " ORDER BY position LIMIT ?"
    key = (start, LAST_VERSION if stop is None else stop, *types, limit)
    return _entries(transaction, statement, key)


def _entries(transaction: Transaction, statement: str, key: Sequence[object]) -> list[Entry]:
    found = transaction.execute(statement, key).fetchall()
    return [Entry._make(row) for row in sound(found, ENTRY_KINDS)]


def log_size(transaction: Transaction) -> int:
    """How many events are sealed: the position that the next one gets."""
    size: int
    (size,) = only(transaction.execute(_SIZE).fetchall(), STREAM_KINDS[1:])
    return size


def pending(transaction: Transaction) -> int:
    """How many events came after the last one that is sealed."""
    count: int
    (count,) = only(transaction.execute(_PENDING).fetchall(), STREAM_KINDS[1:])
    return count


def first_stream(transaction: Transaction) -> str | None:
    """The stream of the first event there is, sealed or not; `None` where there is none."""
    found = transaction.execute(_FIRST).fetchone()
    return found[0] if found else None


def taken(transaction: Transaction, entries: Sequence[NewEntry]) -> NewEntry | None:
    """The first of the entries whose version is stored already, or comes twice among them."""
    seen = set()
    for new in entries:
        key = (new.case_id, new.version)
        if key in seen or transaction.execute(_TAKEN, key).fetchone():
            return new
        seen.add(key)
    return None
