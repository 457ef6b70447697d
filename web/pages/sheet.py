"""The score sheet (得分表) of a case, at any point of its life."""

from collections import Counter
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from application.next_year import next_case
from ledger.envelope import RecordedEvent
from ledger.language import Text
from ledger.moves import Move
from ledger.terms import EVENTS
from ledger.values import IndicatorId, Invalid
from projections.as_of import STAGE_EVENTS, CaseAsOf
from projections.rubric_view import row_names
from projections.score_sheet import by_standard_in_words, only, score_sheet
from web.desk import Desk
from web.pages.acting import ways_outside_cases
from web.pages.row_beside import last_year_of
from web.typed import as_typed


class Stop(NamedTuple):
    """Where the slider stops: the last event of a command that moved a score or the stage."""

    version: int
    named: Text


def page(desk: Desk) -> Response:
    """The sheet with the slider, and a mark at each row that moved later."""
    now, point = desk.now, desk.point()
    sheet, deciders = point.made(score_sheet), desk.request.query_params.getlist("by")
    found = now.made(stops)
    return desk.case_page(
        "sheet.html",
        now,
        point=point,
        sheet=sheet,
        rows=only(sheet, deciders).indicators if sheet and deciders else sheet and sheet.indicators,
        counted=Counter(row.decided_by for row in sheet.indicators if row.decided_by)
        if sheet
        else {},
        names=row_names(point.rubric),
        deciders=deciders,
        typed=as_typed(point.label, desk.zone),
        later=moved_later(now, point),
        stops=found,
        shown=stop_at(point.history[-1]) if point.history else None,
        at_stop=sum(stop.version <= point.version for stop in found) - 1,
        reached=now.made(reached),
        last_year=last_year_of(desk, point),
        next_year=now.made(_next_year) if ways_outside_cases(desk, "open-case") else "",
        words=by_standard_in_words(sheet, point.rubric) if sheet and point.rubric else [],
    )


def _next_year(now: CaseAsOf) -> str:
    """What the form of the next case is filled in with; empty where there is no rubric yet."""
    try:
        found = next_case(now)
    except Invalid:
        return ""
    opening = found.commands[0]
    return urlencode({name: value for name, value in opening.items() if name != "do"})


def reached(point: CaseAsOf) -> list[str]:
    """The stages that a case has reached, by their labels."""
    return [
        label
        for label, kind in STAGE_EVENTS.items()
        if any(isinstance(recorded.event, kind) for recorded in point.history)
    ]


def stops(point: CaseAsOf) -> list[Stop]:
    """The points at which something moved, oldest first."""
    found: dict[str, Stop] = {}
    for move in point.moves:
        if _moved(move):
            found[move.recorded.command.id] = stop_at(move.recorded)
    return list(found.values())


def stop_at(recorded: RecordedEvent) -> Stop:
    """An event as the slider names it."""
    at, title = f"v{recorded.version} {recorded.dated}", EVENTS[recorded.type]
    return Stop(recorded.version, Text(f"{at} {title.zh}", f"{at} {title.en}"))


def _moved(move: Move) -> bool:
    changes = move.changes
    return bool(
        changes.moves_any
        or changes.moves_items("bonus")
        or changes.moves_items("penalty")
        or (changes.case and changes.case.before.stage != changes.case.after.stage)
    )


def moved_later(now: CaseAsOf, point: CaseAsOf) -> set[IndicatorId]:
    """The rows whose score moved after a point."""
    if point is now:
        return set()
    counted = {recorded.version for recorded in point.history}
    return {row for row, moves in now.made(_moves_of_rows).items() if not moves <= counted}


def _moves_of_rows(point: CaseAsOf) -> dict[IndicatorId, set[int]]:
    """The versions of the events that moved each row."""
    found: dict[IndicatorId, set[int]] = {}
    for move in point.moves:
        for row in move.changes.indicators:
            if move.changes.moves(row):
                found.setdefault(row, set()).add(move.recorded.version)
    return found
