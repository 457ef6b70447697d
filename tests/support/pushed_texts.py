"""Texts in which a number with its unit comes at the end of a line, wherever that is."""

from collections.abc import Sequence
from typing import Final

from documents.page import Annex, Document, Letter, PageColumn, PageTable, Paragraph, rows

UNITS: Final = (
    "96分", "20.5 万元", "3 天", "10个工作日", "第58条", "8项", "96.3%", "2024年2月1日", "35辆",
    "12 万平方米", "1,299.00公里", "〔2022〕15号", "〔2023〕第 8 号",
)  # fmt: skip
COLUMNS: Final = (PageColumn("内容", 12), PageColumn("其他", 13), PageColumn("备注", 45))
LINE: Final = 28
"""Characters on a line of a letter (GB/T 9704)."""


def pushed(units: Sequence[str]) -> Document:
    """A letter and an annex that have each of these three times at each place of a line."""
    texts = [
        f"{'拨' * many}{unit}由财政安排。"
        for unit in units
        for many in range(LINE - len(unit) - 4, LINE + 2)
    ]
    table = PageTable("t", COLUMNS, rows(*((text, text, "") for text in texts)))
    return Document(
        title="关于某局项目支出绩效评价申诉的答复",
        subtitle="",
        blocks=tuple(map(Paragraph, texts)),
        footer=(),
        language="zh",
        made="2025-01-01T00:00:00.000000Z",
        letter=Letter(sender="某省某市财政局", number="", addressee="某局", dated=""),
        annexes=(Annex("得分表", (table,)),),
    )


def broken(lines: str, units: Sequence[str]) -> dict[str, int]:
    """How many of each are not on one line, among the lines of `pushed`."""
    shown = lines.replace("\u00a0", " ")
    many = {unit: 3 * (len(unit) + 6) for unit in units}
    return {unit: many[unit] - found for unit in units if (found := shown.count(unit)) < many[unit]}
