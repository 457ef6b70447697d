"""Tables and paragraphs for people, as wide as the screen."""

import os
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import click

from cli.language import t
from cli.screen import as_csv
from cli.spreadsheet import print_csv
from documents.line_breaking import folded
from documents.text_table import TableColumn, text_table
from ledger.visible import marked

__all__ = ["TableColumn", "print_paragraph", "print_table", "screen_width", "signed"]

MISSING: Final = "-"
"""A cell of a table without a value."""

PIPE_WIDTH: Final = 140
"""Width of a table where the output is not a terminal and COLUMNS is not set."""


def screen_width() -> int:
    """Columns of the screen: what COLUMNS says, else the terminal's, else those of a pipe."""
    return _columns(in_a_pipe=PIPE_WIDTH)


def _columns(in_a_pipe: int) -> int:
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        from shutil import get_terminal_size  # noqa: PLC0415 - it brings every kind of archive along

        return get_terminal_size((in_a_pipe, 0)).columns
    return in_a_pipe


def print_table(
    columns: Sequence[TableColumn], rows: Iterable[Sequence[str]], title: str | None = None
) -> None:
    """Print rows under their headings. Cells are plain text, even with brackets in them.

    Where CSV was asked for, the table goes out as such.
    """
    if as_csv():
        print_csv(
            [column.heading for column in columns],
            (["" if cell == MISSING else cell for cell in row] for row in rows),
            [index for index, column in enumerate(columns) if column.number],
        )
        return
    room = screen_width()
    cells = [tuple(map(_shown, row)) for row in rows]
    table = text_table(columns, cells, room, t("：", ": "))
    lines = folded(_shown(title), room) if title else []
    headings = [click.style(line, bold=True) for line in table.headings]
    click.echo("\n".join([*lines, "", *headings, *table.body, ""]))


def print_paragraph(text: str) -> None:
    """Print a paragraph as wide as the screen, all its lines indented like the first.

    In a pipe it is one line, unless COLUMNS is set. Beside tables in CSV it goes to stderr.
    """
    width = _columns(in_a_pipe=0)
    for line in _shown(text).split("\n"):
        words = line.lstrip()
        indent = " " * (len(line) - len(words))
        for part in folded(words, width - len(indent)) if width else [words]:
            click.echo(indent + part, err=as_csv())


def _shown(text: str) -> str:
    return text if text.isprintable() else marked(text).replace("\t", " ")


def signed(number: Decimal) -> str:
    """A difference with its sign: `+0.39`, `-4.00`."""
    return f"{number:+f}"
