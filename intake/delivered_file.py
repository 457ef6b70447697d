"""A file of any kind that a table comes in, as sheets: recognised by its bytes, not by its name."""

from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from intake.grid import Sheet
from intake.open_document import read_open_document
from intake.package import DAMAGED, refuse_old
from intake.separated_text import read_separated_text
from intake.word_tables import PART as WORD
from intake.word_tables import read_word_tables
from intake.workbook import read_workbook
from ledger.values import Invalid

ZIP: Final = b"PK"


def read_sheets(path: Path, content: bytes) -> list[Sheet]:
    """The sheets of a workbook (.xlsx, .ods), the tables of a document (.docx), the lines of a CSV.

    Raises:
        Invalid: none of these, damaged, or too large.
    """
    refuse_old(path, content)
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
    if WORD in names:
        return read_word_tables(path, content)
    if "mimetype" in names:
        return read_open_document(path, content)
    return read_workbook(path, content)
