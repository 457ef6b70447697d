"""Lists (一览) of all cases: what waits, requests, appeals, and who holds a file.

They ask the tables of the portfolio, so that a list takes time by its own length, not by that of
the record.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final

from msgspec import convert, json

from ledger.envelope import StreamId
from ledger.language import Text
from ledger.store import Store
from ledger.values import Sha256
from projections.case_summary import CaseSummary
from projections.listed import AppealSummary, RectificationStatus, Task
from projections.portfolio import Watch, nobody
from projections.portfolio.case_rows import Row, ViewColumns, rows_at, rows_of_all


class ListedCase(CaseSummary, frozen=True, kw_only=True):
    """A case as the list of cases shows it, with what waits for somebody."""

    waiting: tuple[Task, ...]


SUMMARY: Final = tuple(name for name in CaseSummary.__struct_fields__ if name != "case")
CASES: Final = ViewColumns(
    "cases", tuple({"unit": "unit_name"}.get(name, name) for name in SUMMARY)
)
WORK: Final = ViewColumns(
    "work",
    (
        *("turn", "what_zh", "what_en", "subject", "since", "due", "decided_by", "assigned"),
        *("shown_from", "shown_until"),
    ),
    order=("number",),
)
_REQUEST: Final = (
    *("request", "version", "requested", "number", "demand", "state", "due", "due_by"),
    *("accepted", "late", "findings", "answers"),
)
REQUESTS: Final = ViewColumns("requests", _REQUEST, order=("version",))
_APPEAL: Final = ("appeal", "number", "lodged", "contests", "open", "late")
APPEALS: Final = ViewColumns("appeals", _APPEAL, order=("number_in_case",))


def list_cases(store: Store, today: date, watch: Watch = nobody) -> list[ListedCase]:
    """Cases with what waits in them on a day, in the order of their ids.

    Args:
        store: of the ledger.
        today: the day to count to.
        watch: called with the position that the tables have reached.
    """
    cases, work = rows_of_all(store, CASES, WORK, watch=watch)
    waiting: dict[str, list[Task]] = {}
    for task in tasks_on(work, today):
        waiting.setdefault(task.case, []).append(task)
    return [
        ListedCase(
            case=case,
            waiting=tuple(waiting.get(case, ())),
            **dict(zip(SUMMARY, summary, strict=True)),
        )
        for case, *summary in cases
    ]


def tasks_on(rows: Iterable[Row], today: date) -> Iterable[Task]:
    """Of rows of `WORK`, what waits on a day, in the order of cases and of what waits in each."""
    day, text, date_of = today.isoformat(), cache(Text), cache(date.fromisoformat)
    for case, turn, zh, en, subject, since, due, decided_by, assigned, first, until in rows:
        if first <= day < until:
            last = date_of(due) if due else None
            yield Task(
                case=case,
                turn=turn,
                what=text(zh, en),
                subject=subject or None,
                since=date_of(since),
                due=last,
                left=(last - today).days if last else None,
                decided_by=decided_by,
                assigned=assigned,
            )


def list_requests(
    store: Store, today: date, label: str | None = None, watch: Watch = nobody
) -> list[tuple[str, RectificationStatus]]:
    """Every request for rectification with its case, in the order of cases and of requests.

    Args:
        store: of the ledger.
        today: the day to count overdue days to.
        label: the point, the last where it is not given; what was requested later is left out.
        watch: called with the position that the tables have reached.
    """
    (rows,) = rows_of_all(store, REQUESTS, watch=watch)
    if label is not None and label != "final":
        rows = rows_at(store, REQUESTS, {case for case, *_ in rows}, label)
    return [(case, _status(dict(zip(_REQUEST, row, strict=True)), today)) for case, *row in rows]


def _status(row: dict[str, Any], today: date) -> RectificationStatus:
    status = convert(
        {
            **row,
            "number": row["number"] or None,
            "findings": json.decode(row["findings"]),
            "responses": json.decode(row["answers"]),
        },
        RectificationStatus,
    )
    status.count_days(today)
    return status


def list_appeals(
    store: Store, *, only_open: bool = False, watch: Watch = nobody
) -> list[AppealSummary]:
    """Every appeal, in the order of cases and of the appeals in each."""
    wanted = APPEALS._replace(only=(("open", 1),)) if only_open else APPEALS
    (rows,) = rows_of_all(store, wanted, watch=watch)
    return [_appeal(case, dict(zip(_APPEAL, row, strict=True))) for case, *row in rows]


def _appeal(case: str, row: dict[str, Any]) -> AppealSummary:
    return convert(
        {
            **row,
            "case": case,
            "number": row["number"] or None,
            "contests": json.decode(row["contests"]),
            "open": bool(row["open"]),
        },
        AppealSummary,
    )


def holders(store: Store, sha256: Sha256, watch: Watch = nobody) -> list[StreamId]:
    """The cases that hold a file: filed in them, and not erased there."""
    wanted = ViewColumns("evidence", (), only=(("sha256", sha256),))
    (rows,) = rows_of_all(store, wanted, watch=watch)
    return [case for (case,) in rows]
