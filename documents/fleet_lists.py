"""The columns of many ledgers, and of the portfolio over them: those of one, and a case's log."""

from collections.abc import Mapping, Sequence
from typing import Final

from documents import comparison_lists as compared
from documents.lists import ListColumn
from documents.portfolio_lists import GROUPED, HABITS, REQUESTS, SCORES, WORK
from ledger import terms
from ledger.language import Text

__all__ = ["COLUMNS", "COMPARED", "FLEET_COLUMNS", "HABITS", "LEDGERS", "grouped_by"]

ORIGIN: Final = ListColumn("origin", Text("日志名称", "Log"))
LEDGERS: Final = (
    ORIGIN,
    ListColumn(
        "state",
        Text("状态", "State"),
        words={
            "live": Text("在用", "live"),
            "frozen": Text("已冻结", "frozen"),
            "archived": Text("已归档", "archived"),
        },
    ),
    ListColumn("size", Text("条数", "Entries"), number=True),
    ListColumn("signed", Text("已签署", "Signed"), number=True),
    ListColumn("taken", Text("已登记", "Taken up"), number=True),
    ListColumn("result", Text("结果", "Result")),
)
"""What is stated of each ledger."""
_OF_SCORES: Final = {column.name: column for column in SCORES}
DEDUCTIONS: Final = (
    ListColumn("awards", terms.AWARDS, number=True),
    ListColumn("deducted", Text("其中扣分", "Deducted"), number=True),
    ListColumn("points", Text("扣分合计", "Points deducted"), number=True),
    ListColumn("mean", terms.MEAN, number=True),
    ListColumn("lowest", terms.LOWEST, number=True),
)
COLUMNS: Final[Mapping[str, Sequence[ListColumn]]] = {
    "scores": (ORIGIN, *SCORES),
    "ranking": (
        _OF_SCORES["year"],
        ListColumn("place", Text("名次", "Place"), number=True),
        ORIGIN,
        *(_OF_SCORES[name] for name in ("case", "unit", "unit_name", "award", "grade")),
    ),
    "deductions": DEDUCTIONS,
    "rectification": (ORIGIN, *REQUESTS),
    "work": (ORIGIN, *WORK),
}
_NOT_OVER_ALL: Final = frozenset({"events", "which"})
"""What would name every event or case of a province."""
COMPARED: Final[Mapping[str, Sequence[ListColumn]]] = {
    name: [*before, *(column for column in columns if column.name not in _NOT_OVER_ALL)]
    for name, before, columns in (
        ("groups", (), compared.GROUPS),
        ("totals", (ORIGIN,), compared.TOTALS),
        ("frequent", (), compared.FREQUENT),
        ("distribution", (), compared.DISTRIBUTION),
    )
}
FLEET_COLUMNS: Final = (
    ORIGIN,
    *GROUPED.values(),
    *HABITS,
    *(column for columns in (COLUMNS, COMPARED) for each in columns.values() for column in each),
)
"""All that an answer may have, to sort by."""


def grouped_by(by: Sequence[str]) -> list[ListColumn]:
    """The columns that name a group."""
    return [ORIGIN if name == "origin" else GROUPED[name] for name in by]
