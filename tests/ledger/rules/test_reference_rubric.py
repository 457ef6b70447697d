"""The rubric of the 2023 review, worked out from the figures that the two documents print."""

from decimal import Decimal
from pathlib import Path

import pytest

from ledger import rubric
from ledger.rules.rule import Figures, RuleResult
from ledger.values import Figure, FigureKind, Sense, Target

EXAMPLES = Path(__file__).parents[3] / "examples"
RUBRIC = rubric.read((EXAMPLES / "zhanjiang-2023" / "rubric.toml").read_bytes())
PRINTED_WEIGHTS = (
    *("20", "20", "10", "2", "4", "3", "2", "1", "5", "10"),
    *("0.5", "0.5", "1", "2", "1.5", "1", "1", "1", "1", "0.5"),
    *("2", "1", "1", "2", "2", "2", "2", "1"),
)
SENSES: dict[str, Sense] = {"≥": "at-least", "≤": "at-most", "=": "exactly"}


def worked_out(indicator: str, *figures: str) -> RuleResult:
    """Rule result of one row. A figure is `id value` or `id value target`, as printed."""
    given = Figures(figure(indicator, *text.split()) for text in figures)
    return RUBRIC.rule_result(RUBRIC.by_id[indicator], given)


def figure(indicator: str, id_: str, value: str, target: str = "") -> Figure:
    aim = None
    if target:
        sense = SENSES.get(target[0], "described")
        aim = Target(sense, target if sense == "described" else target[1:])
    return Figure(
        id=id_, indicator=indicator, name=id_, kind=kind_of(value), value=value, target=aim
    )


def kind_of(value: str) -> FigureKind:
    if value in {"yes", "no"}:
        return "yes-no"
    if "/" in value:
        return "interval"
    return "number" if value.replace(".", "").isdigit() else "text"


FINISHED = (
    "lifts-inspected 482 ≤540",
    "markets-rectified 1 =1",
    "high-value-patents 1.35 ≥0.84",
    "food-safety-review 100 =100",
)
UNFINISHED = ("projects-funded no =45", "subsidies-paid no =50", "subsidy-payment-rate no =100")
BENEFITS = (
    "company-burden yes 减轻",
    "patent-pledge-loans 54.26 ≥6",
    "trademark-pledge-loans 10.19 ≥10",
    "food-and-drug-safety yes 提高",
    "lift-safety yes 进一步提高",
    "online-services yes 进一步提高",
    "geographical-indications yes 进一步提高",
    "lasting-food-and-drug-safety yes 长期",
    "business-environment yes 长期",
    "intellectual-property yes 持续推进",
)
NOT_AUDITED_TWICE = (
    "audit-issues-counted-elsewhere 0",
    "audit-issues-by-fault 0",
    "audit-issues-repeated-counted-elsewhere 0",
)
ASSET_ORDER = ("asset-rules-issued yes", "asset-rules-followed yes", "asset-disposals-regular yes")


def test_the_rows_carry_the_printed_weights_in_printed_order() -> None:
    assert [row.weight for row in RUBRIC.indicators] == [
        Decimal(weight) for weight in PRINTED_WEIGHTS
    ]


def test_no_grade_is_printed_for_100() -> None:
    assert RUBRIC.grade(Decimal(100)) is None
    assert RUBRIC.grade(Decimal("93.89")) == "优"


