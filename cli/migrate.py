"""`scoretrail migrate`: bring an older ledger to this program's revision."""

from secrets import token_bytes

import click

from application.found import migrate as bring_up
from cli.language import t
from cli.options import example
from cli.output import lasts
from cli.owner import by_owner, tell
from cli.screen import echo
from cli.session import Session


@click.command(
    help=t(
        "把旧版程序建的记录库升到本程序的结构：全部完成，或什么都不变；条目一字不动。"
        "先备份。在 PostgreSQL 上用记录库所有者的地址，程序的数据库角色同时得到新表的权限。",
        "Bring a ledger that an older program has made to this program's revision: all of it or"
        " nothing; entries stay as they are. Back it up first. On PostgreSQL this needs the URL of"
        " the ledger's owner, and gives the program's role its rights on what is new.",
    ),
    epilog=example("scoretrail migrate"),
)
@by_owner
@click.pass_obj
def migrate(session: Session, *, database: str | None, role: str | None) -> None:
    """Migrate the ledger."""
    since, address = bring_up(database or session.target, role, token_bytes)
    lasts()
    if since is None:
        echo(t("记录库已是最新结构", "the ledger is up to date already"))
    else:
        echo(t(f"记录库已从 {since} 版升级", f"the ledger was migrated from revision {since}"))
    if address is not None:
        tell(address, "程序使用的地址", "the program's address")
