"""Other values in some cells of a delivered workbook; everything else stays byte for byte."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from intake.filled_workbook import filled
from intake.workbook import read_workbook
from ledger.values import Invalid

PATH: Final = Path("t.xlsx")


def delivered() -> bytes:
    """A workbook with what people put into one: styles, merges, formulas, hidden things."""
    out = BytesIO()
    book = Workbook(out)
    page, other = book.add_worksheet("评分 & 表"), book.add_worksheet("旧稿")
    other.write("A1", "x")
    other.hide()
    red = book.add_format({"bg_color": "red", "num_format": "0.0"})
    page.merge_range("A1:D1", "标题")
    page.write_row("A2", ["名称", "分值", "得分", "原因"])
    page.write("A3", "计划")
    page.write_number("B3", 30)
    page.write_number("C3", 12, red)
    page.write_formula("C4", "=C3*2", red, 24)
    page.set_column("E:E", 12, None, {"hidden": 1})
    page.set_row(6, None, None, {"hidden": 1})
    page.write("A7", "x")
    page.write("A9", "合计")
    page.write_formula("C9", "=SUM(C3:C8)", None, 36)
    book.close()
    return out.getvalue()


def test_values_are_written_and_everything_else_is_kept() -> None:
    before = delivered()
    cells: dict[str, Decimal | str] = {
        "C3": Decimal("8.5"),
        "C4": Decimal(9),
        "D3": "迟 <四> & 月",
        "B8": Decimal(1),
    }
    content = filled(PATH, before, {"评分 & 表": {**cells, "D12": "末"}})
    sheet, other = read_workbook(PATH, content)
    was, _ = read_workbook(PATH, before)

    values = {cell.ref: cell for row in sheet.rows for cell in row if cell.text or cell.formula}
    for ref, value in cells.items():
        assert values[ref].value == (float(value) if isinstance(value, Decimal) else value)
        assert not values[ref].formula
    assert (values["C3"].decimals, values["C4"].decimals) == (1, 1)
    assert (values["C9"].formula, values["C9"].calculated) == ("=SUM(C3:C8)", False)
    assert values["D12"].value == "末"
    assert (sheet.merged, sheet.hidden, sheet.columns_hidden) == (
        *(was.merged, was.hidden),
        was.columns_hidden,
    )
    assert not other.visible
    with ZipFile(BytesIO(before)) as old, ZipFile(BytesIO(content)) as new:
        same = {name for name in old.namelist() if old.read(name) == new.read(name)}
        assert {*old.namelist()} - same == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}
        assert b"fullCalcOnLoad" in new.read("xl/workbook.xml")


def with_part(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(content)) as parts, ZipFile(out, "w") as made:
        for entry in parts.infolist():
            data = parts.read(entry)
            made.writestr(entry, data.replace(old, new) if entry.filename == name else data)
    return out.getvalue()


def test_a_formula_that_other_cells_share_is_not_taken_away() -> None:
    shared = with_part(
        delivered(),
        "xl/worksheets/sheet1.xml",
        b"<f>C3*2</f>",
        b'<f t="shared" ref="C4:C5" si="0">C3*2</f>',
    )
    with pytest.raises(Invalid, match="C4"):
        filled(PATH, shared, {"评分 & 表": {"C4": Decimal(1)}})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name,score\n", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"t\.xlsx"):
        filled(PATH, content, {"表": {"A1": "x"}})
