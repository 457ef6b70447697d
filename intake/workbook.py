"""Reading workbooks (.xlsx) as people and agencies deliver them, without ever guessing.

python-calamine reads the values. What it does not tell - formulas, number formats, what is hidden
or struck out - is read from the parts of the file itself. Whatever is not understood is refused
with its cell.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

from intake.files import MEBIBYTE
from ledger.extras import ExtraMissing
from ledger.language import Text
from ledger.values import Invalid

CELLS_MAX: Final = 1_000_000
BYTES_MAX: Final = 200 * MEBIBYTE
OLE: Final = b"\xd0\xcf\x11\xe0"
ZIP: Final = b"PK"
PERCENT_FORMATS: Final = {9, 10}
DECIMALS_OF_FORMATS: Final = {1: 0, 2: 2, 3: 0, 4: 2, 37: 0, 38: 0, 39: 2, 40: 2}
"""The number formats that have a number and no text (ECMA-376 18.8.30): decimals that are shown."""
_NUMBER_FORMAT: Final = re.compile(r"[#0?,]*[#0?](?:\.(?P<decimals>[#0?]+))?\s*\Z")
_REF: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z")


class Cell(NamedTuple):
    """One cell as it stands in the file.

    Attributes:
        value: text, number, truth, date or time; an empty text where there is nothing.
        ref: such as `F12`.
        formula: the formula, empty where there is none.
        calculated: whether the value of its formula was stored by the program that wrote it.
        percent: whether it is shown as a percentage.
        decimals: how many its format shows; `None` where the format leaves that open.
        struck: whether any of it is struck out.
    """

    value: object
    ref: str
    formula: str = ""
    calculated: bool = True
    percent: bool = False
    decimals: int | None = None
    struck: bool = False

    @property
    def text(self) -> str:
        """The value as text, without white space around it."""
        return self.value.strip() if isinstance(self.value, str) else str(self.value)


class MergedCells(NamedTuple):
    """A merged range, both ends included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """A sheet from its first cell A1.

    Attributes:
        visible: whether people see it at all.
        hidden: the rows that are hidden, counted from 0.
        columns_hidden: the columns that are hidden, counted from 0.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[MergedCells]
    hidden: frozenset[int]
    columns_hidden: frozenset[int]
    visible: bool = True


class CellStyle(NamedTuple):
    """What a cell format says: how a number is shown, and whether it is struck out."""

    percent: bool = False
    decimals: int | None = None
    struck: bool = False


PLAIN: Final = CellStyle()


class SheetXml(NamedTuple):
    """What the parts of the file say about a sheet that the reader of values does not."""

    formulas: Mapping[tuple[int, int], tuple[str, bool]]
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
    _refuse_other_kinds(path, content)
    try:
        marked = _unmarked(path, content)
        with calamine.CalamineWorkbook.from_object(BytesIO(content)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return [_sheet(book.get_sheet_by_name(name), marked[name]) for name in names]
    except (
        BadZipFile,
        zlib.error,
        ET.ParseError,
        calamine.CalamineError,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        AttributeError,
    ) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是完好的 .xlsx 文件。请用表格程序打开后另存。",
            f"{path}: not a sound .xlsx file. Open it in a spreadsheet program and save it anew.",
        ) from None


def _refuse_other_kinds(path: Path, content: bytes) -> None:
    if content.startswith(OLE):
        raise Invalid(
            f"{path}：有打开密码，或是旧格式 .xls；请去掉密码，另存为 .xlsx",
            f"{path}: locked by a password, or an old .xls; remove the password, save as .xlsx",
        )
    if not content.startswith(ZIP) or _names(content) & {"word/document.xml", "mimetype"}:
        raise Invalid(
            f"{path}：不是完好的 .xlsx 文件；请在原来的程序里另存为 .xlsx",
            f"{path}: not a sound .xlsx file; save it as .xlsx in the program that made it",
        )
    if path.suffix.lower() == ".xlsm" or b"vbaProject.bin" in content:
        raise Invalid(
            f"{path}：带有宏；宏可以改动显示的数字，请另存为不带宏的 .xlsx",
            f"{path}: it has macros, which can change what is shown; save it as .xlsx without them",
        )


def _names(content: bytes) -> set[str]:
    try:
        with ZipFile(BytesIO(content)) as parts:
            return set(parts.namelist())
    except (BadZipFile, ValueError, OSError):  # which is said when it is read
        return set()


def place(path: Path, sheet: str, ref: str) -> Text:
    """Where a cell is, in words."""
    return Text(f"{path} 工作表“{sheet}” 单元格 {ref}", f"{path}, sheet “{sheet}”, cell {ref}")


def at_cell(path: Path, sheet: str, ref: str, zh: str, en: str) -> Invalid:
    """What is wrong with a cell, after where it is."""
    where = place(path, sheet, ref)
    return Invalid(f"{where.zh}：{zh}", f"{where.en}: {en}")


def column_letters(index: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def ref_of(row: int, column: int) -> str:
    """A cell by its letters and number."""
    return f"{column_letters(column)}{row + 1}"


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
    formula, calculated = marked.formulas.get((row, column), ("", True))
    style = marked.styles.get((row, column), PLAIN)
    return Cell(value, ref_of(row, column), formula, calculated, *style)


# The parts of the file ---------------------------------------------------------------------------


def _unmarked(path: Path, content: bytes) -> dict[str, SheetXml]:
    """What each sheet has of formulas, formats and hidden parts."""
    with ZipFile(BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > BYTES_MAX:
            limit = BYTES_MAX // MEBIBYTE
            raise Invalid(
                f"{path}：文件太大，解开后超过 {limit} MiB",
                f"{path}: the file is too large, above {limit} MiB unpacked",
            )
        styles = _styles(_xml(parts, "xl/styles.xml"))
        struck = _struck_strings(parts)
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in _xml(parts, "xl/_rels/workbook.xml.rels")
        }
        marks = {}
        for sheet in _named(_xml(parts, "xl/workbook.xml"), "sheet"):
            relation = next((v for k, v in sheet.attrib.items() if _local(k) == "id"), "")
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            visible = sheet.get("state", "visible") == "visible"
            marked = _marks(_xml(parts, part), styles, struck, visible=visible)
            if marked.height * marked.width > CELLS_MAX:
                name = sheet.get("name")
                raise Invalid(
                    f"{path} 工作表“{name}”：用到了 {marked.height} 行 {marked.width} 列，太大；"
                    "请删去表外的内容和格式",
                    f"{path}, sheet “{name}”: {marked.height} rows by {marked.width} columns are"
                    " too many; delete what stands outside the table",
                )
            marks[sheet.get("name", "")] = marked
    return marks


def _xml(parts: ZipFile, name: str) -> ET.Element:
    data = parts.read(name)
    if b"<!DOCTYPE" in data[:1000] or b"<!ENTITY" in data:
        raise ValueError("a document type where none belongs")
    return ET.fromstring(data)  # noqa: S314 - entities are refused above


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _named(root: ET.Element, name: str) -> Iterator[ET.Element]:
    """Every element of a name below the root, whatever its namespace."""
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
        code = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", codes.get(number, ""))
        formats.append(
            CellStyle(
                percent=number in PERCENT_FORMATS or "%" in code,
                decimals=_decimals(code) if number in codes else DECIMALS_OF_FORMATS.get(number),
                struck=fonts[font] if font < len(fonts) else False,
            )
        )
    return formats


def _decimals(code: str) -> int | None:
    """How many decimals a number format shows; `None` where it is none of a plain number."""
    match = _NUMBER_FORMAT.match(code.partition(";")[0].strip())
    return len(match["decimals"] or "") if match else None


def _is_struck(element: ET.Element) -> bool:
    """Whether a font, or any run of a text, is struck out."""
    return any(
        _local(mark.tag) in {"strike", "dstrike"} and mark.get("val", "1") not in {"0", "false"}
        for mark in element.iter()
    )


def _struck_strings(parts: ZipFile) -> frozenset[int]:
    """The numbers of the shared texts of which some is struck out."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return frozenset()
    texts = _xml(parts, "xl/sharedStrings.xml")
    return frozenset(n for n, text in enumerate(_named(texts, "si")) if _is_struck(text))


