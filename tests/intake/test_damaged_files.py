"""A file that is damaged anywhere is refused in the user's words, or read; nothing else happens."""

import random
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from xlsxwriter import Workbook

from intake.delivered_file import read_sheets
from intake.old_workbook import BIFF
from intake.package import OLE
from ledger.values import Invalid
from tests.support.old_workbook import OLD

LIBRARY = re.compile(
    r"zlib|Error|zip|decompress|extraction|compression|[Xx][Mm][Ll]|calamine|xlrd|None"
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet>'
    '<t:table t:name="1">{rows}</t:table></o:spreadsheet></o:body></o:document-content>'
)
ROWS = [[f"指标{number}", str(number)] for number in range(40)]


def word() -> bytes:
    document, out = docx.Document(), BytesIO()
    table = document.add_table(len(ROWS), 2)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(ROWS):
            sheet.write_row(number, 0, cells)
    return out.getvalue()


def open_document() -> bytes:
    cell = '<t:table-cell o:value-type="string"><x:p>{}</x:p></t:table-cell>'
    rows = "".join(
        f"<t:table-row>{''.join(map(cell.format, cells))}</t:table-row>" for cells in ROWS
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", MIMETYPE)
        parts.writestr("content.xml", CONTENT.format(rows=rows))
    return out.getvalue()


def old_workbook() -> bytes:
    return OLD.read_bytes()


FILES = {"docx": word, "xlsx": workbook, "ods": open_document, "xls": old_workbook}


def marked(content: bytes, own: int, listed: int, value: int) -> bytes:
    """The file with a byte of every part's own header, and of its place in the list, as told."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", own), (b"PK\x01\x02", listed)):
        for found in re.finditer(re.escape(signature), content):
            changed[found.start() + offset] = value
    return bytes(changed)


def damages(content: bytes) -> Iterator[bytes]:
    yield content[: len(content) // 2]
    yield content[:-100]
    yield marked(content, 6, 8, 1)  # a password
    yield marked(content, 8, 10, 97)  # a compression that nobody knows
    numbers = random.Random(15)  # noqa: S311 - the same bits every time
    for _ in range(60):
        changed = bytearray(content)
        changed[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
        yield bytes(changed)


@pytest.mark.parametrize("suffix", FILES)
def test_whatever_is_damaged_is_refused_in_the_users_words(suffix: str) -> None:
    content, path = FILES[suffix](), Path(f"score-table.{suffix}")
    assert read_sheets(path, content)
    refused = 0
    for damaged in damages(content):
        try:
            read_sheets(path, damaged)
        except Invalid as error:
            refused += 1
            said = str(error).replace(str(path), "")
            assert not LIBRARY.search(said), said
    assert refused >= 4


@pytest.mark.parametrize("suffix", FILES)
def test_half_a_file_is_not_called_a_file_of_another_kind(suffix: str) -> None:
    content = FILES[suffix]()
    with pytest.raises(Invalid, match=r"incomplete or damaged|: damaged, locked"):
        read_sheets(Path(f"score-table.{suffix}"), content[: len(content) // 2])


def test_random_bytes_behind_the_beginning_of_an_old_workbook_are_refused() -> None:
    numbers = random.Random(17)  # noqa: S311 - the same bytes every time
    for _ in range(50):
        for beginning in (OLE, BIFF, OLD.read_bytes()[:1536]):
            with pytest.raises(Invalid, match="old-format"):
                read_sheets(Path("old-format.xls"), beginning + numbers.randbytes(3000))
