"""Reading workbooks of the old format (.xls): values, formats, merges, hidden parts and strikes.

xlrd reads all of it but formulas: which cells have one is read from the records of the file
([MS-XLS] 2.3), and what the formula says stays unknown.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from io import StringIO
from pathlib import Path
from struct import Struct
from typing import Any, Final, NamedTuple

from intake.conditional_formats import by_cell
from intake.drawings import doubted_below
from intake.files import refuse_longer
from intake.grid import Cell, MergedCells, Room, Sheet, ref_of
from intake.letters import PAPER, Letters, in_a_number
from intake.number_formats import BUILT_IN
from intake.old_conditional_formats import (
    CONDITION,
    CONDITIONS,
    OldCondition,
    areas_of,
    condition_of,
)
from intake.old_drawings import DRAWING, OBJECT, TEXT, drawn
from intake.package import LOCKED, MACROS, OLE, refusal, refuse_old
from intake.workbook import LETTERS_OF_A_COLUMN, POINTS_OF_A_ROW, as_seen
from intake.workbook_styles import PLAIN, CellStyle
from ledger.extras import ExtraMissing
from ledger.language import Text
from ledger.values import Invalid

BIFF: Final = b"\x09\x08"
"""How the records of a workbook begin, which has no container in the oldest files."""
SOME_FORMULA: Final = "=…"
"""A formula that is there and that nobody has read."""
_DAMAGED: Final = Text(
    "不是完好的 .xls 文件。请用表格程序打开后另存为 .xlsx",
    "not an intact .xls file. Open it in a spreadsheet program and save it as .xlsx",
)
_ET: Final = Text(
    "是 WPS 表格的 .et；请在 WPS 中另存为 .xlsx",
    "a WPS spreadsheet (.et); save it as .xlsx in WPS",
)
_MACROS: Final = "_VBA_PROJECT_CUR".encode("utf-16-le")
_STREAMS: Final = ("Workbook", "Book")
"""What the container calls the records, since Excel 97 and before it ([MS-XLS] 2.1.7.20)."""
_RECORD: Final = Struct("<HH")
_SHEET_PLACE: Final = Struct("<IBB")
_END, _BEGIN, _PASSWORD, _SHEET, _FORMULA = 0x0A, 0x809, 0x2F, 0x85, 0x06
_SEVERAL: Final = frozenset({0xBD, 0xBE})
_CELLS: Final = frozenset({_FORMULA, *_SEVERAL, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
"""The records that hold a cell, by their numbers ([MS-XLS] 2.3.2); two hold a part of a row."""
_EMPTY: Final = frozenset({0, 6})
"""The kinds of a cell that is not there, or has a format only, as xlrd numbers them."""


class _Extent(NamedTuple):
    """What the records of a sheet say before any cell of it is read."""

    height: int
    width: int
    formulas: frozenset[tuple[int, int]]
    conditional: tuple[OldCondition, ...]
    drawings: tuple[MergedCells, ...]


def read_old_workbook(path: Path, content: bytes) -> list[Sheet]:
    """The sheets of a workbook, in their order, the hidden ones too.

    Args:
        path: what it is called.
        content: its bytes.

    Raises:
        Invalid: no .xls file, with macros, locked by a password, damaged or too large; or the
            package that reads it is not installed.
    """
    try:
        import xlrd  # noqa: PLC0415 - part of an extra
    except ModuleNotFoundError as error:
        raise ExtraMissing("paper", error.name or "") from None
    refuse_longer(path, content)
    if path.suffix.lower() == ".et":
        raise refusal(path, _ET)
    if _MACROS in content:
        raise refusal(path, MACROS)
    try:
        stream = _stream(xlrd, content) if content.startswith(OLE) else content
        if not stream:
            refuse_old(path, content)
        extents = list(_extents(path, stream))
        with xlrd.open_workbook(
            file_contents=stream, formatting_info=True, ragged_rows=True, logfile=StringIO()
        ) as book:
            room, sheets = Room(path), book.sheets()
            for sheet in sheets:
                room.take(sheet.name, sheet.nrows, sheet.ncols)
            return [
                _sheet(room, book, sheet, extent, xlrd)
                for sheet, extent in zip(sheets, extents, strict=True)
            ]
    except Invalid:
        raise
    except Exception:  # noqa: BLE001 - a damaged file breaks the library anywhere
        raise refusal(path, _DAMAGED) from None


def _stream(xlrd: Any, content: bytes) -> bytes:  # noqa: ANN401 - xlrd has no types
    """The records of the workbook, which the container may keep in pieces; empty without any."""
    if not any(name.encode("utf-16-le") in content for name in _STREAMS):
        return b""
    container = xlrd.compdoc.CompDoc(content, logfile=StringIO())
    for name in _STREAMS:
        whole, start, size = container.locate_named_stream(name)
        if whole is not None:
            return bytes(whole[start : start + size])
    return b""


# The records -------------------------------------------------------------------------------------


def _extents(path: Path, stream: bytes) -> Iterator[_Extent]:
    """What each sheet takes, in the order of the workbook.

    Raises:
        Invalid: locked by a password; or a sheet is too large.
        struct.error: a record is cut off.
    """
    room = Room(path)
    for kind, start, _ in list(_records(stream, 0)):
        if kind == _PASSWORD:
            raise refusal(path, LOCKED)
        if kind == _SHEET:
            place, _, sort = _SHEET_PLACE.unpack_from(stream, start)
            if not sort:  # no chart, and no macros
                extent = _extent(stream, place)
                room.take("", extent.height, extent.width)
                yield extent


def _extent(stream: bytes, place: int) -> _Extent:
    height = width = 0
    formulas, conditional, pictured = set(), [], []
    areas: tuple[MergedCells, ...] = ()
    depth = 0  # charts are parts inside sheets
    for kind, start, size in _records(stream, place):
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 1 and kind in {DRAWING, OBJECT, TEXT}:
            pictured.append((kind, stream[start : start + size]))
        if kind == CONDITIONS:
            areas = areas_of(stream[start : start + size])
        elif kind == CONDITION:
            conditional.append(condition_of(stream[start : start + size], areas))
        if kind in _CELLS:
            row, column = _RECORD.unpack_from(stream, start)
            last = _RECORD.unpack_from(stream, start + size - 4)[1] if kind in _SEVERAL else column
            height, width = max(height, row + 1), max(width, last + 1)
            if kind == _FORMULA:
                formulas.add((row, column))
    drawings = tuple(drawn(pictured))
    return _Extent(height, width, frozenset(formulas), tuple(conditional), drawings)


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and size of each record up to the end of the part that begins at a place."""
    depth = 0  # charts are parts inside sheets
    while True:
        kind, size = _RECORD.unpack_from(stream, place)
        yield kind, place + _RECORD.size, size
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        place += _RECORD.size + size


