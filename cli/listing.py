"""Long lists: for people as a table, for programs as JSON, for spreadsheets as CSV."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import NamedTuple, cast

import click

from cli.option import F, flag, option
from cli.options import as_data, print_json
from cli.table import print_rows
from documents.lists import ListColumn, Row, in_order


class ListOptions(NamedTuple):
    """How a list is to be shown."""

    json: bool
    sort: str | None
    descending: bool


def as_list(fields: Sequence[ListColumn]) -> Callable[[F], F]:
    """`--json`, `--csv`, `--sort` and `--descending`, as the parameter `form`."""

    def decorate(command: F) -> F:
        @wraps(command)
        def listing(
            *args: object, json_: bool, sort: str | None, descending: bool, **options: object
        ) -> object:
            return command(*args, form=ListOptions(json_, sort, descending), **options)

        sort = option(
            "--sort",
            "按哪一列排序",
            "column to sort by",
            click.Choice(list(dict.fromkeys(field.name for field in fields))),
            metavar="COLUMN",
        )
        descending = flag("--descending", "从大到小", "largest first")
        return as_data(sort(descending(cast("F", listing))))

    return decorate


def print_list(
    name: str, fields: Sequence[ListColumn], rows: Iterable[Row], form: ListOptions,
    head: dict[str, object],
) -> None:  # fmt: skip
    """Print a list in the form asked for: its name in JSON, columns, rows, and what `head` says."""
    if form.sort:
        rows = in_order(list(rows), fields, form.sort, descending=form.descending)
    elif form.descending:
        rows = reversed(list(rows))
    if form.json:
        shown = ({field.name: row[field.name] for field in fields} for row in rows)
        print_json(head, **{name: shown})
    else:
        print_rows(fields, rows)
