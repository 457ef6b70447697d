"""`scoretrail migrate`: bring an older ledger to this program's revision."""

from secrets import token_bytes

import click

from application.found import migrate as bring_up
from cli.init import tell
from cli.language import t
from cli.options import example
from cli.output import lasts
from cli.screen import echo
from cli.session import Session


@click.command(
    help=t(
        "把旧版程序建的账本升到本程序的结构：全部完成，或什么都不变；条目一字不动。"
        "先备份。在 PostgreSQL 上用账本所有者的地址，程序的数据库角色同时得到新表的权限。",
        "Bring a ledger that an older program has made to this program's revision: all of it or"
        " nothing; entries stay as they are. Back it up first. On PostgreSQL this needs the URL of"
        " the ledger's owner, and gives the program's role its rights on what is new.",
    ),
    epilog=example("scoretrail migrate"),
)
@click.option(
    "--database",
    metavar="URL",
    help=t(
        "账本所有者的 postgresql:// 地址（默认即 --ledger）",
        "postgresql:// URL of the ledger's owner (default: --ledger)",
    ),
)
@click.option(
    "--role",
    metavar="NAME",
    help=t("程序使用的数据库角色（默认“库名_app”）", "of the program (default: DATABASE_app)"),
)
@click.pass_obj
def migrate(session: Session, *, database: str | None, role: str | None) -> None:
    """Migrate the ledger."""
    since, address = bring_up(database or session.target, role, token_bytes)
    lasts()
    if since is None:
        echo(t("账本已是最新结构", "the ledger is up to date already"))
    else:
        echo(t(f"账本已从 {since} 版升级", f"the ledger was migrated from revision {since}"))
    if address is not None:
        tell(address)
