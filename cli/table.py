"""Tables for people: aligned with Chinese text, as wide as the terminal or the pipe allows."""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

PIPE_WIDTH: Final = 140
"""Columns where the output is no terminal and has no width of its own."""


class Column(NamedTuple):
    """A heading; numbers stand to the right."""

    heading: str
    number: bool = False


def console() -> Console:
    """Where tables go: stdout, in colour on a terminal only."""
    return Console(
        file=sys.stdout,
        width=None if sys.stdout.isatty() else PIPE_WIDTH,
        highlight=False,
        soft_wrap=False,
    )


def print_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str | None = None
) -> None:
    """Print rows under their headings. Cells are plain text, whatever brackets they hold."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            no_wrap=column.number or column is columns[0],
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(RichText(cell) for cell in row))
    console().print(table)


def signed(number: Decimal) -> str:
    """A difference with its sign: `+0.39`, `-4.00`."""
    return f"{number:+f}"
