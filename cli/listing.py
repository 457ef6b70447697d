"""Long lists: for people as a table, for programs as JSON, for spreadsheets as CSV."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import click

from cli.language import language, t
from cli.options import as_json, print_json
from cli.table import TableColumn, print_table
from documents.lists import ListColumn, Row, csv_lines, in_order

F = TypeVar("F", bound=Callable[..., Any])


class ListOptions(NamedTuple):
    """How a list is to be shown."""

    json: bool
    csv: bool
    sort: str | None
    descending: bool


def as_list(fields: Sequence[ListColumn]) -> Callable[[F], F]:
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
                type=click.Choice(list(dict.fromkeys(field.name for field in fields))),
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
    rows: Iterable[Row],
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
    if form.sort and form.sort not in {field.name for field in fields}:
        known = [field.name for field in fields]
        raise click.UsageError(
            t(
                f"--sort {form.sort} 与这张表不符，可用：{'、'.join(known)}",
                f"--sort {form.sort}: this list has {', '.join(known)}",
            )
        )
    if form.sort:
        found = in_order(found, form.sort, descending=form.descending)
    elif form.descending:
        found.reverse()
    if form.json:
        shown = [{field.name: row[field.name] for field in fields} for row in found]
        print_json({**head, name: shown})
    elif form.csv:
        if isinstance(sys.stdout.encoding, str) and sys.stdout.encoding.lower() != "utf-8":
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # the stream of the process, which can
        for line in csv_lines(fields, found, language()):
            click.echo(line, nl=False)  # of cells that are visible; its end stays CRLF
    else:
        told = [field for field in fields if field.told]
        print_table(
            [TableColumn(t(*field.heading), number=field.number) for field in told],
            [
                tuple(field.written(row[field.name], "-", language()) for field in told)
                for row in found
            ],
        )
