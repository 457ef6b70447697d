"""Reading OpenDocument spreadsheets (.ods) from their own part (OpenDocument 1.3, part 3, 9)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from io import BytesIO
from itertools import repeat
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from intake.grid import Cell, MergedCells, Room, Sheet, ref_of
from intake.package import DAMAGED, refuse_large, tree_of
from ledger.values import Invalid

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
}
_ROWS: Final = ("table-rows", "table-header-rows", "table-row-group")
_COLUMNS: Final = ("table-columns", "table-header-columns", "table-column-group")


def _q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


class _Styles:
    """What the styles of the file say: what is hidden, struck out, and how numbers are shown."""

    def __init__(self, root: ET.Element) -> None:
        self.hidden: set[str] = set()
        self.struck: set[str] = set()
        self.decimals: dict[str, int | None] = {}
        self.percent: set[str] = set()
        shown: dict[str, tuple[int | None, bool]] = {}
        for style in root.iter():
            if style.tag in {_q("number:number-style"), _q("number:percentage-style")}:
                number = style.find(_q("number:number"))
                places = None if number is None else number.get(_q("number:decimal-places"))
                shown[style.get(_q("style:name"), "")] = (
                    int(places) if places else None,
                    style.tag == _q("number:percentage-style"),
                )
        for style in root.iter(_q("style:style")):
            name = style.get(_q("style:name"), "")
            properties = style.find(_q("style:table-properties"))
            if properties is not None and properties.get(_q("table:display")) == "false":
                self.hidden.add(name)
            text = style.find(_q("style:text-properties"))
            if text is not None and text.get(_q("style:text-line-through-style"), "none") != "none":
                self.struck.add(name)
            self.decimals[name], percent = shown.get(
                style.get(_q("style:data-style-name"), ""), (None, False)
            )
            if percent:
                self.percent.add(name)


def read_open_document(path: Path, content: bytes) -> list[Sheet]:
    """The sheets of a spreadsheet in their order, the hidden ones too.

    Raises:
        Invalid: no .ods file, locked by a password, damaged or too large.
    """
    try:
        with ZipFile(BytesIO(content)) as parts:
            refuse_large(path, parts)
            if parts.read("mimetype").decode("ascii", "replace").strip() != MIMETYPE:
                raise KeyError(MIMETYPE)
            root = tree_of(path, parts, "content.xml")
        styles = _Styles(root)
        room = Room(path)
        return [_sheet(room, table, styles) for table in root.iter(_q("table:table"))]
    except (*DAMAGED, InvalidOperation) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是完好的 .ods 文件，或有打开密码。请用表格程序打开后另存。",
            f"{path}: not an intact .ods file, or protected by a password. Open it in a"
            " spreadsheet program and save it again.",
        ) from None


def _below(element: ET.Element, name: str, around: tuple[str, ...]) -> Iterator[ET.Element]:
    """The children of a name, also those in groups."""
    for child in element:
        if child.tag == _q(f"table:{name}"):
            yield child
        elif child.tag in {_q(f"table:{group}") for group in around}:
            yield from _below(child, name, around)


def _times(element: ET.Element, what: str) -> int:
    return max(int(element.get(_q(f"table:number-{what}-repeated"), "1")), 1)


def _is_hidden(element: ET.Element) -> bool:
    return element.get(_q("table:visibility"), "visible") != "visible"


def _sheet(room: Room, table: ET.Element, styles: _Styles) -> Sheet:
    name = table.get(_q("table:name"), "")
    columns_hidden: set[int] = set()
    defaults: list[str] = []
    for column in _below(table, "table-column", _COLUMNS):
        times = min(_times(column, "columns"), 16_384 - len(defaults))
        if _is_hidden(column):
            columns_hidden.update(range(len(defaults), len(defaults) + times))
        defaults += [column.get(_q("table:default-cell-style-name"), "")] * times
    rows: list[list[Cell]] = []
    merged: list[MergedCells] = []
    hidden: set[int] = set()
    width = 0
    empty = 0  # rows without anything: they count only when something follows
    for line in _below(table, "table-row", _ROWS):
        cells = list(_row(line, defaults, styles))
        times = _times(line, "rows")
        if not cells:
            empty += times
            continue
        width = max(width, len(cells))
        room.refuse(name, len(rows) + empty + times, width)
        rows += [[] for _ in range(empty)]
        empty = 0
        for _ in range(times):
            number = len(rows)
            if _is_hidden(line):
                hidden.add(number)
            merged += [
                MergedCells(number, column, number + down - 1, column + across - 1)
                for column, (_, down, across) in enumerate(cells)
                if (down, across) != (1, 1)
            ]
            rows.append(
                [
                    cell._replace(ref=ref_of(number, column))
                    for column, (cell, *_) in enumerate(cells)
                ]
            )
    width = max(map(len, rows), default=0)
    room.take(name, len(rows), width)
    full = [
        row + [Cell("", ref_of(number, column)) for column in range(len(row), width)]
        for number, row in enumerate(rows)
    ]
    visible = table.get(_q("table:style-name"), "") not in styles.hidden
    return Sheet(name, full, merged, frozenset(hidden), frozenset(columns_hidden), visible)


def _row(line: ET.Element, defaults: list[str], styles: _Styles) -> Iterator[tuple[Cell, int, int]]:
    """The cells of a row up to the last with a value, and how many rows and columns each takes."""
    column = 0
    waiting: list[tuple[tuple[Cell, int, int], int]] = []  # empty unless something follows
    for cell in line:
        if cell.tag not in {_q("table:table-cell"), _q("table:covered-table-cell")}:
            continue
        style = cell.get(_q("table:style-name")) or (
            defaults[column] if column < len(defaults) else ""
        )
        down = int(cell.get(_q("table:number-rows-spanned"), "1"))
        across = int(cell.get(_q("table:number-columns-spanned"), "1"))
        times = min(_times(cell, "columns"), 16_384 - column)
        read = _cell(cell, style, styles)
        waiting.append(((read, down, across), times))
        if read.value != "":
            for placed, number in waiting:
                yield from repeat(placed, number)
            waiting.clear()
        column += times


def _cell(cell: ET.Element, style: str, styles: _Styles) -> Cell:
    kind = cell.get(_q("office:value-type"), "")
    paragraphs = ["".join(_words(paragraph)) for paragraph in cell if paragraph.tag == _q("text:p")]
    text = "\n".join(paragraphs).strip()
    value: object = text
    if kind in {"float", "percentage", "currency"}:
        value = Decimal(cell.get(_q("office:value"), ""))
    elif kind == "boolean":
        value = cell.get(_q("office:boolean-value")) == "true"
    elif kind == "date":
        value = (cell.get(_q("office:date-value")) or "").partition("T")[0]
    struck = style in styles.struck or any(
        span.get(_q("text:style-name"), "") in styles.struck for span in cell.iter(_q("text:span"))
    )
    formula = cell.get(_q("table:formula"), "")
    return Cell(
        value,
        "",
        formula="=" + formula.partition("=")[2] if formula else "",
        calculated=bool(text) and value != 0,
        percent=kind == "percentage" or style in styles.percent,
        decimals=styles.decimals.get(style),
        struck=struck and text != "",
    )


def _words(element: ET.Element) -> Iterator[str]:
    """The text of a paragraph; what a comment says is none of it."""
    yield element.text or ""
    for child in element:
        if child.tag == _q("text:s"):
            yield " " * int(child.get(_q("text:c"), "1"))
        elif child.tag in {_q("text:tab"), _q("text:line-break")}:
            yield "\n" if child.tag == _q("text:line-break") else "\t"
        elif child.tag != _q("office:annotation"):
            yield from _words(child)
        yield child.tail or ""
