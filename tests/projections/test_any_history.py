"""What holds for every history, whatever anybody did in whatever order, dated however they liked.

Commands are made at random and put to the front door; what it accepts is the history. Every history
has a number that makes it again. `--hypothesis-profile explore` looks at many more of them.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from random import Random
from typing import NamedTuple, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.codec import decode, encode, link
from ledger.commands import (
    AdjustScore,
    ClaimBonus,
    ClaimScore,
    Command,
    CommandEnvelope,
    ConfirmScore,
    CorrectResult,
    CountersignAdjustment,
    IssueResult,
    RecogniseBonus,
    RecordPenalty,
    RefuseBonus,
    RestateClaim,
    RestateFigure,
    ReturnSubmission,
    SendDraft,
    SubmitFigure,
    SubmitSelfEvaluation,
    WithdrawAdjustment,
    WithdrawFigure,
)
from ledger.envelope import RecordedEvent
from ledger.ledger import EnvelopeRefused, Ledger
from ledger.values import Figure
from projections.as_of import CaseAsOf, at
from projections.bridge import bridge
from projections.replay import replay
from projections.score_sheet import Baseline, score_sheet, standing
from tests.support.small_case import (
    CASE,
    CLAIMED,
    ISSUED,
    OPENED,
    REVIEWED,
    SMALL,
    SUBMITTED,
    Story,
)
from tests.support.specification import Memory, editions, moment, told

pytestmark = pytest.mark.slow

ROWS = [row.id for row in SMALL.indicators]
ITEMS = ["flag", "letter", "medal"]
STARTS = [SUBMITTED, SUBMITTED, REVIEWED, REVIEWED, ISSUED, CLAIMED, OPENED]


class Chance:
    """Somebody who asks for anything at all, always in the same way for the same number."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - a story, no secret

    def start(self) -> Story:
        return self._random.choice(STARTS)

    def day(self) -> date:
        return date(2024, 8, 1) + timedelta(self._random.randrange(6))

    def steps(self) -> Story:
        somebody = [self._unit, self._agency, self._agency, self._agency, self._bureau]
        steps: list[tuple[str, Command, date]] = []
        for _ in range(self._random.randrange(4, 16)):
            account, command = self._random.choice(somebody)()
            steps.append((account, command, self.day()))
        if self._random.random() < 1 / 2:
            steps += [(account, command, self.day()) for account, command in self._completion()]
        for _ in range(self._random.randrange(4)):
            steps.append((*self._bureau(), self.day()))
        return tuple(steps)

    def _unit(self) -> tuple[str, Command]:
        wishes: list[Command] = [
            ClaimScore(indicator=self._row(), score=self._score()),
            ClaimBonus(item=self._item(), title="表彰", points=self._points()),
            SubmitFigure(figure=self._figure()),
            WithdrawFigure(figure="spent", reason="误"),
            SubmitSelfEvaluation(),
        ]
        return "filer", self._random.choice(wishes)

    def _agency(self) -> tuple[str, Command]:
        row, item, words = self._row(), self._item(), self._words()
        adjust = AdjustScore(indicator=row, award=self._score(), justification="x", ground=words)
        restated = self._random.choice([row, "commendation"])
        wishes: list[Command] = [
            adjust,
            adjust,
            ConfirmScore(indicator=row, justification=words, ground=words),
            WithdrawAdjustment(indicator=row, reason="误"),
            CountersignAdjustment(indicator=row),
            RecogniseBonus(item=item, points=self._points(), justification="x"),
            RefuseBonus(item=item, justification="x"),
            RecordPenalty(item=item, title="迟", points=self._points(), justification="x"),
            RestateClaim(indicator=restated, score=self._points(), reason="x"),
            RestateFigure(figure=self._figure(), reason="x"),
        ]
        return self._random.choice(["reviewer", "lead"]), self._random.choice(wishes)

    def _bureau(self) -> tuple[str, Command]:
        wishes: list[Command] = [
            ReturnSubmission(reason="缺附件"),
            SendDraft(),
            IssueResult(printed_total=self._score(), difference="据实"),
            CorrectResult(
                number="1号", indicator=self._row(), award=self._score(), justification="x"
            ),
        ]
        return "clerk", self._random.choice(wishes)

    def _completion(self) -> list[tuple[str, Command]]:
        """Enough to issue by, so that histories reach their end and go on from there."""
        award = AdjustScore(indicator="plan", award=self._score(), justification="x", ground="x")
        return [
            ("reviewer", award),
            *(("lead", WithdrawAdjustment(indicator=row, reason="误")) for row in ROWS[1:]),
            *(
                ("reviewer", ConfirmScore(indicator=row, justification="x", ground="x"))
                for row in ROWS
            ),
            *(("reviewer", RefuseBonus(item=item, justification="x")) for item in ITEMS),
            *(
                (account, CountersignAdjustment(indicator=row))
                for account in ("lead", "reviewer")
                for row in ROWS
            ),
            ("clerk", IssueResult(printed_total=Decimal(0), difference="据实")),
        ]

    def _row(self) -> str:
        return self._random.choice(ROWS)

    def _item(self) -> str:
        return self._random.choice(ITEMS)

    def _words(self) -> str:
        return self._random.choice(["", " ", "有依据"])

    def _points(self) -> Decimal:
        return Decimal(self._random.choice(["0", "0.5", "1.5", "2", "3", "1.23", "1.005"]))

    def _score(self) -> Decimal:
        return Decimal(self._random.randrange(-100, 3100)).scaleb(-2)

    def _figure(self) -> Figure:
        value = self._random.choice([None, str(self._random.randrange(300))])
        figure = self._random.choice(["spent", "budget"])
        return Figure(id=figure, indicator="spending", name="金额", value=value)


