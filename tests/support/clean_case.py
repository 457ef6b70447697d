"""A case in which everything fits together, told as data so that a test can change one thing.

Six rows of 100 points. The unit spent 95 of 100 yuan and claims the 18 points that this earns; the
review agrees, says why in a finding, sends a draft and issues 98. No check has anything to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.checks import CATALOGUE, Discrepancy, check_case
from ledger.checks.case_file import CaseFile
from ledger.commands import (
    AdjustScore,
    AnswerObjection,
    ClaimBonus,
    ClaimScore,
    CommandEnvelope,
    CommissionReview,
    ConfirmFigure,
    ConfirmScore,
    CorrectResult,
    CountersignAdjustment,
    DecideAppeal,
    FileEvidence,
    IssueResult,
    LodgeAppeal,
    NewAward,
    OpenAccount,
    OpenCase,
    PinRubric,
    PublishRubric,
    RaiseFinding,
    RaiseObjection,
    RecogniseBonus,
    RecordReceipt,
    RefuseBonus,
    RestateClaim,
    RestateFigure,
    SendDraft,
    SubmitFigure,
    SubmitSelfEvaluation,
)
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.ledger import Ledger
from ledger.values import Evidence, Figure, FigureKind, Instant, Sense, Target
from tests.support.specification import Memory

CASE = "clean-2023"
Step = tuple[str, date, Any]  # who, business date, command

RUBRIC = """\
id = "clean"
edition = "1"
title = "没有疑点的指标体系"
scale = 2
full = "100"
cap = "100"
source = "评分办法 附件"

[bonus]
id = "bonus"
name = "加分"
each = "1"
cap = "3"
clause = "加分条款"
standard = "每项 1 分，最多 3 分"

[[band]]
grade = "优"
range = "[90,100]"
[[band]]
grade = "良"
range = "[0,90)"

[[indicator]]
id = "goals"
path = ["效果", "产出", "目标完成"]
weight = "30"
clause = "条款一"
standard = "各目标完成率的平均"
[indicator.rule]
shape = "completion"
domain = "[0,-)"
at_most = "met-or-not"
exactly = "ratio"
zero_target = "no-score"
rate_decimals = "exact"
share_decimals = "exact"
no_targets = "zero"
words = { yes = "100", no = "0", "优" = "100", "良" = "80" }
bands = [
  { range = "[0,60)", counts = "0" },
  { range = "[60,100)", counts = "rate" },
  { range = "[100,150]", counts = "100" },
  { range = "(150,-)", counts = "50" },
]

[[indicator]]
id = "spending"
path = ["管理", "预算", "支出率"]
weight = "20"
clause = "条款二"
standard = "按支出率分档"
[indicator.rule]
shape = "tiers"
domain = "[0,100]"
out_of = "20"
tiers = [
  { range = "[100,100]", points = "20" },
  { range = "[90,100)", points = "18" },
  { range = "[0,90)", points = "5" },
]
[indicator.rule.value]
take = "rate"
over = ["spent"]
under = ["budget"]
zero = "no-score"
decimals = "exact"

[[indicator]]
id = "economy"
path = ["管理", "预算", "节约"]
weight = "10"
clause = "条款三"
standard = "公用经费不超过预算"
[indicator.rule]
shape = "comparison"
value = { take = "total", figures = ["costs"] }
against = { take = "total", figures = ["limit"] }
full_if = "below"
equal = "full"

[[indicator]]
id = "contracts"
path = ["管理", "采购", "合同及时"]
weight = "10"
clause = "条款四"
standard = "30 日内签订的比例"
[indicator.rule]
shape = "ratio"
counts = "rate"
above = "no-score"
below = "no-score"
value = { take = "share-in-time", prefix = "signing", allowed = "[0,30]", none = "missing" }

