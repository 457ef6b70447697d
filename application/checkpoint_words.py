"""What was done about a checkpoint, in words (检查点办理结果)."""

from pathlib import Path

from ledger.language import Text, counted
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint
from ledger.values import Instant


def kept(signed: SignedCheckpoint, names: list[str]) -> Text:
    """That these witnesses' cosignatures are stored."""
    size = signed.checkpoint.head.size
    return Text(
        f"{size} 条的检查点，已存入联署：{'、'.join(names)}",
        f"checkpoint of {counted(size, 'entry', 'entries')}, cosignatures stored:"
        f" {', '.join(names)}",
    )


def stamped(signed: SignedCheckpoint, at: Instant) -> Text:
    """That a time stamp is stored."""
    size = signed.checkpoint.head.size
    return Text(
        f"已存入时间戳：前 {size} 条在 {at} 以前已在日志中",
        f"time stamp stored: {counted(size, 'entry', 'entries')} were in the log by {at}",
    )


def resumed(last: Checkpoint) -> Text:
    """That the signer remembers again."""
    return Text(
        f"签名记录已重建：{last.origin} {last.head.size} 条",
        f"the signer's state was rebuilt: {last.origin},"
        f" {counted(last.head.size, 'entry', 'entries')}",
    )


def published(signed: SignedCheckpoint, folder: Path) -> Text:
    """That the log is published."""
    size = signed.checkpoint.head.size
    entries = counted(size, "entry", "entries")
    return Text(f"已公布 {size} 条到 {folder}", f"{entries} published in {folder}")
