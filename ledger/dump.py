"""A whole ledger as one file, and back: to another database, byte for byte.

The file has lines (docs/formats/export.md): first what it holds, then every entry as it is stored,
in the order of the log, each checkpoint after the entries that it covers, and time stamps at the
end. Nothing else needs to be carried: positions, hashes and tiles follow from the entries. In both
directions the tree is recomputed from the bytes, one line at a time, and compared with every stated
root.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, Literal, Self, TypeVar

import msgspec
from msgspec import Struct

from ledger import not_read
from ledger.codec import EntryTooLarge, UnreadableEntry, canonical, decode
from ledger.envelope import StreamId
from ledger.events import EvidenceErased, EvidenceFiled
from ledger.language import Text, counted
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.stamp import REPLY_MAX, TimeStamp
from ledger.log.tree import CompactRange, ProofError, TreeHead, leaf_hash
from ledger.store import NewEntry, Store, StoredCheckpoint
from ledger.values import Count, Evidence, Instant, Invalid, Sha256, explained

LINE_MAX: Final = 2**20
"""Bytes in the longest line: anything longer was never written by this program."""

_HEADER: Final = b'{"checkpoints":'
_CHECKPOINT: Final = b'{"note":'
_STAMP: Final = b'{"reply":'

T = TypeVar("T")


class DumpHeader(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first line: what the file holds.

    Attributes:
        checkpoints: how many.
        format: of the file.
        root: of the tree over all entries, 64 hexadecimal digits.
        size: how many entries.
        stamps: how many time stamps.
        v: version of the format.
    """

    checkpoints: Count
    format: Literal["scoretrail-ledger"] = "scoretrail-ledger"
    root: Sha256
    size: Count
    stamps: Count
    v: Literal[1] = 1

    @property
    def head(self) -> TreeHead:
        """The log that it states."""
        return TreeHead(self.size, bytes.fromhex(self.root))

    def sentence(self, done: Text) -> Text:
        """What was exported or imported, for people."""
        entries = counted(self.size, "entry", "entries")
        checkpoints = counted(self.checkpoints, "checkpoint")
        return Text(
            f"{done.zh} {self.size} 条、{self.checkpoints} 个检查点、{self.stamps} 个时间戳，"
            f"根 {self.root}",
            f"{done.en} {entries}, {checkpoints}, {self.stamps} time stamps, root {self.root}",
        )


class CheckpointLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The line of a checkpoint."""

    note: str
    signed_at: Instant

    @classmethod
    def of(cls, kept: StoredCheckpoint) -> Self:
        """The line of one that is kept."""
        return cls(note=kept.note.decode(), signed_at=kept.signed_at)

    def stored(self) -> StoredCheckpoint:
        """The checkpoint as a ledger keeps it.

        Raises:
            ProofError: it is none.
        """
        note = self.note.encode()
        head = SignedCheckpoint.parse(note).checkpoint.head
        return StoredCheckpoint(head.size, head.root, note, self.signed_at)


class StampLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The line of a time stamp: base64 of the reply, and the bytes that it stamps."""

    reply: bytes
    stamped: str

    @classmethod
    def of(cls, stamp: TimeStamp) -> Self:
        """The line of one that is kept."""
        return cls(reply=stamp.reply, stamped=stamp.note.decode())

    def stamp(self) -> TimeStamp:
        """The time stamp; who made it is for `verify` to say."""
        return TimeStamp(self.stamped.encode(), self.reply)


# --- Out -----------------------------------------------------------------------------------------


def dump(store: Store) -> tuple[DumpHeader, Iterator[bytes]]:
    """The sealed log of a ledger as a file.

    Returns:
        What it holds, and its lines, which are read from the ledger as they are asked for.

    Raises:
        Invalid: nothing is in the ledger.
        ProofError: while the lines are read: the log differs from what it states.
    """
    head = store.head()
    if not head.size:
        raise Invalid("记录库中尚无记录，无可导出", "there is nothing in the ledger to export")
    kept = [checkpoint for checkpoint in store.checkpoints() if checkpoint.size <= head.size]
    stamps = store.stamps()
    header = DumpHeader(
        checkpoints=len(kept), root=head.root.hex(), size=head.size, stamps=len(stamps)
    )
    return header, _lines(store, header, deque(kept), stamps)


