"""From the stored bytes of a stream to its events: what came there past the program is left out.

Anyone who may write into the database can put bytes at the next version of a stream that are no
event of it. They keep their place, since nothing is ever removed, and the next command follows
them. Readers pass over what plainly is none of the stream: bytes that are no entry, an entry of
another place, an event of another kind of stream. Bytes that claim this position and yet cannot be
read may be of a newer program; nobody passes over them until an administrator has set them aside.
`verify` names all of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from ledger.codec import UnreadableEntry, check, read
from ledger.envelope import RecordedEvent, StreamId, types_of
from ledger.events import EntrySetAside, Event
from ledger.log.tree import leaf_hash
from ledger.values import Sha256

StoredEntry: TypeAlias = tuple[int | None, bytes]
"""Position and bytes of an entry of a stream, one for each version from 1."""

SetAside: TypeAlias = Mapping[int, Collection[Sha256]]
"""Leaf hashes of the entries that were set aside, by their positions: more than one of a position
where somebody has forged a command, which must not undo another one."""


class _Place(Struct):
    """The position that bytes claim, regardless of their other content."""

    case: Any = None
    version: Any = None


def events_of(
    stream: StreamId,
    entries: Iterable[StoredEntry],
    set_aside: SetAside,
    *,
    strict: bool = True,
) -> list[RecordedEvent]:
    """The events of a stream, in version order.

    Args:
        stream: its name.
        entries: all of it, or its beginning.
        set_aside: what is left out for that reason, if it really means nothing.
        strict: whether bytes that may be of a newer program are refused; else they are left out.

    Raises:
        UnreadableEntry: an entry at its position cannot be read.
    """
    known = types_of(stream)
    events = []
    there = list(entries)
    for version, (position, entry) in enumerate(there, 1):
        if position in set_aside and is_set_aside(stream, there[:version], set_aside):
            continue
        try:
            recorded = read(entry, position)
        except UnreadableEntry as error:
            if strict and _says(entry, stream, version):
                raise _cannot_be_read(stream, version, position, error) from None
            continue
        if (
            recorded.version == version
            and recorded.case == stream
            and type(recorded.event).__name__ in known
        ):
            events.append(recorded)
    return events


def is_set_aside(stream: StreamId, entries: Sequence[StoredEntry], set_aside: SetAside) -> bool:
    """Whether the last of some entries of a stream is left out because it was set aside.

    Nothing that is sound can be: neither by mistake nor by forging the registry.
    """
    position, entry = entries[-1]
    if position is None or leaf_hash(entry).hex() not in set_aside.get(position, ()):
        return False
    return is_faulty(stream, entries)


def refuse_behind_a_gap(
    stream: StreamId, behind: Iterable[tuple[int | None, bytes, int]], set_aside: SetAside
) -> None:
    """Check that nothing after a gap of a stream claims to be there.

    Args:
        stream: its name.
        behind: position, bytes and version of what is stored there.
        set_aside: what is known to mean nothing.

    Raises:
        UnreadableEntry: something does: entries before it are missing, or it came past the program.
    """
    for position, entry, version in behind:
        if not is_passed_over(stream, position, entry, version, set_aside):
            raise UnreadableEntry(
                f"{stream} 第 {version} 条之前缺少条目。之前条目未被删去的，本条是绕过程序写入的，"
                "可由管理员搁置",
                f"{stream} v{version}: earlier entries are missing. If none was deleted, it was"
                " not written by the program; an administrator can set it aside",
                rule="unreadable-entry",
                subject="" if position is None else str(position),
            )


def is_passed_over(
    stream: StreamId, position: int | None, entry: bytes, version: int, set_aside: SetAside
) -> bool:
    """Whether nothing is made of an entry after a gap: set aside, or silent about its position."""
    is_aside = position is not None and leaf_hash(entry).hex() in set_aside.get(position, ())
    return is_aside or not _says(entry, stream, version)


def is_faulty_behind_a_gap(stream: StreamId, entry: bytes, version: int) -> bool:
    """Whether an entry after a gap may be set aside: not if it claims another position."""
    try:
        said = check(entry)
    except UnreadableEntry:
        return True
    return (said.case, said.version) == (stream, version)


def is_faulty(stream: StreamId, entries: Sequence[StoredEntry]) -> bool:
    """Whether the program cannot have recorded the last of some entries of a stream.

    An entry that claims another position may be a sound one whose columns were changed, and its
    columns are in no hash: it is passed over here, but nobody can set it aside.
    """
    position, entry = entries[-1]
    try:
        said = check(entry, position)
    except UnreadableEntry:
        return True
    if (said.case, said.version) != (stream, len(entries)):
        return False
    before = leaf_hash(entries[-2][1]).hex() if len(entries) > 1 else ""
    return said.prev != before


def entries_set_aside(entries: Iterable[StoredEntry]) -> SetAside:
    """What was set aside, by entries of the register that say so."""
    leaves: dict[int, set[Sha256]] = {}
    for recorded in events_of_type(entries, EntrySetAside):
        if isinstance(recorded.event, EntrySetAside):
            leaves.setdefault(recorded.event.position, set()).add(recorded.event.leaf)
    return leaves


def events_of_type(entries: Iterable[StoredEntry], kind: type[Event]) -> list[RecordedEvent]:
    """Those of some entries that can be read and record an event of a kind."""
    found = []
    for position, entry in entries:
        with suppress(UnreadableEntry):
            one = read(entry, position)
            if isinstance(one.event, kind):
                found.append(one)
    return found


def _says(entry: bytes, stream: StreamId, version: int) -> bool:
    """Whether bytes claim a version of a stream."""
    try:
        place = msgspec.json.decode(entry, type=_Place)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return (place.case, place.version) == (stream, version)


def _cannot_be_read(
    stream: StreamId, version: int, position: int | None, error: UnreadableEntry
) -> UnreadableEntry:
    return UnreadableEntry(
        f"{stream} 第 {version} 条：{error.text.zh}。不是由更新版本的程序写入的，即是绕过程序写入"
        "的，可由管理员搁置",
        f"{stream} v{version}: {error.text.en}. If no newer version of the program wrote it, it"
        " was not written by the program: an administrator can set it aside",
        rule="unreadable-entry",
        subject="" if position is None else str(position),
    )
