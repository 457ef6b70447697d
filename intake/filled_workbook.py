"""A delivered workbook with other values in some of its cells, and everything else as it was.

Only the cells themselves are replaced in the bytes of their sheets: styles, merges, widths,
hidden parts and pictures stay byte for byte. A formula in such a cell gives way to the value. The
others lose the results that were stored with them, because these may follow from what was there
before, and a program that opens the file calculates them.
"""

import re
import zlib
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape
from zipfile import BadZipFile, ZipFile

from intake.grid import at_cell
from intake.package import refuse_large
from intake.workbook import sheet_parts
from ledger.values import Invalid

Values = Mapping[str, Mapping[str, Decimal | str]]
"""What cells are to hold, by sheet and letters with number: a number, or text."""
CHAIN: Final = "calcChain.xml"
"""The order of calculation, which names the cells with formulas; a program makes it again."""
_ROW: Final = re.compile(r"<((?:\w+:)?)row\b([^>]*?)(/>|>(.*?)</\1row>)", re.DOTALL)
_CELL: Final = re.compile(r"<((?:\w+:)?)c\b([^>]*?)(/>|>(.*?)</\1c>)", re.DOTALL)
_DATA: Final = re.compile(r"<((?:\w+:)?)sheetData\b[^>]*?(/>|>(.*)</\1sheetData>)", re.DOTALL)
_NUMBER: Final = re.compile(r'\br="([A-Z]*)(\d+)"')
_KIND: Final = re.compile(r'\s+(?:t|cm|vm)="[^"]*"')


def filled(path: Path, content: bytes, values: Values) -> bytes:
    """The workbook with these values.

    Args:
        path: what it is called.
        content: its bytes.
        values: what its cells are to hold.

    Raises:
        Invalid: no .xlsx file; or a cell is part of a formula that other cells share.
    """
    out = BytesIO()
    try:
        with ZipFile(BytesIO(content)) as parts, ZipFile(out, "w") as made:
            refuse_large(path, parts)
            book, sheets = sheet_parts(path, parts)
            wanted = {sheets[name]: (name, cells) for name, cells in values.items() if cells}
            parts_of_sheets = set(sheets.values()) if wanted else set()
            for entry in parts.infolist():
                data = parts.read(entry)
                if entry.filename.endswith(CHAIN):
                    continue
                if entry.filename in wanted:
                    name, cells = wanted[entry.filename]
                    data = _sheet(path, name, data.decode(), cells).encode()
                elif entry.filename == book:
                    data = _calculated(data.decode()).encode()
                elif entry.filename.endswith((".rels", "[Content_Types].xml")):
                    data = _without_chain(data.decode()).encode()
                if entry.filename in parts_of_sheets:
                    data = _CELL.sub(_without_result, data.decode()).encode()
                made.writestr(entry, data)
    except (BadZipFile, ET.ParseError, zlib.error, KeyError, ValueError, OSError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不能填写，只能填写 .xlsx 文件",
            f"{path}: it cannot be filled in; only an .xlsx file can be",
        ) from None
    return out.getvalue()


def _without_result(cell: re.Match[str]) -> str:
    """A cell without the result of its formula, if it has one."""
    if not re.search(r"<(?:\w+:)?f\b", cell[4] or ""):
        return cell[0]
    return re.sub(r"<((?:\w+:)?)v>[^<]*</\1v>", "", cell[0])


def _without_chain(text: str) -> str:
    return re.sub(rf"<(?:\w+:)?(?:Override|Relationship)\b[^>]*{re.escape(CHAIN)}[^>]*/>", "", text)


