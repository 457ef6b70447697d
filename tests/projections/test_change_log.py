from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from ledger.codec import EVENTS
from ledger.commands import (
    AdjustScore,
    ClaimScore,
    CorrectResult,
    CountersignAdjustment,
    FileEvidence,
    MakeRecommendation,
    RaiseFinding,
    RestateFigure,
    ReturnSubmission,
    WithdrawAdjustment,
    WithdrawFigure,
)
from ledger.events import Event
from ledger.values import Evidence, Figure
from projections.as_of import at
from projections.change_log import (
    ChangeLogRow,
    CitedEvidence,
    change_log,
    evidence_of,
    justification_of,
)
from projections.score_sheet import standing
from tests.support.golden_files import sample
from tests.support.small_case import (
    CLAIMED,
    CUT_SERVICE,
    ISSUED,
    REPORT,
    REVIEWED,
    STATEMENT,
    SUBMITTED,
    Story,
    on,
)
from tests.support.specification import editions, history

FIRST_CUT = len(SUBMITTED) + 2
CLAIMS = {"spending": 8, "plan": 9, "service": 10}  # versions in the story


def log(story: Story, indicator: str | None = None, label: str = "final") -> list[ChangeLogRow]:
    return change_log(at(history(story), editions(), label), indicator)


def moves(entries: list[ChangeLogRow]) -> list[str]:
    return [
        f"{entry.type} {entry.before} -> {entry.after}"
        for entry in entries
        if (entry.before, entry.after) != (None, None)
    ]


def test_every_event_has_its_entry_oldest_first() -> None:
    assert [entry.version for entry in log(ISSUED)] == list(range(1, len(ISSUED) + 1))


def test_the_log_of_an_indicator_tells_how_its_score_moved() -> None:
    correction = on(
        "2025-01-10",
        (
            "clerk",
            CorrectResult(
                number="1号", indicator="service", award=Decimal(26), justification="计算有误"
            ),
        ),
    )

    assert moves(log(ISSUED + correction, "service")) == [
        "ScoreClaimed None -> 28.00",
        "ScoreAdjusted 28.00 -> 25.50",
        "ResultCorrected 25.50 -> 26.00",
    ]
    assert moves(log(ISSUED, "plan")) == [
        "ScoreClaimed None -> 30.00",
        "ScoreConfirmed 30.00 -> 30.00",
    ]


def test_a_withdrawn_award_goes_back_to_the_claim() -> None:
    back = on("2024-10-13", ("lead", WithdrawAdjustment(indicator="service", reason="撤诉")))

    assert moves(log(REVIEWED + back, "service"))[-1] == "AdjustmentWithdrawn 25.50 -> 28.00"


def test_by_a_date_before_the_claim_a_withdrawn_award_leaves_nothing() -> None:
    story = (
        SUBMITTED
        + on("2024-07-02", ("reviewer", CUT_SERVICE))
        + on("2024-07-03", ("lead", WithdrawAdjustment(indicator="service", reason="撤诉")))
    )

    assert moves(log(story, "service", "2024-07-05")) == [
        "ScoreAdjusted None -> 25.50",
        "AdjustmentWithdrawn 25.50 -> None",
    ]


def test_by_a_date_before_its_withdrawal_an_award_outlasts_a_new_claim() -> None:
    claimed_again = ClaimScore(indicator="service", score=Decimal(29), justification="再核")
    story = (
        SUBMITTED
        + on("2024-12-02", ("reviewer", CUT_SERVICE))
        + on("2024-12-05", ("lead", WithdrawAdjustment(indicator="service", reason="撤诉")))
        + on("2024-12-03", ("lead", ReturnSubmission(reason="缺附件")))
        + on("2024-12-04", ("filer", claimed_again))
    )
    point = at(history(story), editions(), "2024-12-04")

    assert moves(change_log(point, "service"))[-2:] == [
        "ScoreAdjusted 28.00 -> 25.50",
        "ScoreClaimed 25.50 -> 25.50",
    ]
    assert standing(point).scores["service"] == Decimal("25.50")
    assert moves(log(story, "service"))[-1] == "ScoreClaimed 28.00 -> 29.00"


def test_an_event_that_moves_no_score_shows_none() -> None:
    figures = [entry for entry in log(ISSUED) if entry.type == "FigureSubmitted"]

    assert [entry.indicator for entry in figures] == ["spending", "spending", "plan"]
    assert moves(figures) == []


def test_the_log_of_an_indicator_holds_its_figures_awards_signatures_and_findings() -> None:
    recounted = Figure(id="spent", indicator="spending", name="支出数", value="190")
    story = REVIEWED + on(
        "2024-10-20",
        ("reviewer", RestateFigure(figure=recounted, reason="核对")),
        ("lead", CountersignAdjustment(indicator="spending", note="同意")),
        (
            "lead",
            RaiseFinding(
                finding="slow", title="慢", statement="支付慢", indicators=("spending", "plan")
            ),
        ),
    )

    assert [entry.type for entry in log(story, "spending")] == [
        "FigureSubmitted",
        "FigureSubmitted",
        "ScoreClaimed",
        "ScoreAdjusted",
        "FigureRestated",
        "AdjustmentCountersigned",
        "FindingRaised",
    ]
    assert [entry.type for entry in log(story, "plan")][-1] == "FindingRaised"
    assert log(story, "no-such-row") == []


