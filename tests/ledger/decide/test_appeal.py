from decimal import Decimal

import pytest

from ledger.commands import CorrectResult, DecideAppeal, LodgeAppeal, NewAward, WithdrawAppeal
from ledger.events import AppealDecided, AppealLodged, AppealWithdrawn, Contested, Ruling
from tests.support.small_case import ISSUED, NEVER_FILED, REVIEWED, SUBMITTED, on
from tests.support.specification import given

CUT_OF_SPENDING = len(SUBMITTED) + 2
LODGE = LodgeAppeal(
    appeal="appeal-1",
    indicators=("spending", "service"),
    statement="扣分过重",
    number="市监〔2025〕1号",
    evidence=("a" * 64,),
)
APPEALED = ISSUED + on("2025-01-10", ("filer", LODGE))
TAKE_BACK = WithdrawAppeal(appeal="appeal-1", reason="已沟通")


def decision(outcome: str, *awards: tuple[str, str], **more: object) -> DecideAppeal:
    return DecideAppeal(
        appeal="appeal-1",
        outcome=outcome,  # type: ignore[arg-type]  # one of the three words
        justification="复核",
        awards=tuple(NewAward(indicator=row, award=Decimal(award)) for row, award in awards),
        **more,  # type: ignore[arg-type]  # fields of the command
    )


REJECT = decision("rejected")


# Lodging and taking back -------------------------------------------------------------------------


def test_an_appeal_is_bound_to_the_versions_it_contests() -> None:
    given(ISSUED).when(LODGE, by="filer").then(
        AppealLodged(
            appeal="appeal-1",
            number="市监〔2025〕1号",
            contests=(
                Contested(indicator="spending", version=CUT_OF_SPENDING, award=Decimal("38.00")),
                Contested(indicator="service", version=CUT_OF_SPENDING + 2, award=Decimal("25.50")),
            ),
            statement="扣分过重",
            evidence=("a" * 64,),
        )
    )


def test_a_row_named_twice_is_contested_once() -> None:
    twice = LodgeAppeal(appeal="appeal-1", indicators=("plan", "plan"), statement="x")
    lodged = given(ISSUED).when(twice, by="filer").again()
    lodged.when(TAKE_BACK, by="filer", key="back").then(
        AppealWithdrawn(appeal="appeal-1", reason="已沟通")
    )


def test_an_appeal_has_an_id_of_its_own() -> None:
    given(APPEALED).when(LODGE, by="filer", key="again").then_refused("appeal-exists", "appeal-1")


def test_a_row_is_contested_by_one_open_appeal() -> None:
    second = LodgeAppeal(appeal="appeal-2", indicators=("service",), statement="x")
    withdrawn = on("2025-01-11", ("filer", TAKE_BACK))
    given(APPEALED).when(second, by="filer").then_refused("contested", "service", "appeal-1")
    given(APPEALED, withdrawn).when(second, by="filer").then(
        AppealLodged(
            appeal="appeal-2",
            number="",
            contests=(
                Contested(indicator="service", version=CUT_OF_SPENDING + 2, award=Decimal("25.50")),
            ),
            statement="x",
            evidence=(),
        )
    )


def test_an_appeal_names_known_rows_and_filed_evidence() -> None:
    lost = LodgeAppeal(appeal="x", indicators=("plan", "lost"), statement="x")
    bare = LodgeAppeal(appeal="x", indicators=("plan",), statement="x", evidence=(NEVER_FILED,))
    given(ISSUED).when(lost, by="filer").then_refused("unknown-indicator", "lost")
    given(ISSUED).when(bare, by="filer").then_refused("unknown-evidence")


def test_only_the_unit_appeals_and_only_after_issue() -> None:
    given(REVIEWED).when(LODGE, by="filer").then_refused("stage", "已印发")
    given(ISSUED).when(LODGE, by="reviewer").then_refused("role")
    given(ISSUED).when(LODGE, by="other-filer").then_refused("organisation")


