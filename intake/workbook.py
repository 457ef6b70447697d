"""Reading workbooks (.xlsx) as people and agencies deliver them, without ever guessing.

python-calamine reads the values. What it does not tell - formulas, number formats, what is hidden
or struck out - is read from the parts of the file itself. Anything that is not understood is
refused with its cell.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from intake.grid import Cell, MergedCells, Room, Sheet, ref_of
from intake.package import DAMAGED, MACROS, refusal, refuse_large, refuse_old, tree_of
from ledger.extras import ExtraMissing
from ledger.values import Invalid

PERCENT_FORMATS: Final = {9, 10}
DECIMALS_OF_FORMATS: Final = {1: 0, 2: 2, 3: 0, 4: 2, 37: 0, 38: 0, 39: 2, 40: 2}
"""The number formats that have a number and no text (ECMA-376 18.8.30): decimals that are shown."""
_DECORATION: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Of a number format: quoted words, paddings and conditions."""
_NUMBER_FORMAT: Final = re.compile(r"[#0?,]*[#0?](?:\.(?P<decimals>[#0?]+))?\s*\Z")
_WORDLESS: Final = re.compile(r"general|通用格式|@|[ymdhs]")
"""Of a format that shows a number as it is, a text or a time."""
_DIGITS: Final = re.compile("[0#?]")
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])|/")
_REF: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z")


class CellStyle(NamedTuple):
    """What a cell format says: how a number is shown, and whether it is struck out."""

    percent: bool = False
    decimals: int | None = None
    struck: bool = False
    veiled: bool = False


PLAIN: Final = CellStyle()


class SheetXml(NamedTuple):
    """What the parts of the file say about a sheet that the reader of values does not."""

    formulas: Mapping[tuple[int, int], tuple[str, bool]]
    errors: Mapping[tuple[int, int], str]
    styles: Mapping[tuple[int, int], CellStyle]
    hidden: frozenset[int]
    columns_hidden: frozenset[int]
    height: int
    width: int
    visible: bool


def read_workbook(path: Path, content: bytes) -> list[Sheet]:
    """The sheets of a workbook, in their order, the hidden ones too.

    Args:
        path: what it is called.
        content: its bytes.

    Raises:
        Invalid: no .xlsx file, with macros, locked by a password, damaged or too large; or the
            package that reads it is not installed.
    """
    try:
        import python_calamine as calamine  # noqa: PLC0415 - part of an extra
    except ModuleNotFoundError as error:
        raise ExtraMissing("paper", error.name or "") from None
    refuse_old(path, content)
    _refuse_macros(path, content)
    try:
        marked = _unmarked(path, content)
        usual = _usually_named(path, content)
        with calamine.CalamineWorkbook.from_object(BytesIO(usual)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return [_sheet(book.get_sheet_by_name(name), marked[name]) for name in names]
    except (*DAMAGED, calamine.CalamineError, AttributeError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是完好的 .xlsx 文件。请用表格程序打开后另存。",
            f"{path}: not an intact .xlsx file. Open it in a spreadsheet program and save it"
            " again.",
        ) from None


def _refuse_macros(path: Path, content: bytes) -> None:
    if path.suffix.lower() == ".xlsm" or b"vbaProject.bin" in content:
        raise refusal(path, MACROS)


# The values --------------------------------------------------------------------------------------


def _sheet(sheet: object, marked: SheetXml) -> Sheet:
    values = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined]  # a CalamineSheet, imported only where it is used
    ranges = sheet.merged_cell_ranges or []  # type: ignore[attr-defined]  # the same
    rows = [
        [_cell(value, row, column, marked) for column, value in enumerate(cells)]
        for row, cells in enumerate(values)
    ]
    return Sheet(
        name=sheet.name,  # type: ignore[attr-defined]  # the same
        rows=rows,
        merged=[MergedCells(*first, *last) for first, last in ranges],
        hidden=marked.hidden,
        columns_hidden=marked.columns_hidden,
        visible=marked.visible,
    )


def _cell(value: object, row: int, column: int, marked: SheetXml) -> Cell:
    value = marked.errors.get((row, column), value)  # of which the reader of values gives nothing
    formula, calculated = marked.formulas.get((row, column), ("", True))
    style = marked.styles.get((row, column), PLAIN)
    return Cell(value, ref_of(row, column), formula, calculated, *style)