@pytest.mark.parametrize(
    ("situation", "indicator", "figures", "score"),
    [
        (
            "eight outputs of the review, three of them unfinished",
            "output-goals",
            (*FINISHED, *UNFINISHED, "standards-adopted 8 ≥10"),
            "10.75",
        ),
        ("five outputs of the unit", "output-goals", (*FINISHED, "standards-adopted 8 ≥8"), "18"),
        (
            "all described benefits graded best, eleven",
            "benefit-goals",
            (*(one.replace(" yes ", " 优 ") for one in BENEFITS), "complaint-rate 0 ≤10"),
            "18.36",
        ),
        (
            "total income as the budget",
            "expenditure-rate",
            (
                "expenditure-actual 131756161.60",
                "budget-issued 131961226.18",
                "carry-over 453140.44",
            ),
            "9",
        ),
        (
            "fiscal money of the unit alone",
            "expenditure-rate",
            ("expenditure-actual 9787.5", "budget-issued 9787.5", "carry-over 0"),
            "10",
        ),
        (
            "three projects assessed of three",
            "pre-assessment",
            ("pre-assessments-due 3", "pre-assessments-done 3"),
            "2",
        ),
        (
            "0.72 % moved and nothing added",
            "budget-constraint",
            ("budget-adjustment-rate 0.72", "budget-addition-rate 0"),
            "3.98",
        ),
        (
            "nothing moved and nothing added",
            "budget-constraint",
            ("budget-adjustment-rate 0", "budget-addition-rate 0"),
            "4",
        ),
        (
            "audited without issues",
            "financial-compliance",
            (*NOT_AUDITED_TWICE, "audit-issues-to-rectify 0", "audit-issues-repeated 0"),
            "3",
        ),
        (
            "audited with one issue, and one repeated",
            "financial-compliance",
            (*NOT_AUDITED_TWICE, "audit-issues-to-rectify 1", "audit-issues-repeated 1"),
            "1.5",
        ),
        (
            "published within days of approval, all checks passed",
            "budget-disclosure",
            (
                "budget-published yes",
                "accounts-published yes",
                "budget-approval-to-publication-bureau 2023-03-07/2023-03-07",
                "budget-approval-to-publication-units 2023-03-08/2023-03-15",
                "accounts-approval-to-publication-units 2023-09-07/2023-09-15",
                "budget-publication-checks 10",
                "budget-publication-checks-passed 10",
                "accounts-publication-checks 10",
                "accounts-publication-checks-passed 10",
            ),
            "2",
        ),
        ("accounts never published", "budget-disclosure", ("accounts-published no",), "0"),
        (
            "goals and report published in time",
            "performance-disclosure",
            ("goals-published-in-time yes", "self-report-published-in-time yes"),
            "1",
        ),
        (
            "only goals published",
            "performance-disclosure",
            ("goals-published-in-time yes", "self-report-published-in-time no"),
            "0.5",
        ),
        (
            "rules that cover everything",
            "system-building",
            (
                "performance-requirements-issued yes",
                "performance-requirements-complete yes",
                "performance-duties-assigned yes",
                "performance-duties-complete yes",
            ),
            "5",
        ),
        (
            "both intentions published",
            "intention-completeness",
            ("intentions-due 2", "intentions-published 2"),
            "0.5",
        ),
        (
            "one of two intentions published",
            "intention-completeness",
            ("intentions-due 2", "intentions-published 1"),
            "0",
        ),
        (
            "one intention published 77 days after approval",
            "intention-timeliness",
            (
                "approval-to-publication-lifts 2023-03-07/2023-02-06",
                "approval-to-publication-inspections 2023-03-07/2023-05-23",
                "publication-to-start-lifts 2023-02-06/2023-03-16",
                "publication-to-start-inspections 2023-05-23/2023-10-25",
            ),
            "0",
        ),
        (
            "rules issued and filed",
            "internal-control",
            ("procurement-rules-issued yes", "procurement-rules-filed yes"),
            "1",
        ),
        ("no complaints", "procurement-compliance", ("procurement-complaints-upheld 0",), "2"),
        (
            "two of three contracts signed five days before the notice",
            "contract-signing",
            (
                "award-to-signing-food-oil 2023-11-09/2023-11-04",
                "award-to-signing-industrial 2023-11-09/2023-11-04",
                "award-to-signing-lifts 2023-03-29/2023-04-13",
            ),
            "0",
        ),
        (
            "29 of 75 contracts signed online",
            "e-contracts",
            ("marketplace-contracts-signed-online 29", "marketplace-contracts 75"),
            "0.39",
        ),
        (
            "none signed online, of a number that the unit does not give",
            "e-contracts",
            ("marketplace-contracts-signed-online 0",),
            "0",
        ),
        ("all filed in time", "contract-filing", ("contracts-filed-in-time yes",), "1"),
        (
            "all that was reserved",
            "sme-procurement",
            ("sme-procurement-actual 344.11", "sme-procurement-reserved 344.11"),
            "1",
        ),
        (
            "8.66 of 7 is capped",
            "poverty-area-procurement",
            ("poverty-area-purchases 8.66", "poverty-area-reserved 7"),
            "1",
        ),
        (
            "25 of 25 evaluated",
            "credit-evaluation",
            ("credit-evaluations-done 25", "credit-evaluations-due 25"),
            "0.5",
        ),
        ("nothing over the standard", "asset-allocation", ("assets-over-standard 0",), "2"),
        ("nothing overdue", "revenue-remittance", ("remittances-overdue 0",), "1"),
        (
            "taken and handled",
            "stock-taking",
            ("stock-taken yes", "stock-results-handled yes"),
            "1",
        ),
        ("not taken", "stock-taking", ("stock-taken no",), "0"),
        (
            "complete and matching",
            "data-quality",
            (
                "asset-report-complete yes",
                "asset-queries-explained yes",
                "asset-accounts-match yes",
            ),
            "2",
        ),
        ("no asset issues", "asset-compliance", (*ASSET_ORDER, "asset-issues-found 0"), "2"),
        (
            "one asset issue found, for which no clause takes a whole point",
            "asset-compliance",
            (*ASSET_ORDER, "asset-issues-found 1"),
            "1.5",
        ),
        (
            "above the city's mean",
            "asset-utilisation",
            (
                "fixed-assets-in-use 10308.21",
                "fixed-assets-total 10308.21",
                "city-asset-utilisation-mean 95",
            ),
            "2",
        ),
        (
            "within the budget by three thousandths of a yuan",
            "economy-cost",
            ("running-costs-actual 5499159.04", "running-costs-budget 5499159.043"),
            "2",
        ),
        (
            "the unit's own running costs",
            "economy-cost",
            ("running-costs-actual 366.05", "running-costs-budget 369.97"),
            "2",
        ),
    ],
)
def test_the_rule_gives(
    situation: str, indicator: str, figures: tuple[str, ...], score: str
) -> None:
    result = worked_out(indicator, *figures)

    assert result.score == Decimal(score), situation
    assert result.missing == ()