def _lines(
    store: Store, header: DumpHeader, kept: deque[StoredCheckpoint], stamps: Iterable[TimeStamp]
) -> Iterator[bytes]:
    frontier = CompactRange()
    yield canonical(header) + b"\n"
    yield from _due(kept, frontier)
    for entry in store.read_log(limit=header.size):
        if entry.position != frontier.size:
            raise _damaged(f"#{frontier.size}", "缺少这个位置", "there is no such position")
        frontier.append(leaf_hash(entry.entry))
        yield entry.entry + b"\n"
        yield from _due(kept, frontier)
    if frontier.head() != header.head:
        raise _damaged(f"#{header.size}", "重算的根不同", "recomputed, it has another root")
    for stamp in stamps:
        yield canonical(StampLine.of(stamp)) + b"\n"


def _due(kept: deque[StoredCheckpoint], frontier: CompactRange) -> Iterator[bytes]:
    """The line of the checkpoint of the log as far as it has been read, if there is one."""
    while kept and kept[0].size == frontier.size:
        one = kept.popleft()
        try:
            head = SignedCheckpoint.parse(one.note).checkpoint.head
        except ProofError as error:
            raise _damaged(f"checkpoint {one.size}", error.text.zh, error.text.en) from None
        if not head == (one.size, one.root) == frontier.head():
            raise _damaged(
                f"checkpoint {one.size}", "与前面的条目不符", "it is not of the entries before it"
            )
        yield canonical(CheckpointLine.of(one)) + b"\n"


def _damaged(where: str, zh: str, en: str) -> ProofError:
    return ProofError(
        f"记录库不可导出，{where}：{zh}；请核验记录库，不符之处将逐一列明",
        f"the ledger cannot be exported, {where}: {en}; verify it to see every failure",
        rule="ledger-broken",
    )


# --- In ------------------------------------------------------------------------------------------


def is_header(line: bytes) -> bool:
    """Whether a file that begins with this line holds a whole ledger."""
    return line.startswith(_HEADER)


def read_header(line: bytes) -> DumpHeader:
    """What a file says it holds.

    Raises:
        Invalid: the line is not a header, or of a newer program.
    """
    return _read(line, 1, DumpHeader)


def restore(
    header: DumpHeader, lines: Iterable[bytes]
) -> Iterator[NewEntry | StoredCheckpoint | TimeStamp]:
    """What follows the header, checked line by line, and as a whole at the end.

    Args:
        header: of the file.
        lines: the others, each with its line feed.

    Raises:
        Invalid: the file is damaged or cut short. What was read so far must not be kept.
    """
    frontier = CompactRange()
    streams: dict[StreamId, tuple[int, str]] = {}
    checkpoints, covered, stamps = 0, -1, 0
    number = 1
    for number, line in enumerate(lines, 2):
        if line.startswith(_CHECKPOINT):
            one = _checkpoint(line, number, frontier.head())
            if one.size == covered:
                raise _broken(number, "同一大小的又一个检查点", "a second checkpoint of that size")
            checkpoints, covered = checkpoints + 1, one.size
            yield one
        elif line.startswith(_STAMP):
            stamps += 1
            yield _stamp(line, number)
        else:
            new = _entry(line, number, streams)
            frontier.append(leaf_hash(new.entry))
            yield new
    stated = header.size, header.checkpoints, header.stamps
    if (frontier.size, checkpoints, stamps) != stated:
        raise _broken(
            number,
            f"到此为止有 {frontier.size} 条、{checkpoints} 个检查点、{stamps} 个时间戳，"
            f"文件首行说有 {header.size} 条、{header.checkpoints} 个、{header.stamps} 个",
            f"the file ends here with {counted(frontier.size, 'entry', 'entries')},"
            f" {counted(checkpoints, 'checkpoint')} and"
            f" {stamps} time stamps; its first line states {header.size}, {header.checkpoints} and"
            f" {header.stamps}",
        )
    if frontier.head() != header.head:
        raise _broken(
            number,
            f"全部条目重算的根是 {frontier.head().root.hex()}，首行写的不是",
            f"recomputed from all entries the root is {frontier.head().root.hex()}, which is not"
            " what the first line states",
        )


