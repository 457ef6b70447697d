"""`scoretrail account`: who exists and what they may do."""

import click
from msgspec.structs import asdict

from cli.command_parameters import acting, argument, option
from cli.group import CommandGroup
from cli.language import t
from cli.options import as_json, example, print_json
from cli.screen import echo
from cli.session import Session
from ledger import terms

ROLES = click.Choice(list(terms.ROLES))


@click.group(cls=CommandGroup, help=t("账号与角色。", "Accounts and roles."))
def account() -> None:
    """Group the commands of the register."""


acting(
    account,
    "open",
    "open-account",
    zh="开设账号。账号是编号，不写个人姓名。",
    en="Open an account. Ids only, no personal names.",
    line="administrator account open second-reviewer --organisation guangzhou-xianghe"
    " --role reviewer",
    parameters=[
        argument("account"),
        option("--organisation", "所属机构", "whom it acts for", required=True),
        option("--role", "角色，可多次", "repeatable", name="roles", multiple=True, kind=ROLES),
    ],
)
acting(
    account,
    "grant",
    "grant-role",
    zh="授予角色。",
    en="Let an account act in a role.",
    line="administrator account grant agency-lead reviewer",
    parameters=[argument("account"), click.Argument(["role"], type=ROLES)],
)
acting(
    account,
    "revoke",
    "revoke-role",
    zh="撤销角色；已做的事不变。",
    en="Take a role back; what was done stands.",
    line="administrator account revoke agency-lead lead-reviewer --reason 轮岗",
    parameters=[
        argument("account"),
        click.Argument(["role"], type=ROLES),
        option("--reason", "原因", "why", required=True),
    ],
)


@account.command(
    "list",
    help=t("列出账号。", "List the accounts."),
    epilog=example("scoretrail account list --json"),
)
@as_json
@click.pass_obj
def list_(session: Session, *, json_: bool) -> None:
    """List the accounts."""
    with session.ledger() as ledger:
        accounts = ledger.register().accounts.values()
    if json_:
        print_json({"accounts": [{**asdict(one), "roles": sorted(one.roles)} for one in accounts]})
        return
    for one in accounts:
        roles = t(
            "、".join(terms.ROLES[role].zh for role in sorted(one.roles)),
            ", ".join(sorted(one.roles)),
        )
        echo(f"{one.id}  {one.organisation}  {roles}")
