"""The fifteen kinds of table that reviews, self-evaluations and their letters have, and the truth.

Each is laid out as people deliver it; where it holds scores they are those of `delivered.ROWS`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from tests.support.delivered import ROWS, Layout

Heading = str | tuple[str, str]
"""A heading, or who and what of it, which a heading of two rows has above each other."""
LAYOUTS: Final = ("plain", "merged", "two-row", "several", "paged")


class Part(NamedTuple):
    """A table: headings, lines, and how many columns from which on are levels."""

    headings: tuple[Heading, ...]
    lines: list[tuple[str, ...]]
    levels: int = 0
    first: int = 0
    label: str = ""


class Kind(NamedTuple):
    """A kind of table.

    Attributes:
        parts: the tables that it consists of, one below the other.
        scores: which of the scores of `ROWS` it holds, of all rows: `claim`, `award`, or neither.
    """

    title: str
    parts: tuple[Part, ...]
    scores: frozenset[str] = frozenset()


LEVELS, WEIGHT, CLAIM, AWARD, REASON = range(3), 3, 4, 5, 6
STANDARDS: Final = (
    "按比例计分",
    "有计划得满分",
    "按完成率",
    "每次扣2.5分",
    "每项扣1.75分",
    "按满意度",
)
TARGETS: Final = ("≥100%", "按时批准", "≥100公顷", "0次", "0项", "≥90%")
ACTUALS: Final = ("95%", "迟四个月", "84公顷", "4次", "1项", "80%")
RESTATED: Final = ("92.5%", "迟四个月", "84公顷", "4次", "1项", "80%")
TOTALS: Final = tuple(str(sum(Decimal(row[at]) for row in ROWS)) for at in (WEIGHT, CLAIM, AWARD))


def _subtotals(level: int) -> list[str]:
    return [
        str(sum(int(other[3]) for other in ROWS if other[: level + 1] == row[: level + 1]))
        for row in ROWS
    ]


def _lines(*columns: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*columns, strict=True))


def _column(at: int) -> list[str]:
    return [row[at] for row in ROWS]


def _total(before: int, *cells: str) -> tuple[str, ...]:
    return ("合计", *[""] * (before - 1), *cells)


L1, L2, L3 = (_column(level) for level in LEVELS)
WEIGHTS, CLAIMS, AWARDS, REASONS = (_column(at) for at in (WEIGHT, CLAIM, AWARD, REASON))
DEDUCTED: Final = [f"{Decimal(row[WEIGHT]) - Decimal(row[AWARD]):f}" for row in ROWS]
NAMED: Final = ("一级指标", "二级指标", "三级指标")
NUMBERS: Final = ("1", "2", "3", "4", "5", "6")

FORM: Final = Part(
    ("绩效指标", *NAMED, "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
    [
        *_lines(
            [""] * 5,
            L1[1:],
            L2[1:],
            L3[1:],
            TARGETS[1:],
            ACTUALS[1:],
            WEIGHTS[1:],
            CLAIMS[1:],
            REASONS[1:],
        ),
        ("总分", *[""] * 5, TOTALS[0], TOTALS[1], ""),
    ],
    levels=2,
    first=1,
)
FUNDS: Final = Part(
    (
        "项目资金（万元）",
        "",
        "年初预算数",
        "全年预算数（A）",
        "全年执行数（B）",
        "分值",
        "执行率（B/A）",
        "得分",
    ),
    [
        ("", "年度资金总额", "200", "200", "190", WEIGHTS[0], "95%", CLAIMS[0]),
        ("", "其中：当年财政拨款", "200", "200", "190", "—", "95%", "—"),
    ],
)
TASKS: Final = Part(
    ("任务名称", "主要内容", "预算数", "执行数", "执行率", "完成情况"),
    [
        ("绿化", "补植", "120", "118", "98%", "已完成"),
        ("巡查", "夜间", "80", "72", "90%", "已完成"),
    ],
)
SUMMARY: Final = Part(
    (
        "序号",
        "单位",
        "项目名称",
        "预算数",
        "自评得分",
        "自评等级",
        "复核得分",
        "复核等级",
        "主要问题",
    ),
    [
        ("1", "某市某局", "公园绿化", "200", "96", "优", "81.45", "良", "支出慢"),
        ("2", "某市某局", "公园巡查", "80", "92", "优", "90", "优", ""),
    ],
)
FEEDBACK: Final = Part(
    ("序号", "报告页码", "反馈意见及理由", "佐证", "采纳情况", "说明"),
    [("1", "12", "年度计划已于四月批准", "批复", "部分采纳", "改为8分")],
)

KINDS: Final[dict[str, Kind]] = {
    "T1": Kind("项目支出绩效自评表", (FUNDS, FORM), frozenset({"claim"})),
    "T2": Kind(
        "部门整体支出绩效自评表",
        (
            TASKS,
            Part(
                (*NAMED, "年度指标值", "实际完成值", "分值", "自评得分", "未完成原因"),
                [
                    *_lines(L1, L2, L3, TARGETS, ACTUALS, WEIGHTS, CLAIMS, REASONS),
                    _total(5, *TOTALS[:2], ""),
                ],
                levels=2,
            ),
        ),
        frozenset({"claim"}),
    ),
    "T3": Kind(
        "绩效评价指标体系评分表",
        (
            Part(
                (
                    "一级指标",
                    "分值",
                    "二级指标",
                    "分值",
                    "三级指标",
                    "分值",
                    "指标解释",
                    "评分标准",
                    "得分",
                    "扣分原因",
                ),
                [
                    *_lines(
                        L1,
                        _subtotals(0),
                        L2,
                        _subtotals(1),
                        L3,
                        WEIGHTS,
                        TARGETS,
                        STANDARDS,
                        AWARDS,
                        REASONS,
                    ),
                    _total(5, TOTALS[0], "", "", TOTALS[2], ""),
                ],
                levels=4,
            ),
        ),
        frozenset({"award"}),
    ),
    "T4": Kind(
        "整体支出绩效指标核查评分表",
        (
            Part(
                (*NAMED, "分值", "得分/自评分", "指标解释", "评分标准", "评分", "得扣分原因"),
                [
                    *_lines(L1, L2, L3, WEIGHTS, CLAIMS, TARGETS, STANDARDS, AWARDS, REASONS),
                    _total(3, TOTALS[0], TOTALS[1], "", "", TOTALS[2], ""),
                ],
                levels=2,
            ),
        ),
        frozenset({"claim", "award"}),
    ),
    "T5": Kind(
        "综合得分表",
        (
            Part(
                ("一级指标", "二级指标", "分值", "评价得分", "得分率"),
                [
                    ("管理", "预算", "30", "24.5", "81.67%"),
                    ("产出", "数量", "40", "32.7", "81.75%"),
                    ("效果", "满意", "30", "24.25", "80.83%"),
                    ("合计", "", "100", "81.45", "81.45%"),
                ],
                levels=1,
            ),
        ),
    ),
    "T6": Kind(
        "指标评分表",
        (
            Part(
                (
                    ("一级", "指标"),
                    ("一级", "权重"),
                    ("二级", "指标"),
                    ("二级", "分值"),
                    ("三级", "指标"),
                    ("三级", "分值"),
                    "计量单位",
                    "数据项1",
                    "数据项2",
                    ("评价", "得分"),
                ),
                _lines(
                    L1,
                    _subtotals(0),
                    L2,
                    _subtotals(1),
                    L3,
                    WEIGHTS,
                    ["%"] * 6,
                    NUMBERS,
                    NUMBERS,
                    AWARDS,
                ),
                levels=4,
            ),
        ),
        frozenset({"award"}),
    ),
    "T7": Kind(
        "自评复核意见表",
        (
            Part(
                (
                    *NAMED,
                    "年度指标值",
                    ("自评", "完成值"),
                    ("复核", "完成值"),
                    "分值",
                    ("自评", "得分"),
                    ("复核", "得分"),
                    "差异",
                    "复核意见",
                ),
                [
                    *_lines(
                        L1,
                        L2,
                        L3,
                        TARGETS,
                        ACTUALS,
                        RESTATED,
                        WEIGHTS,
                        CLAIMS,
                        AWARDS,
                        DEDUCTED,
                        REASONS,
                    ),
                    _total(6, *TOTALS, "", ""),
                ],
                levels=2,
            ),
        ),
        frozenset({"claim", "award"}),
    ),
    "T8": Kind("复核结果汇总表", (SUMMARY,)),
    "T9": Kind(
        "评价工作底稿",
        (
            Part(
                (
                    *NAMED,
                    "分值",
                    "指标解释",
                    "指标说明",
                    "评价标准及评分规则",
                    "评价得分",
                    "扣分说明",
                    "指标完成情况",
                    "考核对象",
                    "发现问题",
                    "数据来源",
                    "备注",
                ),
                _lines(
                    L1,
                    L2,
                    L3,
                    WEIGHTS,
                    TARGETS,
                    TARGETS,
                    STANDARDS,
                    AWARDS,
                    REASONS,
                    ACTUALS,
                    ["某局"] * 6,
                    [""] * 6,
                    ["台账"] * 6,
                    [""] * 6,
                ),
                levels=2,
            ),
        ),
        frozenset({"award"}),
    ),
    "T10": Kind(
        "考评扣分表",
        (
            Part(
                (
                    "考评类目",
                    "二级指标",
                    "三级指标",
                    "标准分值",
                    "扣分标准",
                    "评审描述",
                    "空项",
                    "扣分",
                    "实际得分",
                ),
                _lines(L1, L2, L3, WEIGHTS, STANDARDS, REASONS, [""] * 6, DEDUCTED, AWARDS),
                levels=2,
            ),
        ),
        frozenset({"award"}),
    ),
    "T11": Kind(
        "加分事项表",
        (
            Part(
                ("序号", "事项名称", "类别", "发文单位", "加分分值", "佐证材料"),
                [
                    ("1", "省级表彰", "表彰", "某厅", "1", "通报"),
                    ("2", "市级表彰", "表彰", "某局", "1", "通报"),
                ],
            ),
        ),
    ),
    "T12": Kind("征求意见反馈表", (FEEDBACK,)),
    "T13": Kind(
        "整改情况表",
        (
            Part(
                (
                    "序号",
                    "存在问题",
                    "整改要求",
                    "责任单位",
                    "整改时限",
                    "整改措施",
                    "完成情况",
                    "完成时间",
                    "佐证",
                ),
                [
                    (
                        "1",
                        "四次没有记录",
                        "补齐记录",
                        "某局",
                        "2024-01-18",
                        "电子登记",
                        "已完成",
                        "2024-01-17",
                        "台账",
                    )
                ],
            ),
        ),
    ),
    "T14": Kind(
        "申诉复核申请表",
        (
            Part(
                (
                    "申诉指标",
                    "原得分",
                    "申请得分",
                    "事实与理由",
                    "材料清单",
                    "评价机构意见",
                    "财政部门决定",
                ),
                [("年度计划", "6", "10", "来文视同计划", "来文", "维持", "调整为9分")],
            ),
        ),
    ),
    "T15": Kind(
        "专家评审打分表",
        (
            Part(
                (*NAMED, "满分", "专家1", "专家2", "专家3", "平均分", "评审意见"),
                _lines(L1, L2, L3, WEIGHTS, AWARDS, CLAIMS, AWARDS, AWARDS, REASONS),
                levels=2,
            ),
        ),
    ),
}


def laid_out(kind: Kind, layout: str) -> Layout:
    """A kind of table in a layout: `LAYOUTS`; the truth is the same in all of them."""
    cells: dict[tuple[int, int], str] = {(0, 0): kind.title}
    merged: list[tuple[int, int, int, int]] = []
    line = 1
    others = (SUMMARY,) if layout == "several" else ()
    for part in (*others, *kind.parts, *((FEEDBACK,) if layout == "several" else ())):
        line = _part(part, layout, line, cells, merged) + 1
    cells[line, 0] = "填报人："
    cells[line, 3] = "填报日期：2022年1月20日"
    return Layout(cells, merged, set(), set())


def _part(
    part: Part,
    layout: str,
    line: int,
    cells: dict[tuple[int, int], str],
    merged: list[tuple[int, int, int, int]],
) -> int:
    line = _heading(part, layout, line, cells, merged)
    begun, half = line, len(part.lines) // 2
    for number, texts in enumerate(part.lines):
        if layout == "paged" and number == half and part.levels:
            line = begun = _heading(part, layout, line, cells, merged)
        for column, text in enumerate(texts):
            above = (
                line > begun and layout in {"merged", "two-row"} and _goes_on(part, number, column)
            )
            if above:
                _merge(merged, line, column)
            elif text:
                cells[line, column] = text
        line += 1
    return line


def _goes_on(part: Part, number: int, column: int) -> bool:
    """Whether a level is that of the line before, within the levels before it."""
    first, last = part.first, part.first + part.levels
    lines = part.lines
    return (
        first <= column < last
        and lines[number][first : column + 1] == lines[number - 1][first : column + 1]
    )


def _heading(
    part: Part,
    layout: str,
    line: int,
    cells: dict[tuple[int, int], str],
    merged: list[tuple[int, int, int, int]],
) -> int:
    if layout != "two-row":
        for column, heading in enumerate(part.headings):
            cells[line, column] = heading if isinstance(heading, str) else "".join(heading)
        return line + 1
    start = 0
    for column, heading in enumerate(part.headings):
        if isinstance(heading, str):
            cells[line, column] = heading
            merged.append((line, column, line + 1, column))
            start = column + 1
            continue
        cells[line + 1, column] = heading[1]
        before = part.headings[column - 1] if column > start else ""
        if isinstance(before, tuple) and before[0] == heading[0]:
            top, left, _, _ = (
                merged.pop() if merged and merged[-1][3] == column - 1 else (line, column - 1, 0, 0)
            )
            merged.append((top, left, line, column))
        else:
            cells[line, column] = heading[0]
    return line + 2


def _merge(merged: list[tuple[int, int, int, int]], line: int, column: int) -> None:
    for index, (top, left, bottom, _) in enumerate(merged):
        if left == column and bottom == line - 1 and top < line:
            merged[index] = (top, left, line, column)
            return
    merged.append((line - 1, column, line, column))


def scores(kind: Kind) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    """The true claim and award of each row, where the table holds them."""
    for number, row in enumerate(ROWS):
        yield (
            f"i{number}",
            Decimal(row[CLAIM]) if "claim" in kind.scores else None,
            Decimal(row[AWARD]) if "award" in kind.scores else None,
        )
