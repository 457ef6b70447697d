"""The tables of a Word document (.docx), as they would be read on paper.

Read from the document's own part (ECMA-376, part 1, 17.4): what was inserted counts, what was
deleted or is hidden does not; a cell with a revision that nobody has accepted, or with words that
are struck out, is marked. A table that goes on right behind another one of as many columns is one
that a page break has cut.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from intake.grid import Cell, MergedCells, Room, Sheet, ref_of
from intake.package import DAMAGED, refuse_large, tree_of
from ledger.values import Invalid

PART: Final = "word/document.xml"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_INSIDE: Final = frozenset({"ins", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink"})
"""What may surround rows, cells, paragraphs and runs without changing what they are."""


class _Placed(NamedTuple):
    """A cell with the columns and rows that it takes."""

    text: str
    marked: bool
    row: int
    column: int
    width: int
    goes_on: bool


def read_word_tables(path: Path, content: bytes) -> list[Sheet]:
    """The tables of a document in their order, those inside cells after the table around them.

    Raises:
        Invalid: damaged, too large, or no document.
    """
    try:
        with ZipFile(BytesIO(content)) as parts:
            refuse_large(path, parts)
            root = tree_of(path, parts, PART)
        body = next((child for child in root if _is(child, "body")), None)
        joined: list[list[_Placed]] = []
        if body is not None:
            _tables(body, joined)
    except DAMAGED as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是完好的 .docx 文件，或有打开密码。请用 Word 打开后另存。",
            f"{path}: not an intact .docx file, or protected by a password. Open it in Word and"
            " save it again.",
        ) from None
    room = Room(path)
    return [_sheet(room, number, cells) for number, cells in enumerate(joined, 1)]


def _is(element: ET.Element, name: str) -> bool:
    return element.tag in {_W + name, _STRICT + name}


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """The children of a name, also those inside insertions and content controls."""
    for child in element:
        if _is(child, name):
            yield child
        elif _local(child) in _INSIDE:
            yield from _children(child, name)


def _tables(parent: ET.Element, found: list[list[_Placed]]) -> None:
    """Every table below; one that follows another at once, of as many columns, goes on with it."""
    before: list[_Placed] | None = None
    for child in parent:
        if _is(child, "tbl"):
            cells = list(_cells(child, 0))
            if before and cells and _breadth(before) == _breadth(cells):
                last = max(cell.row for cell in before) + 1
                before += [cell._replace(row=cell.row + last) for cell in cells]
            else:
                before = cells
                found.append(cells)
            for row in _children(child, "tr"):
                for cell in _children(row, "tc"):
                    _tables(cell, found)
        elif _local(child) in _INSIDE:
            _tables(child, found)
        elif _is(child, "p") and _text(child)[0].strip():
            before = None


def _breadth(cells: list[_Placed]) -> int:
    return max(cell.column + cell.width for cell in cells)


def _cells(table: ET.Element, first: int) -> Iterator[_Placed]:
    for number, row in enumerate(_children(table, "tr"), first):
        column = _number(row, "trPr/gridBefore")
        gone = _property(row, "trPr/del") is not None
        added = _property(row, "trPr/ins") is not None
        for cell in _children(row, "tc"):
            width = _number(cell, "tcPr/gridSpan") or 1
            merge = _property(cell, "tcPr/vMerge")
            goes_on = merge is not None and _value(merge) != "restart"
            paragraphs = [_text(paragraph) for paragraph in _children(cell, "p")]
            text = "\n".join(words for words, _ in paragraphs).strip()
            marked = any(mark for _, mark in paragraphs) or added
            if gone or _property(cell, "tcPr/cellDel") is not None:
                text, marked = "", False  # like any deleted words, it counts for nothing
            yield _Placed(text, marked, number, column, width, goes_on)
            column += width


def _property(element: ET.Element, path: str) -> ET.Element | None:
    found: ET.Element | None = element
    for name in path.split("/"):
        if found is not None:
            found = next((child for child in found if _is(child, name)), None)
    return found


def _value(element: ET.Element) -> str:
    return next((text for key, text in element.attrib.items() if key.endswith("}val")), "")


def _number(element: ET.Element, path: str) -> int:
    found = _property(element, path)
    value = "" if found is None else _value(found)
    return int(value) if value.isdecimal() else 0


def _text(paragraph: ET.Element) -> tuple[str, bool]:
    """What a paragraph says, and whether it is revised or some of it is struck out."""
    words: list[str] = []
    marked = False
    for element in paragraph:
        name = _local(element)
        if name == "r":
            text = "".join(map(_piece, element))
            if _on(element, "rPr/vanish"):
                continue
            words.append(text)
            struck = _on(element, "rPr/strike") or _on(element, "rPr/dstrike")
            marked = marked or (struck and bool(text.strip()))
        elif name in {"ins", "del", "moveFrom", "moveTo"}:
            marked = True
            if name in {"ins", "moveTo"}:
                words.append(_text(element)[0])
        elif name in _INSIDE or name == "fldSimple":
            inner, revised = _text(element)
            words.append(inner)
            marked = marked or revised
    return "".join(words), marked


def _piece(element: ET.Element) -> str:
    match _local(element):
        case "t":
            return element.text or ""
        case "tab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case _:
            return ""


def _on(run: ET.Element, path: str) -> bool:
    found = _property(run, path)
    return found is not None and _value(found) not in {"0", "false", "off"}


def _sheet(room: Room, number: int, cells: list[_Placed]) -> Sheet:
    height = max((cell.row for cell in cells), default=-1) + 1
    width = max((cell.column + cell.width for cell in cells), default=0)
    name = f"表{number}"
    room.take(name, height, width)
    rows = [[Cell("", ref_of(row, column)) for column in range(width)] for row in range(height)]
    merged: list[MergedCells] = []
    above: dict[int, int] = {}
    for cell in cells:
        if cell.goes_on and cell.column in above:
            merged[above[cell.column]] = merged[above[cell.column]]._replace(bottom=cell.row)
            continue
        rows[cell.row][cell.column] = Cell(
            cell.text, ref_of(cell.row, cell.column), struck=cell.marked
        )
        above[cell.column] = len(merged)
        right = cell.column + cell.width - 1
        merged.append(MergedCells(cell.row, cell.column, cell.row, right))
    merged = [area for area in merged if (area.top, area.left) != (area.bottom, area.right)]
    return Sheet(name, rows, merged, frozenset(), frozenset())
