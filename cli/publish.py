"""`scoretrail publish`: the log as static files that any web server can serve."""

from pathlib import Path

import click

from application.checkpoints import publish as publish_log
from cli.language import t
from cli.options import example
from cli.output import lasts
from cli.parameter_types import FILE
from cli.screen import echo
from cli.session import Session, clock
from ledger.language import counted


@click.command(
    help=t(
        "把日志公布为静态文件（C2SP tlog-tiles）：先条目和瓦片，最后检查点。重复执行只补充新内容。",
        "Publish the log as static files (C2SP tlog-tiles): entries and tiles first, the"
        " checkpoint last. Running it again adds what is new.",
    ),
    epilog=example("scoretrail publish public"),
)
@click.argument("folder", type=FILE)
@click.pass_obj
def publish(session: Session, folder: Path) -> None:
    """Publish the log."""
    signed = publish_log(session.store, clock, session.place, folder)
    lasts()
    size = signed.checkpoint.head.size
    echo(
        t(
            f"已公布 {size} 条到 {folder}",
            f"{counted(size, 'entry', 'entries')} published in {folder}",
        )
    )
