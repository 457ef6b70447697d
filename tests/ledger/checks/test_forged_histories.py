"""Histories that never came in through the front door: the record shows where rules were broken."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.checks import CHECKS, Discrepancy, check_case, name_of, record
from ledger.editions import Editions
from ledger.envelope import REGISTER, Actor, IdempotencyKey, RecordedEvent
from ledger.events import (
    AccountOpened,
    AccountRecused,
    AdjustmentCountersigned,
    BonusRecognised,
    Event,
    FigureSubmitted,
    RegisterEvent,
    ResultCorrected,
    ResultIssued,
    ReviewCommissioned,
    RoleGranted,
    RubricPinned,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
)
from tests.support.clean_case import CASE, figure, ready

OF_THE_RECORD = {name_of(check) for check in CHECKS if check.__module__ == record.__name__} - {
    "refused-by-later-rules",  # of acts that were right in their time, as the other
    "acted-before-recusal",
}
UNIT = Actor(account="filer", role="unit", organisation="the-unit")
STRANGER = Actor(account="stranger", role="reviewer", organisation="other-agency")
LEAD = Actor(account="lead", role="lead-reviewer", organisation="the-agency")
REVIEWER = Actor(account="reviewer", role="reviewer", organisation="the-agency")
NOBODY = Actor(account="nobody", role="reviewer", organisation="the-agency")
CLERK = Actor(account="clerk", role="bureau", organisation="the-bureau")

History = list[RecordedEvent]
Forgery = Callable[[History], History]


@cache
def _genuine() -> tuple[tuple[RecordedEvent, ...], Editions]:
    """The clean case, with one award that differs from the rule, by a clause and countersigned."""
    awards = {"spending": {"award": Decimal(17)}}
    history, editions = ready(awards=awards)
    return tuple(history), editions


def genuine() -> History:
    return list(_genuine()[0])


@cache
def registered() -> tuple[RecordedEvent, ...]:
    """The register that all accounts of these histories stand in, but `NOBODY`."""
    pattern = _genuine()[0][0]
    known = dict.fromkeys([*(one.by for one in genuine()), UNIT, STRANGER, LEAD, REVIEWER, CLERK])
    events: list[RegisterEvent] = []
    for by in known:
        events.append(AccountOpened(account=by.account, organisation=by.organisation))
        events.append(RoleGranted(account=by.account, role=by.role))
    return tuple(
        replace(pattern, case=REGISTER, event=event, position=place)
        for place, event in enumerate(events)
    )


def broken(history: Sequence[RecordedEvent]) -> list[Discrepancy]:
    """What the checks of the record find."""
    found = check_case(history, _genuine()[1], register=registered())
    return [one for one in found if one.check in OF_THE_RECORD]


def renumbered(history: Sequence[RecordedEvent]) -> History:
    """The history without gaps; signatures still name the awards that they sign."""
    now = {one.version: version for version, one in enumerate(history, 1)}
    closed = []
    for version, one in enumerate(history, 1):
        event = one.event
        if isinstance(event, AdjustmentCountersigned):
            event = replace(event, adjustment=now.get(event.adjustment, 0))
        closed.append(replace(one, version=version, event=event))
    return closed


def place(history: Sequence[RecordedEvent], kind: type[Event], indicator: str = "") -> int:
    """Where the last event of a kind stands, of one row where that is given."""
    return max(
        at
        for at, one in enumerate(history)
        if isinstance(one.event, kind)
        and (not indicator or getattr(one.event, "indicator", "") == indicator)
    )


def changed(kind: type[Event], indicator: str = "", **fields: Any) -> Forgery:  # noqa: ANN401 - any field
    """Other content in an event; `by` and `at` change its envelope."""

    def forge(history: History) -> History:
        at = place(history, kind, indicator)
        envelope = {
            name: fields[name] for name in ("by", "at", "version", "case") if name in fields
        }
        content = {name: value for name, value in fields.items() if name not in envelope}
        one = history[at]
        history[at] = replace(one, event=replace(one.event, **content), **envelope)
        return history

    return forge


def without(kind: type[Event], indicator: str = "") -> Forgery:
    """An event that is gone, with the others closed up."""

    def forge(history: History) -> History:
        del history[place(history, kind, indicator)]
        return renumbered(history)

    return forge


def added(event: Event, by: Actor, after: type[Event] = ResultIssued) -> Forgery:
    """An event that is slipped in."""

    def forge(history: History) -> History:
        at = place(history, after)
        key = IdempotencyKey(id="slipped-in", sha256="0" * 64)
        slipped_in = replace(history[at], version=0, by=by, command=key, event=event)
        history.insert(at + 1, slipped_in)
        return renumbered(history)

    return forge


def adjusted(award: str = "9", **fields: Any) -> ScoreAdjusted:  # noqa: ANN401 - any field
    return ScoreAdjusted(
        **{
            "indicator": "economy",
            "before": Decimal("10.00"),
            "award": Decimal(award),
            "justification": "超支",
            "clause": "条款三",
            "ground": "",
            "evidence": (),
            **fields,
        }
    )


CORRECTED = ResultCorrected(
    number="更正1号",
    indicator="economy",
    before=Decimal("10.00"),
    award=Decimal("9.00"),
    justification="笔误",
    clause="",
    evidence=(),
)
BONUS = BonusRecognised(
    item="flag", points=Decimal(1), justification="", clause="条款", evidence=()
)

RECUSED = AccountRecused(account="reviewer", reason="曾在该单位任职")

FORGERIES: dict[str, tuple[str, Forgery, Forgery]] = {
    "an award by an account that was never opened": (
        "not-registered",
        changed(ScoreConfirmed, "goals", by=NOBODY),
        changed(ScoreConfirmed, "goals", by=REVIEWER),
    ),
    "an award by the reviewed unit itself": (
        "not-entitled",
        changed(ScoreAdjusted, by=UNIT),
        changed(ScoreAdjusted, by=REVIEWER),
    ),
    "an award by an agency that was not commissioned": (
        "not-entitled",
        changed(ScoreConfirmed, "goals", by=STRANGER),
        changed(ScoreConfirmed, "goals", by=REVIEWER),
    ),
    "a result issued by the agency": (
        "not-entitled",
        changed(ResultIssued, by=LEAD),
        changed(ResultIssued, by=CLERK),
    ),
    "an adjustment that does not say why": (
        "not-justified",
        changed(ScoreAdjusted, justification=" "),
        changed(ScoreAdjusted, justification="查"),
    ),
    "an award above the weight": (
        "award-off-scale",
        changed(ScoreAdjusted, award=Decimal("20.01")),
        changed(ScoreAdjusted, award=Decimal("17.00")),
    ),
    "an award below nothing": (
        "award-off-scale",
        changed(ScoreAdjusted, award=Decimal("-0.01")),
        changed(ScoreAdjusted, award=Decimal("17.00")),
    ),
    "an award finer than the scale": (
        "award-off-scale",
        changed(ScoreAdjusted, award=Decimal("17.001")),
        changed(ScoreAdjusted, award=Decimal("17.00")),
    ),
    "a claim above the weight": (
        "award-off-scale",
        changed(ScoreClaimed, "economy", score=Decimal("10.01")),
        changed(ScoreClaimed, "economy", score=Decimal("10.00")),
    ),
    "discretion without a clause or a ground": (
        "discretion-unsigned",
        changed(ScoreAdjusted, clause=""),
        changed(ScoreAdjusted, clause="", ground="有说明"),
    ),
    "discretion that nobody else had signed at issue": (
        "discretion-unsigned",
        without(AdjustmentCountersigned, "spending"),
        without(AdjustmentCountersigned, "economy"),
    ),
    "a countersignature by whoever made the award": (
        "signed-by-author",
        changed(AdjustmentCountersigned, "spending", by=REVIEWER),
        changed(AdjustmentCountersigned, "spending", by=LEAD),
    ),
    "an award by an account that was recused before": (
        "recused",
        added(RECUSED, LEAD, SelfEvaluationSubmitted),
        added(replace(RECUSED, account="stranger"), CLERK, SelfEvaluationSubmitted),
    ),
    "an award after the result was issued": (
        "moved-after-issue",
        added(adjusted(), REVIEWER),
        added(CORRECTED, CLERK),
    ),
    "a claim after the result was issued": (
        "moved-after-issue",
        added(
            ScoreClaimed(indicator="economy", score=Decimal(9), justification="", evidence=()), UNIT
        ),
        added(CORRECTED, CLERK),
    ),
    "a figure after the self-evaluation was submitted": (
        "out-of-turn",
        added(FigureSubmitted(figure=figure("late", "goals", "1")), UNIT, SelfEvaluationSubmitted),
        added(FigureSubmitted(figure=figure("late", "goals", "1")), UNIT, ScoreClaimed),
    ),
    "a claim after the self-evaluation was submitted": (
        "out-of-turn",
        added(
            ScoreClaimed(indicator="economy", score=Decimal(9), justification="", evidence=()),
            UNIT,
            SelfEvaluationSubmitted,
        ),
        changed(ScoreClaimed, "economy", score=Decimal("10.00")),
    ),
    "a figure after the result was issued": (
        "out-of-turn",
        added(FigureSubmitted(figure=figure("late", "goals", "1")), UNIT),
        added(CORRECTED, CLERK),
    ),
    "a submission without one of its claims": (
        "incomplete",
        without(ScoreClaimed, "goals"),
        changed(ScoreClaimed, "goals", score=Decimal("30.00")),
    ),
    "a result without one of its awards": (
        "incomplete",
        without(ScoreConfirmed, "goals"),
        changed(ScoreConfirmed, "goals", justification="查过"),
    ),
    "a printed total that nobody explains": (
        "print-unexplained",
        changed(ResultIssued, printed_total=Decimal("97.01"), difference=" "),
        changed(ResultIssued, printed_total=Decimal("97.01"), difference="照印"),
    ),
    "a computed total that the awards do not give": (
        "not-what-rules-give",
        changed(ResultIssued, computed_total=Decimal("98.00")),
        changed(ResultIssued, computed_total=Decimal("97.00")),
    ),
    "an adjustment that starts from a score that did not stand": (
        "not-what-rules-give",
        changed(ScoreAdjusted, before=Decimal("19.00")),
        changed(ScoreAdjusted, before=Decimal("18.00")),
    ),
    "a confirmation of another score than the claim": (
        "not-what-rules-give",
        changed(ScoreConfirmed, "economy", award=Decimal("9.00")),
        changed(ScoreConfirmed, "economy", award=Decimal("10.00")),
    ),
    "a rubric pinned by the digest of another file": (
        "not-what-rules-give",
        changed(RubricPinned, sha256="0" * 64),
        changed(RubricPinned),
    ),
    "an award on evidence that was never filed": (
        "refused-by-rule",
        changed(ScoreAdjusted, evidence=("f" * 64,)),
        changed(ScoreAdjusted, evidence=("a" * 64,)),
    ),
    "a figure under a row that the rubric does not have": (
        "refused-by-rule",
        added(FigureSubmitted(figure=figure("late", "unknown", "1")), UNIT, ScoreClaimed),
        added(FigureSubmitted(figure=figure("late", "goals", "1")), UNIT, ScoreClaimed),
    ),
    "a review commissioned from the reviewed unit": (
        "refused-by-rule",
        changed(ReviewCommissioned, agency="the-unit"),
        changed(ReviewCommissioned, agency="the-agency"),
    ),
    "a bonus without a word of justification": (
        "refused-by-rule",
        added(BONUS, REVIEWER, ScoreAdjusted),
        changed(ScoreAdjusted),
    ),
    "an award of a row that was never claimed": (
        "refused-by-rule",
        without(ScoreClaimed, "spending"),
        changed(ScoreClaimed, "spending", score=Decimal("18.00")),
    ),
    "a version that is missing": (
        "out-of-order",
        changed(ResultIssued, version=500),
        changed(ResultIssued),
    ),
    "an event of another case": (
        "out-of-order",
        changed(ResultIssued, case="other-2023"),
        changed(ResultIssued, case=CASE),
    ),
    "a moment before the one ahead of it": (
        "out-of-order",
        changed(ResultIssued, at="2024-08-21T09:59:59.999999Z"),
        changed(ResultIssued, at="2024-08-21T10:00:00.000000Z"),
    ),
}


def test_the_genuine_history_breaks_nothing() -> None:
    assert broken(genuine()) == []


@pytest.mark.parametrize("name", FORGERIES)
def test_it_shows(name: str) -> None:
    check, forge, neighbour = FORGERIES[name]

    found = broken(forge(genuine()))

    assert check in {one.check for one in found}
    assert {one.severity for one in found} == {"error"}
    assert all(one.events for one in found)
    assert broken(neighbour(genuine())) == []


def test_every_promise_of_the_record_is_forged() -> None:
    assert {check for check, _, _ in FORGERIES.values()} == OF_THE_RECORD


def test_the_place_of_a_forgery_is_named() -> None:
    history = changed(ScoreAdjusted, justification="")(genuine())
    version = history[place(history, ScoreAdjusted)].version

    (finding,) = broken(history)

    assert (finding.events, finding.indicator) == ((version,), "spending")
    assert f"event {version} ScoreAdjusted" in finding.message.en


def test_one_forgery_hides_no_other() -> None:
    history = changed(ScoreAdjusted, justification="", by=UNIT)(genuine())
    history = changed(ResultIssued, computed_total=Decimal("99.00"))(history)

    assert {one.check for one in broken(history)} == {
        "not-justified",
        "not-entitled",
        "not-what-rules-give",
    }


def test_two_people_in_one_act_show() -> None:
    history = genuine()
    at = place(history, ScoreConfirmed)
    history[at + 1] = replace(history[at + 1], command=history[at].command)

    assert {one.check for one in broken(history)} >= {"not-what-rules-give"}


def test_what_is_left_out_by_date_is_judged_with_the_whole_record() -> None:
    """Claims of June, a rubric pinned in July: by the date of June no rule was broken."""
    history, editions = ready(submitted_on=date(2024, 7, 30))
    june = [
        replace(one, dated=date(2024, 6, 1)) if isinstance(one.event, ScoreClaimed) else one
        for one in history
    ]
    by_then = [one for one in june if one.dated <= date(2024, 6, 30)]

    found = check_case(by_then, editions, june)

    assert [one for one in found if one.check in OF_THE_RECORD] == []
    assert [one for one in check_case(by_then, editions) if one.check in OF_THE_RECORD] != []


def test_without_a_rubric_the_record_is_checked_all_the_same() -> None:
    history = genuine()[:1]
    history[0] = replace(history[0], by=UNIT)

    assert [one.check for one in check_case(history, Editions())] == ["not-entitled"]
    assert check_case([], Editions()) == []


@given(st.data())
def test_no_history_is_too_broken_to_be_checked(data: st.DataObject) -> None:
    history = genuine()
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(history) - 1))
        other = data.draw(st.integers(0, len(history) - 1))
        match data.draw(st.sampled_from(["drop", "swap", "repeat"])):
            case "drop":
                del history[at]
            case "swap":
                history[at], history[other] = history[other], history[at]
            case _:
                history.insert(at, history[other])

    found = check_case(history, _genuine()[1])

    assert all(one.check and one.message.zh and one.message.en for one in found)