def test_an_appeal_is_taken_back_while_it_is_open() -> None:
    given(APPEALED).when(TAKE_BACK, by="filer").then(
        AppealWithdrawn(appeal="appeal-1", reason="已沟通")
    )
    given(ISSUED).when(TAKE_BACK, by="filer").then_refused("no-open-appeal", "appeal-1")
    given(APPEALED, on("2025-02-01", ("clerk", REJECT))).when(TAKE_BACK, by="filer").then_refused(
        "no-open-appeal"
    )


# Deciding ----------------------------------------------------------------------------------------


def test_an_appeal_that_is_upheld_brings_new_awards() -> None:
    upheld = decision("partly", ("service", "28"), number="财〔2025〕3号", clause="附件1 第三条")
    given(APPEALED).when(upheld, by="clerk").then(
        AppealDecided(
            appeal="appeal-1",
            outcome="partly",
            number="财〔2025〕3号",
            justification="复核",
            clause="附件1 第三条",
            rulings=(Ruling(indicator="service", before=Decimal("25.50"), award=Decimal("28.00")),),
            evidence=(),
        )
    )


def test_an_appeal_that_is_rejected_brings_none() -> None:
    given(APPEALED).when(REJECT, by="clerk").then(
        AppealDecided(
            appeal="appeal-1",
            outcome="rejected",
            number="",
            justification="复核",
            clause="",
            rulings=(),
            evidence=(),
        )
    )


@pytest.mark.parametrize(
    "command",
    [decision("upheld"), decision("partly"), decision("rejected", ("service", "28"))],
    ids=["upheld with none", "partly with none", "rejected with one"],
)
def test_an_outcome_and_its_awards_go_together(command: DecideAppeal) -> None:
    given(APPEALED).when(command, by="clerk").then_refused("outcome-award", "new awarded scores")


@pytest.mark.parametrize(
    ("awards", "rule"),
    [
        ([("plan", "20")], "not-contested"),
        ([("service", "30.01")], "score-range"),
        ([("service", "28.005")], "score-scale"),
        ([("service", "NaN")], "score-scale"),
        ([("service", "25.5")], "no-change"),
        ([("service", "28"), ("service", "29")], "row-twice"),
    ],
)
def test_a_decision_gives_each_contested_row_a_score_that_is_one(
    awards: list[tuple[str, str]], rule: str
) -> None:
    given(APPEALED).when(decision("upheld", *awards), by="clerk").then_refused(rule)


def test_a_decision_cites_filed_evidence() -> None:
    bare = decision("upheld", ("service", "28"), evidence=(NEVER_FILED,))
    given(APPEALED).when(bare, by="clerk").then_refused("unknown-evidence")


def test_an_appeal_is_decided_once() -> None:
    given(APPEALED, on("2025-02-01", ("clerk", REJECT))).when(REJECT, by="clerk").then_refused(
        "no-open-appeal"
    )


def test_nobody_decides_on_an_award_of_their_own() -> None:
    correct = CorrectResult(
        number="1号", indicator="service", award=Decimal(26), justification="计算有误"
    )
    before = ISSUED + on("2025-01-05", ("clerk", correct), ("filer", LODGE))
    meanwhile = APPEALED + on("2025-01-15", ("clerk", correct))
    for story in (before, meanwhile):
        given(story).when(REJECT, by="clerk").then_refused("own-award", "另一账号")
        given(story).when(REJECT, by="second-clerk").then(
            AppealDecided(
                appeal="appeal-1",
                outcome="rejected",
                number="",
                justification="复核",
                clause="",
                rulings=(),
                evidence=(),
            )
        )


def test_only_the_bureau_of_the_case_decides() -> None:
    given(APPEALED).when(REJECT, by="lead").then_refused("role")
    given(APPEALED).when(REJECT, by="other-clerk").then_refused("organisation")
    given(REVIEWED).when(REJECT, by="clerk").then_refused("stage")
