"""The tables of the two documents of the reference case, in their own layout, in our own words.

Facts and figures are those of the documents; standards and explanations are the reworded ones of
the reference rubric. A layout can be written as a workbook, as Word, as OpenDocument or as text.
"""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from tests.support.delivered import Layout
from tests.support.terminal import EXAMPLES, REVIEW, SELF

HEADING: Final = (
    "一级指标",
    "二级指标",
    "三级指标",
    "分值",
    "得分/自评分",
    "指标解释",
    "评分标准",
    "评分",
    "得扣分原因",
)
PAGES: Final = frozenset({2, 3, 6, 9, 12, 16, 20, 24, 27})
"""Before which rows the review breaks its table, and prints the heading again."""
CUT: Final = frozenset({1, 3, 8, 24})
"""Of which rows the standard goes on after the break, in a row without anything else."""


class SeedRow(NamedTuple):
    """A row of the review's table, with what the reference case has for it."""

    id: str
    path: tuple[str, str, str]
    weight: str
    claim: str
    explanation: str
    standard: str
    award: str
    reason: str


def reference() -> list[SeedRow]:
    """The 28 rows, their weights and standards, the self column as printed, and the awards."""
    rubric = tomllib.loads((EXAMPLES / "rubric.toml").read_text(encoding="utf-8"))
    acts = tomllib.loads(REVIEW.read_text(encoding="utf-8"))["command"]
    claims = own_claims()
    restated = {act["indicator"]: act["score"] for act in acts if act["do"] == "restate-claim"}
    awards = {
        act["indicator"]: act for act in acts if act["do"] in {"confirm-score", "adjust-score"}
    }
    return [
        SeedRow(
            row["id"],
            tuple(row["path"]),
            row["weight"],
            restated.get(row["id"], claims[row["id"]]),
            row["explanation"],
            "" if row["id"] == "three-public" else row["standard"],  # of which none is printed
            awards[row["id"]].get("award", claims[row["id"]]),
            awards[row["id"]].get("justification", ""),
        )
        for row in rubric["indicator"]
    ]


def own_claims() -> dict[str, str]:
    """What the unit's own report claims, by indicator."""
    acts = tomllib.loads(SELF.read_text(encoding="utf-8"))["command"]
    return {act["indicator"]: act["score"] for act in acts if act["do"] == "claim-score"}


def extras() -> tuple[dict[str, Any], dict[str, Any]]:
    """Bonus and penalty of the reference rubric."""
    rubric = tomllib.loads((EXAMPLES / "rubric.toml").read_text(encoding="utf-8"))
    return rubric["bonus"], rubric["penalty"]


def short(number: str) -> str:
    """A number as documents print it: 20, 8.5, 0.39."""
    return f"{Decimal(number).normalize():f}"


class _Lines:
    """A layout that is written from the top."""

    def __init__(self) -> None:
        self.layout = Layout({}, [], set(), set())
        self.line = 0

    def row(self, *texts: str) -> None:
        for column, text in enumerate(texts):
            if text:
                self.layout.cells[self.line, column] = text
        self.line += 1

    def merge(self, column: int, first: int) -> None:
        if self.line - first > 1:
            self.layout.merged.append((first, column, self.line - 1, column))


