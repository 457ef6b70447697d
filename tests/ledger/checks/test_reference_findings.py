"""The 2023 case: every inconsistency of its two documents that a program can compute.

Events are named by what they state, so that nothing here depends on their versions: `self:` and
`review:` a figure of either document, `claim:`, `column:`, `award:`, `bonus:` and `recognised:` the
scores, and events that happen once by their names.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.batch import read_batch
from ledger.checks import Discrepancy, check_case
from ledger.checks.rule_compliance import irregularities
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import (
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    ClaimRestated,
    Event,
    FigureRestated,
    FigureSubmitted,
    FindingRaised,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
)
from ledger.language import Text
from ledger.ledger import Ledger, stream_of
from tests.support.specification import Memory

EXAMPLE = Path(__file__).parents[3] / "examples" / "zhanjiang-2023"
FILES = ("1-opening.toml", "2-self-evaluation.toml", "3-review.toml", "4-result.toml")
CASE = "zhanjiang-amr-2023"
AT = "2024-12-31T09:00:00.000000Z"


@cache
def reference() -> tuple[list[RecordedEvent], Editions]:
    """The reference case, recorded the day after its result."""
    ledger = Ledger(Memory())
    ledger.initialise("administrator", "administration", date(2024, 7, 30), AT)
    for file in FILES:
        batch = read_batch(EXAMPLE / file, account=None, dated=date(2024, 12, 31))
        for _, commands in groupby(batch.commands, key=lambda one: stream_of(one.envelope)):
            ledger.handle([one.envelope for one in commands], AT)
    return ledger.history(CASE), ledger.editions("zhanjiang-departments-2023")


@cache
def found() -> list[Discrepancy]:
    return check_case(*reference())


@cache
def versions() -> Mapping[str, int]:
    """The versions of the events by what they state."""
    history, _ = reference()
    return {name: one.version for one in history for name in _names(one.event)}


def _names(event: Event) -> list[str]:  # noqa: PLR0911 - a line a kind
    match event:
        case FigureSubmitted(figure=figure):
            return [f"self:{figure.id}"]
        case FigureRestated(figure=figure):
            return [f"review:{figure.id}"]
        case ScoreClaimed(indicator=row):
            return [f"claim:{row}"]
        case ClaimRestated(indicator=row):
            return [f"column:{row}"]
        case ScoreAdjusted(indicator=row) | ScoreConfirmed(indicator=row):
            return [f"award:{row}"]
        case BonusClaimed(item=item):
            return [f"bonus:{item}"]
        case BonusRecognised(item=item) | BonusRefused(item=item):
            return [f"decided:{item}"]
        case FindingRaised(finding=finding):
            return [f"finding:{finding}"]
        case _:
            return [type(event).__name__]


class Expected(NamedTuple):
    """One inconsistency: the check that finds it, where, between which events, in which numbers."""

    what: str
    check: str
    indicator: str | None
    events: tuple[str, ...]
    words: tuple[str, ...]
    severity: str = "warning"
    documents: tuple[str, ...] = ()


SELF_GOALS = ("self:lift-inspections", "self:markets-renovated", "self:food-safety-assessment")
LEFT_OUT = (
    "review:aided-projects-completed",
    "review:standardisation-subsidy-paid",
    "review:subsidy-payment-rate",
)
GRADED = (
    "enterprise-burden",
    "food-drug-safety-level",
    "lift-safety-quality",
    "project-services",
    "geographical-indications",
    "food-drug-supervision",
    "business-environment",
    "ip-quality",
)
NUMBERED_GOALS = ("self:patent-pledge-loans", "self:trademark-pledge-loans", "self:complaint-rate")
INCOMES = ("income-general", "income-funds", "income-institution", "income-other")
FINDINGS = ("finding:goal-setting", "finding:stock-taking-practice")

SCORES = (
    Expected(
        "both self columns add up to 100 and differ in three places",
        "claim-restated",
        None,
        ("column:intention-timeliness", "column:e-contracts", "column:work-bonus"),
        ("100.00", "3"),
    ),
    Expected(
        "timeliness: 0 claimed, full marks printed",
        "claim-restated",
        "intention-timeliness",
        ("claim:intention-timeliness", "column:intention-timeliness"),
        ("0.00", "0.50", "+0.50"),
    ),
    Expected(
        "e-contracts: 0 claimed, full marks printed",
        "claim-restated",
        "e-contracts",
        ("claim:e-contracts", "column:e-contracts"),
        ("0.00", "1.00", "+1.00"),
    ),
    Expected(
        "bonus: 3 claimed, 0 printed",
        "claim-restated",
        "work-bonus",
        ("SelfEvaluationSubmitted", "column:work-bonus"),
        ("3.00", "0.00", "-3.00"),
    ),
    Expected(
        "two rows went up and the cap released 1.5, which 100 → 93.89 hides",
        "total-hides-moves",
        None,
        (
            "award:output-goals",
            "award:benefit-goals",
            "award:expenditure-rate",
            "award:system-execution",
            "award:intention-timeliness",
            "award:e-contracts",
            "award:asset-compliance",
        ),
        ("100.00", "93.89", "-6.11", "+0.89", "-8.50", "+1.50"),
        "note",
    ),
    Expected(
        "timeliness was raised",
        "raised-above-claim",
        "intention-timeliness",
        ("claim:intention-timeliness", "award:intention-timeliness"),
        ("0.00", "0.50", "+0.50", "93.39"),
        "note",
    ),
    Expected(
        "e-contracts was raised",
        "raised-above-claim",
        "e-contracts",
        ("claim:e-contracts", "award:e-contracts"),
        ("0.00", "0.39", "+0.39", "93.50"),
        "note",
    ),
    Expected(
        "outputs: 10.75 by the rule, 16 given",
        "award-off-the-rule",
        "output-goals",
        ("award:output-goals",),
        ("10.75", "16.00", "+5.25", "88.64"),
    ),
    Expected(
        "benefits: 11.82 to 18.36 by the rule, 19 given",
        "award-off-the-rule",
        "benefit-goals",
        ("award:benefit-goals",),
        ("11.82–18.36", "19.00", "+0.64", "93.25"),
    ),
    Expected(
        "budget constraint: 3.98 by the rule, 4 given",
        "award-off-the-rule",
        "budget-constraint",
        ("award:budget-constraint",),
        ("3.98", "4.00", "+0.02", "93.87"),
    ),
    Expected(
        "timeliness: 0 by the self-report's own dates, 0.5 given",
        "award-off-the-rule",
        "intention-timeliness",
        ("award:intention-timeliness",),
        ("0.00", "0.50", "+0.50", "93.39"),
    ),
    Expected(
        "contract signing: 0 by the rule, 1.5 given",
        "award-off-the-rule",
        "contract-signing",
        ("award:contract-signing",),
        ("0.00", "1.50", "92.39"),
    ),
    Expected(
        "asset compliance: 2 by the rule, 1 given",
        "award-off-the-rule",
        "asset-compliance",
        ("award:asset-compliance",),
        ("2.00", "1.00", "-1.00", "94.89"),
    ),
    Expected(
        "asset compliance: one point is two incidents, and the figures show none",
        "cut-off-the-steps",
        "asset-compliance",
        ("award:asset-compliance",),
        ("1", "0.5", "2", "0"),
    ),
    Expected(
        "stock-taking: the sheet that costs one row a point earns the other full marks",
        "evidence-cut-once",
        "asset-compliance",
        ("award:stock-taking", "award:asset-compliance"),
        ("盘点表",),
    ),
    *(
        Expected(
            f"{row}: no clause gives the award",
            "award-without-clause",
            row,
            (f"award:{row}",),
            words,
        )
        for row, words in {
            "output-goals": ("20.00", "16.00"),
            "benefit-goals": ("20.00", "19.00"),
            "budget-constraint": ("4.00",),
            "intention-timeliness": ("0.00", "0.50"),
            "contract-signing": ("1.50",),
            "asset-compliance": ("2.00", "1.00"),
        }.items()
    ),
    *(
        Expected(
            f"{row}: figures are missing, full marks were given",
            "rule-undecided",
            row,
            (f"award:{row}",),
            words,
        )
        for row, words in {
            "financial-compliance": ("audit-issues-to-rectify", "0.00–3.00", "3.00", "90.89"),
            "budget-disclosure": ("budget-publication-checks", "0.00–2.00", "91.89"),
            "sme-procurement": ("sme-procurement-reserved", "0.00–1.00", "92.89"),
            "stock-taking": ("stock-results-handled", "0.00–1.00", "92.89"),
            "data-quality": ("asset-queries-explained", "0.00–2.00", "91.89"),
            "asset-utilisation": ("city-asset-utilisation-mean", "0.00–2.00", "91.89"),
        }.items()
    ),
    Expected(
        "benefits: nobody graded the eight that are described in words",
        "rule-undecided",
        "benefit-goals",
        ("award:benefit-goals",),
        ("enterprise-burden", "ip-quality", "11.82–18.36"),
        "note",
    ),
    Expected(
        "performance management: a figure is missing, the rest is left to people",
        "rule-undecided",
        "system-execution",
        ("award:system-execution",),
        ("monitored-funds-not-rectified", "0.00–10.00"),
        "note",
    ),
    *(
        Expected(
            f"{row} loses points without a finding; six rows do, there are two findings",
            "cut-without-finding",
            row,
            (f"award:{row}", *FINDINGS),
            (lost, "6", "2"),
        )
        for row, lost in {
            "output-goals": "4.00",
            "benefit-goals": "1.00",
            "expenditure-rate": "1.00",
            "e-contracts": "0.61",
        }.items()
    ),
    Expected(
        "the self-report's own five outputs give 18, not 20",
        "claim-above-rule",
        "output-goals",
        ("claim:output-goals",),
        ("20.00", "18.00", "多 2.00", "+2.00;", "99.50"),
    ),
    Expected(
        "the self-report's own benefits give at most 18.36",
        "claim-above-rule",
        "benefit-goals",
        ("claim:benefit-goals",),
        ("20.00", "18.36", "1.64"),
    ),
    Expected(
        "the self-report's own contract dates give nothing",
        "claim-above-rule",
        "contract-signing",
        ("claim:contract-signing",),
        ("1.50", "0.00"),
    ),
    Expected(
        "a self score of 100 has no grade and is printed as 优",
        "printed-totals",
        None,
        ("SelfEvaluationSubmitted",),
        ("优", "100.00"),
        "error",
    ),
    Expected(
        "the bands leave 100 out",
        "band-gap",
        None,
        ("RubricPinned",),
        ("100", "自评 100.00"),
    ),
    Expected(
        "93.89 % includes the bonus, the rows alone are 90.89 %",
        "rate-with-bonus",
        None,
        ("ResultIssued",),
        ("93.89%", "90.89%"),
        "note",
    ),
    Expected(
        "four bonus items, a cap of three",
        "bonus-beyond-cap",
        "work-bonus",
        (
            "bonus:bonus-fire-safety",
            "bonus:bonus-patriotic-health",
            "bonus:bonus-march-eighth",
            "bonus:bonus-safe-hospitals",
        ),
        ("4", "4.00", "3"),
    ),
    Expected(
        "the fourth item is missing in the review",
        "bonus-left-out",
        "work-bonus",
        ("bonus:bonus-march-eighth", "decided:bonus-march-eighth"),
        ("三八红旗集体", "93.89"),
    ),
    Expected(
        "an award to a person is counted as the bureau's",
        "bonus-off-the-standard",
        "work-bonus",
        ("bonus:bonus-fire-safety", "decided:bonus-fire-safety"),
        ("先进个人", "92.89"),
    ),
    Expected(
        "a circular of the health commission is counted, without it 92.89",
        "bonus-off-the-standard",
        "work-bonus",
        ("bonus:bonus-safe-hospitals", "decided:bonus-safe-hospitals"),
        ("国家卫健委", "92.89"),
    ),
    Expected(
        "and it is for persons",
        "bonus-off-the-standard",
        "work-bonus",
        ("bonus:bonus-safe-hospitals", "decided:bonus-safe-hospitals"),
        ("honours persons", "92.89"),
    ),
    Expected(
        "nobody says what a share equal to the mean gets",
        "tie-undefined",
        "asset-utilisation",
        ("RubricPinned",),
        ("asset-utilisation",),
        "note",
    ),
    *(
        Expected(
            f"{name} is the name of {len(rows)} rows",
            "repeated-name",
            rows[0],
            ("RubricPinned",),
            (name, *rows),
            "note",
        )
        for name, rows in {
            "采购意向公开合规性": ("intention-completeness", "intention-timeliness"),
            "采购合同签订时效性": ("contract-signing", "e-contracts"),
            "采购政策效能": ("sme-procurement", "poverty-area-procurement", "credit-evaluation"),
        }.items()
    ),
)

FIGURES = (
    Expected(
        "9.50 % in the attachment, 99.50 % in the body",
        "copies-differ",
        "expenditure-rate",
        ("review:expenditure-rate-printed", "review:expenditure-rate-printed-attachment"),
        ("99.50%", "9.50%"),
        "error",
        ("核查报告 三（一）3", "核查报告 附件1 第 3 行"),
    ),
    Expected(
        "9.50 % is not what its figures give",
        "printed-rate",
        "expenditure-rate",
        (
            "review:expenditure-rate-printed-attachment",
            "review:expenditure-actual",
            "review:budget-issued",
            "review:carry-over",
        ),
        ("9.50", "99.50"),
        "error",
    ),
    Expected(
        "9.50 % would score 6 and the total 90.89; 9 fits only 99.50 %",
        "printed-rate-against-score",
        "expenditure-rate",
        ("review:expenditure-rate-printed-attachment", "award:expenditure-rate"),
        ("9.50%", "6.00", "9.00", "90.89"),
        "error",
    ),
    Expected(
        "39 % is printed for 38.67 %",
        "printed-rate",
        "e-contracts",
        (
            "review:e-contract-rate-printed",
            "review:marketplace-contracts-signed-online",
            "review:marketplace-contracts",
        ),
        ("39", "38.67"),
        "note",
    ),
    Expected(
        "the target of the standard-implementing firms moved from 8 to 10",
        "target-changed",
        "output-goals",
        ("self:standard-implementing-firms", "review:standard-implementing-firms"),
        ("≥8", "≥10", "11.25", "10.75"),
        "error",
    ),
    Expected(
        "three unfinished outputs stand in the review only; without them 17.20",
        "goal-not-submitted",
        "output-goals",
        LEFT_OUT,
        ("3", "17.20", "10.75"),
    ),
    Expected(
        "five outputs are said to be done, four are",
        "count-differs",
        "output-goals",
        (
            "review:output-completed-said",
            "self:high-value-patents-per-10k",
            *SELF_GOALS,
        ),
        ("5", "4"),
        "error",
    ),
    Expected(
        "the lift platform is finished in one place and not in another",
        "copies-differ",
        "output-goals",
        ("self:lift-platform-built", "self:lift-platform-goal-met"),
        ("是", "否"),
        "error",
    ),
    Expected(
        "the self-report admits that goals failed and claims full marks",
        "said-at-fault",
        "output-goals",
        ("self:goals-unmet-said",),
        ("资助项目个数", "20.00"),
    ),
    Expected(
        "patents at 160.71 % count half",
        "goal-overshot",
        "output-goals",
        ("self:high-value-patents-per-10k",),
        ("160.714285…%", "50"),
        "note",
    ),
    Expected(
        "pledge loans at 904.33 % count half",
        "goal-overshot",
        "benefit-goals",
        ("self:patent-pledge-loans",),
        ("904.333333…%", "50"),
        "note",
    ),
    Expected(
        "≤540 costs points in one row and counts in full in the other",
        "fact-treated-twice",
        "system-execution",
        ("self:lift-inspections", "award:output-goals", "award:system-execution"),
        ("（8.50/10.00）", "output-goals"),
    ),
    Expected(
        "eleven benefits are said, ten rows are shown",
        "copies-differ",
        "benefit-goals",
        ("review:benefit-count-said", "review:benefit-rows-shown"),
        ("11", "10"),
        "error",
    ),
    Expected(
        "a benefit of the self-report is not in the review's table; with one fewer 11.00 to 19.20",
        "count-differs",
        "benefit-goals",
        (
            "review:benefit-rows-shown",
            *NUMBERED_GOALS,
            *(f"review:{goal}" for goal in GRADED),
        ),
        ("10", "11", "11.82–18.36", "11.00–19.20"),
        "error",
    ),
    Expected(
        "eight benefits in words are not graded; all 优 would be 18.36",
        "goal-without-grade",
        "benefit-goals",
        tuple(f"review:{goal}" for goal in GRADED),
        ("8", "优", "95", "18.36", "11.82–18.36"),
    ),
    *(
        Expected(
            f"{goal}: the actual is the target word for word",
            "printed-actual-repeats-target",
            "benefit-goals",
            (f"review:{goal}-printed", f"review:{goal}"),
            (words,),
        )
        for goal, words in {
            "food-drug-supervision": "长期",
            "business-environment": "长期",
            "ip-quality": "持续推进",
        }.items()
    ),
    Expected(
        "64 is printed for 64.45",
        "sum-does-not-hold",
        "benefit-goals",
        (
            "review:ip-pledge-loans",
            "self:patent-pledge-loans",
            "self:trademark-pledge-loans",
        ),
        ("64", "64.45", "-0.45"),
        "note",
    ),
    Expected(
        "no adjustments says the unit, 0.72 % the review",
        "figure-restated",
        "budget-constraint",
        ("self:budget-adjustment-rate", "review:budget-adjustment-rate"),
        ("0%", "0.72%", "4.00", "3.98"),
        "note",
    ),
    Expected(
        "0.72 % is the net growth of income",
        "net-printed-as-rate",
        "budget-constraint",
        ("review:budget-adjustment-rate", "review:income-budget", "review:income-total"),
        ("0.72%", "0.721%"),
    ),
    Expected(
        "net growth hides +18.99 % and −87.05 %",
        "net-hides-parts",
        "expenditure-rate",
        (
            "review:income-budget",
            "review:income-total",
            "review:income-budget-general",
            "review:income-general",
            "review:income-budget-funds",
            "review:income-funds",
        ),
        ("+0.72%", "+18.99%", "-87.05%"),
    ),
    Expected(
        "no additions are reported, yet the general budget grew by 20,459,535.95",
        "addition-not-reported",
        "budget-constraint",
        ("review:budget-addition-rate", "review:income-budget-general", "review:income-general"),
        ("20459535.95", "+18.99%"),
    ),
    Expected(
        "the printed list of income adds up to 132,414,366.62 with the carry-over",
        "sum-does-not-hold",
        "expenditure-rate",
        (
            "review:income-total",
            "review:carry-over-total",
            *(f"review:{income}" for income in INCOMES),
        ),
        ("131961226.18", "132414366.62", "-453140.44"),
        "error",
    ),
    Expected(
        "the denominator is all income; fiscal money alone gives 100.05 %, which has no tier",
        "sum-does-not-hold",
        "expenditure-rate",
        ("review:budget-issued", "review:income-general", "review:income-funds"),
        ("131231974.93", "+729251.25", "100.05", "0.00–10.00", "9.00"),
        "error",
    ),
    Expected(
        "no audit report in the body, an audit in the attachment",
        "copies-differ",
        "financial-compliance",
        ("review:audit-report-provided", "review:audit-work-said"),
        ("否", "年末开展审计"),
        "error",
    ),
    Expected(
        "what was reserved for small firms is gone",
        "figure-dropped",
        "sme-procurement",
        ("self:sme-procurement-reserved", "review:sme-procurement-reserved"),
        ("344.11",),
    ),
    Expected(
        "none of the contracts was signed online says the unit, 29 the review",
        "figure-restated",
        "e-contracts",
        (
            "self:marketplace-contracts-signed-online",
            "review:marketplace-contracts-signed-online",
        ),
        ("0 份", "29 份", "0.39"),
        "note",
    ),
    Expected(
        "25 purchases to be rated, 75 contracts",
        "copies-differ",
        "credit-evaluation",
        ("self:credit-evaluations-due", "review:marketplace-contracts"),
        ("25", "75", "0.17", "0.50"),
    ),
    Expected(
        "running costs have three decimals",
        "finer-than-unit",
        "economy-cost",
        ("review:running-costs-budget",),
        ("5499159.043", "3"),
    ),
    Expected(
        "running costs pass by 0.003 yuan",
        "decided-by-a-hair",
        "economy-cost",
        ("review:running-costs-actual", "review:running-costs-budget"),
        ("0.003", "5499159.04 < 5499159.043"),
    ),
    *(
        Expected(
            f"all assets are said to be in use ({document}), 81.97 % are",
            "sum-does-not-hold",
            "asset-utilisation",
            (f"{document}:fixed-assets-in-use", "self:fixed-assets-own-use"),
            ("10308.21", "8449.67", "+1858.54", "81.97"),
            "error",
        )
        for document in ("self", "review")
    ),
    *(
        Expected(
            f"772.95 awaits disposal and is said to be in use ({document}); without it 92.50 %",
            "sum-does-not-hold",
            "asset-utilisation",
            (
                f"{document}:fixed-assets-in-use",
                "self:fixed-assets-own-use",
                "self:fixed-assets-lent",
            ),
            ("9535.26", "+772.95", "92.50"),
            "error",
        )
        for document in ("self", "review")
    ),
)

RESTATED = {
    "patents-granted": ("benefit-goals", "5732", "5396", "warning"),
    "patents-in-force": ("benefit-goals", "3114", "3041", "warning"),
    "patents-in-force-per-10k": ("benefit-goals", "4.43", "4.32", "warning"),
    "patents-in-force-growth": ("benefit-goals", "27.66", "26", "warning"),
    "expenditure-rate-printed": ("expenditure-rate", "100%", "99.50%", "note"),
    "income-total": ("expenditure-rate", "9789.29", "131961226.18", "note"),
    "expenditure-total": ("expenditure-rate", "9802.63", "131756161.60", "note"),
    "goals-publication-place": ("performance-disclosure", "门户网站", "市政府", "note"),
    "performance-rules-document": ("system-building", "暂行规定", "使用办法", "note"),
    "sme-procurement-actual": ("sme-procurement", "344.11", "663.41", "note"),
    "running-costs-actual": ("economy-cost", "366.05", "5499159.04", "note"),
    "running-costs-budget": ("economy-cost", "369.97", "5499159.043", "note"),
    "three-public-actual": ("three-public", "82.12", "1101707.34", "note"),
    "three-public-budget": ("three-public", "101.2", "1403213.88", "note"),
    "posts": ("economy-cost", "172", "252", "note"),
    "staff": ("economy-cost", "171", "243", "note"),
    "retired": ("economy-cost", "203", "232", "note"),
    "hired": ("economy-cost", "15", "16", "note"),
}
BETWEEN_DOCUMENTS = (
    *(
        Expected(
            f"{figure}: {before} in one document, {after} in the other",
            "figure-restated",
            row,
            (f"self:{figure}", f"review:{figure}"),
            (before, after),
            severity,
        )
        for figure, (row, before, after, severity) in RESTATED.items()
    ),
    Expected(
        "income and spending are the bureau's in one document, the department's in the other",
        "scope-differs",
        "expenditure-rate",
        tuple(
            f"{document}:{figure}"
            for document in ("self", "review")
            for figure in (
                "carry-over",
                "budget-issued",
                "expenditure-actual",
                "expenditure-rate-printed",
                "carry-over-total",
                "income-total",
                "expenditure-total",
                "year-end-total",
            )
        ),
        ("本级", "部门", "8"),
    ),
)

DATES_AND_NAMES = (
    *(
        Expected(
            f"{contract} was signed five days before its award notice",
            "negative-duration",
            "contract-signing",
            (f"self:award-to-signing-{contract}",),
            ("2023-11-09/2023-11-04", "5", "0.00", "1.50"),
            "error",
        )
        for contract in ("oil-and-chemicals", "industrial-products")
    ),
    *(
        Expected(
            f"contracts are called compliant ({document})",
            "said-in-order",
            "contract-signing",
            (
                f"{document}:contracts-signed-in-time-said",
                "self:award-to-signing-oil-and-chemicals",
                "self:award-to-signing-industrial-products",
                "self:award-to-signing-lift-platform",
            ),
            ("0.00", "1.50"),
            "error",
        )
        for document in ("self", "review")
    ),
    Expected(
        "an intention was published 77 days after approval",
        "duration-too-long",
        "intention-timeliness",
        ("self:approval-to-publication-sampling",),
        ("77", "(-,60]", "0.00", "0.50"),
    ),
    Expected(
        "the review calls the intentions timely",
        "said-in-order",
        "intention-timeliness",
        (
            "review:intentions-timely-said",
            "self:approval-to-publication-sampling",
            "self:approval-to-publication-lift-platform",
            "self:publication-to-start-lift-platform",
            "self:publication-to-start-sampling",
        ),
        ("0.00", "0.50"),
        "error",
    ),
    Expected(
        "the unit itself says that one was late, the review gives full marks",
        "said-at-fault",
        "intention-timeliness",
        ("self:intentions-late-said", "award:intention-timeliness"),
        ("1", "0.50"),
    ),
    Expected(
        "two intentions, three contracts",
        "count-differs",
        "intention-completeness",
        (
            "self:intentions-due",
            "self:award-to-signing-oil-and-chemicals",
            "self:award-to-signing-industrial-products",
            "self:award-to-signing-lift-platform",
        ),
        ("2", "3"),
    ),
    Expected(
        "one platform has two names",
        "one-thing-two-names",
        "intention-timeliness",
        (
            "self:approval-to-publication-lift-platform",
            "self:award-to-signing-lift-platform",
        ),
        ("电梯安全智慧监管平台", "湛江市电梯智慧监管平台"),
        "note",
    ),
    Expected(
        "153 days without a consultation",
        "no-consultation",
        None,
        ("SelfEvaluationSubmitted", "ResultIssued"),
        ("2024-07-30", "2024-12-30", "153"),
        "note",
    ),
    Expected(
        "the cover names the reviewed unit as the reviewer",
        "party-misnamed",
        None,
        ("ReviewCommissioned", "review:reviewing-body-printed"),
        ("湛江市市场监督管理局", "广州向合管理咨询有限公司", "被评价单位"),
        "error",
        ("核查报告 封面",),
    ),
    Expected(
        "two first levels in the text, four in the table",
        "copies-differ",
        "output-goals",
        ("review:first-levels-said", "review:first-levels-shown"),
        ("2", "4"),
        "error",
    ),
    Expected(
        "six aspects in the text, seven in the table",
        "count-differs",
        "pre-assessment",
        ("self:aspects-said",),
        ("6", "7"),
    ),
    Expected(
        "the self-report scores 24 rows, the rubric has 28",
        "count-differs",
        "pre-assessment",
        ("self:score-rows-shown",),
        ("24", "28"),
    ),
)

EXPECTED = (*SCORES, *FIGURES, *BETWEEN_DOCUMENTS, *DATES_AND_NAMES)


def _said(word: str, text: Text) -> bool:
    """Whether a message says it: a number in either language, a word in one of them."""
    zh, en = (language.replace(" %", "%") for language in text)
    if re.fullmatch(r"[-+\d.%/<>≤≥–]+", word):
        return word in zh and word in en
    return word in zh + en


@pytest.mark.parametrize("expected", EXPECTED, ids=[one.what for one in EXPECTED])
def test_it_is_found(expected: Expected) -> None:
    events = {versions()[name] for name in expected.events}

    (finding,) = [
        one
        for one in found()
        if (one.check, one.indicator, set(one.events))
        == (expected.check, expected.indicator, events)
        and all(_said(word, one.message) for word in expected.words)
    ]

    assert finding.severity == expected.severity
    assert set(expected.documents) <= set(finding.documents)


def test_nothing_in_the_record_itself_is_irregular() -> None:
    history, editions = reference()

    assert list(irregularities(history, editions)) == []


def test_every_finding_says_where() -> None:
    for finding in found():
        assert finding.events, finding
        assert finding.indicator or finding.message, finding
    known = {one.version for one in reference()[0]}
    assert all(set(finding.events) <= known for finding in found())


def test_so_many_findings_of_each_kind() -> None:
    """A check that finds more or less than before is looked at by a person."""
    assert Counter(one.check for one in found()) == {
        "addition-not-reported": 1,
        "award-off-the-rule": 6,
        "award-without-clause": 6,
        "band-gap": 1,
        "bonus-beyond-cap": 1,
        "bonus-left-out": 1,
        "bonus-off-the-standard": 3,
        "claim-above-rule": 3,
        "claim-restated": 4,
        "copies-differ": 6,
        "count-differs": 5,
        "cut-off-the-steps": 1,
        "cut-without-finding": 4,
        "decided-by-a-hair": 1,
        "duration-too-long": 1,
        "evidence-cut-once": 1,
        "fact-treated-twice": 1,
        "figure-dropped": 1,
        "figure-restated": 29,
        "finer-than-unit": 1,
        "goal-not-submitted": 1,
        "goal-overshot": 2,
        "goal-without-grade": 1,
        "negative-duration": 2,
        "net-hides-parts": 1,
        "net-printed-as-rate": 1,
        "no-consultation": 1,
        "one-thing-two-names": 1,
        "party-misnamed": 1,
        "printed-actual-repeats-target": 3,
        "printed-rate": 2,
        "printed-rate-against-score": 1,
        "printed-totals": 1,
        "raised-above-claim": 2,
        "rate-with-bonus": 1,
        "recorded-late": 1,
        "repeated-name": 3,
        "rule-undecided": 8,
        "said-at-fault": 2,
        "said-in-order": 3,
        "scope-differs": 1,
        "sum-does-not-hold": 7,
        "target-changed": 1,
        "tie-undefined": 1,
        "total-hides-moves": 1,
    }


def test_before_the_review_only_the_self_report_is_looked_at() -> None:
    history, editions = reference()
    submission = versions()["SelfEvaluationSubmitted"]

    early = check_case(history[:submission], editions, history)

    assert {one.check for one in early} >= {"claim-above-rule", "negative-duration", "band-gap"}
    assert all(max(one.events, default=0) <= submission for one in early)
    assert not {one.check for one in early} & {"award-off-the-rule", "figure-restated"}
