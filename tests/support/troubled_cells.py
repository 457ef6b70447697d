"""A workbook with a table on each sheet, in which one cell is not what people see, or is after all.

`troubled-cells.xls` and `troubled-cells.ods` are what LibreOffice 7.4 saved of what `write_today`
writes: `soffice --headless --convert-to xls:"MS Excel 97" troubled-cells.xlsx`, and `ods`.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

OLD: Final = Path(__file__).with_name("troubled-cells.xls")
OPEN: Final = Path(__file__).with_name("troubled-cells.ods")
HEADING: Final = ("一级指标", "三级指标", "分值", "自评得分", "核查得分", "得扣分原因")
ROWS: Final = (
    ("管理", "预算执行率", 40, 40, 38, "支出慢"),
    ("管理", "年度计划", 30, 30, 30, ""),
    ("效果", "服务对象满意度", 30, 28, 25.5, "投诉"),
)
CELL: Final = "E2"
HEADED: Final = "'核查得分'"
"""What is asked about where it is the column."""
RIGHT: Final = "right"
ZERO: Final = "a zero"
"""The only sheet on which the score is 0 and not 38."""
Spoil = Callable[[Worksheet], object]
DARK: Final = "1F3864"


def _font(**parts: Any) -> Spoil:  # noqa: ANN401 - whatever a font has
    def spoil(page: Worksheet) -> None:
        page[CELL].font = Font(**parts)

    return spoil


def _filled(colour: str, **parts: Any) -> Spoil:  # noqa: ANN401 - the same
    def spoil(page: Worksheet) -> None:
        page[CELL].font = Font(**parts)
        page[CELL].fill = PatternFill("solid", fgColor=colour)

    return spoil


def _shown(code: str, value: float | str = 38) -> Spoil:
    def spoil(page: Worksheet) -> None:
        page[CELL].value, page[CELL].number_format = value, code

    return spoil


def _named(name: str, **parts: Any) -> Spoil:  # noqa: ANN401 - the same
    def spoil(page: Worksheet) -> None:
        page[CELL].style = NamedStyle(name, font=Font(**parts))

    return spoil


def _runs(**parts: Any) -> Spoil:  # noqa: ANN401 - the same
    def spoil(page: Worksheet) -> None:
        page[CELL].value = CellRichText(TextBlock(InlineFont(**parts), "1"), "38")

    return spoil


def _when(operator: str, bound: str, **parts: Any) -> Spoil:  # noqa: ANN401 - the same
    def spoil(page: Worksheet) -> None:
        rule = CellIsRule(operator=operator, formula=[bound], **parts)
        page.conditional_formatting.add("E2:E4", rule)

    return spoil


def _formula(page: Worksheet) -> None:
    rule = FormulaRule(formula=["$C2=40"], font=Font(color="FFFFFF"))
    page.conditional_formatting.add("E2:E4", rule)


def _thin_row(page: Worksheet) -> None:
    page.row_dimensions[2].height = 1


def _narrow_column(page: Worksheet) -> None:
    page.column_dimensions["E"].width = 0.2


def _struck_heading(page: Worksheet) -> None:
    page["E1"].font = Font(strike=True)


def _nothing(_page: Worksheet) -> None:
    pass


TROUBLES: Final[dict[str, tuple[Spoil, str]]] = {
    "as it is": (_nothing, RIGHT),
    ZERO: (_shown("General", 0), RIGHT),
    "struck": (_font(strike=True), CELL),
    "struck by a named style": (_named("作废", strike=True), CELL),
    "a digit struck": (_runs(strike=True), CELL),
    "a raised digit": (_runs(vertAlign="superscript"), CELL),
    "white": (_font(color="FFFFFF"), CELL),
    "white by a named style": (_named("隐去", color="FFFFFF"), CELL),
    "white of the theme": (_font(color=Color(theme=0)), CELL),
    "nearly white": (_font(color=Color(theme=0, tint=-0.05)), CELL),
    "a white digit": (_runs(color="FFFFFF"), CELL),
    "white on dark": (_filled(DARK, color="FFFFFF"), RIGHT),
    "dark on dark": (_filled(DARK, color=DARK), CELL),
    "grey": (_font(color="7F7F7F"), RIGHT),
    "tiny": (_font(sz=1), CELL),
    "a zero not shown": (_shown("0;-0;;", 0), CELL),
    "a number not shown": (_shown(";;;"), CELL),
    "a text not shown": (_shown(";;;", "38"), CELL),
    "zeros alone not shown": (_shown("0;-0;;"), RIGHT),
    "a zero without digits": (_shown("#", 0), CELL),
    "words above a bound": (_shown('[>=30]"优";[>=20]"良";0'), CELL),
    "words below a bound": (_shown('[<30]"差";0'), RIGHT),
    "white by its format": (_shown("[White]0"), CELL),
    "thousands": (_shown("0,", 38000), CELL),
    "another unit": (_shown('0"/40"'), CELL),
    "points": (_shown('0.0"分"'), RIGHT),
    "decimals not shown": (_shown("0", 37.6), CELL),
    "white where it is 38": (_when("equal", "38", font=Font(color="FFFFFF")), CELL),
    "struck from 35 on": (_when("greaterThanOrEqual", "35", font=Font(strike=True)), CELL),
    "struck below 20": (_when("lessThan", "20", font=Font(strike=True)), RIGHT),
    "red below 60": (_when("lessThan", "60", font=Font(color="FF0000")), RIGHT),
    "white by a formula": (_formula, CELL),
    "a row nobody sees": (_thin_row, "2"),
    "a column nobody sees": (_narrow_column, HEADED),
    "a struck heading": (_struck_heading, HEADED),
}
"""How each cell is spoiled, and whether its score is read or where it is asked about."""


def write_today() -> bytes:
    """The workbook as .xlsx: a sheet for each trouble, of its name."""
    book, out = Workbook(), BytesIO()
    book.remove(book.worksheets[0])
    for name, (spoil, _) in TROUBLES.items():
        page = book.create_sheet(name)
        for row in (HEADING, *ROWS):
            page.append(row)
        spoil(page)
    book.save(out)
    return out.getvalue()