def _entry(line: bytes, number: int, streams: dict[StreamId, tuple[int, str]]) -> NewEntry:
    """An entry that follows the last one of its stream."""
    try:
        recorded = decode(_whole(line, number))
    except (UnreadableEntry, EntryTooLarge) as error:
        raise _broken(number, error.text.zh, error.text.en) from None
    version, link = streams.get(recorded.case, (0, ""))
    if (recorded.version, recorded.prev) != (version + 1, link):
        raise _broken(
            number,
            f"{recorded.case} 第 {recorded.version} 条接不上文件中它的前一条（第 {version} 条）",
            f"{recorded.case} v{recorded.version} does not follow what the file holds of it before"
            f" (v{version})",
        )
    streams[recorded.case] = recorded.version, leaf_hash(recorded.entry).hex()
    return NewEntry(recorded.case, recorded.version, recorded.type, recorded.entry)


def _checkpoint(line: bytes, number: int, head: TreeHead) -> StoredCheckpoint:
    """A checkpoint of the entries above it."""
    try:
        kept = _read(line, number, CheckpointLine).stored()
    except ProofError as error:
        raise _broken(number, error.text.zh, error.text.en) from None
    if (kept.size, kept.root) != head:
        raise _broken(
            number,
            f"{kept.size} 条的检查点与上面的 {head.size} 条不符",
            f"the checkpoint of {counted(kept.size, 'entry', 'entries')} is not of the"
            f" {head.size} above it",
        )
    return kept


def _stamp(line: bytes, number: int) -> TimeStamp:
    """A time stamp."""
    one = _read(line, number, StampLine)
    if len(one.reply) > REPLY_MAX:
        raise _broken(
            number, f"时间戳超过 {REPLY_MAX} 字节", f"a time stamp above {REPLY_MAX} bytes"
        )
    return one.stamp()


def _read(line: bytes, number: int, kind: type[T]) -> T:
    whole = _whole(line, number)
    try:
        value = msgspec.json.decode(whole, type=kind)
    except msgspec.ValidationError as error:
        raise _broken(number, *explained(error)) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _broken(number, *not_read.reason(error)) from None
    if canonical(value) != whole:
        raise _broken(number, "不是规范字节", "the bytes are not canonical")
    return value


def _whole(line: bytes, number: int) -> bytes:
    if not line.endswith(b"\n"):
        raise _broken(number, "这一行没有写完", "the line is cut off")
    return line[:-1]


def _broken(number: int, zh: str, en: str) -> Invalid:
    return Invalid(
        f"第 {number} 行：{zh}；文件损坏或不完整，未导入任何内容。请重新取得文件；仍有此问题的，请"
        "核验来源记录库",
        f"line {number}: {en}; the file is damaged or truncated and nothing was imported; get it"
        " again, and if that does not help, verify the ledger it came from",
        rule="export-broken",
    )


# --- Evidence ------------------------------------------------------------------------------------


def evidence(store: Store) -> Iterator[tuple[StreamId, Evidence]]:
    """The evidence files that a ledger cites, case by case, but for those erased by law."""
    for case, _ in store.streams():
        filed, erased = {}, set()
        for entry in store.read(case):
            if entry.type in {"EvidenceFiled", "EvidenceErased"}:
                event = decode(entry.entry).event
                if isinstance(event, EvidenceFiled):
                    filed[event.evidence.sha256] = event.evidence
                elif isinstance(event, EvidenceErased):
                    erased.add(event.sha256)
        yield from ((case, one) for digest, one in filed.items() if digest not in erased)
