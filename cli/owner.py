"""What the owner of a ledger on a server does: options of his, and what he hands to others."""

import click

from cli.language import t
from cli.option import F
from cli.screen import echo, tell


def by_owner(command: F) -> F:
    """The owner's address, and the name of the database role that he makes."""
    url = t(
        "记录库所有者的地址（默认即 --ledger）", "URL of the ledger's owner (default: --ledger)"
    )
    name = t("数据库角色名（默认“库名_…”）", "name of the database role (default: DATABASE_…)")
    role = click.option("--role", metavar="NAME", help=name)
    return click.option("--database", metavar="URL", help=url)(role(command))


def hand_over(address: str, zh: str, en: str) -> None:
    """Print an address on a server, and say to stderr whose it is and where to keep it."""
    from application.admit import is_new  # noqa: PLC0415 - slow to import, not needed for help

    new = is_new(address)
    zh += "（含新密码，只显示这一次）" if new else "（角色此前已有，密码不变，请补上）"
    en += " (with its new password, shown only now)" if new else " (add the password the role has)"
    tell(f"{zh}，请存入 SCORETRAIL_LEDGER：", f"{en}, for SCORETRAIL_LEDGER:", err=True)
    echo(address)
