"""Whether recorded commands on the log hold: entries merged, entries set aside, dossiers.

They name entries of other streams, which no fold of the register can look at. A forged one names
what is not there, or anything at all: it moves nothing, since readers work out again what an entry
means, and here it is a break. What was itself merged speaks of the log that it was recorded in; the
account that merged it answers for it.

A ledger may begin as the export of one case. It lacks the other streams of the log that it comes
from, and its positions are others. An entry that was set aside there, because its moment had not
come yet, is looked for by its hash, therefore, and a merge may name a stream that is not here, as
long as the log holds no more than one case.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from ledger.case import pinned_rubrics
from ledger.codec import form_of
from ledger.entry_verification import VerificationFailure, event_break
from ledger.envelope import REGISTER, RecordedEvent, is_case, rubric_stream
from ledger.events import (
    DossierIssued,
    EntriesMerged,
    EntrySetAside,
    MergedStream,
    RegisterEvent,
    StreamEnd,
)
from ledger.language import Text
from ledger.log.tree import leaf_hash
from ledger.log_verification import Verification, VerificationNote
from ledger.store import Store, moment_of
from ledger.stream_reading import events_of_type
from ledger.values import Instant, Sha256


def recorded_of(kind: type[RegisterEvent], store: Store, size: int) -> list[RecordedEvent]:
    """What the registry records about the first entries of the log, regardless of the author."""
    found = events_of_type(store.of_type(REGISTER, kind.__name__), kind)
    return [
        recorded for recorded in found if recorded.position is not None and recorded.position < size
    ]


def names_one_of(recorded: RecordedEvent, faulty: Container[int]) -> bool:
    """Whether a command sets an entry aside that has one of some positions."""
    return isinstance(recorded.event, EntrySetAside) and recorded.event.position in faulty


def stands_alone(events: Iterable[RecordedEvent]) -> bool:
    """Whether no event sets an entry aside that is not among those before it."""
    leaves: set[Sha256] = set()
    for event in events:
        if isinstance(event.event, EntrySetAside) and event.event.leaf not in leaves:
            return False
        leaves.add(leaf_hash(event.entry).hex())
    return True


# Entries set aside --------------------------------------------------------------------------------


def verify_set_aside(
    result: Verification,
    set_aside: Iterable[RecordedEvent],
    merges: Sequence[RecordedEvent],
    store: Store,
    *,
    whole: bool,
) -> None:
    """Note who has set aside which entry, in place of saying that it does not hold.

    Args:
        result: of `verify`, with the entries that do not hold in themselves.
        set_aside: events that set entries aside. Whether their authors may, the register knows.
        merges: events that have made a part of the log what was recorded elsewhere.
        store: to find what a command names; of an entry recorded, by its own account, later than it
            was set aside, only the recorded time is set aside, and the entry remains.
        whole: whether all entries were looked at; one that is sound is no longer set aside then.
    """
    for recorded in set_aside:
        event = recorded.event
        assert isinstance(event, EntrySetAside)  # noqa: S101 - no others are handed in
        by = _set_aside_by(recorded, event.reason)
        place = f"#{event.position}"
        if result.faulty.get(event.position, b"").hex() == event.leaf:
            broken = [each for each in result.breaks if each.where.startswith(f"{place} ")]
            where = broken[0].where if broken else place
            result.breaks = [each for each in result.breaks if each not in broken]
            result.notes.append(VerificationNote(where, by))
            continue
        there = store.entry_at(event.position)
        if there is not None and leaf_hash(there.entry).hex() == event.leaf:
            if _moment(there.entry) > recorded.at:
                text = Text(
                    f"所记时刻不予采信，{by.zh}", f"its recorded time is disregarded: {by.en}"
                )
                result.notes.append(VerificationNote(place, text))
            elif whole:
                zh = f"所搁置的条目（{place}）本身没有问题"
                result.breaks.append(
                    _false(recorded, zh, f"the entry that it sets aside ({place}) is sound")
                )
        elif _came_merged(recorded, merges, store) or _is_further_up(recorded, event, store):
            text = Text(
                f"这里没有所搁置的条目；{by.zh}",
                f"the entry that it names is not in this ledger: {by.en}",
            )
            result.notes.append(VerificationNote(place, text))
        else:
            zh = f"所搁置的条目（{place}）不在这里"
            result.breaks.append(_false(recorded, zh, f"what it sets aside ({place}) is not there"))


def _is_further_up(recorded: RecordedEvent, event: EntrySetAside, store: Store) -> bool:
    """Whether an entry at its old position is one whose recorded time alone could be set aside."""
    before = min(event.position, recorded.position or 0)
    return any(
        leaf_hash(entry.entry).hex() == event.leaf and _moment(entry.entry) > recorded.at
        for entry in store.read_log(limit=before)
    )


def _moment(entry: bytes) -> Instant:
    return moment_of(entry).decode(errors="replace")


def _set_aside_by(recorded: RecordedEvent, reason: str) -> Text:
    return Text(
        f"已由 {recorded.by.account} 于 {recorded.at} 搁置：{reason}",
        f"set aside by {recorded.by.account} at {recorded.at}: {reason}",
    )


# Entries merged -----------------------------------------------------------------------------------


def verify_merged(result: Verification, merges: Sequence[RecordedEvent], store: Store) -> None:
    """Check that what was merged is what the register says.

    Args:
        result: to be added to.
        merges: the commands that say so.
        store: of the ledger.
    """
    for recorded in merges:
        if not _came_merged(recorded, merges, store):
            result.breaks += [
                _false(recorded, zh, en) for zh, en in _what_is_false(recorded, store)
            ]


def _what_is_false(recorded: RecordedEvent, store: Store) -> Iterator[tuple[str, str]]:
    event = recorded.event
    assert isinstance(event, EntriesMerged)  # noqa: S101 - no others are handed in
    names = [part.stream for part in event.streams]
    if not names or names != sorted(set(names)):
        yield (
            "未写明并入的记录流，或次序不正确",
            "it names no streams, or does not name each of them once and in order",
        )
        return
    missing = [part for part in event.streams if not store.stream(part.stream, 1)]
    if missing and _cases_before(recorded, store) > 1:
        yield (
            f"没有所并入的 {'、'.join(part.stream for part in missing)}",
            f"there is no {', '.join(part.stream for part in missing)}",
        )
    found: list[tuple[int, bytes]] = []
    for part in event.streams:
        if part not in missing:
            merged = _entries_of(part, recorded, store)
            found += merged
            if not merged:
                yield (
                    f"{part.stream} 第 {part.first} 至 {part.version} 条不是所并入的",
                    f"{part.stream} v{part.first} to v{part.version} are not what was merged",
                )
                return
    content = b"".join(entry + b"\n" for _, entry in sorted(found))
    if not missing and sha256(content).hexdigest() != event.sha256:
        yield "并入的内容与所记哈希（sha256）不符", "the digest (sha256) of what was merged differs"


def _entries_of(
    part: MergedStream, recorded: RecordedEvent, store: Store
) -> list[tuple[int, bytes]]:
    """Position and bytes of what was merged into a stream; nothing where that is not there."""
    entries = store.stream(part.stream, part.version)
    merged = [
        (position, entry)
        for position, entry in entries[part.first - 1 :]
        if position is not None and recorded.position is not None and position < recorded.position
    ]
    is_all = len(entries) == part.version and len(merged) == part.version - part.first + 1
    return merged if is_all and leaf_hash(entries[-1][1]).hex() == part.leaf else []


def _cases_before(recorded: RecordedEvent, store: Store) -> int:
    """How many cases had begun before a command; two represent many."""
    before = (
        name
        for name, _ in store.streams()
        if is_case(name)
        for position, _ in store.stream(name, 1)
        if position is not None and recorded.position is not None and position < recorded.position
    )
    return len([*islice(before, 2)])


def _came_merged(recorded: RecordedEvent, merges: Sequence[RecordedEvent], store: Store) -> bool:
    """Whether a command was recorded elsewhere, and merged by a later one."""
    return any(
        part.stream == recorded.case
        and part.first <= recorded.version <= part.version
        and any(entry == recorded.entry for _, entry in _entries_of(part, merge, store))
        for merge in merges
        if isinstance(merge.event, EntriesMerged)
        for part in merge.event.streams
    )


# Dossiers -----------------------------------------------------------------------------------------


def verify_dossiers(
    result: Verification,
    record: Sequence[RecordedEvent],
    merges: Sequence[RecordedEvent],
    store: Store,
) -> None:
    """Check that dossiers of a case state the last versions of the streams that it depends on.

    Args:
        result: to be added to.
        record: every event of the case.
        merges: the commands that have made a part of the log what was recorded elsewhere.
        store: of the ledger.
    """
    damaged = result.damaged  # of which nothing can be known
    for recorded in record:
        if (
            not isinstance(recorded.event, DossierIssued) or form_of(recorded) == 1
        ):  # which did not say it
            continue
        rubrics = pinned_rubrics([one for one in record if one.version < recorded.version])
        wanted = {REGISTER, *map(rubric_stream, rubrics)}
        ends = [(end.stream, end.version) for end in recorded.event.streams]
        names = {name for name, _ in ends}
        if (ends, names - {recorded.case}) != (sorted(set(ends)), wanted) or not (
            all(
                _was_so(end, recorded, store)
                for end in recorded.event.streams
                if end.stream not in damaged
            )
            or _came_merged(recorded, merges, store)
        ):
            zh = "所述的账号登记或指标体系到哪一条，与日志不符"
            en = "the last entries that it states for the registry and the rubrics are not correct"
            result.breaks.append(_false(recorded, zh, en))


def _was_so(end: StreamEnd, recorded: RecordedEvent, store: Store) -> bool:
    """Whether a stream had an entry as its last one, or one of its last, before a command."""
    found = store.entry_of(end.stream, end.version)
    return (
        found is not None
        and found.position is not None
        and (recorded.position is None or found.position < recorded.position)
        and leaf_hash(found.entry).hex() == end.leaf
    )


def _false(recorded: RecordedEvent, zh: str, en: str) -> VerificationFailure:
    return event_break("rules", recorded, Text(zh, en))
