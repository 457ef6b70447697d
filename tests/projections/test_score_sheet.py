from decimal import Decimal

import pytest

from ledger import terms
from ledger.commands import (
    AdjustScore,
    ConfirmScore,
    FileEvidence,
    IssueResult,
    RefuseBonus,
    RestateFigure,
    SendDraft,
)
from ledger.language import Text
from ledger.values import Figure, Invalid
from projections.as_of import CaseAsOf, at
from projections.formatting import as_json
from projections.score_sheet import (
    ScoreSheet,
    SheetColumn,
    SheetRow,
    review_table,
    score_sheet,
    sheet_there,
    standing,
    title,
)
from tests.support.small_case import (
    CUT_SERVICE,
    CUT_SPENDING,
    ISSUED,
    OPENED,
    REVIEWED,
    STATEMENT,
    SUBMITTED,
    Story,
    on,
)
from tests.support.specification import editions, history


def point(story: Story, label: str = "final") -> CaseAsOf:
    return at(history(story), editions(), label)


def sheet(story: Story, label: str = "final") -> ScoreSheet:
    found = score_sheet(point(story, label))
    assert found is not None
    return found


def row(story: Story, indicator: str) -> SheetRow:
    return next(one for one in sheet(story).indicators if one.id == indicator)


def sums(column: SheetColumn) -> list[str]:
    totals = column
    parts = (totals.base, totals.bonus, totals.penalty, totals.raw, totals.cap_loss, totals.total)
    return [str(part) for part in parts]


# Three values, side by side ----------------------------------------------------------------------


def test_every_row_shows_claim_rule_result_and_award() -> None:
    shown = [
        (one.id, str(one.weight), str(one.claim), str(one.rule), str(one.award))
        for one in sheet(ISSUED).indicators
    ]

    assert shown == [
        ("spending", "40.00", "40.00", "38.00", "38.00"),
        ("plan", "30.00", "30.00", "30.00", "30.00"),
        ("service", "30.00", "28.00", "None", "25.50"),
    ]


def test_a_claimed_bonus_item_that_waits_for_a_decision_is_missing_and_not_zero() -> None:
    rows = SUBMITTED + on(
        "2024-10-12",
        ("reviewer", FileEvidence(evidence=STATEMENT)),
        *(("reviewer", one) for one in (CUT_SPENDING, ConfirmScore(indicator="plan"), CUT_SERVICE)),
    )
    refuse = [
        ("reviewer", RefuseBonus(item=item, justification="无")) for item in ("flag", "letter")
    ]
    waiting, decided = (sheet(rows + on("2024-10-13", *refuse[:count])) for count in (1, 2))

    assert (waiting.award.pending, waiting.award.bonus_undecided) == (0, 1)
    assert (waiting.award.shown("bonus"), decided.award.shown("bonus")) == (None, Decimal("0.00"))
    assert waiting.claim.shown("bonus") == Decimal("3.00")
    assert waiting.award.missing == ("bonus",)
    assert (waiting.award.grade, decided.award.grade) == (None, "优")
    assert waiting.award.waiting == Text("尚有1项加分待认定", "1 bonus item not yet decided")
    assert decided.award.waiting is None
    # A script sees the same; where nothing waits, the document is as it always was.
    assert "bonus_undecided" in as_json(waiting.award, "zh")
    assert "missing" in as_json(waiting.award, "zh")
    assert "bonus_undecided" not in as_json(decided.award, "zh")
    assert "missing" not in as_json(decided.award, "zh")


def test_a_row_that_nobody_reviewed_has_no_award_and_is_pending() -> None:
    one_cut = SUBMITTED + on("2024-10-12", ("reviewer", CUT_SERVICE))

    assert row(one_cut, "plan").award is None
    assert sheet(one_cut).award.pending == 2
    assert sums(sheet(one_cut).award)[0] == "25.50"
    assert sheet(ISSUED).award.pending == 0


def test_before_the_unit_claims_nothing_is_claimed_and_nothing_is_zero() -> None:
    opened = sheet(OPENED)

    assert [one.claim for one in opened.indicators] == [None, None, None]
    assert opened.claim.pending == 3
    assert opened.claim.missing == opened.award.missing == tuple(terms.TOTALS_LINES)
    assert opened.award.waiting == Text("尚有3项未核查", "3 rows not yet reviewed")
    assert opened.claim.printed is None
    assert opened.indicators[0].missing == ("spent", "budget")


def test_an_award_beside_the_rule_is_marked_as_discretion() -> None:
    lenient = ConfirmScore(indicator="spending", ground="年底追加预算")
    story = SUBMITTED + on("2024-10-12", ("reviewer", lenient))

    assert row(story, "spending").discretion
    assert not row(REVIEWED, "spending").discretion
    assert not row(REVIEWED, "service").discretion  # the rule leaves it open within 0 to 30
    assert not row(SUBMITTED, "spending").discretion  # nobody has awarded anything


def test_the_rule_follows_the_reviewers_figure_and_the_claim_stays() -> None:
    recounted = Figure(id="spent", indicator="spending", name="支出数", value="180", unit="万元")
    restated = on("2024-10-20", ("reviewer", RestateFigure(figure=recounted, reason="重复列支")))
    spending = row(REVIEWED + restated, "spending")

    assert (str(spending.rule), str(spending.claim)) == ("36.00", "40.00")
    assert spending.discretion  # the award of 38 was right before


