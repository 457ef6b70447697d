"""Long lists: their columns, their order, and their form for spreadsheets (CSV)."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from itertools import chain, islice
from operator import itemgetter
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

_BEGINS: Final = frozenset(FORMULA)
_NUMBER: Final = re.compile(r"^[+-]?\d+(?:\.\d+)?\Z", re.ASCII)
_ALIKE: Final[tuple[frozenset[type], ...]] = (
    frozenset({str, Text, date}),
    frozenset({int}),
    frozenset({bool}),
)
"""Kinds of values of which those that are equal look alike: not so 1, 1.0 and True."""
_YES_NO: Final[Mapping[Any, Text]] = {True: Text("是", "yes"), False: Text("否", "no")}


class ListColumn(NamedTuple):
    """One column of a list.

    Attributes:
        name: its key in JSON.
        heading: what people call it.
        number: whether it is aligned right and is a number in a spreadsheet.
        for_people: whether the table for people has it as well.
        words: how people call the values that programs know by a name.
        reasons: where there is no value, the column with the reason, and how people call it.
    """

    name: str
    heading: Text
    number: bool = False
    for_people: bool = True
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

    def cells(self, rows: Sequence[Row], missing: str, language: Language) -> Sequence[str]:
        """The values in rows, in words for people; each value is put into words once."""
        values = [*map(itemgetter(self.name), rows)]
        kinds = {*map(type, values)}
        if kinds == {str} and not self.words:
            return values
        if kinds == {int} and not self.words:
            return [*map(str, values)]
        if not any(kinds - {type(None)} <= alike for alike in _ALIKE) or self.reasons:
            return [self.written(row, missing, language) for row in rows]
        known = {value: self.written({self.name: value}, missing, language) for value in {*values}}
        return [known[value] for value in values]


def written_rows(
    columns: Sequence[ListColumn], rows: Iterable[Row], missing: str, language: Language
) -> Iterator[tuple[str, ...]]:
    """The cells of rows in words for people, as the rows are gone through."""
    for some in _batches(rows):
        yield from zip(*(column.cells(some, missing, language) for column in columns), strict=True)


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
    import csv  # noqa: PLC0415 - slow to import, not for tables on a screen

    kinds = [index in numbers for index, _ in enumerate(headings)]
    for some in _batches(chain([headings], rows)):
        table = StringIO(newline="")
        columns = zip(zip(*some, strict=True), kinds, strict=True)
        cells = [_cells(column, number=number) for column, number in columns]
        csv.writer(table, lineterminator="\r\n").writerows(zip(*cells, strict=True))
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


def _cells(column: Sequence[str], *, number: bool) -> Sequence[str]:
    """The cells of a column; one look at its texts finds that most columns hide nothing."""
    texts = {*column}
    if "".join(texts).isprintable() and _BEGINS.isdisjoint({text[:1] for text in texts}):
        return column
    known = {text: cell(text, number=number) for text in texts}
    return [known[text] for text in column]


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
