"""Appeals of all cases: when they were lodged, against which awards, and whether they are open."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec import convert, json

from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import life_number, maybe_count, place, table, words, yes_no
from projections.work_list import AppealSummary, appeals

APPEALS: Final = table(
    "appeals",
    life_number(),
    place("number_in_case"),
    words("appeal"),
    words("number"),
    words("lodged"),
    words("contests"),
    yes_no("open"),
    maybe_count("late"),
)
"""One row an appeal; what it contests is JSON: rows with the version and the award of each."""

TABLE = APPEALS


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The appeals of a case."""
    if not life.has_clocks:
        return
    for place_, summary in enumerate(appeals(life.point)):
        contests = json.encode(summary.contests).decode()
        lodged = summary.lodged.isoformat()
        yield (
            life.number,
            place_,
            summary.appeal,
            summary.number or "",
            lodged,
            contests,
            int(summary.open),
            summary.late,
        )


def summaries(rows: Iterable[dict[str, Any]]) -> list[AppealSummary]:
    """Rows of the table, as `case_rows` gives them, in the order of cases and of their appeals."""
    return [
        convert(
            {
                **{str(name): value for name, value in row.items()},
                "case": row["case_id"],
                "number": row["number"] or None,
                "contests": json.decode(row["contests"]),
                "open": bool(row["open"]),
            },
            AppealSummary,
        )
        for row in sorted(rows, key=lambda row: (row["case_id"], row["number_in_case"]))
    ]
