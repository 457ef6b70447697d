"""Delivered tables whose truth is known: one table in the many ways people lay tables out."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZipFile

from docx import Document
from hypothesis import strategies as st
from xlsxwriter import Workbook

from ledger.rubric import Rubric
from ledger.rubric import read as read_rubric

ROWS: Final = (
    ("管理", "预算", "预算执行率", "20", "19", "18.5", "支出进度慢"),
    ("管理", "计划", "年度计划", "10", "10", "6", "迟四个月批准"),
    ("产出", "数量", "绿化任务完成率", "30", "30", "25.2", "实测84公顷"),
    ("产出", "质量", "巡查合规率", "10", "10", "7", "四次没有记录"),
    ("效果", "质量", "巡查合规率", "10", "8", "8.25", "逾期一项"),
    ("效果", "满意", "游客满意度", "20", "19", "16", "问卷回收率低"),
)
"""Levels, weight, claim, award and reason; two rows are of one name and weight."""

RUBRIC: Final[Rubric] = read_rubric(
    (
        'id = "parks"\nedition = "1"\ntitle = "公园"\nscale = 2\nfull = 100\ncap = 100\n'
        'source = "办法"\n[[band]]\ngrade = "优"\nrange = "[0,100]"\n'
        + "".join(
            f'[[indicator]]\nid = "i{number}"\npath = ["{row[0]}", "{row[1]}", "{row[2]}"]\n'
            f'weight = {row[3]}\nclause = "第一条"\nstandard = "由评审者判断"\n'
            'rule = { shape = "discretion", full_if = [], '
            f'deduct = "[0,{row[3]}]", out_of = {row[3]} }}\n'
            for number, row in enumerate(ROWS)
        )
    ).encode()
)

LEVELS: Final = (
    ("一级指标", "二级指标", "三级指标"),
    ("一级", "二级", "三级"),
    ("Ⅰ级指标", "Ⅱ级指标", "Ⅲ级指标"),
    ("一级指标名称", "二级指标名称", "指标名称"),
    ("考核项目", "二级指标", "具体指标"),
)
WEIGHTS: Final = ("分值", "分值（分）", "权重(%)", "标准分", "满分", "分值(100分)", "权重分值",
                  "分值（满分100）", "分值/分", "指标分")  # fmt: skip
CLAIMS: Final = ("自评得分", "自评分", "单位自评得分（分）", "自查得分", "自 评 分", "部门自评分",
                 "项目单位自评分", "本单位自评得分", "预算单位自评")  # fmt: skip
AWARDS: Final = ("核查得分", "复核得分", "财政审定得分", "评审评分", "最终得分（分）",
                 "第三方评分", "区财政局评分", "财政局复审得分", "绩效办核定分",
                 "第三方机构评价得分")  # fmt: skip
OPEN_AWARDS: Final = ("得分", "实际得分", "打分", "评分", "评分（初稿）", "终评", "加权后")
"""Headings that leave open whose score it is; beside a claim it may be clear, or is asked."""
REASONS: Final = ("扣分原因", "得扣分原因", "核减理由", "复核意见", "备注", "评分依据")
TOTALS: Final = ("合计", "总分", "综合得分（100分）", "总计：", "得分合计", "最终得分")
BESIDE: Final = (
    ("序号", ("1", "2", "3", "4", "5", "6")),
    ("指标解释", ("甲", "乙", "丙", "丁", "戊", "己")),
    ("完成率", ("95%", "60%", "84%", "70%", "80%", "88%")),
    ("年度指标值", ("≥95%", "按时", "100公顷", "齐全", "不逾期", "≥90%")),
    ("财政口径", ("1", "2", "3", "4", "5", "6")),
    ("差异", ("0.5", "4", "4.8", "3", "-0.25", "3")),
)
"""Columns that are no score of either side; 财政口径 says nothing that anybody knows."""


SELDOM: Final = st.sampled_from((False,) * 9 + (True,))


class Layout(NamedTuple):
    """A table on a grid: texts by place, merged areas, and hidden columns and rows, from 0."""

    cells: dict[tuple[int, int], str]
    merged: list[tuple[int, int, int, int]]
    columns_hidden: set[int]
    rows_hidden: set[int]


@st.composite
def layouts(draw: st.DrawFn) -> Layout:  # noqa: C901, PLR0912, PLR0915 - a layout, choice by choice
    """The table of `ROWS` in some layout."""
    order = draw(st.permutations(range(len(ROWS)))) if draw(st.booleans()) else range(len(ROWS))
    rows = [ROWS[index] for index in order]
    levels = draw(st.sampled_from(LEVELS))
    numbered, weighed = draw(st.booleans()), draw(st.booleans())
    names = [
        f"{f'{number}.' if numbered else ''}{row[2]}{f'（{row[3]}分）' if weighed else ''}"
        for number, row in enumerate(rows, 1)
    ]
    shown = draw(st.sampled_from(((0, 1), (0, 1), (0, 1), (0,), (1,), ())))
    columns: list[tuple[str, str, list[str]]] = []
    each = draw(st.booleans())
    for level in shown:
        columns.append(("level", levels[level], [row[level] for row in rows]))
        if each:
            columns.append(("level", "分值", [_subtotal(rows, row, level) for row in rows]))
    columns.append(("name", levels[2], names))
    columns.append(("own", draw(st.sampled_from(WEIGHTS)), [row[3] for row in rows]))
    scores = [("own", draw(st.sampled_from(CLAIMS)), [row[4] for row in rows])]
    award = draw(st.sampled_from((*AWARDS, *AWARDS, *OPEN_AWARDS)))
    scores.append(("own", award, [row[5] for row in rows]))
    if draw(st.booleans()):
        scores.reverse()
    if draw(SELDOM):
        scores = [score for score in scores if score[1] == award]
    columns += scores
    columns.append(("own", draw(st.sampled_from(REASONS)), [row[6] for row in rows]))
    for heading, texts in draw(st.sampled_from(((), (), BESIDE[:2], BESIDE[1:4], BESIDE[3:]))):
        at = draw(st.sampled_from((0, len(columns))))
        columns.insert(at, ("beside", heading, [texts[index] for index in order]))
    hidden = draw(SELDOM)
    cells: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] = []
    line = 0
    for title in draw(st.sampled_from(((), ("整体支出绩效评分表",), ("评分表", "单位：分")))):
        cells[line, 0] = title
        line += 1
    again = draw(st.sampled_from((None, 2, 3)))
    merges, filled = draw(st.booleans()), draw(st.booleans())
    begun = line
    for number in range(len(rows)):
        if number in {0, again}:
            for column, (_, heading, _) in enumerate(columns):
                cells[line, column] = heading
            line += 1
            begun = line
        for column, (kind, _, texts) in enumerate(columns):
            above = line > begun and kind == "level" and _same(columns, column, number)
            if above and not filled:
                if merges:
                    _merge(merged, line, column)
            else:
                cells[line, column] = texts[number]
        line += 1
    if draw(st.booleans()):
        cells[line, draw(st.sampled_from((0, [kind for kind, *_ in columns].index("name"))))] = (
            draw(st.sampled_from(TOTALS))
        )
        for column, (_, heading, texts) in enumerate(columns):
            if heading in {*WEIGHTS, *CLAIMS, *AWARDS} and (line, column) not in cells:
                cells[line, column] = str(sum(Decimal(text) for text in texts))
        line += 1
        if draw(st.booleans()):
            cells[line, 0] = "注：评分依据见附件。"
            cells[line + 1, 0], cells[line + 1, 2] = "评价机构：", "日期"
    return Layout(
        cells,
        merged,
        {draw(st.integers(0, len(columns) - 1))} if hidden else set(),
        {begun} if draw(SELDOM) else set(),
    )


def _subtotal(rows: Sequence[tuple[str, ...]], row: tuple[str, ...], level: int) -> str:
    same = [other for other in rows if other[: level + 1] == row[: level + 1]]
    return str(sum(int(other[3]) for other in same))


def _same(columns: list[tuple[str, str, list[str]]], column: int, number: int) -> bool:
    """Whether a level is that of the row before, and all levels before it as well."""
    return all(
        texts[number] == texts[number - 1]
        for kind, heading, texts in columns[: column + 1]
        if kind == "level"
    )


def _merge(merged: list[tuple[int, int, int, int]], line: int, column: int) -> None:
    for index, (top, left, bottom, right) in enumerate(merged):
        if left == column and bottom == line - 1:
            merged[index] = (top, left, line, right)
            return
    merged.append((line - 1, column, line, column))


def write_workbook(path: Path, layout: Layout, *, as_text: bool) -> Path:
    """The layout as a workbook; numbers as numbers unless as text."""
    book = Workbook(path, {"strings_to_numbers": not as_text, "strings_to_formulas": False})
    sheet = book.add_worksheet("评分表")
    for top, left, bottom, right in layout.merged:
        sheet.merge_range(top, left, bottom, right, "")
    for (row, column), text in layout.cells.items():
        sheet.write(row, column, text)
    for column in layout.columns_hidden:
        sheet.set_column(column, column, None, None, {"hidden": True})
    for row in layout.rows_hidden:
        sheet.set_row(row, None, None, {"hidden": True})
    book.close()
    return path


def grid(layout: Layout) -> list[list[str]]:
    """The texts of a layout, row by row."""
    height = max(row for row, _ in layout.cells) + 1
    width = max(column for _, column in layout.cells) + 1
    return [
        [layout.cells.get((row, column), "") for column in range(width)] for row in range(height)
    ]


def write_document(path: Path, layout: Layout) -> Path:
    """The layout as a table of a Word document, between two paragraphs."""
    document = Document()
    document.add_paragraph("附件")
    rows = grid(layout)
    table = document.add_table(len(rows), len(rows[0]))
    for top, left, bottom, right in layout.merged:
        table.cell(top, left).merge(table.cell(bottom, right))
    placed = [row.cells for row in table.rows]  # each look-up of a cell lists all of them
    for (row, column), text in layout.cells.items():
        placed[row][column].text = text
    document.add_paragraph("（完）")
    document.save(str(path))
    return path


def write_text(path: Path, layout: Layout, encoding: str) -> Path:
    """The layout as lines with commas."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(grid(layout))
    return path


