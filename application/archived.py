"""Archiving (归档): the ledger of a frozen year, written into objects that need no database."""

from application.handed_over import read_log_keys
from application.place import LedgerPlace
from application.year_end import final_checkpoint
from ledger.archive import Archived, write_archive
from ledger.language import Text, counted
from ledger.objects import objects_at


def archive(source: LedgerPlace, target: str, vkey: str | None) -> Text:
    """Write a frozen ledger into a folder, or below an `s3://` address. Again, nothing changes.

    Args:
        source: the ledger, and its evidence files where they are known.
        target: the folder or address.
        vkey: the public key of its log, or its file; else that next to the ledger.

    Returns:
        What was archived, and how it is read.

    Raises:
        Invalid: it is not frozen, its log is not what was signed, or something else lies there.
        ProofError: none of the keys has signed its final checkpoint.
        DatabaseUnavailable: nothing can be read or written there.
    """
    with source.open() as store:
        keys = read_log_keys([vkey or f"{source.key_file}.pub"])
        final = final_checkpoint(store, keys).signed
        done = write_archive(store, final, source.evidence_there(), objects_at(target))
    return _in_words(done, target)


def _in_words(done: Archived, target: str) -> Text:
    entries = counted(done.size, "entry", "entries")
    files = counted(done.evidence or 0, "evidence file")
    each = -(-done.bytes // done.size)
    return Text(
        f"{done.origin} 已归档到 {target}：{done.size} 条（每条约 {each} 字节），佐证材料"
        f" {done.evidence or 0} 份；查阅时记录库写作 archive:{target}",
        f"{done.origin} archived in {target}: {entries} (some {each} bytes each), {files};"
        f" its target from now on is archive:{target}",
    )