# The sheets --------------------------------------------------------------------------------------


def _sheet(room: Room, book: Any, sheet: Any, extent: _Extent, xlrd: Any) -> Sheet:  # noqa: ANN401 - the same
    kinds = [sheet.row_types(row) for row in range(sheet.nrows)]
    filled = [
        (row, column)
        for row, line in enumerate(kinds)
        for column, kind in enumerate(line)
        if kind not in _EMPTY
    ]
    height = max((row for row, _ in filled), default=-1) + 1
    width = max((column for _, column in filled), default=-1) + 1
    formats = [one.format(partial(_colour, book)) for one in extent.conditional]
    conditional = by_cell(room, sheet.name, formats, height, width)
    zeros = bool(sheet.show_zero_values)
    rows = [
        [
            as_seen(
                *_cell(xlrd, book, sheet, (row, column), extent.formulas),
                conditional.get((row, column), ()),
                zeros=zeros,
            )
            if column < len(kinds[row])
            else Cell("", ref_of(row, column))
            for column in range(width)
        ]
        for row in range(height)
    ]
    hidden = {
        row
        for row, info in sheet.rowinfo_map.items()
        if info.hidden or 0 <= info.height < 20 * POINTS_OF_A_ROW  # in twentieths of a point
    }
    narrow = {
        at
        for at, info in sheet.colinfo_map.items()
        if info.hidden or info.width < 256 * LETTERS_OF_A_COLUMN  # in parts of a letter
    }
    read = Sheet(
        name=sheet.name,
        rows=rows,
        merged=[
            MergedCells(top, left, bottom - 1, right - 1)
            for top, bottom, left, right in sheet.merged_cells
        ],
        hidden=frozenset(hidden),
        columns_hidden=frozenset(column for column in narrow if column < sheet.ncols),
        visible=sheet.visibility == 0,
    )
    return doubted_below(read, extent.drawings)


