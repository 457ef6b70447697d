"""Tables and paragraphs for people, as wide as the screen."""

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Final

import click

from cli.language import language, t
from cli.screen import as_csv
from cli.spreadsheet import print_csv
from documents.line_breaking import folded
from documents.lists import ListColumn, Row, written_rows
from documents.text_table import TableColumn, text_table
from ledger.language import Text
from ledger.visible import marked

MISSING: Final = "-"
"""A cell of a table without a value."""

PIPE_WIDTH: Final = 140
"""Width of a table where the output is not a terminal and COLUMNS is not set."""


def screen_width() -> int:
    """Columns of the screen: what COLUMNS says, else the terminal's, else those of a pipe."""
    return _columns(in_a_pipe=PIPE_WIDTH)


def _columns(in_a_pipe: int) -> int:
    # As `shutil.get_terminal_size`, which brings every kind of archive along.
    with suppress(KeyError, ValueError):
        if (given := int(os.environ["COLUMNS"])) > 0:
            return given
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stdout.fileno()).columns or in_a_pipe
    return in_a_pipe


def print_rows(fields: Sequence[ListColumn], rows: Iterable[Row], title: str | None = None) -> None:
    """Print a table: for people the columns that they are shown, in CSV all of them.

    Cells are plain text, even with brackets in them.
    """
    missing = "" if as_csv() else MISSING
    shown = [field for field in fields if field.for_people or as_csv()]
    cells = written_rows(shown, rows, missing, language())
    if as_csv():
        numbers = [index for index, field in enumerate(shown) if field.number]
        print_csv([t(*field.heading) for field in shown], cells, numbers)
        return
    headings = [TableColumn(t(*field.heading), number=field.number) for field in shown]
    room = screen_width()
    texts = [row if "".join(row).isprintable() else [*map(_shown, row)] for row in cells]
    table = text_table(headings, texts, room, t("：", ": "))
    lines = folded(_shown(title), room) if title else []
    bold = [click.style(line, bold=True) for line in table.headings]
    every = chain(lines, [""], bold, table.body, [""])
    while some := list(islice(every, 50)):  # one text of all rows takes longer to make and write
        click.echo("\n".join(some))


def print_sentences(sentences: Iterable[Text]) -> None:
    for sentence in sentences:
        print_paragraph(t(*sentence))


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
