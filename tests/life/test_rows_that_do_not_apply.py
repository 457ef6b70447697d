"""A row is said not to apply; what becomes of it in the rest of the case's life."""

from decimal import Decimal

from ledger.commands import (
    AnswerObjection,
    CommissionReview,
    CorrectResult,
    CountersignAdjustment,
    DecideAppeal,
    ExcludeIndicator,
    IssueResult,
    LodgeAppeal,
    NewAward,
    RaiseObjection,
    ReturnSubmission,
    SendDraft,
)
from ledger.events import (
    AppealDecided,
    AppealLodged,
    Contested,
    ObjectionAnswered,
    ResultCorrected,
    Ruling,
    ScoreAdjusted,
)
from ledger.ledger import Ledger
from projections import as_of
from projections.score_sheet import ScoreSheet, score_sheet, standing
from tests.support.later_life import EXAMINED, HANDED_IN
from tests.support.small_case import CASE, Story, on
from tests.support.specification import Memory, given, told

EXCLUDE = ExcludeIndicator(indicator="service", justification="没有服务对象", ground="内设机构")
LEFT_OUT: Story = EXAMINED + on(
    "2023-06-14",
    ("reviewer", EXCLUDE),
    ("lead", CountersignAdjustment(indicator="service")),
)
DRAFT: Story = LEFT_OUT + on(
    "2023-09-01",
    ("lead", SendDraft()),
    ("filer", RaiseObjection(objection="service", indicator="service", statement="有服务对象")),
)
# 38 + 30 = 68 of the two rows that are left, bonus 1.5, penalty 2.
ISSUED: Story = LEFT_OUT + on("2023-12-27", ("clerk", IssueResult(printed_total=Decimal("67.5"))))
APPEALED: Story = ISSUED + on(
    "2024-01-10",
    ("filer", LodgeAppeal(appeal="service", indicators=("service",), statement="有服务对象")),
)
VERSION = len(LEFT_OUT) - 3
"""Of the exclusion: the case has two steps of the story less than the archive, and one follows."""


def sheet(story: Story) -> ScoreSheet:
    ledger = Ledger(Memory(told(story)))
    found = score_sheet(as_of.at(ledger.history(CASE), ledger.editions("small")))
    assert found
    return found


def test_it_has_no_score_and_is_not_pending() -> None:
    shown = sheet(ISSUED)

    assert shown.award.total == Decimal("67.50")
    assert shown.award.pending == 0
    assert [row.id for row in shown.indicators if row.excluded] == ["service"]


def test_an_objection_that_is_accepted_may_restore_the_claim() -> None:
    answer = AnswerObjection(
        objection="service",
        outcome="accepted",
        award=Decimal(28),
        justification="确有服务对象",
    )
    given(DRAFT).when(answer, by="reviewer").then(
        ObjectionAnswered(
            objection="service",
            indicator="service",
            outcome="accepted",
            justification="确有服务对象",
            adjustment=len(DRAFT) - 2 + 2,
        ),
        ScoreAdjusted(
            indicator="service",
            before=Decimal("28.00"),
            award=Decimal("28.00"),
            justification="确有服务对象",
            clause="",
            ground="",
            evidence=(),
        ),
    )
    answered = DRAFT + on("2023-09-10", ("reviewer", answer))
    assert sheet(answered).award.total == Decimal("95.50")


def test_an_appeal_contests_the_exclusion_itself() -> None:
    given(ISSUED).when(APPEALED[-1][1], by="filer").then(
        AppealLodged(
            appeal="service",
            number="",
            contests=(Contested(indicator="service", version=VERSION, award=Decimal("0.00")),),
            statement="有服务对象",
            evidence=(),
        )
    )


def test_an_appeal_that_is_upheld_gives_the_row_a_score_that_counts() -> None:
    decide = DecideAppeal(
        appeal="service",
        outcome="upheld",
        justification="有服务对象",
        awards=(NewAward(indicator="service", award=Decimal(26)),),
    )
    given(APPEALED).when(decide, by="clerk").then(
        AppealDecided(
            appeal="service",
            outcome="upheld",
            number="",
            justification="有服务对象",
            clause="",
            rulings=(Ruling(indicator="service", before=Decimal("0.00"), award=Decimal("26.00")),),
            evidence=(),
        )
    )
    decided = sheet(APPEALED + on("2024-02-01", ("clerk", decide)))
    assert decided.award.total == Decimal("93.50")
    assert not any(row.excluded for row in decided.indicators)


def test_a_correction_gives_it_a_score_that_counts_even_zero() -> None:
    for award, total in (("0", "67.50"), ("26", "93.50")):
        correct = CorrectResult(
            number="更1号",
            indicator="service",
            award=Decimal(award),
            justification="应当评分",
        )
        given(ISSUED).when(correct, by="clerk").then(
            ResultCorrected(
                number="更1号",
                indicator="service",
                before=Decimal("0.00"),
                award=Decimal(f"{award}.00"),
                justification="应当评分",
                clause="",
                evidence=(),
            )
        )
        story = ISSUED + on("2024-02-01", ("clerk", correct))
        ledger = Ledger(Memory(told(story)))
        point = as_of.at(ledger.history(CASE), ledger.editions("small"))
        assert standing(point).totals.total == Decimal(total)
        assert standing(point).scores["service"] == Decimal(f"{award}.00")


def test_it_counts_as_a_review_that_has_begun() -> None:
    begun = HANDED_IN + on("2023-06-14", ("reviewer", EXCLUDE))

    given(begun).when(ReturnSubmission(reason="缺数"), by="lead").then_refused("review-begun")
    given(begun).when(
        CommissionReview(agency="other-agency", agency_name="另一家"), by="clerk"
    ).then_refused("review-begun")


def test_nobody_signs_an_exclusion_of_their_own() -> None:
    begun = EXAMINED + on("2023-06-14", ("reviewer", EXCLUDE))

    given(begun).when(CountersignAdjustment(indicator="service"), by="reviewer").then_refused(
        "own-award"
    )
    given(begun).when(SendDraft(), by="lead").then_refused("not-countersigned", "service")
