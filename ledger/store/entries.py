"""What goes into a store and what comes out of it."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from ledger.envelope import Identity
from ledger.log.tree import ProofError

Row = TypeVar("Row", bound=tuple[Any, ...])

ENTRY_MAX: Final = 65_535
"""Bytes in one entry: C2SP tlog-tiles gives the length in 16 bits."""


_NUMBER: Final[frozenset[type]] = frozenset({int})
_TEXT: Final[frozenset[type]] = frozenset({str})
_BYTES: Final[frozenset[type]] = frozenset({bytes})
_PLACE: Final[frozenset[type]] = frozenset({int, type(None)})
_HASH: Final[frozenset[type]] = frozenset({bytes, type(None)})
ENTRY_KINDS: Final = (_PLACE, _TEXT, _NUMBER, _TEXT, _BYTES)
PLACED_KINDS: Final = (_PLACE, _BYTES)
NUMBERED_KINDS: Final = (*PLACED_KINDS, _NUMBER)
AUDIT_KINDS: Final = (_PLACE, _HASH, _TEXT, _NUMBER, _TEXT, _BYTES, _NUMBER)
BEHIND_KINDS: Final = (_NUMBER, _PLACE, _NUMBER)
STREAM_KINDS: Final = (_TEXT, _NUMBER)
END_KINDS: Final = (_TEXT, _NUMBER, _BYTES)
STATE_KINDS: Final = (_NUMBER, _BYTES)
CHECKPOINT_KINDS: Final = (_NUMBER, _BYTES, _BYTES, _TEXT)


def sound(rows: Sequence[Row], kinds: Sequence[frozenset[type]]) -> Sequence[Row]:
    """The rows, if their values are of the kinds that their columns hold.

    A file says of each value what it is, and one that is broken may say anything.

    Args:
        rows: as they were read.
        kinds: the types that each column may have.

    Raises:
        ProofError: some value is of another type.
    """
    for column, kind in zip(zip(*rows, strict=True), kinds, strict=False):
        if not kind.issuperset(map(type, column)):
            raise ProofError(
                "表中的值与该列类型不符", "a value in a table does not have the type of its column"
            )
    return rows


def only(rows: Sequence[Row], kinds: Sequence[frozenset[type]]) -> Row:
    """The one row of a table that holds one, such as the state of the log.

    Raises:
        ProofError: somebody has taken it away or added another, or a value is of another type.
    """
    if len(rows) != 1:
        raise ProofError("表里应有且只有一行", "a table does not hold the one row that it should")
    return sound(rows, kinds)[0]


class NewEntry(NamedTuple):
    """One event to be appended.

    Attributes:
        case_id: whose stream it belongs to.
        version: its number in that stream.
        type: the stable name of the event.
        entry: the canonical bytes of the whole envelope, stored and hashed as they are.
    """

    case_id: str
    version: int
    type: str
    entry: bytes


class Basis(NamedTuple):
    """What entries were decided on, next to their own streams: it must not have grown since.

    Attributes:
        case_id: a stream.
        version: the last of it that was read; `None` where nothing but the moment counts, as for
            entries of that stream itself, whose versions nobody else can have taken.
    """

    case_id: str
    version: int | None


class Entry(NamedTuple):
    """One event as it is stored.

    Attributes:
        position: its position in the log, from 0 without gaps; `None` until it is sealed.
        case_id: whose stream it belongs to.
        version: its number in that stream.
        type: the stable name of the event.
        entry: the bytes that were appended, to the bit.
    """

    position: int | None
    case_id: str
    version: int
    type: str
    entry: bytes


MOMENT: Final = slice(7, 34)
"""Where an entry says when it was recorded: its keys are sorted, and `at` is the first."""

_BEGINNING: Final = b'{"at":"'


def moment_of(entry: bytes) -> bytes:
    """When an entry says that it was recorded, as its bytes sort; nothing where none is stated."""
    return entry[MOMENT] if entry.startswith(_BEGINNING) else b""


class StoredCheckpoint(NamedTuple):
    """A checkpoint that the log has signed.

    Attributes:
        size: how many entries it covers.
        root: 32 bytes, as the note says.
        note: the signed note, to the bit; cosignatures that came later are at its end.
        signed_at: an instant.
    """

    size: int
    root: bytes
    note: bytes
    signed_at: str


class AuditRow(NamedTuple):
    """One event as a verifier reads it: everything that the tables say of it.

    Attributes:
        position: its position in the log; `None` where it has no leaf.
        hash: what its leaf says; `None` where it has none.
        case_id: the columns next to the entry, which must agree with it.
    """

    position: int | None
    hash: bytes | None
    case_id: str
    version: int
    type: str
    entry: bytes


AuditTuple: TypeAlias = tuple[int | None, bytes | None, str, int, str, bytes]
"""The same without the names, which take a quarter of the time to read it."""


class WrittenEntry(NamedTuple):
    """One event with what a server knows by itself of who appended it.

    Attributes:
        row: the event.
        role: of the database.
        identity: whom that role can be; `None` for a role that is not registered.
    """

    row: AuditRow
    role: str
    identity: Identity | None


class Behind(NamedTuple):
    """What there is of the log after a position.

    Attributes:
        size: how many events the log says it has.
        last: the position of its last leaf, wherever; -1 where there is none.
        there: how many leaves with an entry were found, of those that were looked for.
    """

    size: int
    last: int
    there: int
