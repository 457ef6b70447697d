"""A workbook with everything that a grid can hold, as it is written today and in the old format.

`old-workbook.xls` is what LibreOffice 7.4 saved of what `write_today` writes:
`soffice --headless --convert-to xls:"MS Excel 97" old-workbook.xlsx`. It stores no result for a
formula that gives text.
"""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

OLD: Final = Path(__file__).with_name("old-workbook.xls")


def write_today() -> bytes:
    """The same workbook as .xlsx."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("评分表")
        struck = book.add_format({"font_strikeout": True})
        two = book.add_format({"num_format": "0.00"})
        own = book.add_format({"num_format": '#,##0.0_);[Red](#,##0.0)"元"'})
        percent = book.add_format({"num_format": "0.0%"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.merge_range("A1:F1", "整体支出绩效评分表")
        sheet.write_row("A2", ("一级指标", "指标", "分值", "自评得分", "核查得分", "扣分原因"))
        sheet.merge_range("A3:A5", "管理")
        sheet.write_row("B3", ("预算执行率", 20))
        sheet.write("D3", 18.456, two)
        sheet.write("E3", 0.925, percent)
        sheet.write("F3", "支出进度慢，" * 700)
        sheet.write("B4", "年度计划", struck)
        sheet.write("C4", 10)
        sheet.write("D4", 81.199999999999989, own)
        sheet.write("E4", 6, struck)
        sheet.write_rich_string("F4", "迟", struck, "三个月", "四个月批准")
        sheet.write_row("B5", ("绿化任务完成率", "30", " 25.20 "))
        sheet.write_formula("E5", "=C3+C4", two, 30)
        sheet.write_datetime("F5", datetime(2024, 3, 1, 9, 30), minute)  # noqa: DTZ001 - a workbook has none
        sheet.write_datetime("B6", date(2024, 3, 1), day)
        sheet.write_formula("C6", "=B3", None, "预算执行率")
        sheet.write_formula("D6", "=1/0", None, "#DIV/0!")
        sheet.write_formula("E6", "=C3-20", None, 0)
        sheet.write_row("A8", ("合计", "", 60, 25.2, "第一行\n第二行"))
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        hidden = book.add_worksheet("旧稿")
        hidden.write_row("B2", ("得分", 3))
        hidden.hide()
        book.add_worksheet("空表")
    return out.getvalue()
