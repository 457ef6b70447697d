"""Long lists: their columns, their order, and their form for spreadsheets (CSV)."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final, NamedTuple

from ledger.language import Language, Text, in_language
from ledger.visible import visible

Row = Mapping[str, Any]
"""Values by the names of the columns."""

BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

FORMULA: Final = tuple("=+-@＝＋－＠\t\r\n'")
"""What a spreadsheet may take for the beginning of a formula; and what marks that it must not."""

_YES_NO: Final[Mapping[Any, Text]] = {True: Text("是", "yes"), False: Text("否", "no")}


class ListColumn(NamedTuple):
    """One column of a list.

    Attributes:
        name: its key in JSON.
        heading: what people call it.
        number: whether it stands to the right and is a number in a spreadsheet.
        told: whether the table for people has it, too.
        words: how people call the values that programs know by a name.
    """

    name: str
    heading: Text
    number: bool = False
    told: bool = True
    words: Mapping[Any, Text] = {}

    def written(self, value: object, missing: str, language: Language) -> str:
        """A value as people read it."""
        if value is None:
            return missing
        known = _YES_NO if isinstance(value, bool) else self.words
        return in_language(known[value], language) if value in known else str(value)


def in_order(rows: Sequence[Row], column: str, *, descending: bool) -> list[Row]:
    """The rows by a column; those without a value last, whichever way."""
    present = [row for row in rows if row[column] is not None]
    absent = [row for row in rows if row[column] is None]
    return sorted(present, key=lambda row: row[column], reverse=descending) + absent


def csv_lines(
    columns: Sequence[ListColumn], rows: Iterable[Row], language: Language
) -> Iterator[str]:
    """RFC 4180 with a byte order mark; no text in it can act as a formula."""
    line = StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    yield BOM
    writer.writerow(in_language(column.heading, language) for column in columns)
    yield line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow(cell(column, row[column.name], language) for column in columns)
        yield line.getvalue()


def cell(column: ListColumn, value: object, language: Language) -> str:
    """A cell of CSV; text that could begin a formula gets an apostrophe before it."""
    written = column.written(value, "", language)
    shown = visible(written)
    return f"'{shown}" if not column.number and written.startswith(FORMULA) else shown