class Drawn(NamedTuple):
    """A history, and how many acts the front door refused on the way."""

    events: list[RecordedEvent]
    refused: int


@cache
def history_number(seed: int) -> Drawn:
    """A history of the small case that the front door let happen."""
    chance = Chance(seed)
    ledger = Ledger(Memory(told(chance.start())))
    refused = 0
    for number, (account, command, dated) in enumerate(chance.steps()):
        act = CommandEnvelope(
            case=CASE,
            by=account,
            dated=dated,
            id=f"any-{number}",
            command=command,
            confirmed_dates=(dated,),
        )
        try:
            ledger.handle([act], moment(60 + number))
        except EnvelopeRefused:
            refused += 1
    return Drawn([*ledger.history(CASE)], refused)


HISTORIES = st.integers(0, settings().max_examples - 1).map(
    lambda seed: history_number(seed).events
)


@st.composite
def points(draw: st.DrawFn, events: list[RecordedEvent]) -> CaseAsOf:
    """Any point of a history at which a rubric was pinned."""
    label = draw(
        st.integers(2, len(events)).map("v{}".format)
        | st.integers(0, 5).map(lambda day: str(date(2024, 8, 1) + timedelta(day)))
        | st.integers(2, 90).map(lambda minute: f"recorded:{moment(minute)}")
        | st.just("final")
    )
    return at(events, editions(), label)


@pytest.mark.parametrize("baseline", get_args(Baseline))
@given(events=HISTORIES, data=st.data())
def test_between_any_two_points_the_steps_add_up(
    events: list[RecordedEvent], data: st.DataObject, baseline: Baseline
) -> None:
    for _ in range(3):
        found = bridge(data.draw(points(events)), data.draw(points(events)), baseline)
        deltas = [step.after - step.before for step in found.steps]

        assert found.residual == 0
        assert [step.delta for step in found.steps] == deltas
        assert sum(deltas) == found.end.total - found.start.total
        assert found.up + found.down == sum(deltas)
        assert found.raised + found.lowered + found.following == sum(deltas)
        assert all(delta != 0 for delta in deltas)
        assert found.up >= 0 >= found.down


@given(events=HISTORIES, data=st.data())
def test_no_score_moves_without_an_event(events: list[RecordedEvent], data: st.DataObject) -> None:
    for _ in range(3):
        found = bridge(data.draw(points(events)), data.draw(points(events)))

        assert all(step.events for step in found.steps)


