"""`scoretrail restored`: what is done once after a backup was restored."""

from pathlib import Path

import click

from application import restored as after_restore
from application.handed_over import read_checkpoint
from cli.evidence import print_erasure
from cli.option import command
from cli.parameter_types import FILE
from cli.progress import watched
from cli.screen import tell
from cli.session import Session


@command(
    "恢复备份后执行一次：再次销毁已依法销毁的佐证材料；写明最后公布的检查点的，签名者记住它，"
    "记录库缺少其中的条目即不签名。",
    "Run once after restoring a backup: erase again what was erased by law and, given the last"
    " published checkpoint, make the signer remember it, which signs nothing that lacks it.",
    "scoretrail restored checkpoint",
)
@click.argument("published", type=FILE, required=False)
def restored(session: Session, published: Path | None) -> None:
    for erasure in after_restore.erase_again(session.store, session.place, watched):
        print_erasure(erasure)
    if published:
        last = after_restore.remember(session.store, session.place, read_checkpoint(published))
        tell(f"签名记录：{last.head.size} 条", f"the signer remembers {last.head.size} entries")
