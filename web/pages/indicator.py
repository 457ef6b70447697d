"""One indicator (指标): standard, figures and rule next to what was recorded about it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final, NamedTuple

from starlette.responses import Response

from projections.as_of import FINAL
from projections.change_log import ChangeLogRow
from projections.explanation import explain
from projections.facts import reader_of
from projections.rubric_view import row_names
from projections.score_sheet import pinned
from web.desk import Desk
from web.pages.acting import ways_now
from web.pages.row_beside import cited, last_year_of
from web.pages.sheet import moved_later

OF_A_ROW: Final = (
    "confirm-score",
    "adjust-score",
    "exclude-indicator",
    "countersign-adjustment",
    "withdraw-adjustment",
    "claim-score",
    "raise-objection",
)
"""Commands that begin at a row."""


class StatedValue(NamedTuple):
    """What a figure was said to be, and in which version."""

    version: int
    value: str | None
    unit: str


def page(desk: Desk) -> Response:
    """The indicator at a point, with its history as a conversation."""
    now, point = desk.now, desk.point()
    row = desk.request.path_params["row"]
    explained = explain(point, row)
    order = [indicator.id for indicator in pinned(point).indicators]
    place = order.index(row)
    files = cited(explained.moves)
    wanted = desk.request.query_params.get("view")
    return desk.case_page(
        "indicator.html",
        now,
        point=point,
        explained=explained,
        name=row_names(point.rubric)[row],
        reader=reader_of(point, desk.language),
        excluded=row in point.case.excluded,
        place=place + 1,
        count=len(order),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
        ways=ways_now(desk, point.case, OF_A_ROW) if desk.label == FINAL else [],
        thread=_said(explained.moves),
        stated=stated(explained.moves),
        files=files,
        shown=next((file for file in files if file.sha256 == wanted), None),
        erased=point.case.erased,
        last_year=last_year_of(desk, point),
        later=row in moved_later(now, point),
    )


def stated(moves: Iterable[ChangeLogRow]) -> dict[str, list[StatedValue]]:
    """What each figure was said to be, oldest first; repetitions are left out."""
    values: dict[str, list[StatedValue]] = {}
    for move in moves:
        if move.figure:
            said = values.setdefault(move.figure.id, [])
            if not said or said[-1].value != move.figure.after:
                said.append(StatedValue(move.version, move.figure.after, move.figure.unit or ""))
    return values


def _said(moves: Iterable[ChangeLogRow]) -> list[list[ChangeLogRow]]:
    """What was said, one after another; figures that somebody states on one day are together."""

    def turn(move: ChangeLogRow) -> tuple[object, ...]:
        alone = move.version if move.figure is None else 0
        return (alone, move.type, move.by, move.dated)

    return [list(said) for _, said in groupby(moves, turn)]
