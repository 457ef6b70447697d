"""Lists (一览) of all cases: what waits, requests, appeals, and who holds a file.

They ask the tables of the portfolio, so that a list takes as long as it is, whatever the record.
"""

from datetime import date
from typing import Any, Final

from ledger.account_registry import Account
from ledger.envelope import StreamId
from ledger.sight import Part, parts_of
from ledger.store import Store
from ledger.values import Sha256
from projections.as_of import FINAL
from projections.case_summary import CaseSummary
from projections.portfolio import (
    appeals_view,
    cases,
    evidence_view,
    rectification_view,
    work_view,
)
from projections.portfolio.case_rows import every_case, rows_of
from projections.portfolio.catch_up import Watch, nobody
from projections.rectification_status import RectificationStatus
from projections.work_list import AppealSummary, Task


class ListedCase(CaseSummary, frozen=True, kw_only=True):
    """A case as the list of cases shows it, with what waits for somebody."""

    waiting: tuple[Task, ...]


def list_cases(
    store: Store, today: date, watch: Watch = nobody, account: Account | None = None
) -> list[ListedCase]:
    """Cases with what waits in them on a day, in the order of their ids.

    Args:
        store: of the ledger.
        today: the day to count to.
        watch: told how far the tables have come.
        account: only cases that it has a part in; all of them where nobody is named.
    """
    with every_case(store, watch) as every:
        found = sorted(
            (row for row in every.of(cases) if account is None or _part_in(row, account)),
            key=lambda row: row["case_id"],
        )
        tasks = work_view.tasks_on(every.of(work_view), today)
    waiting: dict[str, list[Task]] = {}
    for task in tasks:
        waiting.setdefault(task.case, []).append(task)
    return [
        ListedCase(
            case=row["case_id"],
            unit=row["unit_name"],
            waiting=tuple(waiting.get(row["case_id"], ())),
            **{name: row[name] for name in _AS_THEY_ARE},
        )
        for row in found
    ]


def _part_in(row: dict[str, Any], account: Account) -> frozenset[Part]:
    """What an account is to the case of a row."""
    return parts_of(account, unit=row["unit"], agency=row["agency_id"], bureau=row["bureau_id"])


_AS_THEY_ARE: Final = tuple(
    name for name in ListedCase.__struct_fields__ if name not in {"case", "unit", "waiting"}
)
"""What the table of cases has under the same name."""


def list_requests(
    store: Store, today: date, label: str = FINAL, watch: Watch = nobody
) -> list[tuple[str, RectificationStatus]]:
    """Every request for rectification with its case, in the order of cases and of requests.

    Args:
        store: of the ledger.
        today: the day to count overdue days to.
        label: the point; what was requested later is left out.
        watch: told how far the tables have come.
    """
    with every_case(store, watch) as every:
        rows = every.of(rectification_view)
        if label != FINAL:
            asked = sorted({row["case_id"] for row in rows})
            rows = list(rows_of(rectification_view, every.at(asked, label)))
    return rectification_view.statuses(rows, today)


def list_appeals(
    store: Store, *, only_open: bool = False, watch: Watch = nobody
) -> list[AppealSummary]:
    """Every appeal, in the order of cases and of the appeals in each."""
    with every_case(store, watch) as every:
        rows = every.of(appeals_view, **({"open": 1} if only_open else {}))
    return appeals_view.summaries(rows)


def holders(store: Store, sha256: Sha256, watch: Watch = nobody) -> list[StreamId]:
    """The cases that hold a file: filed in them, and not erased there."""
    with every_case(store, watch) as every:
        return sorted(row["case_id"] for row in every.of(evidence_view, sha256=sha256))
