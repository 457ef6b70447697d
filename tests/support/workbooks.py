"""A workbook in the hands of a person: cells typed over, merged, hidden, broken."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS: Final = {"": MAIN}
EPOCH: Final = date(1899, 12, 30)
Value = str | int | Decimal | None

ET.register_namespace("", MAIN)


def name(tag: str) -> str:
    return f"{{{MAIN}}}{tag}"


class Book:
    """The parts of a workbook, changed in place and written back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with ZipFile(path) as parts:
            self.parts = {one: parts.read(one) for one in parts.namelist()}
        book = ET.fromstring(self.parts["xl/workbook.xml"])  # noqa: S314 - our own file
        self._sheets = {
            sheet.get("name", ""): f"xl/worksheets/sheet{index}.xml"
            for index, sheet in enumerate(book.findall("sheets/sheet", NS), 1)
        }
        self._open: dict[str, ET.Element] = {}
        self._strings = [
            "".join(one.itertext())
            for one in ET.fromstring(self.parts["xl/sharedStrings.xml"]).findall("si", NS)  # noqa: S314 - our own file
        ]

    @property
    def sheets(self) -> list[str]:
        return list(self._sheets)

    def sheet(self, sheet: str) -> ET.Element:
        part = self._sheets[sheet]
        if part not in self._open:
            self._open[part] = ET.fromstring(self.parts[part])  # noqa: S314 - our own file
        return self._open[part]

    def save(self, path: Path | None = None) -> Path:
        for part, root in self._open.items():
            self.parts[part] = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as parts:
            for part, content in self.parts.items():
                parts.writestr(part, content)
        target = path or self._path
        target.write_bytes(out.getvalue())
        return target

    def text(self, sheet: str, ref: str) -> str:
        return self._text(_cell(self.sheet(sheet), ref))

    def _text(self, cell: ET.Element) -> str:
        if cell.get("t") == "inlineStr":
            return "".join(cell.itertext())
        value = cell.findtext("v", "", NS)
        return self._strings[int(value)] if cell.get("t") == "s" else value

    def _keys(self, sheet: str) -> ET.Element:
        """The hidden line of keys, which the headings follow."""
        for row in self.sheet(sheet).iterfind("sheetData/row", NS):
            if any(self._text(cell).endswith((".id", ".sheet")) for cell in row):
                return row
        raise KeyError(sheet)

    def row_of(self, sheet: str, id_: str) -> int:
        """The row of this id."""
        ids = self.column_of(sheet, "id")
        for row in self.sheet(sheet).iterfind("sheetData/row", NS):
            number = row.get("r", "0")
            if any(c.get("r") == f"{ids}{number}" and self._text(c) == id_ for c in row):
                return int(number)
        raise KeyError(id_)

    def column_of(self, sheet: str, key: str) -> str:
        """The letters of the column of this key."""
        for cell in self._keys(sheet):
            if self._text(cell).rpartition(".")[2] == key:
                return re.sub(r"\d", "", cell.get("r", ""))
        raise KeyError(key)

    def column_under(self, sheet: str, heading: str) -> str:
        """The letters of the column that people see under this heading."""
        for cell in _row(self.sheet(sheet), int(self._keys(sheet).get("r", "0")) + 1):
            if self._text(cell) == heading:
                return re.sub(r"\d", "", cell.get("r", ""))
        raise KeyError(heading)

    def row_or_next(self, sheet: str, id_: str) -> int:
        """The row of this id, or the next one that is free."""
        try:
            return self.row_of(sheet, id_)
        except KeyError:
            row, ids = self.first_row(sheet), self.column_of(sheet, "id")
            while self.text(sheet, f"{ids}{row}"):
                row += 1
            return row

    def first_row(self, sheet: str) -> int:
        """The first row below the headings."""
        return int(self._keys(sheet).get("r", "0")) + 2

    def ref(self, sheet: str, id_: str, key: str) -> str:
        """The cell of a row and a column."""
        return f"{self.column_of(sheet, key)}{self.row_of(sheet, id_)}"

    def put(self, sheet: str, cells: Mapping[str, Value]) -> "Book":
        """Type values into cells, numbers as numbers."""
        for ref, value in cells.items():
            _type(_cell(self.sheet(sheet), ref), value)
        return self

    def change(self, sheet: str, ref: str, how: Callable[[ET.Element], None]) -> "Book":
        """Do something to a cell."""
        how(_cell(self.sheet(sheet), ref))
        return self

    def merge(self, sheet: str, area: str) -> "Book":
        root = self.sheet(sheet)
        merged = root.find("mergeCells", NS)
        if merged is None:
            merged = ET.Element(name("mergeCells"))
            data = root.find("sheetData", NS)
            assert data is not None
            root.insert(list(root).index(data) + 1, merged)
        ET.SubElement(merged, name("mergeCell"), ref=area)
        return self

    def hide(self, sheet: str, row: int) -> "Book":
        _row(self.sheet(sheet), row).set("hidden", "1")
        return self

    def add_row(self, sheet: str) -> int:
        """A row below all others."""
        data = self.sheet(sheet).find("sheetData", NS)
        assert data is not None
        number = int(data[-1].get("r", "0")) + 1
        ET.SubElement(data, name("row"), r=str(number))
        return number

    def drop(self, sheet: str, row: int) -> "Book":
        for cell in _row(self.sheet(sheet), row):
            _type(cell, None)
        return self


def formula(text: str, value: str | None = None) -> Callable[[ET.Element], None]:
    """A formula in a cell, with the value that a program stored beside it."""

    def put(cell: ET.Element) -> None:
        _type(cell, None)
        ET.SubElement(cell, name("f")).text = text
        if value is not None:
            ET.SubElement(cell, name("v")).text = value

    return put


def styled(index: int) -> Callable[[ET.Element], None]:
    """Another number format in a cell."""
    return lambda cell: cell.set("s", str(index))


def _type(cell: ET.Element, value: Value) -> None:
    for part in list(cell):
        cell.remove(part)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        ET.SubElement(ET.SubElement(cell, name("is")), name("t")).text = value
    elif value is not None:
        ET.SubElement(cell, name("v")).text = str(value)


def _row(root: ET.Element, number: int) -> ET.Element:
    for row in root.iterfind("sheetData/row", NS):
        if row.get("r") == str(number):
            return row
    raise KeyError(number)


def _cell(root: ET.Element, ref: str) -> ET.Element:
    row = _row(root, int(re.sub(r"\D", "", ref)))
    for cell in row:
        if cell.get("r") == ref:
            return cell
    cell = ET.SubElement(row, name("c"), r=ref)
    row[:] = sorted(row, key=lambda one: (len(one.get("r", "")), one.get("r", "")))
    return cell


def add_style(book: Book, format_id: int) -> int:
    """A new cell style with a built-in number format, unlocked; its number."""
    root = ET.fromstring(book.parts["xl/styles.xml"])  # noqa: S314 - our own file
    cells = root.find("cellXfs", NS)
    assert cells is not None
    ET.SubElement(cells, name("xf"), numFmtId=str(format_id), fontId="0", fillId="0", borderId="0")
    book.parts["xl/styles.xml"] = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return len(cells) - 1
