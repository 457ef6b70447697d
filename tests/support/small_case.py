"""The small case that most tests tell: three indicators, two bonus items, one penalty.

    spending   40   rate of `spent` over `budget`        the rule gives 38.00 for 190 of 200
    plan       30   `plan-approved` is yes, or nothing   the rule gives 30.00
    service    30   left to people within 0 to 30        the rule is silent

Claimed: 40 + 30 + 28 = 98, bonus 1.5 + 1.5 = 3, so 101 and after the cap 100.
Awarded: 38 + 30 + 25.5 = 93.5, bonus 1.5, penalty 2, so 93.
"""

from datetime import date
from decimal import Decimal

from ledger.commands import (
    AdjustScore,
    ClaimBonus,
    ClaimScore,
    Command,
    CommissionReview,
    ConfirmScore,
    FileEvidence,
    IssueResult,
    OpenCase,
    PinRubric,
    RecogniseBonus,
    RecordPenalty,
    RefuseBonus,
    SubmitFigure,
    SubmitSelfEvaluation,
)
from ledger.events import Role
from ledger.rubric import read
from ledger.values import Evidence, Figure

CASE = "small-2023"

RUBRIC = """\
id = "small"
edition = "2023"
title = "小指标体系"
scale = 2
full = 100
cap = 100
source = "测试通知 附件1"

[bonus]
id = "commendation"
name = "表彰加分"
each = "1.5"
cap = 3
clause = "附件1 加分"
standard = "每项 1.5 分，最多 3 分"

[penalty]
id = "late-report"
name = "迟报减分"
each = 2
cap = 4
clause = "附件1 减分"
standard = "每次 2 分，最多 4 分"

[[band]]
grade = "优"
range = "[90,100]"
[[band]]
grade = "良"
range = "[80,90)"
[[band]]
grade = "差"
range = "[0,60)"

[[indicator]]
id = "spending"
path = ["管理", "预算执行率"]
weight = 40
clause = "附件1 第一条"
standard = "执行率 × 分值"
rule.shape = "ratio"
rule.counts = "rate"
rule.above = "full"
rule.below = "zero"
rule.value = { take = "rate", over = ["spent"], under = ["budget"], zero = "0", decimals = "exact" }

[[indicator]]
id = "plan"
path = ["管理", "年度计划"]
weight = 30
clause = "附件1 第二条"
standard = "计划经批准得满分，否则不得分"
rule = { shape = "all-or-nothing", figures = ["plan-approved"] }

[[indicator]]
id = "service"
path = ["效果", "服务对象满意度"]
weight = 30
clause = "附件1 第三条"
standard = "酌情扣分"
rule = { shape = "discretion", full_if = [], deduct = "[0,30]", out_of = 30 }
"""
WITHOUT_EXTRAS = (RUBRIC[: RUBRIC.index("[bonus]")] + RUBRIC[RUBRIC.index("[[band]]") :]).replace(
    'edition = "2023"', 'edition = "2023-plain"'
)
SMALL = read(RUBRIC.encode())

ACCOUNTS: dict[str, tuple[str, Role]] = {
    "filer": ("market-bureau", "unit"),
    "clerk": ("finance-bureau", "bureau"),
    "second-clerk": ("finance-bureau", "bureau"),
    "reviewer": ("review-agency", "reviewer"),
    "lead": ("review-agency", "lead-reviewer"),
    "auditor": ("audit-office", "auditor"),
    "other-filer": ("other-bureau", "unit"),
    "other-clerk": ("other-finance", "bureau"),
    "other-reviewer": ("other-agency", "reviewer"),
}

SPENT = Figure(id="spent", indicator="spending", name="支出数", value="190", unit="万元")
BUDGET = Figure(id="budget", indicator="spending", name="预算数", value="200", unit="万元")
APPROVED = Figure(id="plan-approved", indicator="plan", name="计划批准", kind="yes-no", value="yes")
REPORT = Evidence(sha256="a" * 64, title="自评报告", number="市监〔2024〕1号")
STATEMENT = Evidence(sha256="b" * 64, title="支出明细账")
NEVER_FILED = "f" * 64

Step = tuple[str, Command, date]
Story = tuple[Step, ...]


def on(day: str, *steps: tuple[str, Command]) -> Story:
    """Steps of accounts that all have one business date."""
    return tuple((account, command, date.fromisoformat(day)) for account, command in steps)


OPEN_CASE = OpenCase(
    title="2023年度绩效评价",
    year=2023,
    unit="market-bureau",
    unit_name="市场监督管理局",
    bureau="finance-bureau",
    bureau_name="财政局",
)
OPENED: Story = on(
    "2024-07-01",
    ("clerk", OPEN_CASE),
    ("clerk", PinRubric(rubric="small", edition="2023")),
    ("clerk", CommissionReview(agency="review-agency", agency_name="核查公司")),
)
CLAIMED: Story = OPENED + on(
    "2024-07-30",
    ("filer", FileEvidence(evidence=REPORT)),
    ("filer", SubmitFigure(figure=SPENT)),
    ("filer", SubmitFigure(figure=BUDGET)),
    ("filer", SubmitFigure(figure=APPROVED)),
    ("filer", ClaimScore(indicator="spending", score=Decimal(40), evidence=("a" * 64,))),
    ("filer", ClaimScore(indicator="plan", score=Decimal(30))),
    ("filer", ClaimScore(indicator="service", score=Decimal(28))),
    ("filer", ClaimBonus(item="flag", title="锦旗", points=Decimal("1.5"))),
    ("filer", ClaimBonus(item="letter", title="感谢信", points=Decimal("1.5"))),
)
SUBMITTED: Story = CLAIMED + on(
    "2024-08-01",
    (
        "filer",
        SubmitSelfEvaluation(
            printed_base=Decimal(98),
            printed_bonus=Decimal(3),
            printed_total=Decimal(100),
            printed_grade="优",
        ),
    ),
)
CUT_SPENDING = AdjustScore(
    indicator="spending",
    award=Decimal(38),
    justification="执行率 95%",
    clause="附件1 第一条",
    evidence=("b" * 64,),
)
CUT_SERVICE = AdjustScore(indicator="service", award=Decimal("25.5"), justification="有两起投诉")
REVIEWED: Story = (
    SUBMITTED
    + on("2024-10-10", ("reviewer", FileEvidence(evidence=STATEMENT)))
    + on("2024-10-11", ("reviewer", CUT_SPENDING), ("reviewer", ConfirmScore(indicator="plan")))
    + on(
        "2024-10-12",
        ("reviewer", CUT_SERVICE),
        (
            "reviewer",
            RecogniseBonus(item="flag", points=Decimal("1.5"), justification="有文件"),
        ),
        ("reviewer", RefuseBonus(item="letter", justification="不是市级表彰")),
        (
            "reviewer",
            RecordPenalty(item="late", title="迟报", points=Decimal(2), justification="晚报 5 天"),
        ),
    )
)
ISSUED: Story = REVIEWED + on(
    "2024-12-30",
    ("clerk", IssueResult(printed_total=Decimal(93), printed_grade="优", number="财绩〔2024〕9号")),
)
