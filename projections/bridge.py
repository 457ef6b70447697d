"""The bridge (得分变动): the steps from one score to another, each traced to its events.

Rows in the rubric's order, then what the totals make of them: rows left out, nested scales, bonus,
penalty, cap, a grade below the unit's own. The steps add up exactly: the residual is
0 between any two points of any case. What adds up is asked of the rubric; nothing is added here but
the differences themselves, to show that they leave no rest.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, assert_never

from msgspec import Struct

from ledger.envelope import RecordedEvent
from ledger.moves import Move
from ledger.rubric import TotalsPart
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf
from projections.change_log import evidence_of, justification_of
from projections.score_sheet import Baseline, CurrentScores, review_table, standing

Kind = Literal["indicator", "rebase", "scale", "bonus", "penalty", "cap", "grade-drop"]
KINDS: Final[Mapping[TotalsPart, Kind]] = {
    "rebased": "rebase",
    "scaled": "scale",
    "bonus": "bonus",
    "penalty": "penalty",
    "cap_loss": "cap",
    "grade_drop": "grade-drop",
}
"""What a step that is of no row is called by programs."""
FOLLOWS: Final = frozenset({"rebase", "scale", "cap", "grade-drop"})
"""Parts that no event moves by itself: they follow from the scores."""


class BridgeStep(Struct, frozen=True, kw_only=True):
    """One step of the bridge.

    Attributes:
        before: what the part counted before, as a signed part of the total.
        after: what it counts after.
        events: those between the two points that moved it.
    """

    kind: Kind
    indicator: IndicatorId | None
    before: Decimal
    after: Decimal
    delta: Decimal
    events: tuple[RecordedEvent, ...]


class Bridge(Struct, frozen=True, kw_only=True):
    """The steps from one standing score to another.

    Attributes:
        up: what the steps that raise the total add up to.
        down: what the steps that lower it add up to, negative.
        residual: what the steps leave unexplained; 0 unless the record is broken.
    """

    case: str
    start: CurrentScores
    end: CurrentScores
    steps: tuple[BridgeStep, ...]
    up: Decimal
    down: Decimal
    residual: Decimal


def bridge(start: CaseAsOf, end: CaseAsOf, baseline: Baseline = "claims") -> Bridge:
    """The steps between two points of one case, in either direction.

    Args:
        start: where from.
        end: where to.
        baseline: `claims` starts from the score that stood at `start`; `review-table` from the
            self column that the review printed, as known at `end`.

    Raises:
        Invalid: no rubric was pinned by one of the points.
    """
    before = standing(start) if baseline == "claims" else review_table(end)
    after = standing(end)
    between = _between(start, end)
    zero = after.totals.total - after.totals.total  # in the scale of the rubric
    parts: list[tuple[Kind, IndicatorId | None, Decimal, Decimal]] = [
        ("indicator", row, before.scores.get(row, zero), after.scores.get(row, zero))
        for row in _rows(start, end)
    ]
    new = after.totals.lines()
    parts += [
        (KINDS[part], None, points, new[part]) for part, points in before.totals.lines().items()
    ]
    steps = tuple(
        BridgeStep(
            kind=kind,
            indicator=indicator,
            before=was,
            after=becomes,
            delta=becomes - was,
            events=tuple(move.recorded for move in between if _moved(move, kind, indicator)),
        )
        for kind, indicator, was, becomes in parts
        if was != becomes
    )
    up = sum((step.delta for step in steps if step.delta > 0), zero)
    down = sum((step.delta for step in steps if step.delta < 0), zero)
    return Bridge(
        case=next((one.case for one in (*end.history, *start.history)), ""),
        start=before,
        end=after,
        steps=steps,
        up=up,
        down=down,
        residual=after.totals.total - before.totals.total - up - down,
    )


def _rows(start: CaseAsOf, end: CaseAsOf) -> list[IndicatorId]:
    """The rows in the rubric's order; after them those that only the rubric of `start` had."""
    rows: dict[IndicatorId, None] = {}
    for point in (end, start):
        if rubric := point.rubric:
            rows.update(dict.fromkeys(rubric.by_id))
    return list(rows)


def _between(start: CaseAsOf, end: CaseAsOf) -> list[Move]:
    """What the events did that one point counts and the other does not, in version order."""
    at_start = {move.recorded.version: move for move in start.moves}
    at_end = {move.recorded.version: move for move in end.moves}
    every = {**at_start, **at_end}
    return [every[version] for version in sorted(at_start.keys() ^ at_end.keys())]


def _moved(move: Move, kind: Kind, indicator: IndicatorId | None) -> bool:
    """Whether an event moved a part. What follows from scores moves with all that moves one."""
    changes = move.changes
    repinned = changes.case is not None and changes.case.before.pinned != changes.case.after.pinned
    match kind:
        case "indicator":
            return indicator is not None and changes.moves(indicator) is not None
        case "bonus" | "penalty":
            return repinned or changes.moves_items(kind)
        case "rebase" | "scale":
            return repinned or changes.moves_any
        case "cap" | "grade-drop":
            items = changes.moves_items("bonus") or changes.moves_items("penalty")
            return repinned or items or changes.moves_any
        case _:
            assert_never(kind)


def bridge_json(bridge: Bridge) -> dict[str, object]:
    """The bridge with the stable keys of the command line's contract."""
    return {
        "case": bridge.case,
        "from": {"label": bridge.start.label, "total": str(bridge.start.totals.total)},
        "to": {"label": bridge.end.label, "total": str(bridge.end.totals.total)},
        "steps": [
            {
                "kind": step.kind,
                "indicator": step.indicator,
                "before": str(step.before),
                "after": str(step.after),
                "delta": str(step.delta),
                "events": [
                    {
                        "version": one.version,
                        "type": one.type,
                        "dated": one.dated.isoformat(),
                        "by": one.by.account,
                        "justification": justification_of(one.event),
                        "evidence": list(evidence_of(one.event)),
                    }
                    for one in step.events
                ],
            }
            for step in bridge.steps
        ],
        "up": str(bridge.up),
        "down": str(bridge.down),
        "residual": str(bridge.residual),
    }