# The parts of the file ---------------------------------------------------------------------------


def _unmarked(path: Path, content: bytes) -> dict[str, SheetXml]:
    """What each sheet has of formulas, formats and hidden parts."""
    with ZipFile(BytesIO(content)) as parts:
        refuse_large(path, parts)
        book = _office_document(path, parts)
        kept = parts.namelist()
        targets, kinds = _related(path, parts, book)
        styles, strings = kinds.get("styles", ""), kinds.get("sharedStrings", "")
        formats = _styles(tree_of(path, parts, styles)) if styles in kept else []
        struck = _struck_strings(tree_of(path, parts, strings)) if strings in kept else frozenset()
        room = Room(path)
        marks = {}
        for sheet in _named(tree_of(path, parts, book), "sheet"):
            visible = sheet.get("state", "visible") == "visible"
            root = tree_of(path, parts, targets.get(_relation(sheet), ""))
            marked = _marks(root, formats, struck, visible=visible)
            room.take(sheet.get("name", ""), marked.height, marked.width)
            marks[sheet.get("name", "")] = marked
    return marks


def _usually_named(path: Path, content: bytes) -> bytes:
    """The package with the usual names for its parts, all that the reader of values knows.

    Some programs call them otherwise, such as `xl/workbook2.xml`, which is as valid.
    """
    with ZipFile(BytesIO(content)) as parts:
        book = _office_document(path, parts)
        folder, _, name = book.rpartition("/")
        _, kinds = _related(path, parts, book)
        usual = {
            book: "xl/workbook.xml",
            f"{folder}/_rels/{name}.rels": "xl/_rels/workbook.xml.rels",
            kinds.get("sharedStrings", ""): "xl/sharedStrings.xml",
            kinds.get("styles", ""): "xl/styles.xml",
        }
        usual.pop("", None)
        if folder != "xl" or all(old == new for old, new in usual.items()):
            return content
        out = BytesIO()
        with ZipFile(out, "w") as named:
            for part in parts.namelist():
                if part in usual or part not in usual.values():
                    named.writestr(usual.get(part, part), parts.read(part))
        return out.getvalue()


def _office_document(path: Path, parts: ZipFile) -> str:
    """The part that is the workbook itself, as the package says (ECMA-376, part 2, 9.3)."""
    for relation in tree_of(path, parts, "_rels/.rels"):
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    raise KeyError("officeDocument")


