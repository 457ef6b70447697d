"""`scoretrail init` and `migrate`: create a ledger, bring an older one up to this program."""

from secrets import token_bytes

from application.admit import admit_program, is_new
from application.create import create_first_account, create_store
from application.create import migrate as bring_up
from cli.option import command, flag, option
from cli.output import lasts
from cli.owner import by_owner, hand_over
from cli.screen import tell
from cli.session import Session, clock


@command(
    "建立记录库，并开设第一个账号（管理员），其余账号由管理员开设。在 PostgreSQL 上，数据库须"
    "已存在且为空；同时设立一个只能追加和读取的数据库角色，最后一行为程序使用的连接地址。",
    "Create the ledger and its first account, an administrator, who opens all others. On"
    " PostgreSQL, which needs an empty database, also create a role that can only append and"
    " read; the last line is the connection URL for the program.",
    "scoretrail --ledger new.db init",
)
@option(
    "--administrator", "管理员账号", "id of the account", default="administrator", show_default=True
)
@option(
    "--organisation",
    "管理员所属机构",
    "organisation of the administrator",
    default="administration",
    show_default=True,
)
@option(
    "--time-zone", "记录库的时区（默认北京时间）", "time zone of the ledger (default: Beijing's)"
)
@by_owner
@flag("--practice", "演示记录库，不能改为真实的", "for practice only; it never becomes real")
@flag("--empty", "不开设账号，用于导入整个记录库", "open no account, for importing a whole ledger")
def init(  # noqa: PLR0913 - one argument per option
    session: Session, administrator: str, organisation: str, *, time_zone: str | None,
    database: str | None, role: str | None, practice: bool, empty: bool,
) -> None:  # fmt: skip
    target = database or session.target
    with create_store(target, time_zone) as store:
        # Before the first account: an attempt that was stopped can then be repeated.
        address = admit_program(target, role, token_bytes)
        try:
            if not empty:
                first = administrator, organisation, session.dated, session.confirmed, time_zone
                create_first_account(store, clock, *first, practice=practice)
            lasts()
        except BaseException:
            if address and is_new(address):  # which nobody else knows
                hand_over(address, "程序使用的地址", "the program's address")
            raise
        tell(f"记录库已建立：{store.place}", f"ledger created: {store.place}")
    if address is not None:
        hand_over(address, "程序使用的地址", "the program's address")


@command(
    "将旧版程序建立的记录库升级为本程序的结构。全部完成或全部不变，条目不作任何改动。请先备份。"
    "在 PostgreSQL 上须用记录库所有者的地址，程序的数据库角色同时获得新表的权限。",
    "Upgrade a ledger made by an older program to this program's schema, completely or not at"
    " all. Entries are not changed. Back it up first. On PostgreSQL this requires the URL of"
    " the ledger's owner and grants the program's role access to new tables.",
    "scoretrail migrate",
)
@by_owner
def migrate(session: Session, *, database: str | None, role: str | None) -> None:
    since, address = bring_up(database or session.target, role, token_bytes)
    lasts()
    if since is None:
        tell("记录库已是最新结构", "the ledger is already up to date")
    else:
        tell(f"记录库已从 {since} 版升级", f"the ledger was migrated from revision {since}")
    if address is not None:
        hand_over(address, "程序使用的地址", "the program's address")
