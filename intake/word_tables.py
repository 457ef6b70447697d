"""The tables of a Word document (.docx), as they would be read on paper.

Read from the document's own part (ECMA-376, part 1, 17.4): what was inserted counts, what was
deleted or is hidden does not; a cell with a revision that nobody has accepted, or with words that
are struck out, is marked. A table that goes on right after another one of as many columns is one
that a page break has cut.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from intake.grid import BOXED, RAISED, REVISED, Cell, MergedCells, Room, Sheet, ref_of
from intake.letters import in_a_number
from intake.package import DAMAGED, refuse_large, tree_of
from intake.word_styles import Surroundings, WordStyles
from ledger.language import Text
from ledger.values import Invalid

PART: Final = "word/document.xml"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_INSIDE: Final = frozenset({"ins", "sdt", "sdtContent", "smartTag", "customXml", "hyperlink"})
"""What may surround rows, cells, paragraphs and runs without changing what they are."""
_OBJECT: Final = "\ufffc"
"""In the place of a picture or a built-up equation: a cell with nothing else is not empty."""
_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"} | dict.fromkeys(
    ("drawing", "pict", "object", "AlternateContent"), _OBJECT
)
"""What the parts of a run say that hold no text."""
_BUILT: Final = frozenset(
    {"f", "sSup", "sSub", "sSubSup", "sPre", "rad", "nary", "m", "eqArr", "d"}
)
"""What builds an equation up in more than one line (22.1.2)."""
_GOES_ON: Final = re.compile(r"\W*(?:(?:续|接)(?:上|前)?一?[表页]?\d*|第?\s*\d{1,4}\s*页?)\W*")
"""The words between the parts of a table that a page break has cut, and the number of a page."""
_PAGE: Final = Surroundings()
_TWIPS: Final = 60
"""How high and wide a cell is at least in which letters can be read, in twentieths of a point."""


class _Placed(NamedTuple):
    """A cell with the columns and rows that it takes."""

    text: str
    doubt: Text | None
    row: int
    column: int
    width: int
    goes_on: bool
    hidden: bool = False
    narrow: bool = False


def read_word_tables(path: Path, content: bytes) -> list[Sheet]:
    """The tables of a document in their order, those inside cells after the table around them.

    Raises:
        Invalid: damaged, too large, or no document.
    """
    try:
        with ZipFile(BytesIO(content)) as parts:
            refuse_large(path, parts)
            root = tree_of(path, parts, PART)
            part = _styles_part(path, parts)
            styles = WordStyles(tree_of(path, parts, part) if part in parts.namelist() else None)
        body = next((child for child in root if _is(child, "body")), None)
        joined: list[list[_Placed]] = []
        if body is not None:
            _tables(body, joined, styles)
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


def _styles_part(path: Path, parts: ZipFile) -> str:
    """The part that holds the styles, as the document says; empty where it has none."""
    relations = "word/_rels/document.xml.rels"
    if relations not in parts.namelist():
        return ""
    for relation in tree_of(path, parts, relations):
        if relation.get("Type", "").endswith("/styles"):
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"word/{target}"
    return ""


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


def _tables(parent: ET.Element, found: list[list[_Placed]], styles: WordStyles) -> None:
    """Every table below; one that follows another at once, of as many columns, goes on with it."""
    before: list[_Placed] | None = None
    for child in parent:
        if _is(child, "tbl"):
            cells = list(_cells(child, styles))
            if before and cells and _breadth(before) == _breadth(cells):
                last = max(cell.row for cell in before) + 1
                before += [cell._replace(row=cell.row + last) for cell in cells]
            else:
                before = cells
                found.append(cells)
            for row in _children(child, "tr"):
                for cell in _children(row, "tc"):
                    _tables(cell, found, styles)
        elif _local(child) in _INSIDE:
            _tables(child, found, styles)
        elif _is(child, "p"):
            text = _text(child, styles, _PAGE)[0].strip(f" \n{_OBJECT}")
            before = before if not text or _GOES_ON.fullmatch(text) else None
            for box in _boxes(child):
                _tables(box, found, styles)


def _boxes(element: ET.Element) -> Iterator[ET.Element]:
    """The text boxes of a paragraph; of one that is there in two formats, the first."""
    for child in element:
        name = _local(child)
        if name == "txbxContent":
            yield child
        elif name == "AlternateContent":
            yield from _boxes(next(iter(child), child))
        else:
            yield from _boxes(child)


def _breadth(cells: list[_Placed]) -> int:
    return max(cell.column + cell.width for cell in cells)


def _cells(table: ET.Element, styles: WordStyles) -> Iterator[_Placed]:
    rows = list(_children(table, "tr"))
    size = len(rows), max((len(list(_children(row, "tc"))) for row in rows), default=0)
    layout = _property(table, "tblPr/tblLayout")
    fixed = layout is not None and _attribute(layout, "type") == "fixed"
    for number, row in enumerate(rows):
        column = _number(row, "trPr/gridBefore")
        gone = _property(row, "trPr/del") is not None
        added = REVISED if _property(row, "trPr/ins") is not None else None
        for place, cell in enumerate(_children(row, "tc")):
            width = _number(cell, "tcPr/gridSpan") or 1
            merge = _property(cell, "tcPr/vMerge")
            goes_on = merge is not None and _value(merge) != "restart"
            around = styles.surroundings(table, cell, (number, place), size)
            paragraphs = [_text(paragraph, styles, around) for paragraph in _children(cell, "p")]
            written = "\n".join(words for words, _ in paragraphs).strip()
            text = written.replace(_OBJECT, "").strip() or written[:1]
            doubts = [doubt for _, found in paragraphs for doubt in found]
            doubts = [one for one in doubts if one is not RAISED or in_a_number(text)]
            doubt = next(iter(doubts), added)
            if gone or _property(cell, "tcPr/cellDel") is not None:
                text, doubt = "", None  # like any deleted words, it counts for nothing
            hidden = _is_on(row, "trPr/hidden") or _is_thin(row)
            narrow = fixed and _is_narrow(cell)
            yield _Placed(text, doubt, number, column, width, goes_on, hidden, narrow)
            column += width


def _is_thin(row: ET.Element) -> bool:
    """Whether a row has exactly a height in which nothing can be read."""
    height = _property(row, "trPr/trHeight")
    return (
        height is not None
        and _attribute(height, "hRule") == "exact"
        and 0 < _number(row, "trPr/trHeight") < _TWIPS
    )


def _is_narrow(cell: ET.Element) -> bool:
    """Whether a cell of a fixed width is so narrow that nothing can be read in it."""
    width = _property(cell, "tcPr/tcW")
    said = _attribute(width, "w") if width is not None else ""
    return said.isdecimal() and 0 < int(said) < _TWIPS


def _property(element: ET.Element, path: str) -> ET.Element | None:
    found: ET.Element | None = element
    for name in path.split("/"):
        if found is not None:
            found = next((child for child in found if _is(child, name)), None)
    return found


def _value(element: ET.Element) -> str:
    return _attribute(element, "val")


def _attribute(element: ET.Element, name: str) -> str:
    return next((text for key, text in element.attrib.items() if key.endswith("}" + name)), "")


def _number(element: ET.Element, path: str) -> int:
    found = _property(element, path)
    value = "" if found is None else _value(found)
    return int(value) if value.isdecimal() else 0


def _text(
    element: ET.Element,
    styles: WordStyles,
    around: Surroundings,
    paragraph: ET.Element | None = None,
) -> tuple[str, list[Text]]:
    """What a paragraph, or a part of it, says; and why people may not see it or not mean it."""
    words: list[str] = []
    doubts: list[Text] = []
    paragraph = element if paragraph is None else paragraph
    boxes = (
        ("".join(box.itertext()).strip() for box in _boxes(element)) if _is(element, "p") else ()
    )
    if any(boxes) or _property(element, "pPr/framePr") is not None:
        doubts.append(BOXED)
    for part in element:
        name = _local(part)
        if name == "r":
            text = "".join(map(_piece, part))
            look = styles.look(part, paragraph, around)
            if look.hidden:
                continue
            words.append(text)
            if look.doubt is not None and text.strip():
                doubts.append(look.doubt)
        elif name in {"ins", "del", "moveFrom", "moveTo"}:
            doubts.append(REVISED)
            if name in {"ins", "moveTo"}:
                words.append(_text(part, styles, around, paragraph)[0])
        elif name in _INSIDE or name == "fldSimple":
            inner, found = _text(part, styles, around, paragraph)
            words.append(inner)
            doubts += found
        elif name in {"oMath", "oMathPara"}:
            words.append(_equation(part))
    return "".join(words), doubts


def _piece(element: ET.Element) -> str:
    name = _local(element)
    if name == "t":
        return element.text or ""
    if name == "sym":  # a sign of a font of signs
        return chr(int(_attribute(element, "char") or "fffd", 16))
    if name == "ruby":  # the reading next to the words is none of them
        bases = (part for part in element if _local(part) == "rubyBase")
        return "".join(t.text or "" for base in bases for t in base.iter() if _local(t) == "t")
    return _SIGNS.get(name, "")


def _equation(element: ET.Element) -> str:
    """The letters of an equation on one line; fractions, powers and the like are no letters."""
    names = {_local(part) for part in element.iter()}
    if names & _BUILT:
        return _OBJECT
    return "".join(part.text or "" for part in element.iter() if _local(part) == "t")


def _is_on(element: ET.Element, path: str) -> bool:
    found = _property(element, path)
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
            cell.text, ref_of(cell.row, cell.column), doubt=cell.doubt
        )
        above[cell.column] = len(merged)
        right = cell.column + cell.width - 1
        merged.append(MergedCells(cell.row, cell.column, cell.row, right))
    merged = [area for area in merged if (area.top, area.left) != (area.bottom, area.right)]
    hidden = frozenset(cell.row for cell in cells if cell.hidden)
    narrow = {cell.column for cell in cells if cell.narrow}
    narrow -= {cell.column for cell in cells if not cell.narrow}
    return Sheet(name, rows, merged, hidden, frozenset(narrow))