[[indicator]]
id = "filing"
path = ["管理", "采购", "合同备案"]
weight = "10"
clause = "条款五"
standard = "10 日内备案，15 日内付款，有制度"
[indicator.rule]
shape = "weighted-parts"
[[indicator.rule.parts]]
name = "备案"
share = "40"
[indicator.rule.parts.rule]
shape = "in-range"
[[indicator.rule.parts.rule.conditions]]
range = "[100,100]"
value = { take = "share-in-time", prefix = "filing", allowed = "(-,10]", none = "missing" }
[[indicator.rule.parts]]
name = "付款"
share = "10"
[indicator.rule.parts.rule]
shape = "in-range"
conditions = [{ range = "[0,15]", value = { take = "days", figure = "payment" } }]
[[indicator.rule.parts]]
name = "制度"
share = "50"
rule = { shape = "all-or-nothing", figures = ["rules-filed"] }

[[indicator]]
id = "incidents"
path = ["管理", "监督", "问题"]
weight = "20"
clause = "条款六"
standard = "每个问题扣 0.5 分"
[indicator.rule]
shape = "deductions"
out_of = "20"
deductions = [{ figure = "problems", when = "each", points = "0.5", elsewhere = [] }]

[[identity]]
holds = "sum"
name = "支出 = 基本 + 项目"
figure = "spent"
plus = ["spent-basic", "spent-projects"]

[[identity]]
holds = "sum"
name = "人员不超过编制"
figure = "staff"
plus = ["posts"]
relation = "at-most"

[[identity]]
holds = "rate"
name = "支出率"
figure = "rate-printed"
over = ["spent"]
under = ["budget"]

[[identity]]
holds = "copies"
name = "正文与附件的支出率"
figures = ["rate-printed", "rate-in-attachment"]

[[identity]]
holds = "count"
name = "目标个数"
figure = "goals-said"
of = "goals"
indicator = "goals"

[[identity]]
holds = "count"
name = "完成个数"
figure = "goals-met-said"
of = "goals-met"
indicator = "goals"

[[identity]]
holds = "count"
name = "合同份数"
figure = "contracts-said"
of = "intervals"
prefix = "signing"

[[identity]]
holds = "count"
name = "得分表行数"
figure = "rows-said"
of = "rows"

[[identity]]
holds = "count"
name = "管理方面"
figure = "aspects-said"
of = "groups"
indicator = "spending"

[[identity]]
holds = "growth"
name = "收入增减"
first = "income-before"
last = "income-after"
rate = "transfer-rate"
additions = "additions"
parts = [
  { first = "income-a-before", last = "income-a-after" },
  { first = "income-b-before", last = "income-b-after" },
]

[[identity]]
holds = "verdict"
name = "报告称合同及时"
figure = "contracts-in-time-said"
indicator = "contracts"
says = "in-order"

[[identity]]
holds = "verdict"
name = "报告自认有问题"
figure = "problems-admitted"
indicator = "incidents"
says = "at-fault"

[[identity]]
holds = "one-fact"
name = "同一目标"
figure = "roads"
indicators = ["goals", "incidents"]

[[identity]]
holds = "party"
name = "封面所印核查机构"
figure = "agency-printed"
party = "agency"

[[identity]]
holds = "actual"
name = "服务的完成情况"
figure = "service-printed"
goal = "service"

[[identity]]
holds = "within"
name = "整改报告在 20 日内报送"
figure = "notice-to-report"
limit = "report-days"

[[identity]]
holds = "limit"
name = "备案期限"
figure = "days-applied"
standard = "10"

[[identity]]
holds = "count"
name = "受表彰的个人"
figure = "persons-said"
of = "persons"

