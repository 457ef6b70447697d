"""Tables for people: aligned with Chinese text, as wide as the terminal or the pipe allows."""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import click
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from ledger.visible import marked

GAP: Final = "   "
"""Between two columns."""

PIPE_WIDTH: Final = 140
"""Columns where the output is no terminal and has no width of its own."""


class TableColumn(NamedTuple):
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
    columns: Sequence[TableColumn], rows: Iterable[Sequence[str]], title: str | None = None
) -> None:
    """Print rows under their headings. Cells are plain text, whatever brackets they hold.

    A number is never cut, however narrow the terminal: half a number is a wrong one. Where numbers
    take more than half of it, their headings are folded to the width of the numbers.
    """
    out, cells = console(), [tuple(map(marked, row)) for row in rows]
    title = marked(title) if title else None
    widths = [
        max(map(cell_len, (column.heading, *(row[index] for row in cells))))
        for index, column in enumerate(columns)
    ]
    if title is None and _fits(out, widths, cells):
        _print_as_it_is(out, columns, widths, cells)
        return
    numbers = [index for index, column in enumerate(columns) if column.number]
    headings = [column.heading for column in columns]
    taken = sum(widths[index] + len(GAP) for index in numbers)
    if _whole(widths) > out.width and taken > out.width // 2:
        for index in numbers:
            # A column of empty cells still has a heading: one Chinese sign takes two places.
            widths[index] = max([2, *(cell_len(row[index]) for row in cells)])
            lines = RichText(headings[index]).wrap(out, widths[index])
            headings[index] = "\n".join(line.plain for line in lines)
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
        table.add_column(
            headings[index],
            justify="right" if column.number else "left",
            no_wrap=column.number or (index == 0 and width <= out.width // 2),
            min_width=width if column.number else None,
            overflow="fold",
        )
    for row in cells:
        table.add_row(*(RichText(cell) for cell in row))
    out.print(table)


def print_paragraph(text: str) -> None:
    """Print a paragraph as wide as a table may be; no number or word is cut in two."""
    console().print(RichText(marked(text)))


def _whole(widths: Sequence[int]) -> int:
    """Places that a table takes where nothing is folded."""
    return len(GAP) * (len(widths) - 1) + sum(widths) + 2


def _fits(out: Console, widths: Sequence[int], cells: Iterable[Sequence[str]]) -> bool:
    """Whether nothing needs to be folded, nor a sign to be left out that would move the cursor."""
    return _whole(widths) <= out.width and all(cell.isprintable() for row in cells for cell in row)


def _print_as_it_is(
    out: Console,
    columns: Sequence[TableColumn],
    widths: Sequence[int],
    cells: Iterable[Sequence[str]],
) -> None:
    """Print what needs no folding: rich takes nearly a millisecond to lay out one row.

    The heading is rich's own, so that a table looks the same either way.
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        justify: Literal["left", "right"] = "right" if column.number else "left"
        table.add_column(column.heading, justify=justify, width=width, no_wrap=True)
    with out.capture() as captured:
        out.print(table)
    *heading, below = captured.get().splitlines()
    for line in heading:
        click.echo(line)
    for row in cells:
        padded = (
            f"{space}{cell}" if column.number else f"{cell}{space}"
            for column, width, cell in zip(columns, widths, row, strict=True)
            for space in (" " * (width - cell_len(cell)),)
        )
        click.echo(f" {GAP.join(padded)} ")
    click.echo(below)


def signed(number: Decimal) -> str:
    """A difference with its sign: `+0.39`, `-4.00`."""
    return f"{number:+f}"
