"""`scoretrail entry`: what came into the log past the program and means nothing."""

import click

from cli.command_parameters import acting, option
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
    zh="搁置读不出或接不上的条目：它留在日志里，不再算作不符。",
    en="Set aside an entry that cannot be read or does not follow: it stays in the log, and is no"
    " longer a break.",
    line="administrator entry set-aside 2 --reason 非本程序写入",
    parameters=[
        click.Argument(["position"], type=int),
        option("--reason", "原因", "why it means nothing", required=True),
    ],
)