def entry_of(story: Story, type_: str) -> ChangeLogRow:
    return [entry for entry in log(story) if entry.type == type_][-1]


def cited(file: Evidence) -> CitedEvidence:
    return CitedEvidence(file.sha256, file.title, file.number or None)


def test_an_entry_says_why_by_which_clause_and_on_which_evidence() -> None:
    cut = log(ISSUED, "spending")[-1]

    assert (cut.justification, cut.clause) == ("执行率 95%", "附件1 第一条")
    assert cut.evidence == (cited(STATEMENT),)
    assert cut.by.account == "reviewer"
    assert cut.dated == date(2024, 10, 11)


def test_what_an_event_does_not_say_is_none_and_not_empty() -> None:
    confirmed = entry_of(ISSUED, "ScoreConfirmed")

    assert (confirmed.justification, confirmed.clause, confirmed.evidence) == (None, None, ())
    assert entry_of(ISSUED, "CaseOpened").indicator is None


def test_a_filing_shows_the_file_itself() -> None:
    assert log(CLAIMED)[3].evidence == (cited(REPORT),)


def test_evidence_that_is_not_yet_filed_by_a_date_keeps_its_digest() -> None:
    """By a business date the citation may count and the filing not yet."""
    story = SUBMITTED + on("2024-12-01", ("reviewer", FileEvidence(evidence=STATEMENT)))
    cut = AdjustScore(
        indicator="service", award=Decimal(20), justification="x", evidence=("b" * 64,)
    )
    early = log(story + on("2024-11-01", ("reviewer", cut)), "service", "2024-11-15")[-1]

    assert early.evidence == (CitedEvidence("b" * 64, "?", None),)


def causes(story: Story, type_: str) -> tuple[int, ...]:
    return entry_of(story, type_).caused_by


def test_an_award_answers_the_claim_and_then_the_award_before_it() -> None:
    further = AdjustScore(indicator="service", award=Decimal(20), justification="又有投诉")
    twice = REVIEWED + on("2024-10-13", ("reviewer", further))

    assert [entry.caused_by for entry in log(twice, "service")] == [
        (),
        (CLAIMS["service"],),
        (FIRST_CUT + 2,),
    ]
    assert causes(ISSUED, "ScoreConfirmed") == (CLAIMS["plan"],)


def test_a_signature_a_withdrawal_and_a_correction_answer_the_award() -> None:
    signed = REVIEWED + on("2024-10-13", ("lead", CountersignAdjustment(indicator="service")))
    back = REVIEWED + on("2024-10-13", ("lead", WithdrawAdjustment(indicator="plan", reason="误")))
    corrected = ISSUED + on(
        "2025-01-10",
        (
            "clerk",
            CorrectResult(
                number="1号", indicator="spending", award=Decimal(39), justification="误"
            ),
        ),
    )

    assert causes(signed, "AdjustmentCountersigned") == (FIRST_CUT + 2,)
    assert causes(back, "AdjustmentWithdrawn") == (FIRST_CUT + 1,)
    assert causes(corrected, "ResultCorrected") == (FIRST_CUT,)


def test_a_bonus_decision_answers_the_claim_of_its_own_item() -> None:
    flag, letter = 11, 12

    assert causes(ISSUED, "BonusRecognised") == (flag,)
    assert causes(ISSUED, "BonusRefused") == (letter,)
    assert causes(ISSUED, "PenaltyRecorded") == ()


def test_a_restated_or_withdrawn_figure_answers_the_submitted_one() -> None:
    recounted = Figure(id="spent", indicator="spending", name="支出数", value="180")
    restated = SUBMITTED + on(
        "2024-10-01", ("reviewer", RestateFigure(figure=recounted, reason="误"))
    )
    withdrawn = CLAIMED + on("2024-07-30", ("filer", WithdrawFigure(figure="budget", reason="误")))

    assert causes(restated, "FigureRestated") == (5,)
    assert causes(withdrawn, "FigureWithdrawn") == (6,)


def test_a_recommendation_answers_its_findings() -> None:
    story = SUBMITTED + on(
        "2024-10-20",
        ("lead", RaiseFinding(finding="slow", title="慢", statement="支付慢")),
        ("lead", RaiseFinding(finding="late", title="迟", statement="报送迟")),
        (
            "lead",
            MakeRecommendation(
                recommendation="hurry", title="快", statement="加快", findings=("slow", "late")
            ),
        ),
    )

    assert causes(story, "RecommendationMade") == (len(SUBMITTED) + 1, len(SUBMITTED) + 2)


def test_a_claim_made_again_answers_the_first() -> None:
    again = CLAIMED + CLAIMED[7:8]

    assert causes(again, "ScoreClaimed") == (CLAIMS["spending"],)


@pytest.mark.parametrize("name", EVENTS)
def test_whatever_words_an_event_has_are_shown(name: str) -> None:
    """A reason that the log leaves out would be lost to its reader."""
    event: Event = sample(name).event
    reasons = {"justification", "reason", "statement", "demand", "ground", "note"}
    told = [field for field in event.__struct_fields__ if field in reasons]

    assert (justification_of(event) is not None) == bool(told)
    assert type(event) in get_args(Event)


@pytest.mark.parametrize("name", EVENTS)
def test_whatever_evidence_an_event_cites_is_shown(name: str) -> None:
    event: Event = sample(name).event
    cites = "evidence" in event.__struct_fields__

    assert bool(evidence_of(event)) == cites