@given(events=HISTORIES, data=st.data())
def test_back_and_forth_cancel_and_a_detour_changes_nothing(
    events: list[RecordedEvent], data: st.DataObject
) -> None:
    first, second, third = (data.draw(points(events)) for _ in range(3))

    def moved(start: CaseAsOf, end: CaseAsOf) -> Decimal:
        return sum((step.delta for step in bridge(start, end).steps), Decimal(0))

    assert moved(first, second) == -moved(second, first)
    assert moved(first, second) + moved(second, third) == moved(first, third)


@given(events=HISTORIES)
def test_a_replay_and_the_standing_total_agree_at_every_version(
    events: list[RecordedEvent],
) -> None:
    frames = list(replay(at(events, editions())))

    for frame in frames[1:]:
        point = at(events, editions(), f"v{frame.version}")
        assert frame.total_after == standing(point).totals.total
    for earlier, later in pairwise(frames):
        assert earlier.total_after == later.total_before


@given(events=HISTORIES)
def test_once_every_row_is_awarded_the_replay_ends_at_the_sheet(
    events: list[RecordedEvent],
) -> None:
    sheet = score_sheet(at(events, editions()))
    last = list(replay(at(events, editions())))[-1]

    assert sheet is not None
    if sheet.stage == "issued":
        assert sheet.award.pending == 0
        assert last.total_after == sheet.award.total


@given(events=HISTORIES, data=st.data())
def test_a_sheet_does_not_depend_on_what_came_later(
    events: list[RecordedEvent], data: st.DataObject
) -> None:
    last = data.draw(st.integers(2, len(events)))
    then = score_sheet(at(events[:last], editions()))
    now = score_sheet(at(events, editions(), f"v{last}"))

    assert then is not None
    assert now is not None
    assert (then.indicators, then.claim, then.award) == (now.indicators, now.claim, now.award)


@given(events=HISTORIES, data=st.data())
def test_scores_stay_within_their_rows_and_totals_within_the_cap(
    events: list[RecordedEvent], data: st.DataObject
) -> None:
    sheet = score_sheet(data.draw(points(events)))

    assert sheet is not None
    for row in sheet.indicators:
        for score in (row.claim, row.award, row.rule_lowest, row.rule_highest):
            assert score is None or 0 <= score <= row.weight
    for column in (sheet.claim, sheet.award):
        totals = column
        assert 0 <= totals.total <= SMALL.cap
        assert totals.raw == totals.base + totals.bonus - totals.penalty
        assert totals.total == totals.raw - totals.cap_loss


@given(events=HISTORIES)
def test_a_history_is_a_chain_of_bytes_that_are_read_back_as_they_were(
    events: list[RecordedEvent],
) -> None:
    last = None
    for number, recorded in enumerate(events, start=1):
        assert recorded.version == number
        assert recorded.prev == link(last)
        assert encode(recorded) == recorded.entry
        assert decode(recorded.entry, recorded.position) == recorded
        last = recorded


@pytest.mark.parametrize(
    "kind",
    [
        "ScoreClaimed",
        "BonusClaimed",
        "SubmissionReturned",
        "FigureRestated",
        "ClaimRestated",
        "ScoreConfirmed",
        "ScoreAdjusted",
        "AdjustmentCountersigned",
        "AdjustmentWithdrawn",
        "BonusRecognised",
        "BonusRefused",
        "PenaltyRecorded",
        "ResultIssued",
        "ResultCorrected",
    ],
)
def test_the_histories_are_worth_asking(kind: str) -> None:
    """If every random command were refused, all the tests above would pass."""
    drawn = [history_number(seed) for seed in range(settings().max_examples)]
    told_anyway = max(len(story) for story in STARTS)
    met = [one for one in drawn if any(event.type == kind for event in one.events)]

    assert len(met) >= 3
    assert sum(one.refused for one in drawn) >= 100
    assert max(len(one.events) for one in drawn) > told_anyway
