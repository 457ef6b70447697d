"""A file of any kind that a table comes in, as sheets: recognised by its bytes, not by its name."""

from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from intake.grid import Cell, Sheet, refuse_overlapping
from intake.old_workbook import BIFF, read_old_workbook
from intake.open_document import read_open_document
from intake.package import DAMAGED, OLE, refusal
from intake.separated_text import read_separated_text
from intake.word_tables import PART as WORD
from intake.word_tables import read_word_tables
from intake.workbook import read_workbook
from ledger.language import Text
from ledger.values import Invalid

ZIP: Final = b"PK"
BINARY: Final = "xl/workbook.bin"
"""The workbook of an .xlsb ([MS-XLSB] 2.1.7.61)."""
MARKUP: Final = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<style")
"""How pages begin that some systems export under the name of a workbook."""


def read_sheets(path: Path, content: bytes) -> list[Sheet]:
    """The sheets of a workbook (.xlsx, .xls, .ods), the tables of a .docx, the lines of a CSV.

    Raises:
        Invalid: none of these, damaged, or too large.
    """
    sheets = _sheets(path, content)
    for sheet in sheets:
        refuse_overlapping(path, sheet)
        _clear_covered(sheet)
    return sheets


def _clear_covered(sheet: Sheet) -> None:
    """Empty what is below merged cells: nobody sees it, and it is not a part of the table."""
    for area in sheet.merged:
        for number in range(area.top, min(area.bottom + 1, len(sheet.rows))):
            row = sheet.rows[number]
            for column in range(area.left, min(area.right + 1, len(row))):
                if (number, column) != (area.top, area.left):
                    row[column] = Cell("", row[column].ref)


def _sheets(path: Path, content: bytes) -> list[Sheet]:
    if content.startswith((OLE, BIFF)):
        return read_old_workbook(path, content)
    if content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(MARKUP):
        raise refusal(
            path,
            Text(
                "是网页或 XML，不是工作簿，有的系统导出的“.xls”就是如此；请用表格程序打开后另存为"
                " .xlsx",
                "a web page or XML and no workbook, as some systems export it under the name .xls;"
                " open it in a spreadsheet program and save it as .xlsx",
            ),
        )
    if not content.startswith(ZIP):
        return read_separated_text(path, content)
    try:
        with ZipFile(BytesIO(content)) as parts:
            names = set(parts.namelist())
    except DAMAGED:
        raise Invalid(
            f"{path}：文件不完整或已损坏，无法打开。请用制作它的程序打开后另存。",
            f"{path}: incomplete or damaged, and cannot be opened. Open it in the program that"
            " made it and save it again.",
        ) from None
    if BINARY in names:
        raise refusal(
            path,
            Text(
                "是二进制工作簿（.xlsb）；请用表格程序打开后另存为 .xlsx",
                "a binary workbook (.xlsb); open it in a spreadsheet program and save it as .xlsx",
            ),
        )
    if WORD in names or path.suffix.lower() == ".docx":
        return read_word_tables(path, content)
    if "mimetype" in names:
        return read_open_document(path, content)
    return read_workbook(path, content)
