"""What goes into a store and what comes out of it."""

from typing import Final, NamedTuple, TypeAlias

ENTRY_MAX: Final = 65_535
"""Bytes in one entry: C2SP tlog-tiles gives the length in 16 bits."""


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


class Entry(NamedTuple):
    """One event as it is stored.

    Attributes:
        position: its place in the log, from 0 without a gap; `None` until it is sealed.
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


class StoredCheckpoint(NamedTuple):
    """A checkpoint that the log has signed.

    Attributes:
        size: how many entries it covers.
        root: 32 bytes, as the note says.
        note: the signed note, to the bit; cosignatures that came later stand at its end.
        signed_at: an instant.
    """

    size: int
    root: bytes
    note: bytes
    signed_at: str


class AuditRow(NamedTuple):
    """One event as a verifier reads it: everything that the tables say of it.

    Attributes:
        position: its place in the log; `None` where it has no leaf.
        hash: what its leaf says; `None` where it has none.
        case_id: the columns beside the entry, which the entry must bear out.
    """

    position: int | None
    hash: bytes | None
    case_id: str
    version: int
    type: str
    entry: bytes


AuditTuple: TypeAlias = tuple[int | None, bytes | None, str, int, str, bytes]
"""The same without the names, which take a quarter of the time to read it."""
