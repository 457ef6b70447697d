"""Reading workbooks (.xlsx) as people and agencies deliver them, without ever guessing.

python-calamine reads the values. What it does not tell - formulas, number formats, what is hidden
or struck out - is read from the parts of the file itself. Anything that is not understood is
refused with its cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from intake.conditional_formats import ByCell, ConditionalFormat, by_cell
from intake.drawings import doubted_below, drawings_of, drawn
from intake.grid import UNSEEN, Cell, MergedCells, Room, Sheet, ref_of
from intake.letters import Letters, in_a_number
from intake.number_formats import AS_IT_IS, hides_text, shown_by
from intake.package import DAMAGED, MACROS, refusal, refuse_large, refuse_old, tree_of
from intake.workbook_styles import (
    PLAIN,
    CellStyle,
    WorkbookStyles,
    child,
    index_of,
    is_true,
    local,
    named,
    number_in,
)
from ledger.extras import ExtraMissing
from ledger.values import Invalid

POINTS_OF_A_ROW: Final = Decimal(3)
"""How high a row is at least in which letters can be read."""
LETTERS_OF_A_COLUMN: Final = Decimal("0.5")
"""How many letters a column has room for at least in which something can be read."""


class SheetXml(NamedTuple):
    """What the parts of the file say about a sheet that the reader of values does not."""

    formulas: Mapping[tuple[int, int], tuple[str, bool]]
    errors: Mapping[tuple[int, int], str]
    styles: Mapping[tuple[int, int], CellStyle]
    conditional: ByCell
    hidden: frozenset[int]
    columns_hidden: frozenset[int]
    height: int
    width: int
    visible: bool
    zeros: bool
    drawings: Sequence[MergedCells] = ()


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
    read = Sheet(
        name=sheet.name,  # type: ignore[attr-defined]  # the same
        rows=rows,
        merged=[MergedCells(*first, *last) for first, last in ranges],
        hidden=marked.hidden,
        columns_hidden=marked.columns_hidden,
        visible=marked.visible,
    )
    return doubted_below(read, marked.drawings)


def _cell(value: object, row: int, column: int, marked: SheetXml) -> Cell:
    value = marked.errors.get((row, column), value)  # of which the reader of values gives nothing
    formula, calculated = marked.formulas.get((row, column), ("", True))
    style = marked.styles.get((row, column), PLAIN)
    cell = Cell(value, ref_of(row, column), formula, calculated)
    conditional = marked.conditional.get((row, column), ())
    return as_seen(cell, style, conditional, zeros=marked.zeros)


def as_seen(
    cell: Cell,
    style: CellStyle,
    conditional: Sequence[ConditionalFormat],
    *,
    zeros: bool,
) -> Cell:
    """A cell with how it is shown.

    Args:
        cell: what it holds.
        style: how it looks.
        conditional: its formats that depend on values.
        zeros: whether the sheet shows zeros.
    """
    value, shown, doubt = cell.value, AS_IT_IS, style.doubt
    if isinstance(value, bool) or value == "":
        return cell
    if isinstance(value, int | float | Decimal) and isfinite(value):
        shown = shown_by(style.code, Decimal(str(value)))
        if value == 0 and not zeros:
            shown = shown._replace(veiled=True)
    elif isinstance(value, str) and hides_text(style.code):
        doubt = doubt or UNSEEN
    doubts = (format_.doubt(value, style.background) for format_ in conditional)
    doubt = doubt or next(filter(None, doubts), None)
    return cell._replace(**shown._asdict(), doubt=doubt)


# The parts of the file ---------------------------------------------------------------------------


def _unmarked(path: Path, content: bytes) -> dict[str, SheetXml]:
    """What each sheet has of formulas, formats and hidden parts."""
    with ZipFile(BytesIO(content)) as parts:
        refuse_large(path, parts)
        book = _office_document(path, parts)
        kept = parts.namelist()
        targets, kinds = _related(path, parts, book)
        trees = {
            kind: tree_of(path, parts, kinds[kind]) if kinds.get(kind, "") in kept else None
            for kind in ("styles", "theme", "sharedStrings")
        }
        styles = WorkbookStyles(trees["styles"], trees["theme"])
        runs = _runs(trees["sharedStrings"], styles)
        room = Room(path)
        marks = {}
        for sheet in named(tree_of(path, parts, book), "sheet"):
            visible = sheet.get("state", "visible") == "visible"
            root = tree_of(path, parts, targets.get(_relation(sheet), ""))
            marked, name = _marks(root, styles, runs, visible=visible), sheet.get("name", "")
            room.take(name, marked.height, marked.width)
            formats = styles.conditional(root)
            conditional = by_cell(room, name, formats, marked.height, marked.width)
            drawings = list(_drawings(path, parts, targets.get(_relation(sheet), "")))
            marks[name] = marked._replace(conditional=conditional, drawings=drawings)
    return marks


def _drawings(path: Path, parts: ZipFile, sheet: str) -> Iterator[MergedCells]:
    folder, _, name = sheet.rpartition("/")
    relations, kept = f"{folder}/_rels/{name}.rels", parts.namelist()
    if relations in kept:
        for drawing in drawings_of(sheet, tree_of(path, parts, relations)):
            if drawing in kept:
                yield from drawn(tree_of(path, parts, drawing))


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
    return next((v for k, v in sheet.attrib.items() if local(k) == "id"), "")


def sheet_parts(path: Path, parts: ZipFile) -> tuple[str, dict[str, str]]:
    """The part that is the workbook itself, and that of each sheet, by its name.

    Raises:
        KeyError: the file is no workbook.
        ValueError: a part declares entities or a document type.
    """
    book = _office_document(path, parts)
    targets, _ = _related(path, parts, book)
    sheets = named(tree_of(path, parts, book), "sheet")
    return book, {sheet.get("name", ""): targets.get(_relation(sheet), "") for sheet in sheets}


def _runs(texts: ET.Element | None, styles: WorkbookStyles) -> dict[int, tuple[Letters, ...]]:
    """How the letters of the shared texts look that have several kinds of letters."""
    shared = named(texts, "si") if texts is not None else ()
    return {
        number: looks
        for number, text in enumerate(shared)
        if len(text) > 1 and (looks := _looks_of_runs(text, styles))
    }


def _looks_of_runs(text: ET.Element, styles: WorkbookStyles) -> tuple[Letters, ...]:
    runs = [
        (child(run, "rPr"), words)
        for run in named(text, "r")
        if (words := "".join(part.text or "" for part in named(run, "t"))).strip()
    ]
    mixed = len(runs) > 1 and in_a_number("".join(words for _, words in runs))
    looks = (styles.letters(properties) for properties, _ in runs)
    return tuple(look._replace(raised=look.raised and mixed) for look in looks)


def _marks(
    root: ET.Element,
    formats: WorkbookStyles,
    runs: Mapping[int, tuple[Letters, ...]],
    *,
    visible: bool,
) -> SheetXml:
    formulas: dict[tuple[int, int], tuple[str, bool]] = {}
    styles: dict[tuple[int, int], CellStyle] = {}
    errors: dict[tuple[int, int], str] = {}
    height = width = 0
    for row, column, cell in _cells(root):
        height, width = max(height, row + 1), max(width, column + 1)
        parts = {local(part.tag): part.text or "" for part in cell}
        if "f" in parts:
            # A file that no program has calculated holds no value or 0 next to the formula.
            calculated = parts.get("v", "").strip() not in {"", "0"}
            formulas[row, column] = ("=" + parts["f"], calculated)
        if cell.get("t") == "e" and parts.get("v"):
            errors[row, column] = parts["v"]
        number = int(cell.get("s", "0"))
        style = formats.cells[number] if number < len(formats.cells) else PLAIN
        if cell.get("t") == "s":
            letters = runs.get(int(parts.get("v") or -1), ())
        else:
            letters = _looks_of_runs(cell, formats) if cell.get("t") == "inlineStr" else ()
        doubts = [run.doubt(style.background) for run in letters]
        style = style._replace(doubt=style.doubt or next(filter(None, doubts), None))
        if style != PLAIN:
            styles[row, column] = style
    hidden = {
        int(row.get("r", "0")) - 1
        for row in named(root, "row")
        if is_true(row.get("hidden")) or is_thin(row.get("ht"), POINTS_OF_A_ROW)
    }
    columns: set[int] = set()
    for merge in named(root, "col"):
        if is_true(merge.get("hidden")) or is_thin(merge.get("width"), LETTERS_OF_A_COLUMN):
            last = min(int(merge.get("max", "0")), width)
            columns.update(range(max(int(merge.get("min", "1")), 1) - 1, last))
    for merge in named(root, "mergeCell"):
        if end := merge.get("ref", "").partition(":")[2]:
            row, column = index_of(end)
            height, width = max(height, row + 1), max(width, column + 1)
    return SheetXml(
        formulas=formulas,
        errors=errors,
        styles=styles,
        conditional={},
        hidden=frozenset(hidden),
        columns_hidden=frozenset(columns),
        height=height,
        width=width,
        visible=visible,
        zeros=not any(view.get("showZeros") in {"0", "false"} for view in named(root, "sheetView")),
    )


def _cells(root: ET.Element) -> Iterator[tuple[int, int, ET.Element]]:
    """The cells with their places; one that names none follows the one before it."""
    row = -1
    for line in named(root, "row"):
        row = int(line.get("r", row + 2)) - 1
        column = -1
        for cell in named(line, "c"):
            if reference := cell.get("r"):
                row, column = index_of(reference)
            else:
                column += 1
            yield row, column, cell


def is_thin(size: str | None, least: Decimal) -> bool:
    """Whether a row or a column is so thin that nobody sees what is in it."""
    number = None if size is None else number_in(size)
    return number is not None and number < least
