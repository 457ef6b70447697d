"""The nation-wide self-evaluation form of a project (财预〔2020〕10号) with made-up numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from xlsxwriter import Workbook


class Item(NamedTuple):
    """A line of the indicators, from its levels to the unit's reason."""

    level1: str
    level2: str
    name: str
    target: object
    actual: object
    weight: str
    claim: str
    reason: str = ""


ITEMS: Final = (
    Item("产出指标", "数量指标", "开放天数", "≥300天", "302天", "15", "15"),
    Item("产出指标", "数量指标", "新增藏书", "≥1万册", "0.98万册", "15", "14.7", "到货延迟"),
    Item("产出指标", "质量指标", "图书分编合格率", "≥95%", "97%", "10", "10"),
    Item("产出指标", "时效指标", "按期完工", "按计划完成", "已完成", "10", "10"),
    Item("效益指标", "社会效益", "到馆人次", "≥20万人次", "25万人次", "30", "30"),
    Item("满意度指标", "满意度", "读者满意度", "≥90%", "91.5%", "10", "10"),
)
FUNDS: Final = ("120", "118.5", "115.43", "10", "97.41%", "9.74")
HEADING: Final = (
    *("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"),
    *("分值", "得分", "偏差原因分析及改进措施"),
)
EXECUTION: Final = """\
id = "execution"
path = ["预算执行", "预算执行率"]
weight = 10
clause = "通用表"
standard = "执行率 × 分值"
rule.shape = "ratio"
rule.counts = "rate"
rule.above = "full"
rule.below = "zero"
rule.value = { take = "rate", over = ["spent"], under = ["budget"], zero = "0", decimals = "exact" }
"""


def rubric(items: Sequence[Item] = ITEMS, id_: str = "library") -> str:
    """A rubric with the rows of the form."""
    rows = [EXECUTION]
    for number, item in enumerate(items, 1):
        rows.append(
            f'id = "i{number}"\npath = ["{item.level1}", "{item.level2}", "{item.name}"]\n'
            f'weight = {item.weight}\nclause = "通用表"\nstandard = "按完成率计分"\n'
            'rule.shape = "completion"\nrule.domain = "[0,-)"\nrule.at_most = "met-or-not"\n'
            'rule.exactly = "ratio"\nrule.zero_target = "no-score"\nrule.rate_decimals = "exact"\n'
            'rule.share_decimals = "exact"\nrule.no_targets = "no-score"\n'
            'rule.words = { "已完成" = "100" }\n'
            'rule.bands = [{ range = "[0,100)", counts = "rate" },'
            ' { range = "[100,-)", counts = "100" }]\n'
        )
    head = (
        f'id = "{id_}"\nedition = "1"\ntitle = "项目支出绩效自评表"\nscale = 2\nfull = 100\n'
        'cap = 100\nsource = "通用表"\n[[band]]\ngrade = "优"\nrange = "[90,100]"\n'
        '[[band]]\ngrade = "良"\nrange = "[0,90)"\n'
    )
    return head + "".join(f"[[indicator]]\n{row}" for row in rows)


def build(  # noqa: PLR0913 - what a form may differ in
    path: Path,
    items: Sequence[Item] = ITEMS,
    funds: Sequence[str] = FUNDS,
    *,
    title: str = "图书馆运行",
    total: str = "99.44",
    heading: Sequence[str] = HEADING,
    more: Sequence[tuple[str, Sequence[object]]] = (),
    beside_funds: Sequence[object] = (),
) -> Path:
    """The form as people deliver it: five blocks, one below the other, on one grid.

    Args:
        path: where.
        items: its lines.
        funds: of the year's funds: both budgets, spent, weight, rate and score.
        title: of the project.
        total: what it prints.
        heading: of the indicators.
        more: columns to the right of them, each with its heading.
        beside_funds: what these columns hold for the year's funds, under the same headings.
    """
    book = Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    page = book.add_worksheet("自评表")
    page.merge_range("A1:I1", "项目支出绩效自评表")
    page.merge_range("A2:I2", "（年度）")
    page.write("A3", "项目名称")
    page.merge_range("B3:I3", title)
    page.merge_range("A5:A8", "项目资金（万元）")
    page.write_row("C5", ["年初预算数", "全年预算数（A）", "全年执行数（B）", "分值"])
    page.write_row("G5", ["执行率（B/A）", heading[7]])
    page.write("B6", "年度资金总额")
    for column, text in enumerate(funds, 2):
        _write(page, 5, column, text)
    for column, value in enumerate(beside_funds, len(heading)):
        page.write(4, column, more[column - len(heading)][0])
        _write(page, 5, column, value)
    page.write_row("B7", ["其中：当年财政拨款", funds[0], funds[1], funds[2], "—", "—", "—"])
    page.write_row("B8", ["其他资金", "—", "—", "—", "—", "—", "—"])
    page.merge_range("A9:A10", "年度总体目标")
    page.merge_range("B9:E9", "预期目标")
    page.merge_range("F9:I9", "实际完成情况")
    page.merge_range("B10:E10", "按计划完成。")
    page.merge_range("F10:I10", "已经完成。")
    first = 11
    page.write_row(first, 0, heading)
    for column, (words, _) in enumerate(more, len(heading)):
        page.write(first, column, words)
    if len(items) > 1:
        page.merge_range(first + 1, 0, first + len(items), 0, "绩效指标")
    for number, item in enumerate(items):
        line = first + 1 + number
        before = items[number - 1] if number else None
        if not before or before.level1 != item.level1:
            page.write(line, 1, item.level1)
        if not before or before[:2] != item[:2]:
            page.write(line, 2, item.level2)
        for column, value in enumerate(item[2:], 3):
            _write(page, line, column, value)
        for column, (_, values) in enumerate(more, len(heading)):
            _write(page, line, column, values[number])
    last = first + 1 + len(items)
    page.merge_range(last, 0, last, 5, "总分")
    _write(page, last, 6, "100")
    _write(page, last, 7, total)
    page.write(last + 1, 0, "注：得分按完成率计算。")
    page.write_row(last + 2, 0, ["填报人：", "", "联系电话：", "", "填报日期："])
    book.close()
    return path


def _write(page: object, row: int, column: int, value: object) -> None:
    text = str(value)
    if text.replace(".", "", 1).isdigit():
        page.write_number(row, column, float(text))  # type: ignore[attr-defined]  # a worksheet
    elif text:
        page.write_string(row, column, text)  # type: ignore[attr-defined]  # the same
