"""The columns of a comparison of years, and its tables as rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from documents.lists import ListColumn, Row
from ledger import terms
from ledger.language import Text
from projections.portfolio.comparison import Comparison

CHANGE: Final = Text("较上年变动", "Change on the year before")
SAME_EDITION: Final = Text("同一版本", "Same edition")
EVENTS: Final = Text("所据记录", "Events")
EDITIONS: Final = Text("评分所依版本", "Editions")
LOWER: Final = Text("下四分位", "Lower quartile")
UPPER: Final = Text("上四分位", "Upper quartile")
CASES: Final = Text("事项数", "Cases")
GAP_BEFORE: Final = Text("上年分差", "Gap before")
AWARD_BEFORE: Final = Text("上年核查得分", "Awarded before")
REASON_BEFORE: Final = Text("上年理由", "Reason before")

DIMENSIONS: Final[Mapping[str, Text]] = {
    "unit": terms.UNIT_ID,
    "indicator": terms.INDICATOR,
    "agency": terms.AGENCY,
    "reviewer": terms.REVIEWER,
    "clause": terms.CLAUSE,
}
GROUP: Final = ListColumn("group", Text("比较对象", "Group"))
GROUPS: Final = (
    GROUP,
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("cases", CASES, number=True),
    ListColumn("awards", terms.AWARDS, number=True),
    ListColumn("deducted", Text("其中扣分", "Deducted"), number=True),
    ListColumn("raised", terms.RAISED, number=True),
    ListColumn("mean", terms.MEAN, number=True, for_people=False),
    ListColumn("lowest", terms.LOWEST, number=True, for_people=False),
    ListColumn("lower", LOWER, number=True),
    ListColumn("median", Text("分差中位数", "Median gap"), number=True),
    ListColumn("upper", UPPER, number=True),
    ListColumn("highest", terms.HIGHEST, number=True, for_people=False),
    ListColumn("change", CHANGE, number=True),
    ListColumn("like", Text("同版本可比数", "Like awards"), number=True),
    ListColumn("like_change", Text("可比变动", "Like change"), number=True),
    ListColumn("others", Text("同类他方次数", "Others, like"), number=True),
    ListColumn("others_median", Text("同类他方中位数", "Their median"), number=True),
    ListColumn("enough", Text("数量足够", "Enough")),
    ListColumn("editions", EDITIONS, for_people=False),
    ListColumn("events", EVENTS, for_people=False),
)
TOTALS: Final = (
    ListColumn("unit", terms.UNIT_ID, for_people=False),
    ListColumn("unit_name", terms.UNIT),
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("case", terms.CASE),
    ListColumn("version", terms.VERSION, number=True),
    ListColumn("edition", EDITIONS),
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("award", terms.AWARDED, number=True),
    ListColumn("gap", terms.GAP, number=True),
    ListColumn("grade", terms.GRADE),
    ListColumn("change", CHANGE, number=True),
    ListColumn("alike", SAME_EDITION),
    ListColumn("before", Text("上年事项", "Case before"), for_people=False),
)
MOVES: Final = (
    ListColumn("unit", terms.UNIT_ID, for_people=False),
    ListColumn("unit_name", terms.UNIT),
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("year_before", Text("上年", "Year before"), number=True, for_people=False),
    ListColumn("case_before", Text("上年事项", "Case before"), for_people=False),
    ListColumn("version_before", Text("上年条号", "Version before"), number=True, for_people=False),
    ListColumn("award_before", AWARD_BEFORE, number=True),
    ListColumn("delta_before", GAP_BEFORE, number=True, for_people=False),
    ListColumn("reason_before", REASON_BEFORE, for_people=False),
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("case", terms.CASE),
    ListColumn("version", terms.VERSION, number=True),
    ListColumn("award", terms.AWARDED, number=True),
    ListColumn("delta", terms.GAP, number=True),
    ListColumn("change", CHANGE, number=True),
    ListColumn("alike", SAME_EDITION),
    ListColumn("reviewer", terms.REVIEWER, for_people=False),
    ListColumn("clause", terms.CLAUSE, for_people=False),
    ListColumn("reason", terms.REASON),
)
FREQUENT: Final = (
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("deducted", Text("扣分次数", "Deductions"), number=True),
    ListColumn("awards", terms.AWARDS, number=True),
    ListColumn("median", Text("扣分中位数", "Median deduction"), number=True),
    ListColumn("events", EVENTS, for_people=False),
)
DISTRIBUTION: Final = (
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("low", Text("总分不低于", "Total from"), number=True),
    ListColumn("high", Text("总分低于", "below"), number=True),
    ListColumn("cases", CASES, number=True),
    ListColumn("which", terms.CASE),
)
_STRUCTS: Final[
    Mapping[str, tuple[Sequence[ListColumn], Callable[[Comparison], Sequence[Struct]]]]
] = {
    "groups": (GROUPS, lambda found: found.groups),
    "totals": (TOTALS, lambda found: found.totals),
    "moves": (MOVES, lambda found: found.moves),
    "frequent": (FREQUENT, lambda found: found.frequent),
    "distribution": (DISTRIBUTION, lambda found: found.bins),
}
TABLES: Final[Mapping[str, Text]] = {
    "groups": Text("分组比较", "Groups"),
    "totals": Text("各单位总分", "Totals of units"),
    "moves": Text("变动及原因", "Moves and reasons"),
    "frequent": Text("扣分最多的指标", "Most frequent deductions"),
    "distribution": Text("总分分布", "Distribution of totals"),
}
"""What a comparison has, by name."""


COMPARED: Final = tuple(column for columns, _ in _STRUCTS.values() for column in columns)
"""All columns that a table of it may have."""


def compared_table(found: Comparison, table: str) -> tuple[Sequence[ListColumn], list[Row]]:
    """A table of a comparison: its columns and its rows."""
    columns, structs = _STRUCTS[table]
    if table == "groups":
        heading = DIMENSIONS[found.by]
        columns = (GROUP._replace(heading=heading), *columns[1:])
    return columns, [
        {name: _written(name, value) for name, value in asdict(row).items()}
        for row in structs(found)
    ]


def _written(name: str, value: object) -> object:
    """A value as a cell; events by the case and the version, as `x-2023@v57`."""
    if not isinstance(value, tuple):
        return value
    parts = (f"{part[0]}@v{part[1]}" if name == "events" else str(part) for part in value)
    return " ".join(parts)
