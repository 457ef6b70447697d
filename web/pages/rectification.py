"""Objections, appeals, rectification (意见、申诉与整改): what was asked and answered, by when."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from application.page_of_list import cases_of
from ledger.envelope import RecordedEvent
from ledger.events import (
    AppealDecided,
    AppealOutcome,
    ObjectionAnswered,
    ObjectionOutcome,
    ObjectionRaised,
)
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf
from projections.case_summary import case_summary
from projections.change_log import ChangeLogRow, change_log
from projections.facts import reader_of
from projections.listed import AppealSummary, RectificationStatus
from projections.rectification_status import late_responses, rectification
from projections.rubric_view import row_names
from projections.work_list import appeals
from web.desk import Desk
from web.pages.acting import ways_now

OF_APPEALS = ("lodge-appeal", "decide-appeal", "withdraw-appeal")
OF_REQUESTS = (
    *("request-rectification", "respond-rectification", "return-rectification"),
    *("accept-rectification", "extend-deadline"),
)
OF_OBJECTIONS = ("raise-objection", "answer-objection")


class ContestedRow(NamedTuple):
    """A row or an item as it was contested, and what became of it.

    Attributes:
        by: the event that made the award, which stays the one that is contested.
        award: that it made.
        ruled: what the decision awards instead; `None` where it leaves it.
        current: the award in force; `None` for an item.
    """

    indicator: IndicatorId
    name: str
    by: RecordedEvent | None
    award: Decimal
    ruled: Decimal | None
    current: Decimal | None


class ShownAppeal(NamedTuple):
    """An appeal with all that was recorded about it.

    Attributes:
        outcome: of its decision; `None` before that, or where it was withdrawn.
        again: whether it contests what the decision of an earlier appeal has awarded.
    """

    appeal: AppealSummary
    rows: list[ContestedRow]
    outcome: AppealOutcome | None
    again: bool
    said: list[ChangeLogRow]


SUBMIT: Final = "submit-figure"

NEXT_CASES: Final = 10
"""Later cases that the page leads to."""


class ShownObjection(NamedTuple):
    """An objection to the draft with its answer."""

    raised: RecordedEvent
    event: ObjectionRaised
    name: str
    outcome: ObjectionOutcome | None
    said: list[ChangeLogRow]


class ShownRequest(NamedTuple):
    """A request for rectification with all that was recorded about it."""

    request: RectificationStatus
    said: list[ChangeLogRow]


def page(desk: Desk) -> Response:
    """What was contested and what was asked for in a case."""
    now, point = desk.now, desk.point()
    log = point.made(change_log)
    return desk.case_page(
        "rectification.html",
        now,
        point=point,
        objections=list(_objections(point, log)),
        appeals=[_appeal(point, log, appeal) for appeal in appeals(point)],
        requests=[
            ShownRequest(request, _said(log, point, "request", request.request))
            for request in rectification(point, desk.today)
        ],
        ways={
            "objections": ways_now(desk, now.case, OF_OBJECTIONS),
            "appeals": ways_now(desk, now.case, OF_APPEALS),
            "requests": ways_now(desk, now.case, OF_REQUESTS),
        },
        reader=reader_of(point, desk.language),
        late=late_responses(point, desk.today),
        next_forms=_next_forms(desk, point),
    )


def _next_forms(desk: Desk, point: CaseAsOf) -> list[tuple[str, str]]:
    """The later cases that the account still fills in: names, and the form with the outcome in it.

    How a unit has put things right is a figure of its next evaluation.
    """
    this, late = case_summary(point.case), late_responses(point, desk.today)
    if "unit" not in desk.account.roles or not point.case.rectifications:
        return []
    found = cases_of(
        desk.store, desk.reading, desk.today, desk.account, stage="open", limit=NEXT_CASES
    )
    filled = urlencode(late)
    return [
        (f"{one.unit or one.case} {one.year or ''}", f"/cases/{one.case}/acts/{SUBMIT}?{filled}")
        for one in found
        if (one.year or 0) > (this.year or 0)
    ]


def _appeal(point: CaseAsOf, log: list[ChangeLogRow], appeal: AppealSummary) -> ShownAppeal:
    made = {event.version: event for event in point.history}
    decided = next(
        (
            event.event
            for event in point.history
            if isinstance(event.event, AppealDecided) and event.event.appeal == appeal.appeal
        ),
        None,
    )
    ruled = (
        {ruling.item or ruling.indicator: ruling.award for ruling in decided.rulings}
        if decided
        else {}
    )
    rows = [
        ContestedRow(
            contested.indicator,
            _name(point, contested.indicator, contested.item),
            made.get(contested.version),
            contested.award,
            ruled.get(contested.name),
            None if contested.item else point.case.awarded.get(contested.indicator),
        )
        for contested in appeal.contests
    ]
    again = any(row.by and isinstance(row.by.event, AppealDecided) for row in rows)
    said = _said(log, point, "appeal", appeal.appeal)
    return ShownAppeal(appeal, rows, decided.outcome if decided else None, again, said)


def _objections(point: CaseAsOf, log: list[ChangeLogRow]) -> Iterable[ShownObjection]:
    answers = {
        event.event.objection: event.event.outcome
        for event in point.history
        if isinstance(event.event, ObjectionAnswered)
    }
    for raised in point.history:
        if isinstance(event := raised.event, ObjectionRaised):
            name = _name(point, event.indicator, event.item)
            said = _said(log, point, "objection", event.objection)
            yield ShownObjection(raised, event, name, answers.get(event.objection), said)


def _said(log: list[ChangeLogRow], point: CaseAsOf, kind: str, name: str) -> list[ChangeLogRow]:
    """The rows of the log about an objection, an appeal or a request: one for each event."""
    about = {event.version for event in point.history if getattr(event.event, kind, None) == name}
    return list({row.version: row for row in reversed(log) if row.version in about}.values())[::-1]


def _name(point: CaseAsOf, indicator: IndicatorId, item: str | None) -> str:
    return item or row_names(point.rubric).get(indicator, indicator)
