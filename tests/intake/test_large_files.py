"""A file that is too large says so at once, however little of it is on disk."""

import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from intake.delivered_file import read_sheets
from intake.grid import CELLS_MAX, FILE_CELLS_MAX
from ledger.values import Invalid

SECONDS = 10  # on a busy machine; each takes a fraction of one
OFFICE = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet>'
    "{tables}</o:spreadsheet></o:body></o:document-content>"
)
CELL = '<t:table-cell o:value-type="string"{more}><x:p>1</x:p></t:table-cell>'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@contextmanager
def soon() -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < SECONDS


def zipped(**parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def workbook(
    cells: tuple[str, ...] = ("A1",), merges: tuple[str, ...] = (), sheets: int = 1
) -> bytes:
    """A workbook with these cells and merges in each of its sheets."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for cell in cells:
                sheet.write(cell, 1)
    if not merges:
        return out.getvalue()
    listed = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    changed = BytesIO()
    with zipfile.ZipFile(out) as parts, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in parts.namelist():
            data = parts.read(name)
            if "worksheets/" in name:
                end = f"</sheetData><mergeCells>{listed}</mergeCells>".encode()
                data = data.replace(b"</sheetData>", end)
            made.writestr(name, data)
    return changed.getvalue()


def open_document(*tables: str) -> bytes:
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(
        mimetype=mimetype,
        content_xml=OFFICE.format(
            tables="".join(f'<t:table t:name="1">{table}</t:table>' for table in tables)
        ),
    )


def document(span: int) -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p/></w:tc>'
    body = f"<w:body><w:tbl><w:tr>{cell}</w:tr></w:tbl></w:body>"
    return zipped(word__document_xml=f'<w:document xmlns:w="{W}">{body}</w:document>')


def row(cell: str, repeated: int = 1) -> str:
    return f'<t:table-row t:number-rows-repeated="{repeated}">{cell}</t:table-row>'


ONE_SHEET = f"{CELLS_MAX:,} cells"
ALL_SHEETS = f"{FILE_CELLS_MAX:,} cells together"
LARGE: dict[str, tuple[Callable[[], bytes], str]] = {
    "lines.csv": (lambda: b"a,b\n" * (CELLS_MAX // 2 + 1), ONE_SHEET),
    "long-line.csv": (lambda: b"," * CELLS_MAX, ONE_SHEET),
    "last-cell.xlsx": (lambda: workbook(("A1", "XFD1048576")), ONE_SHEET),
    "merged-to-the-end.xlsx": (lambda: workbook(merges=("A1:XFD1048576",)), ONE_SHEET),
    "many-sheets.xlsx": (lambda: workbook(("IP1000",), sheets=5), ALL_SHEETS),
    "rows.ods": (lambda: open_document(row(CELL.format(more=""), 1_048_576)), ONE_SHEET),
    "span.ods": (
        lambda: open_document(row(CELL.format(more=' t:number-columns-spanned="999999999"'))),
        "overlap or lie outside",
    ),
    "span.docx": (lambda: document(999_999_999), ONE_SHEET),
    "overlapping.xlsx": (
        lambda: workbook(merges=("A1:CV1000",) * 10_000),
        "overlap or lie outside",
    ),
    "tags.ods": (lambda: open_document("<t:a/>" * 4_000_001), "too large to be read"),
    "blank.ods": (lambda: open_document(" " * (64 * 2**20)), "too large to be read"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_says_so_at_once(name: str) -> None:
    make, why = LARGE[name]
    content = make()

    with soon(), pytest.raises(Invalid, match=why):
        read_sheets(Path(name), content)


def test_many_merges_and_rows_that_end_empty_are_read() -> None:
    merges = tuple(f"A{number}:B{number}" for number in range(1, 10_001))
    end = '<t:table-cell t:number-columns-repeated="16383"/>'
    rows = row(CELL.format(more="") + end) * 5_000

    with soon():
        (merged,) = read_sheets(Path("t.xlsx"), workbook(merges=merges))
        (ended,) = read_sheets(Path("t.ods"), open_document(rows))

    assert len(merged.merged) == len(merges)
    assert (len(ended.rows), len(ended.rows[0])) == (5_000, 1)


def test_a_workbook_of_eighty_thousand_rows_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight columns of them, as a list of vouchers has: more cells than a sheet may have."""
    row = "".join(f'<c r="{letter}{{0}}"><v>{{0}}</v></c>' for letter in "ABCDEFGH")
    rows = "".join(f'<row r="{at}">{row.format(at)}</row>' for at in range(1, 80_001))
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as parts, zipfile.ZipFile(changed, "w") as made:
        for name in parts.namelist():
            sheet = "worksheets/" in name
            made.writestr(
                name,
                f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
                if sheet
                else parts.read(name),
            )
    monkeypatch.setattr("intake.workbook._marks", None)

    with pytest.raises(Invalid, match="too large to be read"):
        read_sheets(Path("vouchers.xlsx"), changed.getvalue())
