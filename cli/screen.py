"""The screen: the one way by which words reach stdout and stderr.

Names of files, reasons, titles and statements come from other people. Their content is shown as
text: see `ledger/visible.py`. Tables pass through `cli/table.py`, JSON through `print_json`, which
writes such characters in the notation of JSON, so that nothing is lost.
"""

from collections.abc import Iterable
from typing import Final

import click

from cli.language import t
from ledger.visible import marked, visible

CSV: Final = "scoretrail.csv"
"""Where the command that is running keeps that its tables are wanted for spreadsheets."""


def as_csv() -> bool:
    command = click.get_current_context(silent=True)
    return command is not None and CSV in command.meta


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a line to stdout, or to stderr; line breaks in it are those of a text, and marked.

    Beside tables in CSV it goes to stderr.
    """
    click.echo(marked(text), err=err or as_csv(), nl=nl)


def tell(zh: str, en: str, *, err: bool = False) -> None:
    """Print a line in the language spoken now."""
    echo(t(zh, en), err=err)


def echo_json(parts: Iterable[str]) -> None:
    """Print a JSON document; what nobody can see in it is an escape already (`in_json`)."""
    for part in parts:
        click.echo(part, nl=False)


def echo_as_laid_out(text: str, *, err: bool = False) -> None:
    """Print what the program itself has laid out in lines, such as help."""
    click.echo(visible(text), err=err)
