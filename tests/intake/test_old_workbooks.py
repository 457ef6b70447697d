"""A workbook of the old format holds what the same workbook holds today, or is refused in words."""

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from intake.delivered_file import read_sheets
from intake.grid import STRUCK, Cell, Sheet
from intake.old_workbook import SOME_FORMULA
from intake.package import OLE, refuse_old
from ledger.values import Invalid
from tests.support.old_workbook import OLD, write_today

OLD_NAME, NEW_NAME = Path("评分表.xls"), Path("评分表.xlsx")
FORMULAS = ("E5", "C6", "D6", "E6")


@pytest.fixture(scope="module")
def old() -> list[Sheet]:
    return read_sheets(OLD_NAME, OLD.read_bytes())


def cells(sheet: Sheet) -> dict[str, Cell]:
    return {cell.ref: cell for row in sheet.rows for cell in row}


def test_it_is_the_same_grid_as_in_the_format_of_today(old: list[Sheet]) -> None:
    today = read_sheets(NEW_NAME, write_today())

    for sheet, same in zip(old, today, strict=True):
        assert sheet._replace(rows=[]) == same._replace(rows=[])
        there, here = cells(sheet), cells(same)
        assert there.keys() == here.keys()
        for ref in there.keys() - set(FORMULAS):
            assert there[ref] == here[ref]


def test_formats_strikes_and_hidden_parts_are_read(old: list[Sheet]) -> None:
    table, hidden, empty = old
    read = cells(table)

    assert (read["D3"].decimals, read["D4"].decimals) == (2, 1)
    assert read["E3"].percent
    assert [ref for ref, cell in read.items() if cell.doubt is STRUCK] == ["B4", "E4", "F4"]
    assert table.hidden == table.columns_hidden == frozenset({3})
    assert (table.visible, hidden.visible, empty.rows) == (True, False, [])


def test_a_formula_is_known_as_one_with_the_value_that_was_stored(old: list[Sheet]) -> None:
    read = cells(old[0])

    assert [ref for ref, cell in read.items() if cell.formula] == list(FORMULAS)
    assert {read[ref].formula for ref in FORMULAS} == {SOME_FORMULA}
    assert (read["E5"].value, read["E5"].calculated) == (30, True)
    assert read["D6"].value == "#DIV/0!"
    assert (read["C6"].calculated, read["E6"].calculated) == (False, False)


# What is no such workbook -------------------------------------------------------------------------


def zipped(name: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as parts:
        parts.writestr(name, b"")
    return out.getvalue()


def replaced(was: bytes, becomes: bytes) -> bytes:
    content = OLD.read_bytes()
    assert was in content
    return content.replace(was, becomes, 1)


def holding(name: str) -> bytes:
    """The container of the old workbook with a stream of another name in it."""
    was, becomes = (each.encode("utf-16-le").ljust(64, b"\0") for each in ("Workbook", name))
    sizes = (struct.pack("<H", 2 * len(each) + 2) for each in ("Workbook", name))
    return replaced(was + next(sizes), becomes + next(sizes))


LOCKED = replaced(b"\x42\x00\x02\x00\xb0\x04", b"\x2f\x00\x02\x00\xb0\x04")
"""The record of the code page is the one of a password."""
KINDS = {
    "locked.xls": (LOCKED, "去掉密码", "remove that"),
    "locked.xlsx": (holding("EncryptedPackage"), "去掉密码", "remove that"),
    "report.doc": (holding("WordDocument"), "（.doc 或 .wps）", "save it as .docx"),
    "report.wps": (holding("WordDocument"), "另存为 .docx", "(.doc or .wps)"),
    "table.et": (OLD.read_bytes(), "在 WPS 中另存为 .xlsx", "(.et)"),
    "macros.xls": (OLD.read_bytes() + "_VBA_PROJECT_CUR".encode("utf-16-le"), "带有宏", "macros"),
    "form.xlsb": (zipped("xl/workbook.bin"), "（.xlsb）", "(.xlsb)"),
    "other.bin": (OLE + bytes(600), "文件已损坏，或", "damaged, locked"),
    "page.xls": (
        b"\xef\xbb\xbf\r\n<HTML><table><tr><td>1</td></tr></table></HTML>",
        "是网页",
        "web page",
    ),
    "sheet.xls": (b'<?xml version="1.0"?><Workbook/>', "是网页或 XML", "XML"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_file_says_what_to_do(name: str) -> None:
    content, zh, en = KINDS[name]

    with pytest.raises(Invalid) as refused:
        read_sheets(Path(name), content)

    assert zh in refused.value.text.zh
    assert en in refused.value.text.en
    assert "另存" in refused.value.text.zh
    assert "save it" in refused.value.text.en


def test_a_form_of_the_old_format_is_told_what_it_is() -> None:
    with pytest.raises(Invalid, match="an old workbook"):
        refuse_old(OLD_NAME, OLD.read_bytes())
