"""The bridge (得分变动): the steps between two scores; each opens its events and their reasons."""

from decimal import Decimal
from typing import Final, NamedTuple

from starlette.responses import Response

from documents.pictures.axis import axis
from documents.pictures.waterfall import falls, running_totals
from documents.read_lists import STEPS, step_rows
from ledger.language import in_language
from ledger.rubric import Rubric
from projections.as_of import FINAL
from projections.bridge import FOLLOWS, Bridge
from projections.facts import reader_of
from projections.formatting import point_name
from projections.rubric_view import row_names
from projections.score_sheet import pinned
from web import asked
from web.desk import Desk
from web.download import as_csv, wants_csv
from web.pages.sheet import reached, stops

WIDTH: Final = 1000
"""Of the bars, in units of their own picture."""
STUB: Final = 60
"""From 0 to where an axis that leaves numbers out goes on."""


class Bar(NamedTuple):
    """One bar of the bridge.

    Attributes:
        kind: `total`, `up` or `down`.
        start: where it begins, in `WIDTH`ths.
        length: how long it is.
        value: as printed next to it.
        torn: whether it begins at 0 and the axis leaves out what comes next.
    """

    kind: str
    start: str
    length: str
    value: str
    torn: bool


def page(desk: Desk) -> Response:
    """The steps from one point to another."""
    found, whole, given = asked.bridge(desk), desk.now, desk.request.query_params
    reader = reader_of(whole, desk.language)
    if wants_csv(desk):
        return as_csv(desk, f"{desk.case}-bridge", STEPS, step_rows(found, whole.rubric, reader))
    start, end = given.get("from") or "self", given.get("to") or FINAL
    return desk.case_page(
        "bridge.html",
        whole,
        bridge=found,
        bars=_bars(found, desk, pinned(whole)),
        width=WIDTH,
        stub=STUB,
        asked={"from": start, "to": end, "baseline": given.get("baseline") or "claims"},
        starts=points(desk, start),
        ends=points(desk, end),
        opened=given.get("open"),
        follows=FOLLOWS,
        evidence=whole.case.evidence,
        reader=reader,
        names=row_names(pinned(whole)),
        words=found.in_words(whole.rubric),
    )


def points(desk: Desk, asked_for: str) -> list[tuple[str, str]]:
    """Points to choose from, with their names: stages, then the commands that changed a score."""
    now = desk.now
    named = {
        label: point_name(label, desk.language, desk.zone) for label in (*now.made(reached), FINAL)
    }
    for stop in now.made(stops):
        named[f"v{stop.version}"] = in_language(stop.named, desk.language)
    named.setdefault(asked_for, point_name(asked_for, desk.language, desk.zone))
    return list(named.items())


def _bars(found: Bridge, desk: Desk, rubric: Rubric) -> list[Bar]:
    """The bar of each line: the first total, every step, the last total."""
    rows = falls(found, rubric, desk.language, desk.zone)
    scale = axis(running_totals(rows), STUB, WIDTH - STUB)
    return [
        Bar(
            row.kind,
            "0" if row.kind == "total" else _at(min(scale.x(row.start), scale.x(row.end))),
            _at(
                scale.x(row.end)
                if row.kind == "total"
                else abs(scale.x(row.end) - scale.x(row.start))
            ),
            row.value,
            torn=row.kind == "total" and scale.low > 0,
        )
        for row in rows
    ]


def _at(place: Decimal) -> str:
    return f"{place:.1f}"