def _calculated(book: str) -> str:
    """The workbook's own part, which says that formulas are calculated when it is opened."""
    marked = re.sub(r'\s+fullCalcOnLoad="[^"]*"', "", book)
    if re.search(r"<(?:\w+:)?calcPr\b", marked):
        return re.sub(r"(<(?:\w+:)?calcPr\b)", r'\1 fullCalcOnLoad="1"', marked, count=1)
    return re.sub(
        r"(</((?:\w+:)?)sheets>(?:(?!<(?:\w+:)?(?:oleSize|customWorkbookViews|pivotCaches|extLst)\b"
        r"|</(?:\w+:)?workbook>).)*)",
        r'\1<\2calcPr fullCalcOnLoad="1"/>',
        marked,
        count=1,
        flags=re.DOTALL,
    )


def _sheet(path: Path, name: str, text: str, cells: Mapping[str, Decimal | str]) -> str:
    found = _DATA.search(text)
    if not found:
        raise ValueError("a sheet without data")
    prefix, inner = found[1], found[3] or ""
    by_row: dict[int, dict[int, tuple[str, Decimal | str]]] = {}
    for ref, value in cells.items():
        letters = ref.rstrip("0123456789")
        row = int(ref.removeprefix(letters))
        by_row.setdefault(row, {})[column_index(letters)] = (ref, value)
    made, end, last = [], 0, 0
    for match in _ROW.finditer(inner):
        number = _number_of(match[2], last + 1)
        for missing in sorted(row for row in by_row if last < row < number):
            made.append(inner[end : match.start()])
            end = match.start()
            made.append(_row(path, name, prefix, f' r="{missing}"', "", by_row.pop(missing)))
        made.append(inner[end : match.start()])
        if number in by_row:
            mine = by_row.pop(number)
            made.append(_row(path, name, match[1], match[2], match[4] or "", mine))
        else:
            made.append(match[0])
        end, last = match.end(), number
    made.append(inner[end:])
    made += [_row(path, name, prefix, f' r="{row}"', "", by_row[row]) for row in sorted(by_row)]
    body = "".join(made)
    whole = f"<{prefix}sheetData>{body}</{prefix}sheetData>"
    return text[: found.start()] + whole + text[found.end() :]


def column_index(letters: str) -> int:
    """A column by its letters, counted from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _number_of(attributes: str, otherwise: int) -> int:
    match = _NUMBER.search(attributes)
    return int(match[2]) if match else otherwise


def _row(  # noqa: PLR0913, PLR0917 - a row as it is and what it is to hold
    path: Path,
    name: str,
    prefix: str,
    attributes: str,
    inner: str,
    cells: dict[int, tuple[str, Decimal | str]],
) -> str:
    """A row with its cells in the order of their columns."""
    made, last = [], -1
    for match in _CELL.finditer(inner):
        found = _NUMBER.search(match[2])
        column = column_index(found[1]) if found and found[1] else last + 1
        made += [_cell(prefix, *cells.pop(c)) for c in sorted(cells) if last < c < column]
        if column in cells:
            ref, value = cells.pop(column)
            if re.search(r"<(?:\w+:)?f\b[^>]*\bref=", match[4] or ""):
                raise at_cell(
                    *(path, name, ref),
                    "是几格共用的公式，不能只换这一格",
                    "it holds a formula that other cells share, and cannot be replaced alone",
                )
            kept = _KIND.sub("", _NUMBER.sub("", match[2]))
            made.append(_cell(match[1], ref, value, kept.strip()))
        else:
            made.append(match[0])
        last = column
    made += [_cell(prefix, *cells[column]) for column in sorted(cells)]
    attributes = re.sub(r'\s+spans="[^"]*"', "", attributes)
    return f"<{prefix}row{attributes}>{''.join(made)}</{prefix}row>"


def _cell(prefix: str, ref: str, value: Decimal | str, kept: str = "") -> str:
    head = f'<{prefix}c r="{ref}"{" " if kept else ""}{kept}'
    if isinstance(value, Decimal):
        return f"{head}><{prefix}v>{value:f}</{prefix}v></{prefix}c>"
    text = f'<{prefix}t xml:space="preserve">{escape(value)}</{prefix}t>'
    return f'{head} t="inlineStr"><{prefix}is>{text}</{prefix}is></{prefix}c>'