@pytest.mark.parametrize(
    ("situation", "indicator", "figures", "ends", "missing"),
    [
        (
            "fiscal money as the denominator exceeds every tier",
            "expenditure-rate",
            (
                "expenditure-actual 131756161.60",
                "budget-issued 131231974.93",
                "carry-over 453140.44",
            ),
            ("0", "10"),
            (),
        ),
        (
            "the city's mean is not disclosed",
            "asset-utilisation",
            ("fixed-assets-in-use 10308.21", "fixed-assets-total 10308.21"),
            ("0", "2"),
            ("city-asset-utilisation-mean",),
        ),
        (
            "a mean of 100 % is provided for neither above nor below",
            "asset-utilisation",
            (
                "fixed-assets-in-use 10308.21",
                "fixed-assets-total 10308.21",
                "city-asset-utilisation-mean 100",
            ),
            ("0", "2"),
            (),
        ),
        (
            "eleven benefits, eight of them described and not graded",
            "benefit-goals",
            (*BENEFITS, "complaint-rate 0 ≤10"),
            ("11.82", "18.36"),
            ("company-burden", *(one.split()[0] for one in BENEFITS[3:])),
        ),
        (
            "more than was reserved for small firms: no limit is printed",
            "sme-procurement",
            ("sme-procurement-actual 120", "sme-procurement-reserved 100"),
            ("0", "1"),
            (),
        ),
        (
            "no standard is printed for three public expenses",
            "three-public",
            ("three-public-actual 1101707.34", "three-public-budget 1403213.88"),
            ("0", "1"),
            (),
        ),
        (
            "nobody says whether queries were explained",
            "data-quality",
            ("asset-report-complete yes", "asset-accounts-match yes"),
            ("0", "2"),
            ("asset-queries-explained",),
        ),
        (
            "how goals and a grade become points is left to people",
            "system-execution",
            (
                "last-review-grade 优",
                "rectification-feedback-late 0",
                "monitored-funds-not-rectified 0",
            ),
            ("2", "10"),
            (),
        ),
        (
            "no audit report is not an audit without issues",
            "financial-compliance",
            (),
            ("0", "3"),
            (
                "audit-issues-to-rectify",
                "audit-issues-counted-elsewhere",
                "audit-issues-by-fault",
                "audit-issues-by-fault-counted-elsewhere",
                "audit-issues-repeated",
                "audit-issues-repeated-counted-elsewhere",
            ),
        ),
        (
            "stock taken and nothing known of the results",
            "stock-taking",
            ("stock-taken yes",),
            ("0", "1"),
            ("stock-results-handled",),
        ),
    ],
)
def test_the_rule_leaves_open(
    situation: str,
    indicator: str,
    figures: tuple[str, ...],
    ends: tuple[str, str],
    missing: tuple[str, ...],
) -> None:
    result = worked_out(indicator, *figures)

    assert result.score is None, situation
    assert (result.lowest, result.highest) == tuple(map(Decimal, ends))
    assert result.missing == missing


def test_without_any_figure_every_row_says_what_is_missing_or_has_no_goals_or_no_standard() -> None:
    for row in RUBRIC.indicators:
        result = RUBRIC.rule_result(row, Figures())
        no_goals = row.id in {"output-goals", "benefit-goals"}
        no_standard = row.id == "three-public"
        assert bool(result.missing) != (no_goals or no_standard), row.id
        assert result.score == (0 if no_goals else None), row.id