def _related(path: Path, parts: ZipFile, book: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parts of the workbook, by the names of their relations and by their types."""
    folder, _, name = book.rpartition("/")
    targets, kinds = {}, {}
    for relation in tree_of(path, parts, f"{folder}/_rels/{name}.rels"):
        target = relation.get("Target", "")
        place = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        targets[relation.get("Id", "")] = place
        kinds[relation.get("Type", "").rpartition("/")[2]] = place
    return targets, kinds


def _relation(sheet: ET.Element) -> str:
    return next((v for k, v in sheet.attrib.items() if _local(k) == "id"), "")


def sheet_parts(path: Path, parts: ZipFile) -> tuple[str, dict[str, str]]:
    """The part that is the workbook itself, and that of each sheet, by its name.

    Raises:
        KeyError: the file is no workbook.
        ValueError: a part declares entities or a document type.
    """
    book = _office_document(path, parts)
    targets, _ = _related(path, parts, book)
    sheets = _named(tree_of(path, parts, book), "sheet")
    return book, {sheet.get("name", ""): targets.get(_relation(sheet), "") for sheet in sheets}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _named(root: ET.Element, name: str) -> Iterator[ET.Element]:
    """Every element of a name below the root, in any namespace."""
    return (element for element in root.iter() if _local(element.tag) == name)


def _styles(styles: ET.Element) -> list[CellStyle]:
    """The cell formats, by the numbers that cells name."""
    codes = {
        int(style.get("numFmtId", "0")): style.get("formatCode", "")
        for style in _named(styles, "numFmt")
    }
    fonts = [_is_struck(font) for font in next(_named(styles, "fonts"), ())]
    formats = []
    for cell in next(_named(styles, "cellXfs"), ()):
        number, font = int(cell.get("numFmtId", "0")), int(cell.get("fontId", "0"))
        formats.append(
            style_of(number, codes.get(number), struck=fonts[font] if font < len(fonts) else False)
        )
    return formats


def style_of(number: int, code: str | None, *, struck: bool) -> CellStyle:
    """What a cell's format says.

    Args:
        number: the number of its number format.
        code: its text, where the file has one.
        struck: whether its font is struck out.
    """
    bare = _DECORATION.sub("", code or "")
    match = _NUMBER_FORMAT.match(bare.partition(";")[0].strip())
    shown = len(match["decimals"] or "") if match else None
    return CellStyle(
        percent=number in PERCENT_FORMATS or "%" in bare,
        decimals=DECIMALS_OF_FORMATS.get(number) if code is None else shown,
        struck=struck,
        veiled=code is not None and bool(_veils(bare.partition(";")[0].strip().lower())),
    )


def _veils(section: str) -> bool:
    """Whether a number format shows no number, or another one than it is given."""
    if _WORDLESS.search(section):
        return False
    return not _DIGITS.search(section) or bool(_SCALED.search(section))


def _is_struck(element: ET.Element) -> bool:
    """Whether a font, or any run of a text, is struck out."""
    return any(
        _local(mark.tag) in {"strike", "dstrike"} and mark.get("val", "1") not in {"0", "false"}
        for mark in element.iter()
    )


def _struck_strings(texts: ET.Element) -> frozenset[int]:
    """The numbers of the shared texts of which some is struck out."""
    return frozenset(n for n, text in enumerate(_named(texts, "si")) if _is_struck(text))


def _marks(
    root: ET.Element, formats: list[CellStyle], struck: frozenset[int], *, visible: bool
) -> SheetXml:
    formulas: dict[tuple[int, int], tuple[str, bool]] = {}
    styles: dict[tuple[int, int], CellStyle] = {}
    errors: dict[tuple[int, int], str] = {}
    height = width = 0
    for row, column, cell in _cells(root):
        height, width = max(height, row + 1), max(width, column + 1)
        parts = {_local(child.tag): child.text or "" for child in cell}
        if "f" in parts:
            # A file that no program has calculated holds no value or 0 next to the formula.
            calculated = parts.get("v", "").strip() not in {"", "0"}
            formulas[row, column] = ("=" + parts["f"], calculated)
        if cell.get("t") == "e" and parts.get("v"):
            errors[row, column] = parts["v"]
        number = int(cell.get("s", "0"))
        style = formats[number] if number < len(formats) else PLAIN
        shared = cell.get("t") == "s" and int(parts.get("v") or -1) in struck
        if shared or (cell.get("t") == "inlineStr" and _is_struck(cell)):
            style = style._replace(struck=True)
        if style != PLAIN:
            styles[row, column] = style
    hidden = {
        int(row.get("r", "0")) - 1
        for row in _named(root, "row")
        if _true(row.get("hidden")) or _is_nothing(row.get("ht"))
    }
    columns: set[int] = set()
    for merge in _named(root, "col"):
        if _true(merge.get("hidden")) or _is_nothing(merge.get("width")):
            last = min(int(merge.get("max", "0")), width)
            columns.update(range(max(int(merge.get("min", "1")), 1) - 1, last))
    for merge in _named(root, "mergeCell"):
        _, _, end = merge.get("ref", "").partition(":")
        if end:
            row, column = _index(end)
            height, width = max(height, row + 1), max(width, column + 1)
    return SheetXml(
        formulas, errors, styles, frozenset(hidden), frozenset(columns), height, width, visible
    )


def _cells(root: ET.Element) -> Iterator[tuple[int, int, ET.Element]]:
    """The cells with their places; one that names none follows the one before it."""
    row = -1
    for line in _named(root, "row"):
        row = int(line.get("r", row + 2)) - 1
        column = -1
        for cell in _named(line, "c"):
            if reference := cell.get("r"):
                row, column = _index(reference)
            else:
                column += 1
            yield row, column, cell


def _true(value: str | None) -> bool:
    return value in {"1", "true"}


def _is_nothing(size: str | None) -> bool:
    return size is not None and size.strip("0. ") == "" and "0" in size


def _index(ref: str) -> tuple[int, int]:
    """Row and column of a cell, counted from 0."""
    match = _REF.match(ref)
    if not match:
        raise ValueError(f"no cell reference: {ref!r}")
    letters, number = match.groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(number) - 1, column - 1
