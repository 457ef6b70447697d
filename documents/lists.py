"""Long lists: their columns, their order, and their form for spreadsheets (CSV)."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain, islice
from typing import Any, Final, NamedTuple, TypeVar

from ledger.language import Language, Text, in_language, speaker
from ledger.values import Invalid
from ledger.visible import visible

T = TypeVar("T")

AT_ONCE: Final = 500
"""Rows that are written at a time."""

Row = Mapping[str, Any]
"""Values by the names of the columns."""

BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

FORMULA: Final = "=+-@＝＋－＠\t\r\n'"
"""What a spreadsheet may take for the beginning of a formula; and what marks that it must not."""

_NUMBER: Final = re.compile(r"^[+-]?\d+(?:\.\d+)?\Z", re.ASCII)
_YES_NO: Final[Mapping[Any, Text]] = {True: Text("是", "yes"), False: Text("否", "no")}


class ListColumn(NamedTuple):
    """One column of a list.

    Attributes:
        name: its key in JSON.
        heading: what people call it.
        number: whether it is aligned right and is a number in a spreadsheet.
        told: whether the table for people has it as well.
        words: how people call the values that programs know by a name.
        reasons: where there is no value, the column with the reason, and how people call it.
    """

    name: str
    heading: Text
    number: bool = False
    told: bool = True
    words: Mapping[Any, Text] = {}
    reasons: tuple[str, Mapping[Any, Text]] | None = None

    def written(self, row: Row, missing: str, language: Language) -> str:
        """The value in a row, in words for people."""
        value = row[self.name]
        if isinstance(value, str) and not self.words:  # as most values are
            return value
        if value is None and self.reasons:
            column, reasons = self.reasons
            value = reasons[row[column]]
        if value is None:
            return missing
        if isinstance(value, Text):
            return in_language(value, language)
        if isinstance(value, tuple):
            return speaker(language)("、", ", ").join(value)
        known = self.words or (_YES_NO if isinstance(value, bool) else {})
        return in_language(known[value], language) if value in known else str(value)


def in_order(
    rows: Sequence[Row], fields: Sequence[ListColumn], column: str, *, descending: bool
) -> list[Row]:
    """The rows by a column; those without a value last, in either direction.

    Raises:
        Invalid: the list has no such column.
    """
    known = [field.name for field in fields]
    if column not in known:
        raise Invalid(
            f"本表不能按 {column} 排序，可用：{'、'.join(known)}",
            f"this list cannot be sorted by {column}, but by {', '.join(known)}",
        )
    present = [row for row in rows if row[column] is not None]
    absent = [row for row in rows if row[column] is None]
    return sorted(present, key=lambda row: row[column], reverse=descending) + absent


def csv_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()
) -> str:
    """A table as RFC 4180 has it, as `csv_parts` gives it."""
    return "".join(csv_parts(headings, rows, numbers))


def csv_parts(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()
) -> Iterator[str]:
    """A table as RFC 4180 has it, some lines at a time; no text in it can act as a formula.

    Args:
        headings: one a column.
        rows: their cells.
        numbers: the columns that hold numbers.
    """
    kinds = [index in numbers for index, _ in enumerate(headings)]
    for some in _batches(chain([headings], rows)):
        table = StringIO(newline="")
        lines = (_cells(row, kinds) for row in some)
        csv.writer(table, lineterminator="\r\n").writerows(lines)
        yield table.getvalue()


def json_parts(
    document: str, lists: Mapping[str, Iterable[T]], written: Callable[[list[T]], str]
) -> Iterator[str]:
    """A document of JSON, some rows of its lists at a time.

    Args:
        document: indented, with the lists empty, in this order.
        lists: their rows, by their names.
        written: writes some rows, indented.
    """
    for name, rows in lists.items():
        before, _, document = document.partition(f'"{name}": []')
        yield f'{before}"{name}": ['
        end = ""
        for some in _batches(rows):
            inner = written(some).removeprefix("[").removesuffix("\n]")
            yield ("," if end else "") + inner.replace("\n", "\n  ")
            end = "\n  "
        yield f"{end}]"
    yield f"{document}\n"


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time that memory does not grow with them."""
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _cells(row: Sequence[str], kinds: Sequence[bool]) -> list[str]:
    """The cells of a row; one look at all of them finds that most rows hide nothing."""
    is_plain = "".join(row).isprintable()
    return [
        written
        if is_plain and (not written or written[0] not in FORMULA)
        else cell(written, number=number)
        for written, number in zip(row, kinds, strict=True)
    ]


def cell(written: str, *, number: bool = False) -> str:
    """A cell of CSV; text that could begin a formula gets an apostrophe before it.

    Args:
        written: the text.
        number: whether it may be a number, which needs none.
    """
    shown = visible(written)
    safe = not written or written[0] not in FORMULA or (number and _NUMBER.match(written))
    return shown if safe else f"'{shown}"


def facts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """What plain data holds, value by value, each with its keys: `counted.events`, `breaks.0`."""
    match value:
        case dict():
            parts = [(str(key), part) for key, part in value.items()]
        case list() | tuple():
            parts = [(str(index), part) for index, part in enumerate(value)]
        case None:
            parts = []
            yield name, ""
        case bool():
            parts = []
            yield name, str(value).lower()
        case _:
            parts = []
            yield name, str(value)
    for key, part in parts:
        yield from facts(part, f"{name}.{key}" if name else key)
