"""Reading OpenDocument spreadsheets (.ods) from their own part (OpenDocument 1.3, part 3, 9)."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from itertools import repeat
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from intake.conditional_formats import ByCell, by_cell
from intake.drawings import doubted_below
from intake.grid import UNSEEN, Cell, MergedCells, Room, Sheet, ref_of
from intake.letters import in_a_number
from intake.open_drawings import drawn
from intake.open_styles import OpenStyles, q
from intake.package import DAMAGED, refuse_large, tree_of
from intake.workbook import as_seen
from ledger.values import Invalid

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_ROWS: Final = ("table-rows", "table-header-rows", "table-row-group")
_COLUMNS: Final = ("table-columns", "table-header-columns", "table-column-group")


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
            named, settings = (
                [tree_of(path, parts, part)] if part in parts.namelist() else []
                for part in ("styles.xml", "settings.xml")
            )
        look = _Look(OpenStyles([*named, root]), _shows_zeros(settings))
        room = Room(path)
        return [_sheet(room, table, look) for table in root.iter(q("table:table"))]
    except DAMAGED as error:
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
        if child.tag == q(f"table:{name}"):
            yield child
        elif child.tag in {q(f"table:{group}") for group in around}:
            yield from _below(child, name, around)


def _times(element: ET.Element, what: str) -> int:
    return max(int(element.get(q(f"table:number-{what}-repeated"), "1")), 1)


class _Look(NamedTuple):
    """How the cells of a sheet look.

    Attributes:
        zeros: whether zeros are shown.
        protected: whether the sheet is protected, which hides some cells.
        conditional: the formats that depend on values, by cell.
    """

    styles: OpenStyles
    zeros: bool
    protected: bool = False
    conditional: ByCell = {}  # noqa: RUF012 - never changed


def _shows_zeros(settings: list[ET.Element]) -> bool:
    return not any(
        item.get(q("config:name")) == "ShowZeroValues" and item.text == "false"
        for root in settings
        for item in root.iter(q("config:config-item"))
    )


def _is_hidden(element: ET.Element, styles: OpenStyles) -> bool:
    return element.get(q("table:visibility"), "visible") != "visible" or styles.is_narrow(element)


def _sheet(room: Room, table: ET.Element, look: _Look) -> Sheet:
    styles, name = look.styles, table.get(q("table:name"), "")
    columns_hidden: set[int] = set()
    defaults: list[str] = []
    columns, lines = (
        list(_below(table, f"table-{what}", groups))
        for what, groups in (("column", _COLUMNS), ("row", _ROWS))
    )
    for column in columns:
        times = min(_times(column, "columns"), 16_384 - len(defaults))
        if _is_hidden(column, styles):
            columns_hidden.update(range(len(defaults), len(defaults) + times))
        defaults += [column.get(q("table:default-cell-style-name"), "")] * times
    placed: list[list[_Placed]] = []
    merged: list[MergedCells] = []
    hidden: set[int] = set()
    width = 0
    empty = 0  # rows without anything: they count only when something follows
    for line in lines:
        cells = list(_row(line, defaults))
        times = _times(line, "rows")
        if not cells:
            empty += times
            continue
        width = max(width, len(cells))
        room.refuse(name, len(placed) + empty + times, width)
        placed += [[] for _ in range(empty)]
        empty = 0
        is_hidden = _is_hidden(line, styles)
        for _ in range(times):
            number = len(placed)
            if is_hidden:
                hidden.add(number)
            merged += [
                MergedCells(number, column, number + down - 1, column + across - 1)
                for column, (*_, down, across) in enumerate(cells)
                if (down, across) != (1, 1)
            ]
            placed.append(cells)
    room.take(name, len(placed), width)
    look = look._replace(
        protected=table.get(q("table:protected")) == "true",
        conditional=by_cell(room, name, styles.conditional(table), len(placed), width),
    )
    full = [
        [
            _cell(*cells[column][:2], (number, column), look)
            if column < len(cells)
            else Cell("", ref_of(number, column))
            for column in range(width)
        ]
        for number, cells in enumerate(placed)
    ]
    visible = not styles.is_hidden(table)
    read = Sheet(name, full, merged, frozenset(hidden), frozenset(columns_hidden), visible)
    return doubted_below(read, list(drawn(table, lines, columns, styles)))


_Placed = tuple[ET.Element, str, int, int]
"""A cell, its style, and how many rows and columns it takes."""


def _row(line: ET.Element, defaults: list[str]) -> Iterator[_Placed]:
    """The cells of a row up to the last with a value."""
    column = 0
    waiting: list[tuple[_Placed, int]] = []  # empty unless something follows
    of_row = line.get(q("table:default-cell-style-name"), "")
    for cell in line:
        if cell.tag not in {q("table:table-cell"), q("table:covered-table-cell")}:
            continue
        of_column = defaults[column] if column < len(defaults) else ""
        style = cell.get(q("table:style-name")) or of_row or of_column
        down = int(cell.get(q("table:number-rows-spanned"), "1"))
        across = int(cell.get(q("table:number-columns-spanned"), "1"))
        times = min(_times(cell, "columns"), 16_384 - column)
        waiting.append(((cell, style, down, across), times))
        if _value(cell) != "":
            for placed, number in waiting:
                yield from repeat(placed, number)
            waiting.clear()
        column += times


def _value(cell: ET.Element) -> object:
    match cell.get(q("office:value-type"), ""):
        case "float" | "percentage" | "currency":
            return Decimal(cell.get(q("office:value"), ""))
        case "boolean":
            return cell.get(q("office:boolean-value")) == "true"
        case "date":
            return (cell.get(q("office:date-value")) or "").partition("T")[0]
        case _:
            return _text(cell)


def _text(cell: ET.Element) -> str:
    paragraphs = ["".join(_words(paragraph)) for paragraph in cell if paragraph.tag == q("text:p")]
    return "\n".join(paragraphs).strip() or cell.get(q("office:string-value"), "")


def _cell(cell: ET.Element, style: str, at: tuple[int, int], look: _Look) -> Cell:
    value, styles = _value(cell), look.styles
    formula = cell.get(q("table:formula"), "")
    if value == "" and not formula:
        return Cell("", ref_of(*at))
    own = (format_ for format_ in styles.mapped(style, at) if format_.may_hide)
    conditional = (*look.conditional.get(at, ()), *own)
    shape = styles.cell(style)
    mixed = in_a_number(_text(cell))
    looks = [
        styles.letters(family, part.get(q("text:style-name"), ""))
        for family, tag in (("paragraph", "text:p"), ("text", "text:span"))
        for part in cell.iter(q(tag))
        if part.get(q("text:style-name")) and "".join(_words(part)).strip()
    ]
    doubts = [one._replace(raised=one.raised and mixed).doubt(shape.background) for one in looks]
    if look.protected and styles.is_protected(style):
        doubts.append(UNSEEN)
    shape = shape._replace(doubt=shape.doubt or next(filter(None, doubts), None))
    read = Cell(
        value,
        ref_of(*at),
        "=" + formula.partition("=")[2] if formula else "",
        calculated=bool(_text(cell)) and value != 0,
    )
    seen = as_seen(read, shape, conditional, zeros=look.zeros)
    percent = seen.percent or cell.get(q("office:value-type")) == "percentage"
    # A formula may show TRUE for 1 without any format that shows it.
    veiled = isinstance(value, Decimal) and any(map(str.isalpha, text := _text(cell)))
    veiled = seen.veiled or (veiled and not any(map(str.isdigit, text)))
    return seen._replace(percent=percent, veiled=veiled)


def _words(element: ET.Element) -> Iterator[str]:
    """The text of a paragraph; what a comment says is none of it."""
    yield element.text or ""
    for child in element:
        if child.tag == q("text:s"):
            yield " " * int(child.get(q("text:c"), "1"))
        elif child.tag in {q("text:tab"), q("text:line-break")}:
            yield "\n" if child.tag == q("text:line-break") else "\t"
        elif child.tag != q("office:annotation"):
            yield from _words(child)
        yield child.tail or ""
