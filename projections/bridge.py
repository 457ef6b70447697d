"""The bridge (得分变动): the steps from one score to another, each traced to its events.

Rows in the rubric's order, then the effects on the totals: rows left out, nested scales, bonus,
penalty, cap, a grade below the unit's own. The steps add up exactly: the residual is 0 between any
two points of any case. What adds up is asked of the rubric; nothing is added here but the
differences themselves, to show that they leave no rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal, assert_never

from msgspec import Struct

from ledger import terms
from ledger.events import DocumentRegistered, ReasonAmended
from ledger.language import Say, Text, counted, speaker
from ledger.moves import Move
from ledger.rubric import Rubric, TotalsPart
from ledger.standard_totals import StandardTotals, in_words
from ledger.values import AccountId, DocumentId, IndicatorId, Sha256
from projections import formatting
from projections.as_of import CaseAsOf
from projections.change_log import SCORES, evidence_of, justification_of
from projections.facts import NOT_FOR_PEOPLE, Facts, Reader, facts_of, run_on, written
from projections.provenance import CitedPlace, cited_places, remarks
from projections.score_sheet import (
    Baseline,
    CurrentScores,
    by_standard,
    review_table,
    standing,
)

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
FOLLOWS: Final[Mapping[str, Text]] = {
    "rebase": Text(
        "不适用项的分值摊到其余各项", "the weight of excluded rows is spread over the others"
    ),
    "scale": Text("各分块按百分比计入总分", "each block counts its percentage"),
    "cap": Text("总分上限随之松动或收紧", "the cap deducts less or more from the new sum"),
    "grade-drop": Text("等级低于单位自评等级", "the grade is below the unit's own"),
}
"""Parts that no event moves by itself, and why they move: they follow from the scores."""


class StepEvent(Struct, frozen=True, kw_only=True):
    """An event that moved a part; `by` is the account, `evidence` the digests that it cites.

    Attributes:
        ground: why the rule's own result was not taken.
        facts: everything that the event says, as far as the part is concerned.
    """

    version: int
    type: str
    dated: date
    by: AccountId
    justification: str | None
    ground: str | None
    clause: str | None
    facts: Facts
    evidence: tuple[Sha256, ...]
    cites: tuple[CitedPlace, ...]
    transcriber_note: str | None
    undocumented: bool

    def in_words(self, reader: Reader) -> str:
        """Its statement, apart from the scores, and the transcriber's note."""
        columns = NOT_FOR_PEOPLE.keys() | SCORES | {"rulings.indicator"}
        facts = [fact for fact in self.facts if fact.field not in columns]
        lines = written(self.type, facts, reader)
        notes = [f"[{line}]" for line in remarks(self, speaker(reader.language))]
        return " ".join([run_on(lines, reader.language), *notes]).strip()


class BridgeStep(Struct, frozen=True, kw_only=True):
    """One step of the bridge.

    Attributes:
        absent: the end at which a row has no score yet: nobody gave it the 0 that is counted.
        before: what the part counted before, as a signed part of the total.
        after: what it counts after.
        events: those between the two points that moved it, or amended the reason why.
    """

    kind: Kind
    indicator: IndicatorId | None
    before: Decimal
    after: Decimal
    delta: Decimal
    absent: Literal["before", "after"] | None
    events: tuple[StepEvent, ...]

    @property
    def ends(self) -> tuple[Decimal | None, Decimal | None]:
        """What the part counted before and counts after; `None` for a row without a score."""
        return (
            None if self.absent == "before" else self.before,
            None if self.absent == "after" else self.after,
        )

    def name_in(self, rubric: Rubric | None) -> Text:
        """What moved, in words."""
        if self.indicator is None:
            return terms.STEPS[self.kind]
        row = rubric.by_id.get(self.indicator) if rubric else None
        if row is None:
            return Text(self.indicator, self.indicator)
        name = row.path[-1]
        return Text(f"{name}（{self.indicator}）", f"{name} ({self.indicator})")

    def event_versions(self, say: Say) -> str:
        """The events that moved it, as points in time: `v57`."""
        if self.kind in FOLLOWS:
            return say("以上各步", "the steps above")
        return " ".join(f"v{event.version}" for event in self.events)

    def why(self, reader: Reader) -> str:
        """Why it moved: what each event says of it, after its version where there are several."""
        say = speaker(reader.language)
        if self.kind in FOLLOWS:
            return say(*FOLLOWS[self.kind])
        said = [event.in_words(reader) for event in self.events]
        if len(said) > 1:
            said = [
                f"v{event.version} {words}" for event, words in zip(self.events, said, strict=True)
            ]
        return run_on(said, reader.language)


