"""`scoretrail review`: the reviewer's figures, awards and findings, and the bureau's result."""

import click

from cli.command_parameters import (
    CASE,
    Day,
    acting,
    argument,
    evidence_option,
    figure_parameters,
    fold_figure,
    option,
)
from cli.group import CommandGroup
from cli.language import t


@click.group(cls=CommandGroup, help=t("核查与结果。", "The review and its result."))
def review() -> None:
    """Group the commands of the review."""


def _why(*, required: bool = True) -> click.Option:
    return option("--justification", "理由", "why", required=required)


def _clause() -> click.Option:
    return option("--clause", "依据条款", "clause of the standard")


def _reason() -> click.Option:
    return option("--reason", "原因", "why", required=True)


def _number(*, required: bool = False) -> click.Option:
    return option("--number", "文号", "document number", required=required)


def _award_parameters() -> list[click.Parameter]:
    # The rule that an adjustment needs a justification is the ledger's, so it is not required here.
    return [
        _why(required=False),
        _clause(),
        option("--ground", "与按标准得分不同的原因（酌情）", "why the rule's result is not taken"),
        evidence_option(),
    ]


acting(
    review,
    "return",
    "return-submission",
    zh="退回自评，由单位更正后重新提交。",
    en="Send the self-evaluation back to be corrected.",
    line="agency-reviewer review return zhanjiang-amr-2023 --reason 缺指标值",
    parameters=[CASE, _reason()],
)
acting(
    review,
    "restate",
    "restate-figure",
    zh="记录核查的指标值，与单位填报的并列。",
    en="Record the reviewer's own figure beside the submitted one.",
    line="agency-reviewer review restate zhanjiang-amr-2023 standards-enterprises"
    " --indicator output-goals --name 贯标企业数量 --value 8 --unit 家"
    " --target-sense at-least --target 10 --reason 目标以批复表为准",
    parameters=[*figure_parameters(), _reason()],
    fold=fold_figure,
)
acting(
    review,
    "claim",
    "restate-claim",
    zh="记录核查表所列的自评分。",
    en="Record the self column as the review prints it.",
    line="agency-reviewer review claim zhanjiang-amr-2023 e-contracts 1.00 --reason 核查表所列",
    parameters=[CASE, argument("indicator"), argument("score"), _reason()],
)
acting(
    review,
    "confirm",
    "confirm-score",
    zh="确认：核查得分等于自评得分。",
    en="Award what was claimed.",
    line="agency-reviewer review confirm zhanjiang-amr-2023 internal-control"
    " --justification 办法已备案",
    parameters=[CASE, argument("indicator"), *_award_parameters()],
)
acting(
    review,
    "adjust",
    "adjust-score",
    zh="调整：核查得分不同于自评得分，必须写明理由。",
    en="Award another score than the standing one, and say why.",
    line="agency-reviewer review adjust zhanjiang-amr-2023 output-goals 16.00"
    " --justification 三项未完成 --ground 考虑客观因素",
    parameters=[CASE, argument("indicator"), argument("award"), *_award_parameters()],
)
acting(
    review,
    "exclude",
    "exclude-indicator",
    zh="认定一项不适用；须写明条款或理由，并由第二人签认。",
    en="Say that a row does not apply; needs a clause or a ground, and a second signature.",
    line="agency-reviewer review exclude zhanjiang-amr-2023 revenue-remittance"
    " --justification 本年没有处置和出租 --ground 没有应上缴的收益",
    parameters=[CASE, argument("indicator"), *_award_parameters()],
)
acting(
    review,
    "countersign",
    "countersign-adjustment",
    zh="由同一机构的另一账号复核签认。",
    en="Sign an award as a second person of the agency.",
    line="agency-lead review countersign zhanjiang-amr-2023 output-goals",
    parameters=[CASE, argument("indicator"), option("--note", "说明", "a note")],
)
acting(
    review,
    "withdraw",
    "withdraw-adjustment",
    zh="撤回一项核查得分，自评得分恢复。",
    en="Take an award back; the claim stands again.",
    line="agency-reviewer review withdraw zhanjiang-amr-2023 output-goals --reason 录入有误",
    parameters=[CASE, argument("indicator"), _reason()],
)
acting(
    review,
    "recognise",
    "recognise-bonus",
    zh="认定一项加分。",
    en="Let a bonus item count.",
    line="agency-reviewer review recognise zhanjiang-amr-2023 bonus-fire-safety --points 1"
    " --justification 表彰文件属实",
    parameters=[
        CASE,
        argument("item"),
        option("--points", "认定的分值", "points that count", required=True),
        _why(),
        _clause(),
        evidence_option(),
    ],
)
acting(
    review,
    "refuse",
    "refuse-bonus",
    zh="不予认定一项加分。",
    en="Let a bonus item count nothing.",
    line="agency-reviewer review refuse zhanjiang-amr-2023 bonus-fire-safety"
    " --justification 不属于规定的表彰层级",
    parameters=[CASE, argument("item"), _why(), _clause()],
)
acting(
    review,
    "penalty",
    "record-penalty",
    zh="记一项减分。",
    en="Take points away for an item.",
    line="agency-reviewer review penalty zhanjiang-amr-2023 accountability --title 问责一次"
    " --points 1 --justification 通报属实",
    parameters=[
        CASE,
        argument("item"),
        option("--title", "事项", "what happened", required=True),
        option("--points", "减去的分值", "points to take away", required=True),
        _why(),
        _clause(),
        evidence_option(),
    ],
)
acting(
    review,
    "finding",
    "raise-finding",
    zh="提出问题。",
    en="Record what the review found.",
    line="agency-reviewer review finding zhanjiang-amr-2023 targets --title 目标设置不合理"
    " --statement 目标用上限表述 --indicator system-execution",
    parameters=[
        CASE,
        argument("finding"),
        option("--title", "标题", "title", required=True),
        option("--statement", "内容", "what was found", required=True),
        option("--indicator", "涉及指标，可多次", "repeatable", name="indicators", multiple=True),
    ],
)
acting(
    review,
    "recommendation",
    "make-recommendation",
    zh="提出建议。",
    en="Record what the review proposes.",
    line="agency-reviewer review recommendation zhanjiang-amr-2023 set-targets --title 改进目标"
    " --statement 目标写明下限",
    parameters=[
        CASE,
        argument("recommendation"),
        option("--title", "标题", "title", required=True),
        option("--statement", "内容", "what is proposed", required=True),
        option("--finding", "针对的问题，可多次", "repeatable", name="findings", multiple=True),
    ],
)
acting(
    review,
    "draft",
    "send-draft",
    zh="送单位征求意见。",
    en="Send the draft to the unit for comment.",
    line="agency-lead review draft zhanjiang-amr-2023 --respond-by 2024-12-15",
    parameters=[
        CASE,
        _number(),
        option("--respond-by", "反馈截止日", "last day for comments", kind=Day()),
    ],
)
acting(
    review,
    "issue",
    "issue-result",
    zh="印发结果，并记下文件所列合计。",
    en="Issue the result, with the totals as the document prints them.",
    line="bureau-officer review issue zhanjiang-amr-2023 --printed-total 93.89 --printed-grade 优",
    parameters=[
        CASE,
        option("--printed-total", "所列总分", "total as printed", required=True),
        option("--printed-grade", "所列等级", "grade as printed"),
        _number(),
        option("--difference", "与计算不符的原因", "why it differs from the awards"),
    ],
)
acting(
    review,
    "receive",
    "record-receipt",
    zh="登记单位收到结果的日期。",
    en="Record the day on which the unit received the result.",
    line="unit-filer review receive zhanjiang-amr-2023 --on 2025-01-06",
    parameters=[
        CASE,
        option("--on", "日期", "the day", name="received", required=True, kind=Day()),
    ],
)
acting(
    review,
    "correct",
    "correct-result",
    zh="凭文号更正已印发的得分。",
    en="Correct an issued award by a numbered document.",
    line="bureau-officer review correct zhanjiang-amr-2023 e-contracts 0.38 --number 更正1号"
    " --justification 舍入更正",
    parameters=[
        CASE,
        argument("indicator"),
        argument("award"),
        _number(required=True),
        _why(),
        _clause(),
        evidence_option(),
    ],
)
acting(
    review,
    "publish",
    "publish-result",
    zh="登记结果公开之处。",
    en="Record where the result was made public.",
    line="unit-filer review publish zhanjiang-amr-2023 --place 单位门户网站",
    parameters=[CASE, option("--place", "公开之处", "where", required=True)],
)
