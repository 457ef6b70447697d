"""Long lists: for people as a table, for programs as JSON, for spreadsheets as CSV."""

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import click

from cli.language import t
from cli.options import as_json, print_json
from cli.table import TableColumn, print_table
from ledger.language import Text
from ledger.visible import visible

F = TypeVar("F", bound=Callable[..., Any])

BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

FORMULA: Final = tuple("=+-@＝＋－＠\t\r\n'")
"""What a spreadsheet may take for the beginning of a formula; and what marks that it must not."""


class ListColumn(NamedTuple):
    """One column of a list.

    Attributes:
        name: its key in JSON.
        heading: what people call it.
        number: whether it stands to the right and is a number in a spreadsheet.
        told: whether the table for people has it, too.
        words: how people call a value that programs know by a name.
    """

    name: str
    heading: Text
    number: bool = False
    told: bool = True
    words: Callable[[Any], str] | None = None

    def written(self, value: object, missing: str) -> str:
        """A value as people read it."""
        if value is None:
            return missing
        if self.words:
            return self.words(value)
        if isinstance(value, bool):
            return t("是", "yes") if value else t("否", "no")
        return str(value)


class ListOptions(NamedTuple):
    """How a list is to be shown."""

    json: bool
    csv: bool
    sort: str | None
    descending: bool


def listed(fields: Sequence[ListColumn]) -> Callable[[F], F]:
    """`--json`, `--csv`, `--sort` and `--descending`."""

    def decorate(command: F) -> F:
        options = (
            as_json,
            click.option(
                "--csv",
                "csv_",
                is_flag=True,
                help=t("输出 CSV(Excel 可直接打开)", "CSV that Excel opens as it is"),
            ),
            click.option(
                "--sort",
                type=click.Choice([field.name for field in fields]),
                metavar="COLUMN",
                help=t("按哪一列排序", "the column to sort by"),
            ),
            click.option("--descending", is_flag=True, help=t("从大到小", "largest first")),
        )
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def print_list(
    name: str,
    fields: Sequence[ListColumn],
    rows: Iterable[dict[str, Any]],
    form: ListOptions,
    head: dict[str, object],
) -> None:
    """Print a list in the form that is asked for.

    Args:
        name: its key in JSON, beside those of `head`.
        fields: its columns, in their order.
        rows: values by the names of the columns.
        form: how.
        head: what the list as a whole is about.
    """
    found = list(rows)
    if form.sort:
        found = in_order(found, form.sort, descending=form.descending)
    elif form.descending:
        found.reverse()
    if form.json:
        shown = [{field.name: row[field.name] for field in fields} for row in found]
        print_json({**head, name: shown})
    elif form.csv:
        print_csv(fields, found)
    else:
        told = [field for field in fields if field.told]
        print_table(
            [TableColumn(t(*field.heading), number=field.number) for field in told],
            [tuple(field.written(row[field.name], "-") for field in told) for row in found],
        )


def in_order(
    rows: Sequence[dict[str, Any]], column: str, *, descending: bool
) -> list[dict[str, Any]]:
    """The rows by a column; those without a value last, whichever way."""
    present = [row for row in rows if row[column] is not None]
    absent = [row for row in rows if row[column] is None]
    return sorted(present, key=lambda row: row[column], reverse=descending) + absent


def print_csv(fields: Sequence[ListColumn], rows: Iterable[dict[str, Any]]) -> None:
    """RFC 4180 in UTF-8 with a byte order mark; no text in it can act as a formula."""
    if isinstance(sys.stdout.encoding, str) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # the stream of the process, which can
    click.echo(BOM, nl=False)
    writer = csv.writer(_Lines(), lineterminator="\r\n")
    writer.writerow(t(*field.heading) for field in fields)
    for row in rows:
        writer.writerow(cell(field, row[field.name]) for field in fields)


class _Lines:
    """What the CSV writer writes to."""

    @staticmethod
    def write(line: str) -> None:
        """Print a line that brings its own end."""
        click.echo(line, nl=False)  # of cells that are visible; its end stays CRLF


def cell(field: ListColumn, value: object) -> str:
    """A cell of CSV; text that could begin a formula gets an apostrophe before it."""
    written = field.written(value, "")
    shown = visible(written)
    return f"'{shown}" if not field.number and written.startswith(FORMULA) else shown
