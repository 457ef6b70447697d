"""Verify exported data (核验数据文件): every row and column is what the log says at the checkpoint.

The checkpoint in the footers must be of this log, and the rows are made again from the log and
compared. What differs is named by file, row and column.
"""

from pathlib import Path
from typing import Final, NamedTuple

from application.parquet_export import all_rows
from application.progress import Watch, unwatched
from documents.parquet_comparison import Compared, ExportDifference
from documents.parquet_file import FORMAT, SUFFIX, ReadFile, schema_of
from ledger.language import Text, counted
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.policy import TrustPolicy
from ledger.log.tree import ProofError
from ledger.store import Store
from ledger.values import Invalid
from projections.portfolio.exported_views import FILES

MOST: Final = 20
"""Differences that are named one by one."""


class VerifiedExport(NamedTuple):
    """What was found of an export.

    Attributes:
        checkpoint: in its footers.
        rows: how many were compared.
    """

    checkpoint: SignedCheckpoint
    rows: int
    differences: list[ExportDifference]

    @property
    def sentences(self) -> list[Text]:
        """The result in words: the first differences, and how many there are."""
        origin, (size, _) = self.checkpoint.checkpoint.origin, self.checkpoint.checkpoint.head
        if found := len(self.differences):
            told = [difference.sentence for difference in self.differences[:MOST]]
            return [*told, Text(f"{found} 处不符", f"{counted(found, 'difference')} found")]
        return [
            Text(
                f"相符：{self.rows} 行即 {origin} 检查点 {size} 条时日志所记",
                f"verified: {counted(self.rows, 'row')}, as the log of {origin} says at {size}",
            )
        ]

    @property
    def report(self) -> dict[str, object]:
        """The result for programs."""
        origin, (size, root) = self.checkpoint.checkpoint.origin, self.checkpoint.checkpoint.head
        return {
            "holds": not self.differences,
            "origin": origin,
            "size": size,
            "root": root.hex(),
            "rows": self.rows,
            "differences": [
                {"file": found.file, "row": found.row, "column": found.column, "said": found.said}
                for found in self.differences
            ],
        }


def verify_export(
    store: Store, folder: Path, policy: TrustPolicy, watch: Watch = unwatched
) -> VerifiedExport:
    """Compare an export with the log of a ledger.

    Args:
        store: the ledger.
        folder: of the files.
        policy: whose signature the checkpoint must have, where somebody is trusted.
        watch: shows how far it has come.

    Raises:
        ExtraMissing: the library is not installed.
        Invalid: a file is missing or no Parquet, or has no checkpoint.
        ProofError: the checkpoint is not of this log, or not signed.
    """
    files = {name: ReadFile(folder / f"{name}{SUFFIX}") for name in FILES}
    signed = _checkpoint(files["facts"])
    if policy.log:
        policy.check(key for key, _ in signed.verify(policy.log, policy.witnesses))
    _same_log(store, signed)
    compared = {}
    for name, view in FILES.items():
        schema = schema_of(view, {"checkpoint": bytes(signed.note).decode()})
        compared[name] = Compared(files[name], schema)
    for name, rows in all_rows(store, signed, watch):
        compared[name].take(rows)
    for each in compared.values():
        each.end()
    strange = sorted(path.name for path in folder.glob(f"*{SUFFIX}") if path.stem not in FILES)
    found = [difference for each in compared.values() for difference in each.found]
    found += [
        ExportDifference(name, None, "", Text("不是导出的文件", "it is not of the export"))
        for name in strange
    ]
    return VerifiedExport(signed, sum(each.rows for each in compared.values()), found)


def _checkpoint(file: ReadFile) -> SignedCheckpoint:
    said = file.said
    if said.get("format") != FORMAT or "checkpoint" not in said:
        raise Invalid(
            f"{file.path}：不是本程序导出的数据文件（{FORMAT}）",
            f"{file.path}: it is not a file that this program exported ({FORMAT})",
        )
    return SignedCheckpoint.parse(said["checkpoint"].encode())


def _same_log(store: Store, signed: SignedCheckpoint) -> None:
    kept, own = store.last_checkpoint(), signed.checkpoint.origin
    origin = SignedCheckpoint.parse(kept.note).checkpoint.origin if kept else own
    if origin != own:
        raise ProofError(
            f"数据文件出自日志 {own}，记录库的日志是 {origin}",
            f"the files are of the log {own}, and this ledger's log is {origin}",
        )
