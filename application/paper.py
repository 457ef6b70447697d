"""Paper (文书): a document of a case in the format of a file, and whether there can be one."""

import errno
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from application.handed_over import read_checkpoint
from application.last_year import Look, case_before, cases_before
from application.written_file import write_whole
from documents.formats import printer
from documents.kinds import OF_LAST_YEAR, document_of
from documents.source import source
from ledger.envelope import RecordedEvent
from ledger.language import Language
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.checkpoint_line import CheckpointLine
from ledger.ranking import PlaceInRanking
from ledger.store import Store
from ledger.system_error import cannot_write
from ledger.values import Invalid, ItemId
from projections.as_of import CaseAsOf


def write_paper(  # noqa: PLR0913 - what it is made from, and where to
    store: Store,
    point: CaseAsOf,
    kind: str,
    output: Path,
    *,
    language: Language,
    today: date,
    look: Look,
    about: ItemId | None = None,
    checkpoint: Path | None = None,
    key: str = "",
    place: PlaceInRanking | None = None,
) -> None:
    """Write a document of a case.

    Args:
        store: of the ledger.
        point: what it is made from.
        kind: one of `documents.kinds.KINDS`.
        output: where to; the end of its name says in which format.
        language: of its words.
        today: the day to count open days to.
        look: reads a case.
        about: which appeal is answered, or which request is made, where there are several.
        checkpoint: the file of the one that it carries, in place of that which is `covering`.
        key: public keys of the log that a letter names, one per line.
        place: in the ranking of the year, that a result letter states.

    Raises:
        Invalid: no such format, there is nothing to print yet, or it cannot be written there.
        ExtraMissing: the packages that make it are not installed.
    """
    make = printer(output.suffix)
    made_from = source(point, today, covering(store, point.history, checkpoint), key)
    made_from = replace(made_from, place=place)
    if kind in OF_LAST_YEAR:
        before = case_before(cases_before(store, point.case), point, look)
        made_from = replace(made_from, before=before)
    write_whole(output, [make(document_of(kind, made_from, language, about))])


def covering(
    store: Store, history: Sequence[RecordedEvent], file: Path | None = None
) -> CheckpointLine | None:
    """The checkpoint that a paper about these events carries; `None` before anything is signed.

    It is the first that covers them, so that a paper that is printed again is the same; before
    there is one, the last.

    Args:
        store: of the ledger.
        history: what the paper is about.
        file: of the checkpoint that it is to carry instead.

    Raises:
        Invalid: the file is not a checkpoint.
        ProofError: what is kept there is none.
    """
    if file:
        return CheckpointLine.of(read_checkpoint(file))
    kept, last = store.checkpoints(), history[-1].position if history else None
    if not kept:
        return None
    covers = (stored for stored in kept if last is not None and stored.size > last)
    return CheckpointLine.of(SignedCheckpoint.parse(next(covers, kept[-1]).note))


def ask_for_paper(output: Path) -> None:
    """Ask whether a document can be written there, before something is recorded that it is about.

    Raises:
        Invalid: no such format, or no such folder.
        ExtraMissing: the packages that make it are not installed.
    """
    printer(output.suffix)
    ask_for_folder(output)


def ask_for_folder(output: Path) -> None:
    """Ask for the place of a file, before something is recorded that it is about.

    Raises:
        Invalid: there is no such folder, it cannot be written, or the file is itself a folder.
    """
    if output.is_dir():
        raise cannot_write(output, IsADirectoryError(errno.EISDIR, ""))
    if not output.absolute().parent.is_dir():
        folder = output.parent
        raise Invalid(
            f"文件夹 {folder} 不存在。请先建立，或换一个位置。",
            f"there is no folder {folder}. Make it first, or name another place.",
        )
    if not os.access(output.absolute().parent, os.W_OK):
        raise cannot_write(output, PermissionError(errno.EACCES, ""))