class _Pages(_Lines):
    """The review's table: a heading on every page, and levels merged on each."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: dict[int, tuple[str, int]] = {}

    def end_levels(self, start: int = 0) -> None:
        """Merge the levels that end here, from one on."""
        for column in [column for column in self._levels if column >= start]:
            self.merge(column, self._levels.pop(column)[1])

    def page(self) -> None:
        """Begin a page."""
        self.end_levels()
        self.row(*HEADING)

    def names(self, path: tuple[str, ...]) -> list[str]:
        """The names of the levels that begin in this row; empty where they go on."""
        names = []
        for column, name in enumerate(path[:2]):
            if self._levels.get(column, ("", 0))[0] == name:
                names.append("")
            else:
                self.end_levels(column)
                self._levels[column] = name, self.line
                names.append(name)
        return names


def review_table() -> Layout:
    """The score table of the review: cut into pages, levels merged, the last row a total."""
    lines = _Pages()
    lines.row("附件 1：整体支出绩效指标核查评分表")
    lines.page()
    for index, row in enumerate(reference()):
        if index in PAGES:
            lines.page()
        standard, rest = row.standard, ""
        if index in CUT:
            standard, _, rest = row.standard.partition("。")
            standard += "。"
        lines.row(
            *lines.names(row.path), row.path[2], short(row.weight), short(row.claim),
            row.explanation, standard, short(row.award), row.reason,
        )  # fmt: skip
        if rest:
            lines.page()
            lines.row("", "", "", "", "", "", rest)
    lines.end_levels()
    bonus, penalty = extras()
    both = f"1.加分项：{bonus['standard']}\n2.减分项：{penalty['standard']}"
    about = bonus["explanation"]
    lines.row("加减分项", "加减分项", "工作表现加减分指标", "0", "0", about, both, "3")
    lines.row("合计", "", "", "100", "100", "", "", "93.89")
    return lines.layout


_EFFECT: Final = "履职效能（50分）"
_EFFICIENCY: Final = "管理效率（50分）"
SELF_ROWS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    (
        _EFFECT,
        "整体效能（50分）",
        {
            "部门整体绩效目标产出指标完成情况": "20",
            "部门整体绩效目标效益指标完成情况": "20",
            "部门预算资金支出率": "10",
        },
    ),
    (_EFFICIENCY, "预算编制（2分）", {"新增项目事前绩效评估": "2"}),
    (_EFFICIENCY, "预算执行（7分）", {"预算编制约束性": "4", "财务管理合规性": "3"}),
    (_EFFICIENCY, "信息公开（3分）", {"预决算公开合规性": "2", "绩效信息公开情况": "1"}),
    (_EFFICIENCY, "绩效管理（15分）", {"绩效管理制度建设": "5", "绩效管理制度执行": "10"}),
    (
        _EFFICIENCY,
        "采购管理（10分）",
        {
            "采购意向公开合规性": "0.5",
            "采购内控制度建设": "1",
            "采购活动合规性": "2",
            "采购合同签订时效性": "1.5",
            "合同备案时效性": "1",
            "采购政策效能": "2.5",
        },
    ),
    (
        _EFFICIENCY,
        "资产管理（10分）",
        {
            "资产配置合规性": "2",
            "资产收益上缴的及时性": "1",
            "资产盘点情况": "1",
            "数据质量": "2",
            "资产管理合规性": "2",
            "固定资产利用率": "2",
        },
    ),
    (_EFFICIENCY, "运行成本（3分）", {"经济成本控制情况": "2", "“三公”经费控制情况": "1"}),
)
"""The unit's own scores as its report prints them: levels with weights, rows without."""


def self_table() -> Layout:
    """The two score tables of the self-evaluation, one below the other as a sheet has them."""
    lines = _Lines()
    for title, first in (("履职效能得分表", True), ("预算执行情况得分表", False)):
        lines.row(title)
        lines.row("一级指标", "二级指标", "三级指标", "自评得分")
        top = lines.line
        for level_1, level_2, rows in SELF_ROWS:
            if (level_1 == _EFFECT) != first:
                continue
            begun = lines.line
            for name, score in rows.items():
                lines.row(
                    level_1 if lines.line == top else "", level_2 if lines.line == begun else "",
                    name, score,
                )  # fmt: skip
            lines.merge(1, begun)
        lines.merge(0, top)
    return lines.layout


def self_scores() -> Iterator[tuple[str, str]]:
    """The names and scores of that table, in order."""
    for _, _, rows in SELF_ROWS:
        yield from rows.items()
