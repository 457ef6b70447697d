"""`scoretrail account`: who exists and what they may do."""

from secrets import token_bytes

import click

from application import look
from cli.author_key import author_key
from cli.command_parameters import recording_command
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, flag, usage_error
from cli.options import as_data, print_json
from cli.owner import by_owner, hand_over
from cli.screen import as_csv, tell
from cli.session import Session
from cli.table import print_rows
from documents.read_lists import ACCOUNTS, account_rows
from ledger.time_zone import BEIJING_NAME

account = CommandGroup("account", help=t("账号与角色。", "Accounts and roles."))

for name, do, plain, line in (
    ("open", "open-account", "account", "second-reviewer --organisation xianghe --role reviewer"),
    ("grant", "grant-role", "account role", "agency-lead reviewer"),
    ("revoke", "revoke-role", "account role", "agency-lead lead-reviewer --reason 轮岗"),
    ("time-zone", "set-time-zone", "zone", "Asia/Shanghai"),
    ("conflict", "declare-conflict", "account unit", "agency-reviewer zhanjiang-amr --reason 亲属"),
    (
        *("end-conflict", "end-conflict", "account unit"),
        "agency-reviewer zhanjiang-amr --reason 亲属已离任",
    ),
    ("link", "link-accounts", "account also", "agency-lead agency-reviewer --reason 同一人"),
    ("demand-signatures", "demand-signatures", "since", "2027-01-01 --only demo-2024"),
):
    recording_command(account, name, do, f"administrator account {name} {line}", plain)


account.add_command(author_key)


@command(
    "PostgreSQL 上：为账号设立数据库角色。以该角色连接的，只能以这个账号办理，由服务器证明。"
    "--gateway 为网页等入口设立，代已登录的账号办理。最后一行为连接地址。",
    "On PostgreSQL: create a role that can act as one account only, as the server proves; or"
    " with --gateway, one that acts for logged-in accounts. Prints its connection URL.",
    "scoretrail account database-role bureau-officer",
    of=account,
)
@click.argument("account", required=False)
@flag("--gateway", "为网页等入口设立", "for a gateway")
@by_owner
def database_role(
    session: Session, account: str | None, *, gateway: bool, database: str | None, role: str | None
) -> None:
    from application.admit import admit_role  # noqa: PLC0415 - slow to import, not needed for help

    if gateway == bool(account):
        raise usage_error("请填写账号，或使用 --gateway", "name an account or --gateway")
    address = admit_role(database or session.target, account, role, token_bytes)
    hand_over(
        address, f"{account or '入口'}使用的地址", f"the address of {account or 'the gateway'}"
    )


@command("列出账号。", "List the accounts.", "scoretrail account list --json", of=account)
@as_data
def list_(session: Session, *, json_: bool) -> None:
    register = look.accounts(session.store)
    accounts, zone = list(register.accounts.values()), register.time_zone or BEIJING_NAME
    if json_:
        print_json({"time_zone": zone, "accounts": look.listed_accounts(accounts)})
        return
    print_rows(ACCOUNTS, account_rows(accounts))
    if not as_csv():
        tell(f"记录库的时区：{zone}", f"time zone of the ledger: {zone}")
