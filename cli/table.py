"""Tables for people: aligned with Chinese text, as wide as the terminal or the pipe allows."""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
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
    """Print rows under their headings. Cells are plain text, whatever brackets they hold.

    A number is never cut, however narrow the terminal: half a number is a wrong one.
    """
    out, cells = console(), [tuple(row) for row in rows]
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        width = max(map(cell_len, (column.heading, *(row[index] for row in cells))))
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            no_wrap=column.number or (index == 0 and width <= out.width // 2),
            min_width=width if column.number else None,
            overflow="fold",
        )
    for row in cells:
        table.add_row(*(RichText(cell) for cell in row))
    out.print(table)


def signed(number: Decimal) -> str:
    """A difference with its sign: `+0.39`, `-4.00`."""
    return f"{number:+f}"
