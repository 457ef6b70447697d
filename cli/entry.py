"""`scoretrail entry`: what came into the log past the program and means nothing."""

import click

from cli.command_parameters import acting
from cli.group import CommandGroup
from cli.language import t


@click.group(
    cls=CommandGroup,
    help=t("绕过程序写入、没有意义的条目。", "Entries that came past the program."),
)
def entry() -> None:
    """Group what is done about single entries of the log."""


acting(
    entry,
    "set-aside",
    "set-entry-aside",
    "administrator entry set-aside 2 --reason 非本程序写入",
    "position",
)
