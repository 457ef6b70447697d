"""Checks of entries by themselves and of their stream: steps 1 to 3 of `verify`.

Numbered as there (`log_verification.py`). Everyday reading asks no more than this, of the one
stream that it shows; so nothing here needs keys, and importing it costs nothing.
"""

from typing import Final, TypeAlias

from msgspec import Struct

from ledger.codec import EntryLocation, UnreadableEntry, check, decode
from ledger.envelope import RecordedEvent
from ledger.events import ScoreAdjusted, ScoreConfirmed
from ledger.language import Text
from ledger.log.tree import leaf_hash
from ledger.store import AuditRow, AuditTuple

Link: TypeAlias = tuple[int, bytes]
"""Version and leaf hash of an entry, for the next one of its stream to name."""

START: Final[Link] = (0, b"")
"""Before the first event of a stream."""


OF_ENTRY: Final = frozenset({"unreadable", "misfiled", "chain"})
"""Kinds of failures of an entry alone, which was not written by the program."""


IN_ITSELF: Final = OF_ENTRY - {"misfiled"}
"""Those of an entry that can be set aside, as no change of its columns alone brings them about."""


class VerificationFailure(Struct, frozen=True, kw_only=True):
    """Something that does not hold.

    Attributes:
        kind: name of the promise that is broken.
        where: the place: log position and stream with version.
        message: what is wrong.
        affects: the fact that can no longer be relied on.
        stream: the one that the break is in; empty where it is about the log as a whole.
        version: of the entry that does not hold; 0 where it is not about one.
    """

    kind: str
    where: str
    message: Text
    affects: Text
    stream: str = ""
    version: int = 0


def verify_entry(
    row: AuditTuple, before: Link, breaks: list[VerificationFailure]
) -> tuple[bytes, EntryLocation | None]:
    """Check an entry by itself, against the one before it in its stream and against its leaf.

    Args:
        row: the entry, with everything that the tables say of it.
        before: version and leaf hash of the entry before it.
        breaks: gets what does not hold.

    Returns:
        Its leaf hash, and what it states about itself; `None` where it cannot be read.
    """
    position, kept, case_id, version, kind, entry = row
    leaf = leaf_hash(entry)
    said: EntryLocation | None = None
    # 1. Canonical, readable, and stored under its own name.
    try:
        said = check(entry, position)
    except UnreadableEntry as error:
        breaks.append(_unreadable(AuditRow(*row), error))
    else:
        if said.case != case_id or said.version != version or said.type != kind:
            breaks.append(_misfiled(AuditRow(*row), said))
        # 2. Contiguous, and linked to the one before.
        if version != before[0] + 1:
            breaks.append(_gap(AuditRow(*row), before[0]))
        elif said.prev != before[1].hex():
            breaks.append(_chain(AuditRow(*row)))
    # 3. Sealed, under the hash of these very bytes.
    if position is None or kept is None:
        breaks.append(_unsealed(AuditRow(*row)))
    elif kept != leaf:
        breaks.append(_leaf(AuditRow(*row)))
    return leaf, said


def _where(row: AuditRow) -> str:
    return f"#{row.position} {row.case_id} v{row.version}"


def _unreadable(row: AuditRow, error: UnreadableEntry) -> VerificationFailure:
    return VerificationFailure(
        kind="unreadable",
        where=_where(row),
        message=error.text,
        affects=_name(row),
        stream=row.case_id,
        version=row.version,
    )


def _misfiled(row: AuditRow, said: EntryLocation) -> VerificationFailure:
    return row_break(
        "misfiled",
        row,
        f"条目自称 {said.case} 第 {said.version} 条 {said.type}",
        f"the entry says it is {said.case} v{said.version} {said.type}",
    )


def _gap(row: AuditRow, before: int) -> VerificationFailure:
    return row_break("gap", row, f"前一条是第 {before} 条", f"the one before is v{before}")


def _chain(row: AuditRow) -> VerificationFailure:
    return row_break(
        "chain",
        row,
        "所记前一条的哈希与前一条不符",
        "`prev` is not the leaf hash of the entry before",
    )


def _unsealed(row: AuditRow) -> VerificationFailure:
    return row_break(
        "unsealed",
        row,
        "没有日志位置：不是由本程序写入，或写入后未编入日志",
        "it has no position in the log: not written by this program, or never sealed",
    )


def _leaf(row: AuditRow) -> VerificationFailure:
    return row_break("leaf", row, "条目与其叶哈希不符", "the entry does not hash to its leaf")


def row_break(kind: str, row: AuditRow, zh: str, en: str) -> VerificationFailure:
    """What is wrong with an entry, with where it is and the fact that it records."""
    return VerificationFailure(
        kind=kind,
        where=_where(row),
        message=Text(zh, en),
        affects=_affected(row),
        stream=row.case_id,
        version=row.version,
    )


def event_break(
    kind: str, recorded: RecordedEvent, message: Text, affects: Text | None = None
) -> VerificationFailure:
    """What is wrong with an event that can be read, and what can no longer be relied on for it."""
    return VerificationFailure(
        kind=kind,
        where=f"#{recorded.position} {recorded.case} v{recorded.version}",
        message=message,
        affects=affects or fact(recorded),
        stream=recorded.case,
        version=recorded.version,
    )


def _affected(row: AuditRow) -> Text:
    """The fact that a row records, or at least what it is called."""
    try:
        return fact(decode(row.entry, row.position))
    except UnreadableEntry:
        return _name(row)


def fact(recorded: RecordedEvent) -> Text:
    """The fact of the business that an entry records."""
    event = recorded.event
    if isinstance(event, ScoreAdjusted | ScoreConfirmed):
        return Text(
            f"{recorded.case} 中指标 {event.indicator} 的核查得分",
            f"the award of {event.indicator} in {recorded.case}",
        )
    return Text(
        f"{recorded.case} 第 {recorded.version} 条 {recorded.type}",
        f"{recorded.case} v{recorded.version} {recorded.type}",
    )


def _name(row: AuditRow) -> Text:
    return Text(
        f"{row.case_id} 第 {row.version} 条 {row.type}", f"{row.case_id} v{row.version} {row.type}"
    )
