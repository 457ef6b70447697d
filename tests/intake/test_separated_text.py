"""A table as lines of text: whatever program wrote it, its separator and its letters are found."""

import csv
from io import StringIO
from pathlib import Path
from typing import Final

import pytest

from intake.delivered_file import read_sheets
from ledger.values import Invalid

ROWS: Final = (
    ("三级指标", "分值", "核查得分", "得扣分原因"),
    ("预算执行率", "40", "38", "支出慢；部分结转"),
    ("年度计划", "30", "30.5", "迟四个月\n批准，已补"),
)
TITLED: Final = (("绩效评分表",), ("单位：某局", "", "2024-01-02"), *ROWS, ("注：见附件",))
NAME: Final = Path("表.csv")


def written(rows: tuple[tuple[str, ...], ...], separator: str, encoding: str) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("rows", [ROWS, TITLED])
def test_the_cells_are_those_that_were_written(
    rows: tuple[tuple[str, ...], ...], encoding: str, separator: str
) -> None:
    (sheet,) = read_sheets(NAME, written(rows, separator, encoding))

    read = [tuple(cell.text for cell in row) for row in sheet.rows]
    assert read == [row + ("",) * (4 - len(row)) for row in rows]


def test_a_text_in_a_cell_does_not_change_the_separator() -> None:
    many = (*ROWS, ("台账", "20", "8", "缺甲;缺乙;缺丙;缺丁;缺戊"))
    (sheet,) = read_sheets(NAME, written(many, ",", "utf-8"))

    assert [cell.text for cell in sheet.rows[-1]] == list(many[-1])


@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"a\nb\n", b'a,b\n"c,d\n', b"a,b\n1,\0\n", b"\xff\xfea"],
)
def test_what_is_no_table_is_refused_with_its_name(content: bytes) -> None:
    with pytest.raises(Invalid, match=NAME.name):
        read_sheets(NAME, content)
