"""Requests for rectification of all cases, with their last days."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct, convert, json
from sqlalchemy import Connection, select

from projections.listed import DaysToRespond, days_to_respond
from projections.portfolio.cases import CASES, CaseFilter, fields_of, with_cases
from projections.portfolio.found_rows import FoundRows
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import (
    case_key,
    count,
    key,
    optional_words,
    table,
    words,
)
from projections.rectification_status import rectification

REQUESTS: Final = table(
    "requests",
    case_key(),
    key("request"),
    count("version"),
    words("requested", "number", "demand", "state"),
    optional_words("due", "due_by"),
    count("responses"),
    optional_words("responded"),
    words("findings", "answers"),
    optional_words("accepted"),
    count("late"),
)
"""One row a request as it is now; the days over are counted when it is read.

`findings` and `answers`, which are versions and days of the responses, are JSON.
"""


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The requests of a case."""
    if not folded.has_time_limits:
        return
    for request in rectification(folded.point, date.min):
        yield (
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


def requests(
    connection: Connection, chosen: CaseFilter, today: date, states: Sequence[str] = ()
) -> list[OpenRequest]:
    """The requests of the chosen cases, those first whose last day comes first."""
    columns = REQUESTS.c
    wanted = (
        select(*fields_of(OpenRequest, REQUESTS))
        .select_from(with_cases(REQUESTS))
        .where(CASES.c.scored == 1, *chosen.conditions())
        .order_by(columns.due.is_(None), columns.due, CASES.c.case_id, columns.version)
    )
    if states:
        wanted = wanted.where(columns.state.in_(states))
    return list(FoundRows(connection, wanted, lambda row: request_of(row, today)))


def request_of(row: dict[str, Any], today: date) -> OpenRequest:
    """A row of a request with what names its case, its days counted to a day."""
    return convert(counted_request(row, today), OpenRequest)


def counted_request(row: dict[str, Any], today: date) -> dict[str, Any]:
    """A row of a request with its days counted to a day."""
    row["left"], row["overdue"] = _days(row["state"], row["due"], today)
    if not row["due"]:
        row["late"] = None
    return row


@lru_cache(2**12)
def _days(state: str, due: str | None, today: date) -> DaysToRespond:
    return days_to_respond(state, date.fromisoformat(due) if due else None, today)
