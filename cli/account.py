"""`scoretrail account`: who exists and what they may do."""

import click
from msgspec.structs import asdict

from application import look
from cli.command_parameters import acting
from cli.group import CommandGroup
from cli.language import t
from cli.options import as_json, example, print_json
from cli.screen import echo
from cli.session import Session
from ledger import terms


@click.group(cls=CommandGroup, help=t("账号与角色。", "Accounts and roles."))
def account() -> None:
    """Group the commands of the register."""


acting(
    account,
    "open",
    "open-account",
    "administrator account open second-reviewer --organisation guangzhou-xianghe --role reviewer",
    "account",
)
acting(
    account,
    "grant",
    "grant-role",
    "administrator account grant agency-lead reviewer",
    "account role",
)
acting(
    account,
    "revoke",
    "revoke-role",
    "administrator account revoke agency-lead lead-reviewer --reason 轮岗",
    "account role",
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
    accounts = look.accounts(session.store).accounts.values()
    if json_:
        print_json(
            {"accounts": [{**asdict(listed), "roles": sorted(listed.roles)} for listed in accounts]}
        )
        return
    for listed in accounts:
        roles = t(
            "、".join(terms.ROLES[role].zh for role in sorted(listed.roles)),
            ", ".join(sorted(listed.roles)),
        )
        echo(f"{listed.id}  {listed.organisation}  {roles}")