class BridgeEnd(Struct, frozen=True):
    """One end of a bridge: how the point or baseline is called, and its standing total.

    Attributes:
        total: 0 where there is none yet, so that the steps add up; `given` says whether there is.
    """

    label: str
    total: Decimal
    given: bool

    @property
    def shown(self) -> str:
        """The total as people are shown it: missing is not zero."""
        return str(self.total) if self.given else formatting.NOTHING


class Bridge(Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """The steps from one standing score to another.

    Attributes:
        up: what the steps that raise the total add up to.
        down: what the steps that lower it add up to, negative.
        raised: as `up`, of what somebody raised: indicators, bonus and penalty.
        lowered: as `down`, of what somebody lowered.
        following: what the steps add up to that follow from those.
        residual: what the steps leave unexplained; 0 unless the record is broken.
        standard: what the standard gives in sum where the bridge ends.
    """

    case: str
    start: BridgeEnd
    end: BridgeEnd
    steps: tuple[BridgeStep, ...]
    up: Decimal
    down: Decimal
    raised: Decimal
    lowered: Decimal
    following: Decimal
    residual: Decimal
    standard: StandardTotals

    def in_words(self, rubric: Rubric | None) -> list[Text]:
        """The sum of the steps, and what the standard gives at their end."""
        ends, count = f"{self.start.shown} → {self.end.shown}", len(self.steps)
        up, down, following = f"{self.raised:+f}", f"{self.lowered:+f}", f"{self.following:+f}"
        follows = self.following != 0
        said = [
            Text(
                f"{ends}，共 {count} 步：上调 {up}，下调 {down}，"
                f"{f'随之变动 {following}，' if follows else ''}未解释差额 {self.residual}",
                f"{ends} in {counted(count, 'step')}: up {up}, down {down},"
                f"{f' following from these {following},' if follows else ''}"
                f" residual {self.residual}",
            )
        ]
        if rubric and self.standard.given is not None:
            said.append(in_words(self.standard, rubric, "award"))
        return said


def bridge(start: CaseAsOf, end: CaseAsOf, baseline: Baseline = "claims") -> Bridge:
    """The steps between two points of one case, in either direction.

    Args:
        start: where from.
        end: where to.
        baseline: `claims` starts from the current score at `start`; `review-table` from the self
            column that the review printed, as known at `end`.

    Raises:
        Invalid: no rubric was pinned by one of the points.
    """
    before, after = _ends(start, end, baseline)
    between = _between(start, end)
    of_rows = _of_rows(between)
    documents = start.case.documents | end.case.documents
    zero = _zero(after)
    steps = tuple(
        BridgeStep(
            kind=kind,
            indicator=indicator,
            before=was,
            after=becomes,
            delta=becomes - was,
            absent=_absent(indicator, before, after),
            events=tuple(
                _event(move, indicator, documents)
                for move in (between if indicator is None else of_rows.get(indicator, ()))
                if _moved(move, kind, indicator)
            ),
        )
        for kind, indicator, was, becomes in _moved_parts(start, end, before, after)
    )
    deltas = [step.delta for step in steps]
    made = [step.delta for step in steps if step.kind not in FOLLOWS]
    up = sum((delta for delta in deltas if delta > 0), zero)
    down = sum((delta for delta in deltas if delta < 0), zero)
    return Bridge(
        case=next((recorded.case for recorded in (*end.history, *start.history)), ""),
        start=BridgeEnd(before.label, before.totals.total, before.totals.given),
        end=BridgeEnd(after.label, after.totals.total, after.totals.given),
        steps=steps,
        up=up,
        down=down,
        raised=sum((delta for delta in made if delta > 0), zero),
        lowered=sum((delta for delta in made if delta < 0), zero),
        following=sum(deltas, zero) - sum(made, zero),
        residual=_unexplained(before, after, deltas),
        standard=end.made(by_standard),
    )


def residual(start: CaseAsOf, end: CaseAsOf, baseline: Baseline = "claims") -> Decimal:
    """What the steps between two points leave unexplained; 0 unless the record is broken.

    It is that of `bridge`, without looking for the events of the steps.

    Raises:
        Invalid: no rubric was pinned by one of the points.
    """
    before, after = _ends(start, end, baseline)
    parts = _moved_parts(start, end, before, after)
    return _unexplained(before, after, (becomes - was for _, _, was, becomes in parts))


def _ends(
    start: CaseAsOf, end: CaseAsOf, baseline: Baseline
) -> tuple[CurrentScores, CurrentScores]:
    before = standing(start) if baseline == "claims" else review_table(end)
    return before, standing(end)


def _zero(scores: CurrentScores) -> Decimal:
    """Nothing, in the scale of the rubric."""
    return scores.totals.total - scores.totals.total


def _moved_parts(
    start: CaseAsOf, end: CaseAsOf, before: CurrentScores, after: CurrentScores
) -> Iterator[tuple[Kind, IndicatorId | None, Decimal, Decimal]]:
    """The parts of a total that differ, each with what it counts before and after."""
    zero, new = _zero(after), after.totals.lines()
    for row in _rows(start, end):
        was, becomes = before.scores.get(row, zero), after.scores.get(row, zero)
        if was != becomes:
            yield "indicator", row, was, becomes
    for part, was in before.totals.lines().items():
        if was != new[part]:
            yield KINDS[part], None, was, new[part]


def _unexplained(before: CurrentScores, after: CurrentScores, deltas: Iterable[Decimal]) -> Decimal:
    return after.totals.total - before.totals.total - sum(deltas, _zero(after))


def _absent(
    indicator: IndicatorId | None, before: CurrentScores, after: CurrentScores
) -> Literal["before", "after"] | None:
    """The end at which a row has no score."""
    if indicator is None or indicator in before.scores.keys() & after.scores.keys():
        return None
    return "before" if indicator in after.scores else "after"


def _event(
    move: Move,
    indicator: IndicatorId | None,
    documents: Mapping[DocumentId, DocumentRegistered],
) -> StepEvent:
    recorded, event = move.recorded, move.recorded.event
    return StepEvent(
        version=recorded.version,
        type=recorded.type,
        dated=recorded.dated,
        by=recorded.by.account,
        justification=justification_of(event),
        ground=getattr(event, "ground", None) or None,
        clause=getattr(event, "clause", None) or None,
        facts=facts_of(event, move.changes, indicator),
        evidence=evidence_of(event),
        cites=cited_places(event, documents),
        transcriber_note=event.transcriber_note or None,
        undocumented=event.undocumented,
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
    before, after = ({event.version for event in point.history} for point in (start, end))
    between = [move for move in end.moves if move.recorded.version not in before]
    if before <= after:
        return between
    between += [move for move in start.moves if move.recorded.version not in after]
    return sorted(between, key=lambda move: move.recorded.version)


def _of_rows(between: Sequence[Move]) -> dict[IndicatorId, list[Move]]:
    """The moves that are about each row or change something of it, in their order."""
    found: dict[IndicatorId, list[Move]] = {}
    for move in between:
        for row in {*move.changes.indicators, *move.rows}:
            found.setdefault(row, []).append(move)
    return found


def _moved(move: Move, kind: Kind, indicator: IndicatorId | None) -> bool:
    """Whether an event moved a part. What follows from scores moves with all that moves one."""
    changes, event = move.changes, move.recorded.event
    # What a move rests on reads as it was amended, after what it was at first.
    amended = event if isinstance(event, ReasonAmended) else None
    repinned = changes.case is not None and changes.case.before.pinned != changes.case.after.pinned
    match kind:
        case "indicator":
            moved = indicator is not None and changes.moves(indicator) is not None
            return moved or bool(amended and indicator in move.rows)
        case "bonus" | "penalty":
            said = amended and amended.item and amended.penalty == (kind == "penalty")
            return repinned or bool(said) or changes.moves_items(kind)
        case "rebase" | "scale":
            return repinned or changes.moves_any
        case "cap" | "grade-drop":
            items = changes.moves_items("bonus") or changes.moves_items("penalty")
            return repinned or items or changes.moves_any
        case _:
            assert_never(kind)