# Totals ------------------------------------------------------------------------------------------


def test_the_claim_is_added_up_and_capped_beside_what_the_report_prints() -> None:
    claim = sheet(SUBMITTED).claim

    assert sums(claim) == ["98.00", "3.00", "0.00", "101.00", "1.00", "100.00"]
    assert (str(claim.printed), claim.printed_grade) == ("100.00", "优")


def test_the_award_is_added_up_beside_what_the_document_prints() -> None:
    award = sheet(ISSUED).award

    assert sums(award) == ["93.50", "1.50", "2.00", "93.00", "0.00", "93.00"]
    assert (str(award.printed), award.printed_grade, award.grade) == ("93.00", "优", "优")


def test_what_is_printed_does_not_replace_what_is_computed() -> None:
    odd = IssueResult(printed_total=Decimal("39.9"), printed_grade="差", difference="笔误")
    award = sheet(REVIEWED + on("2024-12-30", ("clerk", odd))).award

    assert (str(award.printed), award.printed_grade) == ("39.90", "差")
    assert (str(award.total), award.grade) == ("93.00", "优")


def test_what_is_printed_finer_than_the_rubric_stays_as_printed() -> None:
    odd = IssueResult(printed_total=Decimal("93.004"), difference="未四舍五入")

    assert str(sheet(REVIEWED + on("2024-12-30", ("clerk", odd))).award.printed) == "93.004"


def test_before_issue_nothing_is_printed_for_the_award() -> None:
    assert sheet(REVIEWED).award.printed is None


# Points ------------------------------------------------------------------------------------------


def test_the_sheet_is_of_its_point() -> None:
    draft = on("2024-11-01", ("clerk", SendDraft()))
    back_then = sheet(ISSUED[:-1] + draft + ISSUED[-1:], "2024-10-11")

    assert (back_then.stage, back_then.at.version) == ("submitted", len(SUBMITTED) + 3)
    assert [str(one.award) for one in back_then.indicators] == ["38.00", "30.00", "None"]
    assert back_then.award.printed is None


def test_the_sheet_names_its_case_and_its_rubric() -> None:
    shown = sheet(ISSUED)

    assert (shown.case, shown.unit, shown.year) == ("small-2023", "市场监督管理局", 2023)
    assert shown.rubric.edition == "2023"
    assert shown.rubric.sha256 == editions().digest("2023")


@pytest.mark.parametrize("label", ["v1", "2024-06-30"])
def test_there_is_no_sheet_before_a_rubric_is_pinned(label: str) -> None:
    assert score_sheet(point(ISSUED, label)) is None
    with pytest.raises(Invalid, match=r"尚未选定指标体系.*no rubric was pinned"):
        standing(point(ISSUED, label))


@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [
        ("final", "现状，", ", current"),
        ("2024-12-30", "2024年12月30日，", ", 30 December 2024"),
        ("v21", "", ""),
        (
            "2024-12-30@2030-01-01T16:30:00.000000Z",
            "2024年12月30日，记录时间不晚于北京时间2030年1月2日00:30，",
            ", 30 December 2024, as recorded by 2 January 2030 00:30 Beijing time",
        ),
    ],
)
def test_the_title_names_the_point_as_people_do(label: str, zh: str, en: str) -> None:
    shown = point(ISSUED, label)
    sheet, version = sheet_there(shown), shown.version

    assert title(sheet, shown) == Text(
        f"市场监督管理局 2023 年度得分表（{zh}第 {version} 条，已印发）",
        f"市场监督管理局 2023: score sheet{en} (v{version}, issued)",
    )


def test_a_refusal_names_the_point_as_people_do() -> None:
    both = "2024-01-01@2030-01-01T16:30:00.000000Z"
    with pytest.raises(Invalid) as refused:
        sheet_there(point(ISSUED, both))

    assert "在时点“2024年1月1日，记录时间不晚于北京时间2030年1月2日00:30”" in refused.value.text.zh
    assert "at '1 January 2024, as recorded by 2 January 2030 00:30" in refused.value.text.en


def test_a_late_record_with_an_early_date_changes_that_date_and_not_what_was_known() -> None:
    """Recorded after the review, dated before it: only the two times together show the slip."""
    slip = AdjustScore(indicator="service", award=Decimal(10), justification="补录")
    story = REVIEWED + on("2024-10-05", ("reviewer", slip))

    def total(label: str) -> str:
        return str(standing(point(story, label)).totals.total)

    assert total("2024-10-06") == "83.00"  # 40 + 30 + 10, bonus 3
    assert total(f"v{len(REVIEWED)}") == "93.00"
    assert total("final") == "77.50"  # 38 + 30 + 10, bonus 1.5, penalty 2


def test_the_review_table_prints_the_claims_unless_it_restates_them() -> None:
    assert str(review_table(point(REVIEWED)).totals.total) == "100.00"
    assert str(review_table(point(REVIEWED)).totals.cap_loss) == "1.00"