def _marks(
    root: ET.Element, formats: list[CellStyle], struck: frozenset[int], *, visible: bool
) -> SheetXml:
    formulas: dict[tuple[int, int], tuple[str, bool]] = {}
    styles: dict[tuple[int, int], CellStyle] = {}
    height = width = 0
    for cell in _named(root, "c"):
        row, column = _index(cell.get("r", ""))
        height, width = max(height, row + 1), max(width, column + 1)
        parts = {_local(part.tag): part.text or "" for part in cell}
        if "f" in parts:
            # A file that no program has calculated holds no value or 0 beside the formula.
            calculated = parts.get("v", "").strip() not in {"", "0"}
            formulas[row, column] = ("=" + parts["f"], calculated)
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
        if _true(row.get("hidden")) or row.get("ht") == "0"
    }
    columns: set[int] = set()
    for merge in _named(root, "col"):
        if _true(merge.get("hidden")) or merge.get("width") == "0":
            last = min(int(merge.get("max", "0")), width)
            columns.update(range(int(merge.get("min", "1")) - 1, last))
    for merge in _named(root, "mergeCell"):
        _, _, end = merge.get("ref", "").partition(":")
        if end:
            row, column = _index(end)
            height, width = max(height, row + 1), max(width, column + 1)
    return SheetXml(formulas, styles, frozenset(hidden), frozenset(columns), height, width, visible)


def _true(value: str | None) -> bool:
    return value in {"1", "true"}


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
