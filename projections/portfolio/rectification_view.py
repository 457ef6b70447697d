"""Requests for rectification of all cases, with their clocks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct, json
from sqlalchemy import Connection, select

from projections.listed import days_to_respond
from projections.portfolio.cases import CASES, IDENTITY, CaseFilter, identity
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import (
    count,
    fetch_rows,
    key,
    life_number,
    optional_text,
    table,
    words,
)
from projections.rectification_status import rectification

REQUESTS: Final = table(
    "requests",
    life_number(),
    key("request"),
    count("version"),
    words("requested"),
    words("number"),
    words("demand"),
    words("state"),
    optional_text("due"),
    optional_text("due_by"),
    count("responses"),
    optional_text("responded"),
    words("findings"),
    words("answers"),
    optional_text("accepted"),
    count("late"),
)
"""One row a request as it is now; the days over are counted when it is read.

`findings` and `answers`, which are versions and days of the responses, are JSON.
"""

TABLE = REQUESTS


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The requests of a case."""
    if not life.has_clocks:
        return
    for request in rectification(life.point, date.min):
        yield (
            life.number,
            request.request,
            request.version,
            request.requested.isoformat(),
            request.number or "",
            request.demand,
            request.state,
            request.due.isoformat() if request.due else None,
            request.due_by,
            len(request.responses),
            request.responses[0].dated.isoformat() if request.responses else None,
            json.encode(request.findings).decode(),
            json.encode(request.responses).decode(),
            request.accepted.isoformat() if request.accepted else None,
            request.late or 0,
        )


class OpenRequest(Struct, frozen=True, kw_only=True):
    """A request of a case.

    Attributes:
        state: open, answered or accepted.
        due: the last day to respond, or `None` where none is set; `due_by` says what sets it.
        responded: the day of the first response.
        late: days by which that came after the last day; `None` where no last day is known.
        overdue: see `DaysToRespond`, as for `left`, on the day of reading.
    """

    case: str
    unit: str
    unit_name: str
    year: int
    request: str
    version: int
    requested: str
    number: str
    demand: str
    state: str
    due: str | None
    due_by: str | None
    responses: int
    responded: str | None
    accepted: str | None
    late: int | None
    overdue: int | None
    left: int | None


_SHOWN: Final = tuple(column.name for column in REQUESTS.c if column.name != "life")
_OF_A_CASE: Final = ("findings", "answers")
"""Columns that only the list of `statuses` shows."""


def requests(
    connection: Connection, chosen: CaseFilter, today: date, states: Sequence[str] = ()
) -> list[OpenRequest]:
    """The requests of the chosen cases, those first whose last day comes first."""
    columns = REQUESTS.c
    wanted = (
        select(*IDENTITY, *[columns[name] for name in _SHOWN])
        .join_from(REQUESTS, CASES, CASES.c.life == columns.life)
        .where(CASES.c.scored == 1, *chosen.conditions())
        .order_by(CASES.c.case_id, columns.version)
    )
    if states:
        wanted = wanted.where(columns.state.in_(states))
    return _in_order(request_of(row, today) for row in fetch_rows(connection, wanted))


def requests_of(
    lives: Iterable[FoldedCase], chosen: CaseFilter, today: date, states: Sequence[str] = ()
) -> list[OpenRequest]:
    """The same of cases that were folded up to an earlier point."""
    listed = (
        request_of({**dict(zip(_SHOWN, row[1:], strict=True)), **identity(life)}, today)
        for life in lives
        if chosen.holds(life)
        for row in rows(life)
    )
    return _in_order(request for request in listed if not states or request.state in states)


def _in_order(listed: Iterable[OpenRequest]) -> list[OpenRequest]:
    return sorted(
        listed,
        key=lambda request: (request.due is None, request.due or "", request.case, request.version),
    )


def request_of(row: dict[str, Any], today: date) -> OpenRequest:
    """A row of a request with what names its case, its days counted to a day."""
    due = date.fromisoformat(row["due"]) if row["due"] else None
    left, overdue = days_to_respond(row["state"], due, today)
    listed = {name: value for name, value in row.items() if name not in _OF_A_CASE}
    listed["late"] = listed["late"] if due else None
    return OpenRequest(case=listed.pop("case_id"), left=left, overdue=overdue, **listed)
