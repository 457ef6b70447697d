"""Data for others (数据导出): all views and the facts of a ledger as Parquet, at its checkpoint."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

from application.progress import Watch, unwatched
from application.sign import signed_last
from documents.parquet_file import FORMAT, SUFFIX, ReadFile, WrittenFile, arrow, schema_of
from ledger.language import Text, counted
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.tree import ProofError
from ledger.log.tree_builder import TreeBuilder
from ledger.program import VERSION
from ledger.store import Store
from ledger.system_error import cannot_write
from ledger.values import Invalid
from projections.portfolio.exported_views import FACTS, FILES, exported_rows, fact
from projections.portfolio.steps import ViewRow

EXPORTING: Final = Text("正在导出", "exporting")
AT_ONCE: Final = 5_000


class ParquetExport(NamedTuple):
    """What was exported.

    Attributes:
        checkpoint: at which its rows are true.
        rows: how many, of all files.
    """

    checkpoint: SignedCheckpoint
    rows: int

    def sentence(self, folder: Path) -> Text:
        """The same in words."""
        origin, (size, _) = self.checkpoint.checkpoint.origin, self.checkpoint.checkpoint.head
        rows = counted(self.rows, "row")
        return Text(
            f"已导出 {origin} 检查点 {size} 条时的 {self.rows} 行到 {folder}",
            f"{rows} of {origin} at its checkpoint of {size} written to {folder}",
        )


def footer(signed: SignedCheckpoint) -> dict[str, str]:
    """What the footer of each file says besides its view."""
    return {"checkpoint": bytes(signed.note).decode(), "program": VERSION}


def all_rows(
    store: Store, signed: SignedCheckpoint, watch: Watch = unwatched
) -> Iterator[tuple[str, list[ViewRow]]]:
    """The rows of all files at a checkpoint, some at a time, by the names of the files.

    Raises:
        ProofError: at the end of the facts, where the log is not what the checkpoint says.
    """
    origin, head = signed.checkpoint.origin, signed.checkpoint.head
    tree = TreeBuilder()
    if store.size() < head.size:
        raise _another_log(origin, head.size)
    some: list[ViewRow] = []
    for entry in watch(store.read_log(0, head.size), EXPORTING, head.size):
        row = fact(origin, entry)
        tree.place(row[1], bytes.fromhex(row[-1]))
        some.append(row)
        if len(some) == AT_ONCE:
            yield FACTS.name, some
            some = []
    yield FACTS.name, some
    tree.end()
    if tree.heads.get(head.size) != head:
        raise _another_log(origin, head.size)
    for name, rows in exported_rows(store, origin, head.size):
        yield name, list(rows)


def _another_log(origin: str, size: int) -> ProofError:
    return ProofError(
        f"记录库的前 {size} 条不是 {origin} 的检查点所签署的",
        f"the first {size} entries of this ledger are not what the checkpoint of {origin} signed",
    )


def export_parquet(store: Store, folder: Path, watch: Watch = unwatched) -> ParquetExport:
    """Write all files, in the place of what was there once all of them are whole.

    Raises:
        ExtraMissing: the library is not installed.
        Invalid: nothing is signed, or the folder cannot be written.
        ProofError: the log is not what was signed.
    """
    arrow()
    signed = signed_last(store).brief()
    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from None
    drafts = {name: folder / f"{name}.{os.getpid()}.part" for name in FILES}
    with ExitStack() as stack:
        for draft in drafts.values():
            stack.callback(draft.unlink, missing_ok=True)
        files: dict[str, WrittenFile] = {}
        for name, view in FILES.items():
            files[name] = WrittenFile(drafts[name], schema_of(view, footer(signed)))
            stack.callback(files[name].close)
        for name, rows in all_rows(store, signed, watch):
            files[name].take(rows)
            count += len(rows)
        for file in files.values():
            file.end()
        try:
            for name, draft in drafts.items():
                draft.replace(folder / f"{name}{SUFFIX}")
        except OSError as error:
            raise cannot_write(folder, error) from None
    return ParquetExport(signed, count)


def is_exported(store: Store, folder: Path) -> bool:
    """Whether a folder has the export of the checkpoint that a ledger has signed last."""
    wanted = {"format": FORMAT, **footer(signed_last(store).brief())}
    try:
        files = [ReadFile(folder / f"{name}{SUFFIX}") for name in FILES]
    except Invalid:
        return False
    for file in files:
        file.close()
    return all(wanted.items() <= file.said.items() for file in files)