def _cell(
    xlrd: Any,  # noqa: ANN401 - the same
    book: Any,  # noqa: ANN401 - the same
    sheet: Any,  # noqa: ANN401 - the same
    at: tuple[int, int],
    formulas: frozenset[tuple[int, int]],
) -> tuple[Cell, CellStyle]:
    cell, style = sheet.cell(*at), PLAIN
    if cell.ctype or cell.xf_index > 0:
        style = _style(book, book.xf_list[cell.xf_index])
        fonts = (font for _, font in sheet.rich_text_runlist_map.get(at, ()))
        mixed = in_a_number(str(cell.value))
        looks = (_letters(book, font) for font in fonts)
        doubts = [
            look._replace(raised=look.raised and mixed).doubt(style.background) for look in looks
        ]
        style = style._replace(doubt=style.doubt or next(filter(None, doubts), None))
    value = _value(xlrd, book, cell)
    if at not in formulas:
        return Cell(value, ref_of(*at)), style
    return Cell(value, ref_of(*at), SOME_FORMULA, calculated=value not in ("", 0)), style


def _style(book: Any, shape: Any) -> CellStyle:  # noqa: ANN401 - the same
    """How a cell looks; its named style counts where the cell does not say that it differs."""
    number = book.format_map.get(shape.format_key)
    background: str | None = PAPER
    if shape.background.fill_pattern:
        solid = shape.background.fill_pattern == 1
        background = _colour(book, shape.background.pattern_colour_index) if solid else None
    fonts = [shape.font_index]
    if not shape.is_style and not shape._font_flag and shape.parent_style_index < len(book.xf_list):  # noqa: SLF001 - xlrd has no other name for it
        fonts.append(book.xf_list[shape.parent_style_index].font_index)
    looks = (_letters(book, font)._replace(raised=False) for font in fonts)
    doubts = (look.doubt(background) for look in looks)
    code = number.format_str if number is not None else BUILT_IN.get(shape.format_key)
    return CellStyle(code, background, next(filter(None, doubts), None))


def _letters(book: Any, number: int) -> Letters:  # noqa: ANN401 - the same
    font = book.font_list[number]
    colour, points = _colour(book, font.colour_index), Decimal(font.height) / 20
    return Letters(bool(font.struck_out), colour, points, raised=bool(font.escapement))


def _colour(book: Any, index: int) -> str | None:  # noqa: ANN401 - the same
    parts = book.colour_map.get(index)
    return "".join(f"{part:02X}" for part in parts) if parts else None


def _value(xlrd: Any, book: Any, cell: Any) -> object:  # noqa: ANN401 - the same
    """The value, as python-calamine gives those of other formats; errors by their names."""
    match cell.ctype:
        case 1 | 2:
            return cell.value
        case 3:
            return _moment(xlrd, cell.value, book.datemode)
        case 4:
            return bool(cell.value)
        case 5:
            return xlrd.error_text_from_code.get(cell.value, "#VALUE!")
        case _:
            return ""


def _moment(xlrd: Any, days: Any, since: int) -> object:  # noqa: ANN401 - the same
    """A date, a time of day, or both; the number itself where it is none."""
    try:
        moment = xlrd.xldate_as_datetime(days, since)
    except (ValueError, OverflowError):
        return days
    if days < 1:
        return moment.time()
    return moment if moment.time() != moment.min.time() else moment.date()
