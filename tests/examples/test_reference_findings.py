"""Every finding of the reference case, read against its two documents by hand.

The list is whole: what a check finds beside it, and what it no longer finds, is looked at by a
person. Each line says why a reader of the documents would agree with the finding and its severity.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.batch import read_batch
from ledger.checks import CheckReport, Discrepancy, examine
from ledger.checks.rule_compliance import irregularities
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import FigureRestated, FigureSubmitted, SelfEvaluationSubmitted
from ledger.ledger import Ledger, stream_of
from tests.support.specification import Memory

EXAMPLE = Path(__file__).parents[2] / "examples" / "zhanjiang-2023"
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
    return [*ledger.history(CASE)], ledger.editions("zhanjiang-departments-2023")


@cache
def report() -> CheckReport:
    return examine(*reference())


class Expected(NamedTuple):
    """One fact.

    Attributes:
        judgement: what a reader of the two documents says of it.
        words: what its message and its readings say, in either language.
        readings: the other checks that see the same fact.
        figures: ids of figures whose events it names.
    """

    judgement: str
    check: str
    severity: str
    indicator: str | None
    words: tuple[str, ...]
    readings: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


ERRORS = (
    Expected(
        "Two of three contracts bear a date five days before their award notice; both documents"
        " call them in time, and 1.5 points rest on it.",
        "negative-duration",
        "error",
        "contract-signing",
        ("2023-11-09/2023-11-04", "早 5 天", "awarded 1.50, rule result 0.00", "92.39"),
        ("award-off-the-rule", "claim-above-rule", "said-in-order"),
        ("award-to-signing-oil-and-chemicals", "award-to-signing-industrial-products"),
    ),
    Expected(
        "The unit deducted half a point for an intention published after 77 days; the review gives"
        " it back as in time, against the unit's own dates.",
        "duration-too-long",
        "error",
        "intention-timeliness",
        ("77 days", "不超过 60 天", "at most 60 days", "awarded 0.50, rule result 0.00", "93.39"),
        ("award-off-the-rule", "said-in-order", "said-at-fault"),
    ),
    Expected(
        "≥8 firms became ≥10: the fact stays at 8, the row loses half a point by it.",
        "target-changed",
        "error",
        "output-goals",
        ("≥8", "≥10", "11.25", "10.75"),
        (),
        ("standard-implementing-firms",),
    ),
    Expected(
        "9.50% in the attachment is a misprint of 99.50%; by the tiers it would cost three points.",
        "printed-rate",
        "error",
        "expenditure-rate",
        ("9.50%", "99.50%", "6.00", "90.89"),
        ("printed-rate-against-score", "copies-differ"),
        ("expenditure-rate-printed", "expenditure-rate-printed-attachment"),
    ),
    Expected(
        "What the review calls the budget issued holds institution and other income; fiscal money"
        " alone gives 100.05%, for which there is no tier.",
        "sum-does-not-hold",
        "error",
        "expenditure-rate",
        ("131961226.18", "131231974.93", "+729251.25", "100.05%"),
    ),
    Expected(
        "In use is said to be all of 10308.21, in both documents; 772.95 awaits disposal and"
        " 1085.59 is lent.",
        "sum-does-not-hold",
        "error",
        "asset-utilisation",
        ("8449.67", "9535.26", "81.97%", "92.50%"),
        (),
        ("fixed-assets-in-use", "fixed-assets-own-use"),
    ),
    Expected(
        "Five outputs are said to be done; by the review's own table four are.",
        "count-differs",
        "error",
        "output-goals",
        ("states 5, there are 4",),
        (),
        ("output-completed-said",),
    ),
    Expected(
        "Eleven benefits are said and ten printed: the complaint rate is missing.",
        "count-differs",
        "error",
        "benefit-goals",
        ("states 10, there are 11", "11 个", "10 个", "11.00–18.20", "服务对象的有效投诉率"),
        ("goal-not-printed", "copies-differ"),
        ("benefit-count-said", "benefit-rows-shown", "complaint-rate"),
    ),
)

AGAINST_THE_STANDARD = (
    Expected(
        "Jointly, the awards off the rule decide between 优 and 良.",
        "awarded-total-by-standard",
        "warning",
        None,
        ("93.89 (优)", "86.98 (良)", "16.00 → 10.75", "1.50 → 0.00", "to 88.48 (良)"),
    ),
    Expected(
        "The unit's own figures do not give the claimed 100.",
        "claimed-total-by-standard",
        "warning",
        None,
        ("100.00", "96.36", "20.00 → 18.00", "20.00 → 18.36", "1.50 → 0.00"),
    ),
    Expected(
        "No clause gives 16; it is discretion of 5.25 points.",
        "award-off-the-rule",
        "warning",
        "output-goals",
        ("10.75", "16.00", "+5.25", "88.64 (良)", "without a clause", "160.714285…%"),
        ("goal-overshot",),
        ("high-value-patents-per-10k",),
    ),
    Expected(
        "19 is no result of the standard: goals in words are not graded.",
        "award-off-the-rule",
        "warning",
        "benefit-goals",
        ("19.00", "11.82–18.36", "+0.64", "93.25", "904.333333…%", "企业负担"),
        ("claim-above-rule", "goal-without-grade", "goal-overshot"),
        ("patent-pledge-loans",),
    ),
    Expected(
        "The formula gives 3.98; 客观因素 is no exemption of the standard.",
        "award-off-the-rule",
        "warning",
        "budget-constraint",
        ("3.98", "4.00", "+0.02"),
    ),
    Expected(
        "None of four clauses of 0.5 gives a deduction of 1 for stock-taking, which has a row of"
        " its own with full marks.",
        "award-off-the-rule",
        "warning",
        "asset-compliance",
        ("2.00", "1.00", "-1.00", "2 times 0.5", "stock-taking full marks"),
        ("cut-off-the-steps", "evidence-cut-once"),
    ),
    *(
        Expected(judgement, "rule-undecided", "warning", row, words, readings)
        for row, judgement, words, readings in (
            (
                "financial-compliance",
                "No audit report was provided, and full marks were given.",
                ("audit-issues-to-rectify", "0.00–3.00", "90.89"),
                (),
            ),
            (
                "budget-disclosure",
                "Neither approval dates of the bureau nor numbers of checks are printed.",
                ("budget-publication-checks", "0.00–2.00", "91.89"),
                (),
            ),
            (
                "sme-procurement",
                "663.41 stands without the amount reserved; the unit had 344.11 of 344.11.",
                ("为中小企业预留金额", "344.11", "663.41", "92.89"),
                ("figure-restated", "figure-dropped"),
            ),
            (
                "stock-taking",
                "Whether results were dealt with is in neither document.",
                ("stock-results-handled", "0.00–1.00", "92.89"),
                (),
            ),
            (
                "data-quality",
                "Whether queries were explained is in neither document.",
                ("asset-queries-explained", "0.00–2.00", "91.89"),
                (),
            ),
            (
                "asset-utilisation",
                "The mean of the city, with which the row compares, is never given.",
                ("city-asset-utilisation-mean", "0.00–2.00", "91.89"),
                (),
            ),
        )
    ),
    Expected(
        "A figure is missing, but points were deducted by judgement all the same.",
        "rule-undecided",
        "note",
        "system-execution",
        ("monitored-funds-not-rectified", "0.00–10.00"),
    ),
    Expected(
        "The unit admits that subsidies and platforms were not done as planned, and claims 20.",
        "said-at-fault",
        "warning",
        "output-goals",
        ("资助项目个数", "20.00"),
        (),
        ("goals-unmet-said",),
    ),
    Expected(
        "≤540 costs 1.5 points as a badly set goal and counts as met among the outputs.",
        "fact-treated-twice",
        "warning",
        "system-execution",
        ("电梯检验数量", "8.50/10.00"),
        (),
        ("lift-inspections",),
    ),
    Expected(
        "Nobody says what a rate equal to the mean gets.",
        "tie-undefined",
        "note",
        "asset-utilisation",
        ("equal",),
    ),
    Expected(
        "The bands end below 100, and a self score of 100 is printed as 优.",
        "band-gap",
        "warning",
        None,
        ("100", "自评总分 100.00", "'优'"),
    ),
)

SCORES = (
    Expected(
        "100 → 93.89 consists of ups, downs and what the cap released.",
        "total-hides-moves",
        "note",
        None,
        ("-6.11", "+0.89", "-8.50", "+1.50"),
    ),
    Expected(
        "Two rows went up.",
        "raised-above-claim",
        "note",
        None,
        ("intention-timeliness 0.00 → 0.50", "e-contracts 0.00 → 0.39", "93.00"),
    ),
    Expected(
        "The self column of the review is not the self-evaluation; its total is.",
        "claim-restated",
        "warning",
        None,
        ("3 places", "0.50", "工作表现加分", "100.00"),
    ),
    Expected(
        "Six rows lose points, two findings are raised.",
        "cut-without-finding",
        "warning",
        None,
        ("4 of 6", "output-goals loses 4.00", "e-contracts loses 0.61"),
    ),
    Expected(
        "Five rows are awarded on nothing but the review's sentence.",
        "award-without-evidence",
        "warning",
        None,
        ("financial-compliance", "system-building", "asset-allocation", "data-quality"),
    ),
    Expected(
        "Of the rows that the review confirms it prints figures of its own for ten only.",
        "confirmed-without-figure",
        "note",
        None,
        ("11 of 21", "intention-completeness", "credit-evaluation", "data-quality"),
    ),
    Expected(
        "The review prints the share reserved; the standard counts what was bought of it.",
        "figures-off-the-rule",
        "warning",
        "poverty-area-procurement",
        ("35%", "1.00"),
    ),
    Expected(
        "Four items were claimed; the review lists three and is silent on the fourth. The cap makes"
        " it indifferent.",
        "bonus-left-out",
        "note",
        "work-bonus",
        ("三八红旗集体", "3 of 4", "93.89"),
    ),
    Expected(
        "The title honours a person, the unit claims it as its own.",
        "bonus-off-the-standard",
        "warning",
        "work-bonus",
        ("热心消防公益事业先进个人", "92.89"),
    ),
    Expected(
        "A national commission is not among the issuers, and it honours persons.",
        "bonus-off-the-standard",
        "warning",
        "work-bonus",
        ("国家卫健委", "表彰的是个人", "92.89"),
    ),
    Expected(
        "Table 2-1 prints 93.89% with the bonus; the rows alone are 90.89%.",
        "rate-with-bonus",
        "note",
        None,
        ("93.89%", "90.89%"),
    ),
)

BETWEEN_THE_DOCUMENTS = (
    Expected(
        "Patents are counted to December in one document, to November in the other.",
        "figure-restated",
        "note",
        "benefit-goals",
        ("5732", "5396", "3114", "3041", "4.43", "4.32", "27.66%", "26%"),
    ),
    Expected(
        "The patents are a goal of quantity in one document, of quality in the other.",
        "goal-class-differs",
        "note",
        "output-goals",
        ("数量指标", "质量指标"),
        (),
        ("high-value-patents-per-10k",),
    ),
    Expected(
        "No adjustment, says the unit; 0.72%, says the review.",
        "figure-restated",
        "warning",
        "budget-constraint",
        ("0.72%", "4.00 instead of 3.98"),
    ),
    Expected(
        "The unit's site or the city's: the standard asks for the unit's.",
        "figure-restated",
        "warning",
        "performance-disclosure",
        ("单位门户网站", "湛江市政府官网"),
    ),
    Expected(
        "The review rests the row on another document than the unit.",
        "figure-restated",
        "warning",
        "system-building",
        ("财政预算绩效目标管理暂行规定", "省级专项资金使用办法"),
    ),
    Expected(
        "None signed online, says the unit; 29, says the review.",
        "figure-restated",
        "warning",
        "e-contracts",
        ("29", "0.00 instead of 0.39"),
    ),
    Expected(
        "Three unfinished outputs are in the review only.",
        "goal-not-submitted",
        "warning",
        "output-goals",
        ("3 goals", "aided-projects-completed", "17.20"),
    ),
    Expected(
        "Income and spending are those of the bureau proper, then of the department.",
        "scope-differs",
        "warning",
        None,
        ("本级", "部门", "8 figures"),
    ),
    Expected(
        "Spending of the department is compared with a budget of the bureau and a branch.",
        "scopes-mixed",
        "warning",
        "economy-cost",
        ("本部门", "奋勇分局"),
        (),
        ("running-costs-actual", "running-costs-budget"),
    ),
)

WITHIN_A_DOCUMENT = (
    Expected(
        "The row is passed by 0.003 yuan, a third of a cent.",
        "decided-by-a-hair",
        "warning",
        "economy-cost",
        ("0.003", "3 位小数"),
        ("finer-than-unit",),
    ),
    Expected("38.67% is printed as 39%.", "printed-rate", "note", "e-contracts", ("39%", "38.67%")),
    Expected(
        "Two cells of the self column are empty; its printed total of 100 counts them.",
        "printed-subtotals",
        "note",
        None,
        ("100", "97.00", "+3.00"),
    ),
    Expected(
        "64.45 is printed as 64.", "sum-does-not-hold", "note", "benefit-goals", ("64.45", "-0.45")
    ),
    Expected(
        "The parts printed under the income add up to more than it, by the carry-over.",
        "sum-does-not-hold",
        "warning",
        "expenditure-rate",
        ("132414366.62", "-453140.44"),
    ),
    Expected(
        "+0.72% of income hides +18.99% and −87.05%, and is the very rate printed as adjustments.",
        "net-hides-parts",
        "warning",
        "expenditure-rate",
        ("+18.99%", "-87.05%", "0.721%"),
        ("net-printed-as-rate",),
    ),
    Expected(
        "+0.56% of spending hides +15.76% of basic and −22.72% of project expenditure.",
        "net-hides-parts",
        "warning",
        "expenditure-rate",
        ("+0.56%", "+15.76%", "-22.72%", "77.28%"),
    ),
    Expected(
        "Additions of 0% beside 20 million more from the general budget.",
        "addition-not-reported",
        "warning",
        "budget-constraint",
        ("20459535.95", "+18.99%"),
    ),
    Expected(
        "Two intentions cannot be told from three contracts, and one platform has two names.",
        "count-differs",
        "warning",
        "intention-completeness",
        ("states 2, there are 3", "电梯安全智慧监管平台"),
        ("one-thing-two-names",),
    ),
    Expected(
        "Six aspects are named, the table has seven.",
        "count-differs",
        "note",
        "pre-assessment",
        ("states 6, there are 7",),
    ),
    Expected(
        "The unit's table has 24 rows, the standard 28.",
        "count-differs",
        "note",
        "pre-assessment",
        ("states 24, there are 28",),
    ),
    Expected(
        "Four persons are said to be commended; of the four bonus items two honour persons.",
        "count-differs",
        "note",
        "output-goals",
        ("states 4, there are 2",),
    ),
    Expected(
        "One letter has two titles.",
        "copies-differ",
        "note",
        "system-execution",
        ("财政资金绩效评价报告的函", "市直单位"),
    ),
    Expected(
        "The unit deducts by 40 days to publication; 40 is the limit of entry, 60 of publication.",
        "limit-not-in-standard",
        "warning",
        "intention-timeliness",
        ("40", "60"),
    ),
    Expected(
        "The lift platform is built in one place and not done in another.",
        "copies-differ",
        "warning",
        "output-goals",
        ("lift-platform-built",),
    ),
    Expected(
        "No audit report was provided, or an audit was made: 未 or 末.",
        "copies-differ",
        "warning",
        "financial-compliance",
        ("年末开展审计",),
    ),
    Expected(
        "75 contracts on the marketplace, 25 due to be rated: the row may be worth a third.",
        "copies-differ",
        "warning",
        "credit-evaluation",
        ("25", "75", "0.17 instead of 0.50"),
    ),
    Expected(
        "Two first levels in the text, four in table 2-1.",
        "copies-differ",
        "note",
        "output-goals",
        ("2 个", "4 个"),
    ),
    Expected(
        "Three actuals are the targets again.",
        "actual-repeats-target",
        "warning",
        "benefit-goals",
        ("长期", "持续推进", "business-environment"),
    ),
    Expected(
        "The cover names the unit where the reviewer is expected.",
        "party-misnamed",
        "note",
        None,
        ("湛江市市场监督管理局", "广州向合管理咨询有限公司"),
    ),
    Expected(
        "Three names are those of seven rows.",
        "repeated-name",
        "note",
        "intention-completeness",
        ("采购意向公开合规性", "采购合同签订时效性", "采购政策效能"),
    ),
    Expected(
        "153 days without a consultation on record.", "no-consultation", "note", None, ("153",)
    ),
    Expected(
        "The self-evaluation was recorded months after its date.",
        "recorded-late",
        "note",
        None,
        ("30 days",),
    ),
)

EXPECTED = (
    *ERRORS,
    *AGAINST_THE_STANDARD,
    *SCORES,
    *BETWEEN_THE_DOCUMENTS,
    *WITHIN_A_DOCUMENT,
)


def said(finding: Discrepancy) -> str:
    """All that a finding says, in both languages."""
    return "\n".join(
        str(text) for text in (finding.message, *(r.message for r in finding.readings))
    )


def matching(expected: Expected) -> list[Discrepancy]:
    return [
        finding
        for finding in report().findings
        if (finding.check, finding.indicator) == (expected.check, expected.indicator)
        and all(word in said(finding) for word in expected.words)
    ]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: f"{one.check} {one.judgement}")
def test_it_is_found_once_as_grave_as_a_reader_would_say(expected: Expected) -> None:
    (finding,) = matching(expected)

    assert finding.severity == expected.severity
    assert tuple(reading.check for reading in finding.readings) == expected.readings


def test_nothing_else_is_found() -> None:
    listed = [finding for expected in EXPECTED for finding in matching(expected)]

    assert [one for one in report().findings if one not in listed] == []
    assert len(listed) == len(EXPECTED) == len(report().findings)


def test_errors_are_few_and_notes_are_not_most() -> None:
    counted = Counter(finding.severity for finding in report().findings)

    assert counted["error"] == len(ERRORS)
    assert counted["note"] < counted["error"] + counted["warning"]


@cache
def stated() -> Mapping[str, set[int]]:
    """The versions of the events that state a figure."""
    found: dict[str, set[int]] = {}
    for recorded in reference()[0]:
        if isinstance(recorded.event, FigureSubmitted | FigureRestated):
            found.setdefault(recorded.event.figure.id, set()).add(recorded.version)
    return found


@pytest.mark.parametrize("expected", [one for one in EXPECTED if one.figures], ids=str)
def test_it_names_the_events_of_its_figures(expected: Expected) -> None:
    (finding,) = matching(expected)

    for figure in expected.figures:
        assert stated()[figure] & {*finding.events}, figure


def test_every_finding_says_where() -> None:
    known = {one.version for one in reference()[0]}

    for finding in report().findings:
        assert finding.events, finding
        assert set(finding.events) <= known


def test_what_holds_is_listed_with_its_numbers() -> None:
    holds = {one.check: [str(item) for item in one.items] for one in report().holds}

    def held(check: str, *words: str) -> bool:
        return any(all(word in item for word in words) for item in holds[check])

    assert held("printed-totals", "98.50")
    assert held("printed-totals", "93.89")
    assert held("printed-totals", "'优'")
    for number in ("658205.02", "2.27", "131016533.98", "131756161.60", "101.2", "252", "171"):
        assert held("sum-does-not-hold", number), number
    assert held("printed-rate", "99.50%")
    assert held("count-differs", "8")
    assert held("reason-against-score", "output-goals")
    assert held("finer-than-unit", "three-public-actual")
    assert held("deadline-of-notice-missed", "last-result-issue-to-publication", "19 days of 30")
    assert held("deadline-of-notice-missed", "rectification-issue-to-feedback", "19 days of 20")
    assert held("printed-subtotals", "管理效率", "48.5")
    assert held("printed-subtotals", "采购管理", "9.39")
    assert held("printed-subtotals", "整体效能", "88")
    assert holds["signed-by-author"] == []


def test_what_could_not_be_judged_says_why() -> None:
    told = [str(one.message) for one in report().not_judged]

    assert any("中小企业采购完成率" in text and "预留金额" in text for text in told)
    assert any("统计口径" in text for text in told)
    assert any("publication-checks-passed-said" in text for text in told)
    assert any("没有公开件" in text for text in told)


def test_nothing_in_the_record_itself_is_irregular() -> None:
    history, editions = reference()

    assert list(irregularities(history, editions)) == []


def test_before_the_review_only_the_self_report_is_looked_at() -> None:
    history, editions = reference()
    submission = max(
        one.version for one in history if isinstance(one.event, SelfEvaluationSubmitted)
    )

    early = examine(history[:submission], editions, history).findings

    assert {one.check for one in early} >= {
        "claimed-total-by-standard",
        "negative-duration",
        "band-gap",
        "scopes-mixed",
    }
    assert all(max(one.events) <= submission for one in early)
    assert not {one.check for one in early} & {"award-off-the-rule", "figure-restated"}
