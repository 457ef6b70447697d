from datetime import date
from decimal import Decimal

from ledger.case import Case, fold
from ledger.commands import ReturnSubmission, SendDraft, WithdrawAdjustment, WithdrawFigure
from ledger.envelope import RecordedEvent
from tests.support.small_case import (
    CASE,
    CLAIMED,
    CUT_SERVICE,
    ISSUED,
    OPENED,
    REPORT,
    REVIEWED,
    SPENT,
    STATEMENT,
    SUBMITTED,
    Story,
    on,
)
from tests.support.specification import history


def after(*parts: Story) -> Case:
    return fold(history(sum(parts, ())))


def test_a_case_without_a_history_does_not_exist() -> None:
    nothing = fold([])

    assert (nothing.version, nothing.opened, nothing.unit, nothing.bureau) == (0, None, None, None)


def test_an_opened_case_knows_its_parties() -> None:
    case = after(OPENED)

    assert (case.id, case.version, case.stage) == (CASE, 3, "open")
    assert (case.unit, case.agency, case.bureau) == (
        "market-bureau",
        "review-agency",
        "finance-bureau",
    )
    assert after(OPENED[:2]).agency is None


def test_the_stages_follow_the_acts() -> None:
    returned = on("2024-08-05", ("clerk", ReturnSubmission(reason="缺少附件")))
    draft = on("2024-11-01", ("clerk", SendDraft()))

    assert after(CLAIMED).stage == "open"
    assert after(SUBMITTED).stage == "submitted"
    assert after(SUBMITTED, returned).stage == "open"
    assert after(REVIEWED, draft).stage == "draft"
    assert after(ISSUED).stage == "issued"


def test_a_claimed_case_remembers_what_the_unit_said() -> None:
    case = after(CLAIMED)

    assert case.claims == {"spending": Decimal(40), "plan": Decimal(30), "service": Decimal(28)}
    assert case.bonus_claims == {"flag": Decimal("1.5"), "letter": Decimal("1.5")}
    assert list(case.figures) == ["spent", "budget", "plan-approved"]
    assert case.evidence == {"a" * 64: REPORT}
    assert case.awards == {}


def test_a_figure_taken_back_is_no_longer_in_force() -> None:
    case = after(CLAIMED, on("2024-07-30", ("filer", WithdrawFigure(figure="spent", reason="误"))))

    assert case.figures_in_force.get("spent") is None
    assert case.figures_in_force.get("budget") is not None


def test_a_reviewed_case_has_awards_beside_the_claims() -> None:
    case = after(REVIEWED)

    assert case.awarded == {
        "spending": Decimal(38),
        "plan": Decimal(30),
        "service": Decimal("25.5"),
    }
    assert case.claims["service"] == Decimal(28)
    assert case.bonus == {"flag": Decimal("1.5"), "letter": Decimal(0)}
    assert case.penalties == {"late": Decimal(2)}
    assert case.evidence["b" * 64] == STATEMENT
    assert case.awards["spending"].by == "reviewer"
    assert case.awards["spending"].clause
    assert not case.awards["service"].clause


def test_what_stands_is_the_award_or_else_the_claim() -> None:
    one_cut = after(SUBMITTED, on("2024-10-12", ("reviewer", CUT_SERVICE)))

    assert one_cut.standing() == (
        {"spending": Decimal(40), "plan": Decimal(30), "service": Decimal("25.5")},
        [Decimal("1.5"), Decimal("1.5")],
    )


def test_a_withdrawn_award_leaves_the_claim_standing() -> None:
    back = on("2024-10-13", ("lead", WithdrawAdjustment(indicator="service", reason="撤诉")))

    assert after(REVIEWED, back).standing()[0]["service"] == Decimal(28)


def test_an_issued_case_keeps_the_printed_total() -> None:
    issued = after(ISSUED).issued

    assert issued is not None
    assert (issued.printed_total, issued.computed_total) == (Decimal(93), Decimal("93.00"))


def test_a_history_with_any_gap_can_be_folded() -> None:
    """By a business date a reader may lack any event in the middle; folding never fails."""
    back = on("2024-10-13", ("lead", WithdrawAdjustment(indicator="service", reason="撤诉")))
    whole = history(ISSUED[:-1] + back)

    for left_out in range(len(whole)):
        rest = whole[:left_out] + whole[left_out + 1 :]
        assert fold(rest).version == rest[-1].version


def test_folding_twice_gives_the_same_and_leaves_the_events_alone() -> None:
    events: list[RecordedEvent] = history(ISSUED)
    before = [recorded.entry for recorded in events]

    assert fold(events) == fold(events)
    assert [recorded.entry for recorded in events] == before
    assert fold(events).opened is not None
    assert fold(events).figures["spent"] == SPENT
    assert events[0].dated == date(2024, 7, 1)
