"""Importing (导入): an export into a ledger, all of it or nothing.

What goes into an empty ledger is a copy, byte for byte, and `verify` judges it as it judged the one
that it came from. What goes into one that has records becomes part of them: see `merge.py`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from application.clock import Clock
from application.exporting import length
from application.handed_over import EXPORT, damage, unreadable
from application.merge import merge
from application.place import LedgerPlace
from application.progress import Watch, unwatched
from ledger import dump
from ledger.codec import EntryTooLarge, UnreadableEntry, decode
from ledger.commands_on_log import stands_alone
from ledger.dump import DumpHeader
from ledger.envelope import RecordedEvent
from ledger.language import Text, counted
from ledger.ledger import continuation
from ledger.log.atomic_files import sync
from ledger.store import LedgerExists, NewEntry, Store
from ledger.system_error import cannot_read
from ledger.values import AccountId, Invalid

__all__ = ["DumpHeader", "ImportedCase", "import_file"]

IMPORTING: Final = Text("正在导入", "importing")


class ImportedCase(NamedTuple):
    """The result of an import of entries.

    Attributes:
        fresh: how many were written.
        known: how many were there already.
    """

    fresh: int
    known: int

    def sentence(self) -> Text:
        """The result for people."""
        return Text(
            f"导入 {self.fresh} 条，已有 {self.known} 条",
            f"{counted(self.fresh, 'entry', 'entries')} imported, {self.known} known",
        )


def import_file(  # noqa: PLR0913 - what, where to, and for merging who and when
    place: LedgerPlace,
    clock: Clock,
    account: AccountId | None,
    file: BinaryIO,
    *,
    key: str,
    whole: bool = False,
    watch: Watch = unwatched,
) -> DumpHeader | ImportedCase:
    """Read an export into a ledger: all of it or nothing.

    Args:
        place: the ledger; a file of one is made where there is none.
        clock: when.
        account: who answers for what is merged into a ledger that has records; needed for that.
        file: the export.
        key: idempotency key of the merge.
        whole: whether nothing but a whole ledger will do.
        watch: shows how far a whole ledger has come.

    Returns:
        What the ledger holds that came whole; or how many entries of a case were written.

    Raises:
        Invalid: the file is damaged, or is not an export; or nobody answers for a merge.
        CommandRefused: the entries do not continue what is there, or no rule would have let them
            pass.
        EnvelopeRefused: the account may not merge.
    """
    lines = _lines(file)
    first = next(lines, b"")
    if why := damage(first and first.rstrip(b"\n") + b"\n"):
        raise unreadable(file.name, EXPORT, why)
    if dump.is_header(first):
        header = dump.read_header(first)
        with _filled(place.target) as (store, _):
            store.fill(dump.restore(header, watch(lines, IMPORTING, length(header))))
        return header
    if whole:
        raise Invalid(
            "佐证材料只能随整个记录库导入，本文件只含一个评价事项",
            "evidence files can be imported only with a whole ledger; this file is of one case",
        )
    read = 0

    def counted() -> Iterator[RecordedEvent]:
        nonlocal read
        for read, line in enumerate(chain([first], lines), 1):
            yield _entry(line, read)

    # The one that is asked is not the one that writes: each keeps its position in the database.
    with _filled(place.target) as (store, target), Store.open(target) as known:
        entries = list(continuation(known, counted()))
        if store.streams() or not stands_alone(entries):
            fresh = merge(store, clock, account, entries, key)
        else:
            fresh = store.append_all(
                NewEntry(event.case, event.version, event.type, event.entry) for event in entries
            )
    return ImportedCase(fresh, read - fresh)


@contextmanager
def _filled(target: str) -> Iterator[tuple[Store, str]]:
    """The ledger and its target; where there is none, one that is there at the end or not at all.

    Raises:
        LedgerExists: somebody else made one meanwhile.
    """
    if "://" in target or Path(target).exists():
        with Store.open(target) as store:
            yield store, target
        return
    path, draft = Path(target), Path(f"{target}.{os.getpid()}.part")
    try:
        with Store.create(draft) as store:
            yield store, str(draft)
        if path.exists():
            raise LedgerExists(target)
        draft.rename(path)
        sync(path.absolute().parent)
    finally:
        for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            left.unlink(missing_ok=True)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; anything too long for one comes in pieces, which no reader takes."""
    try:
        yield from iter(lambda: file.readline(dump.LINE_MAX), b"")
    except OSError as error:
        raise cannot_read(file.name, error) from None


def _entry(line: bytes, number: int) -> RecordedEvent:
    try:
        return decode(line.removesuffix(b"\n"))
    except (UnreadableEntry, EntryTooLarge) as error:
        raise Invalid(
            f"导出文件第 {number} 行：{error.text.zh}",
            f"the export, line {number}: {error.text.en}",
        ) from None