[[identity]]
holds = "bonus-from"
name = "表彰"
issuers = ["市政府"]
persons = ["个人"]
"""


def figure(  # noqa: PLR0913 - the fields of a figure
    id_: str,
    indicator: str,
    value: str | None,
    unit: str = "",
    *,
    kind: FigureKind = "number",
    target: str = "",
    scope: str = "部门",
    source: str = "自评报告",
    name: str = "",
) -> Figure:
    """A figure of the clean case; a target is written `≥10`, `≤10`, `=10` or in words."""
    senses: dict[str, Sense] = {"≥": "at-least", "≤": "at-most", "=": "exactly"}
    sense = senses.get(target[:1], "described")
    aim = Target(sense, target if sense == "described" else target[1:]) if target else None
    return Figure(
        id=id_,
        indicator=indicator,
        name=name or id_,
        kind=kind,
        value=value,
        unit=unit,
        target=aim,
        scope=scope,
        source=source,
    )


FIGURES = {
    one.id: one
    for one in (
        figure("roads", "goals", "10", "公里", target="≥10"),
        figure("lifts", "goals", "5", "台", target="≤5"),
        figure("service", "goals", "优", kind="text", target="提高"),
        figure("spent", "spending", "95.00", "元"),
        figure("budget", "spending", "100.00", "元"),
        figure("costs", "economy", "80.00", "元"),
        figure("limit", "economy", "100.00", "元"),
        figure(
            "signing-road", "contracts", "2023-11-09/2023-11-24", kind="interval", name="修路（签）"
        ),
        figure(
            "filing-road", "filing", "2023-11-24/2023-11-20", kind="interval", name="修路（备案）"
        ),
        figure("payment", "filing", "2023-11-24/2023-12-09", kind="interval"),
        figure("rules-filed", "filing", "yes", kind="yes-no"),
        figure("problems", "incidents", "0", "个"),
        figure("report-finished-on", "incidents", "2024-07-30", kind="date"),
        # What the identities of the rubric relate.
        figure("spent-basic", "spending", "60.00", "元"),
        figure("spent-projects", "spending", "35.00", "元"),
        figure("staff", "economy", "9", "人"),
        figure("posts", "economy", "10", "人"),
        figure("rate-printed", "spending", "95.00", "%"),
        figure("rate-in-attachment", "spending", "95.00", "%"),
        figure("goals-said", "goals", "3", "个"),
        figure("goals-met-said", "goals", "2", "个"),
        figure("contracts-said", "contracts", "1", "份"),
        figure("rows-said", "goals", "6", "行"),
        figure("aspects-said", "spending", "3", "个"),
        figure("income-before", "spending", "100.00", "元"),
        figure("income-after", "spending", "110.00", "元"),
        figure("income-a-before", "spending", "60.00", "元"),
        figure("income-a-after", "spending", "66.00", "元"),
        figure("income-b-before", "spending", "40.00", "元"),
        figure("income-b-after", "spending", "44.00", "元"),
        figure("transfer-rate", "spending", "3.00", "%"),
        figure("additions", "spending", "10.00", "元"),
        figure("contracts-in-time-said", "contracts", "yes", kind="yes-no"),
        figure("problems-admitted", "incidents", "0", "个"),
        figure("notice-to-report", "incidents", "2023-12-01/2023-12-21", kind="interval"),
        figure("report-days", "incidents", "20", "日"),
        figure("days-applied", "filing", "10", "日"),
        figure("persons-said", "goals", "0", "人"),
        figure("agency-printed", "goals", "核查公司", kind="text"),
        figure("service-printed", "goals", "受理 10 件", kind="text"),
    )
}


@dataclass(frozen=True)
class Told:
    """The clean case; each field is one thing that a test may change.

    Attributes:
        figures: what the unit submits, beside or in place of the clean figures; `None` leaves one
            out.
        restated: what the review restates.
        reviewed: whether the case goes beyond the submission.
        unconfirmed: figures that the review does not print; it prints all others unchanged.
        before: what else is done before the submission.
        awards: by row, an award with its fields, where it is not the claim confirmed.
        bonus: items that are claimed.
        recognised: items of them that count.
        refused: items of them that do not, with the clause.
        recorded: when all of it is recorded.
    """

    rubric: str = RUBRIC
    figures: Mapping[str, Figure | None] = field(default_factory=dict)
    restated: tuple[Figure, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)
    claims_restated: Mapping[str, str] = field(default_factory=dict)
    awards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    confirmed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bonus: tuple[ClaimBonus, ...] = ()
    recognised: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[str, ...] = ("spending",)
    draft: bool = True
    reviewed: bool = True
    unconfirmed: tuple[str, ...] = ()
    before: tuple[Step, ...] = ()
    printed_self: Mapping[str, Any] = field(default_factory=dict)
    printed: Mapping[str, Any] = field(default_factory=dict)
    submitted_on: date = date(2024, 7, 30)
    issued_on: date = date(2024, 8, 20)
    recorded: str = "2024-08-21T10:00:00.000000Z"


CLEAN = Told()
TO_COME = date(2024, 12, 31)
CLAIMS = {
    "goals": "30",
    "spending": "18",
    "economy": "10",
    "contracts": "10",
    "filing": "10",
    "incidents": "20",
}
EVIDENCE = tuple(Evidence(sha256=letter * 64, title=f"材料{letter}") for letter in "abc")
CITED: Mapping[str, Any] = {"clause": "条款", "evidence": (EVIDENCE[-1].sha256,)}
ACCOUNTS = {
    "filer": ("the-unit", "unit"),
    "clerk": ("the-bureau", "bureau"),
    "other-clerk": ("the-bureau", "bureau"),
    "reviewer": ("the-agency", "reviewer"),
    "lead": ("the-agency", "lead-reviewer"),
    "second-lead": ("the-agency", "lead-reviewer"),
}


def lived_on(story: Told) -> tuple[list[RecordedEvent], Editions]:
    """The same case with an objection, a correction after issue and an appeal that is upheld.

    The objection is rejected and the appeal restores what the correction took, so that in the end
    every score is as it was issued.
    """
    issued, cited = story.issued_on, CITED["evidence"]
    steps = steps_of(story)
    drafts = [place for place, (_, _, one) in enumerate(steps) if isinstance(one, SendDraft)]
    for place in drafts:
        raised = RaiseObjection(objection="objection", indicator="goals", statement="评低了")
        answer = AnswerObjection(objection="objection", outcome="rejected", justification="已核")
        steps[place + 1 : place + 1] = [("filer", issued, raised), ("reviewer", issued, answer)]
    if not story.reviewed:
        return recorded(steps, story.recorded, story.rubric)
    corrected = CorrectResult(
        number="更正1",
        indicator="filing",
        award=Decimal(9),
        justification="查漏",
        clause="条款五",
        evidence=cited,
    )
    appeal = LodgeAppeal(appeal="appeal", indicators=("filing",), statement="已备案")
    upheld = DecideAppeal(
        appeal="appeal",
        outcome="upheld",
        justification="属实",
        clause="条款五",
        awards=(NewAward(indicator="filing", award=Decimal(10)),),
        evidence=cited,
    )
    steps += [
        ("clerk", issued, corrected),
        ("clerk", issued, RecordReceipt(received=issued)),
        ("filer", issued, appeal),
        ("other-clerk", issued, upheld),
    ]
    return recorded(steps, story.recorded, story.rubric)


def told(**changes: Any) -> Told:  # noqa: ANN401 - any field of the case
    """The clean case with something changed."""
    return replace(CLEAN, **changes)


def ready(**changes: Any) -> tuple[list[RecordedEvent], Editions]:  # noqa: ANN401 - the same
    """The history of the case with something changed, and its rubric."""
    story = told(**changes)
    return recorded(steps_of(story), story.recorded, story.rubric)


def recorded(
    steps: Sequence[Step], at: Instant, *rubrics: str
) -> tuple[list[RecordedEvent], Editions]:
    """The history that steps lead to through the front door."""
    ledger = Ledger(Memory())
    ledger.initialise("admin", "archive", date(2024, 7, 1), at)
    for number, (account, (organisation, role)) in enumerate(ACCOUNTS.items()):
        opening = OpenAccount(account=account, organisation=organisation, roles=(role,))  # type: ignore[arg-type]  # the table above holds roles
        ledger.handle([_act("admin", f"account-{number}", date(2024, 7, 1), opening)], at)
    for number, source in enumerate(rubrics):
        publication = PublishRubric(source=source)
        ledger.handle([_act("clerk", f"publish-{number}", date(2024, 7, 1), publication)], at)
    acts = [
        _act(account, f"act-{number}", dated, command)
        for number, (account, dated, command) in enumerate(steps)
    ]
    ledger.handle(acts, at)
    return [*ledger.history(CASE)], ledger.editions("clean")


def _act(account: str, key: str, dated: date, command: Any) -> CommandEnvelope:  # noqa: ANN401 - any command
    days = (
        dated,
        TO_COME,
        getattr(command, "starts", dated),
    )  # whoever tells a story with odd dates means them
    return CommandEnvelope(
        case=CASE, by=account, dated=dated, id=key, command=command, confirmed_dates=days
    )


def steps_of(story: Told) -> list[Step]:
    opened, submitted, issued = date(2024, 7, 25), story.submitted_on, story.issued_on
    opening = OpenCase(
        title="评价",
        year=2023,
        unit="the-unit",
        unit_name="某局",
        bureau="the-bureau",
        bureau_name="财政局",
    )
    commission = CommissionReview(agency="the-agency", agency_name="核查公司")
    steps: list[Step] = [
        ("clerk", opened, opening),
        ("clerk", opened, PinRubric(rubric="clean", edition="1")),
        ("clerk", opened, commission),
        *(("filer", submitted, FileEvidence(evidence=one)) for one in EVIDENCE),
    ]
    figures = {**FIGURES, **story.figures}
    steps += [("filer", submitted, SubmitFigure(figure=one)) for one in figures.values() if one]
    for row, score in {**CLAIMS, **story.claims}.items():
        steps.append(("filer", submitted, ClaimScore(indicator=row, score=Decimal(score))))
    steps += [("filer", submitted, claim) for claim in story.bonus]
    steps += story.before
    steps.append(("filer", submitted, SubmitSelfEvaluation(**story.printed_self)))
    if not story.reviewed:
        return steps
    steps += [
        ("reviewer", issued, RestateFigure(figure=one, reason="另有数据")) for one in story.restated
    ]
    silent = {*story.unconfirmed, *(one.id for one in story.restated)}
    others = [one for one in figures.values() if one and one.id not in silent]
    steps += [("reviewer", issued, ConfirmFigure(figure=one.id)) for one in others]
    for row, score in story.claims_restated.items():
        restated = RestateClaim(indicator=row, score=Decimal(score), reason="照表")
        steps.append(("reviewer", issued, restated))
    return steps + _review(story)


def _review(story: Told) -> list[Step]:
    issued = story.issued_on
    steps: list[Step] = []
    for row in CLAIMS:
        if row in story.awards:
            fields = {"justification": "查过", **CITED, **story.awards[row]}
            steps.append(("reviewer", issued, AdjustScore(indicator=row, **fields)))
        else:
            fields = {**CITED, **story.confirmed.get(row, {})}
            steps.append(("reviewer", issued, ConfirmScore(indicator=row, **fields)))
        steps.append(("lead", issued, CountersignAdjustment(indicator=row)))
    for item in story.recognised:
        counts = RecogniseBonus(
            item=item, points=Decimal(1), justification="有文件", clause="加分条款"
        )
        steps.append(("reviewer", issued, counts))
    for item, clause in story.refused.items():
        refusal = RefuseBonus(item=item, justification="不计", clause=clause)
        steps.append(("reviewer", issued, refusal))
    for number, row in enumerate(story.findings):
        finding = RaiseFinding(
            finding=f"finding-{number}", title="问题", statement="有问题", indicators=(row,)
        )
        steps.append(("reviewer", issued, finding))
    if story.draft:
        steps.append(("reviewer", issued, SendDraft()))
    printed = {"printed_total": None, "difference": "照印", **story.printed}
    if printed["printed_total"] is None:
        printed["printed_total"] = _total(story)
    steps.append(("clerk", issued, IssueResult(**printed)))
    return steps


def _total(story: Told) -> Decimal:
    """What the awards add up to, in the simple case that the tests tell."""
    rows = {**CLAIMS, **story.claims, **{row: one["award"] for row, one in story.awards.items()}}
    total = sum((Decimal(score) for score in rows.values()), Decimal(len(story.recognised)))
    return min(total, Decimal(100))


def everything(story: Told) -> list[Discrepancy]:
    """What all checks find in a case."""
    return check_case(*ready(**vars(story)))


def findings(check: str, story: Told) -> list[Discrepancy]:
    """What one check finds in a case, whatever others say of the same fact."""
    return outcomes(check, *ready(**vars(story)))


def outcomes(check: str, history: Sequence[RecordedEvent], editions: Editions) -> list[Discrepancy]:
    """What one check finds in a history."""
    (entry,) = (entry for entry in CATALOGUE if entry.name == check)
    found = entry.check(CaseFile(history, editions))
    return [outcome for outcome in found if isinstance(outcome, Discrepancy)]
