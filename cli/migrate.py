"""`scoretrail migrate`: bring an older ledger to this program's revision."""

from secrets import token_bytes

import click

from application.create import migrate as bring_up
from cli.language import t
from cli.options import example
from cli.output import lasts
from cli.owner import by_owner, tell
from cli.screen import echo
from cli.session import Session


@click.command(
    help=t(
        "将旧版程序建立的记录库升级为本程序的结构。全部完成或全部不变，条目不作任何改动。请先备份。"
        "在 PostgreSQL 上须用记录库所有者的地址，程序的数据库角色同时获得新表的权限。",
        "Upgrade a ledger made by an older program to this program's schema, completely or not at"
        " all. Entries are not changed. Back it up first. On PostgreSQL this requires the URL of"
        " the ledger's owner and grants the program's role access to new tables.",
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
        echo(t("记录库已是最新结构", "the ledger is already up to date"))
    else:
        echo(t(f"记录库已从 {since} 版升级", f"the ledger was migrated from revision {since}"))
    if address is not None:
        tell(address, "程序使用的地址", "the program's address")