def write_open_document(path: Path, layout: Layout) -> Path:
    """The layout as an OpenDocument spreadsheet, hidden columns and rows too."""
    rows = grid(layout)
    spans = {(top, left): (bottom, right) for top, left, bottom, right in layout.merged}
    covered = {
        (row, column)
        for top, left, bottom, right in layout.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - spans.keys()
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for column, text in enumerate(row):
            bottom, right = spans.get((number, column), (number, column))
            span = (
                f' table:number-rows-spanned="{bottom - number + 1}"'
                f' table:number-columns-spanned="{right - column + 1}"'
            )
            words = f"<text:p>{escape(text)}</text:p>" if text else ""
            tag = "covered-table-cell" if (number, column) in covered else "table-cell"
            kind = ' office:value-type="string"' if text else ""
            if text.replace(".", "", 1).isdigit():
                kind = f' office:value-type="float" office:value="{text}"'
            cells.append(f"<table:{tag}{span}{kind}>{words}</table:{tag}>")
        collapsed = ' table:visibility="collapse"' if number in layout.rows_hidden else ""
        lines.append(f"<table:table-row{collapsed}>{''.join(cells)}</table:table-row>")
    columns = "".join(
        "<table:table-column"
        + (' table:visibility="collapse"' if column in layout.columns_hidden else "")
        + "/>"
        for column in range(len(rows[0]))
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="评分表">{columns}{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", content)
    return path
