"""Tables for spreadsheets: CSV to stdout, one table after another with an empty line between."""

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import click

from documents.lists import BOM, csv_parts

BEGUN: Final = "scoretrail.csv-begun"
"""Where the running command keeps that the output contains a table."""


def print_csv(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()
) -> None:
    """Print a table.

    Args:
        headings: one a column.
        rows: their cells; empty where there is no value.
        numbers: the columns that hold numbers.
    """
    if isinstance(sys.stdout.encoding, str) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # the stream of the process, which can
    meta = click.get_current_context().meta
    begin = "\r\n" if BEGUN in meta else BOM
    meta[BEGUN] = True
    # Its cells are visible and its ends of lines stay CRLF.
    for part in csv_parts(headings, rows, numbers):
        click.echo(begin + part, nl=False)
        begin = ""
