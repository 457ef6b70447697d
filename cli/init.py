"""`scoretrail init`: create a ledger with its first account."""

from secrets import token_bytes

import click

from application.found import admit_program, create_first_account, create_store, is_new
from cli.language import t
from cli.options import example
from cli.output import lasts
from cli.screen import echo
from cli.session import Session, clock


@click.command(
    help=t(
        "建立账本，并开设第一个账号（管理员）；其余账号由管理员开设。"
        "在 PostgreSQL 上还设立一个只能追加和读取的数据库角色，并在最后一行给出程序使用的地址。",
        "Create the ledger and its first account, an administrator, who opens all others."
        " On PostgreSQL also make a role that can only append and read; the last line is the"
        " address for the program.",
    ),
    epilog=example("scoretrail --ledger new.db init"),
)
@click.option(
    "--administrator", default="administrator", show_default=True, help=t("管理员账号", "its id")
)
@click.option(
    "--organisation",
    default="administration",
    show_default=True,
    help=t("管理员所属机构", "whom the administrator acts for"),
)
@click.option(
    "--database",
    metavar="URL",
    help=t(
        "数据库管理员的 postgresql:// 地址，数据库须已存在且为空（默认即 --ledger）",
        "postgresql:// URL of the owner of an empty database (default: --ledger)",
    ),
)
@click.option(
    "--role",
    metavar="NAME",
    help=t("程序使用的数据库角色（默认“库名_app”）", "for the program (default: DATABASE_app)"),
)
@click.option(
    "--empty",
    is_flag=True,
    help=t("不开设账号：用来导入整个账本", "open no account: a whole ledger is to be imported"),
)
@click.pass_obj
def init(  # noqa: PLR0913 - an argument an option
    session: Session,
    administrator: str,
    organisation: str,
    *,
    database: str | None,
    role: str | None,
    empty: bool,
) -> None:
    """Create the ledger."""
    target = database or session.target
    address = None
    with create_store(target) as store:
        # Before the first account: an attempt that was stopped can then be repeated.
        address = admit_program(target, role, token_bytes)
        try:
            if not empty:
                create_first_account(store, clock, administrator, organisation, session.dated)
            lasts()
        except BaseException:
            if address and is_new(address):  # which nobody else knows
                tell(address)
            raise
        echo(t(f"账本已建立：{store.place}", f"ledger created: {store.place}"))
    if address is not None:
        tell(address)


def tell(address: str) -> None:
    """Print the address for the program, and say to stderr what it is for."""
    if is_new(address):
        zh = "程序使用的地址，含新密码，只显示这一次；请存入 SCORETRAIL_LEDGER："
        en = "the program's address with its new password, shown only now, for SCORETRAIL_LEDGER:"
    else:
        zh = "数据库角色此前已有，密码不变；程序使用的地址（请补上密码）："
        en = "the role existed and keeps its password; the program's address, without it:"
    echo(t(zh, en), err=True)
    echo(address)
