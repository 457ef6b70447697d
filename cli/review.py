"""`scoretrail review`: the reviewer's figures, awards and findings, and the bureau's result."""

import click

from cli.command_parameters import acting
from cli.group import CommandGroup
from cli.language import t


@click.group(cls=CommandGroup, help=t("核查与结果。", "The review and its result."))
def review() -> None:
    """Group the commands of the review."""


acting(
    review,
    "return",
    "return-submission",
    "agency-reviewer review return zhanjiang-amr-2023 --reason 缺指标值",
)
acting(
    review,
    "restate",
    "restate-figure",
    "agency-reviewer review restate zhanjiang-amr-2023 standards-enterprises"
    " --indicator output-goals --name 贯标企业数量 --value 8 --unit 家"
    " --target-sense at-least --target 10 --reason 目标以批复表为准",
    "figure_id",
)
acting(
    review,
    "confirm-figure",
    "confirm-figure",
    "agency-reviewer review confirm-figure zhanjiang-amr-2023 lift-inspections",
    "figure",
)
acting(
    review,
    "claim",
    "restate-claim",
    "agency-reviewer review claim zhanjiang-amr-2023 e-contracts 1.00 --reason 核查表所列",
    "indicator score",
)
acting(
    review,
    "confirm",
    "confirm-score",
    "agency-reviewer review confirm zhanjiang-amr-2023 internal-control --justification 办法已备案",
    "indicator",
)
acting(
    review,
    "adjust",
    "adjust-score",
    "agency-reviewer review adjust zhanjiang-amr-2023 output-goals 16.00"
    " --justification 三项未完成 --ground 考虑客观因素",
    "indicator award",
)
acting(
    review,
    "exclude",
    "exclude-indicator",
    "agency-reviewer review exclude zhanjiang-amr-2023 revenue-remittance"
    " --justification 本年没有处置和出租 --ground 没有应上缴的收益",
    "indicator",
)
acting(
    review,
    "countersign",
    "countersign-adjustment",
    "agency-lead review countersign zhanjiang-amr-2023 output-goals",
    "indicator",
)
acting(
    review,
    "withdraw",
    "withdraw-adjustment",
    "agency-reviewer review withdraw zhanjiang-amr-2023 output-goals --reason 录入有误",
    "indicator",
)
acting(
    review,
    "recognise",
    "recognise-bonus",
    "agency-reviewer review recognise zhanjiang-amr-2023 bonus-fire-safety --points 1"
    " --justification 表彰文件属实",
    "item",
)
acting(
    review,
    "refuse",
    "refuse-bonus",
    "agency-reviewer review refuse zhanjiang-amr-2023 bonus-fire-safety"
    " --justification 不属于规定的表彰层级",
    "item",
)
acting(
    review,
    "penalty",
    "record-penalty",
    "agency-reviewer review penalty zhanjiang-amr-2023 accountability --title 问责一次"
    " --points 1 --justification 通报属实",
    "item",
)
acting(
    review,
    "finding",
    "raise-finding",
    "agency-reviewer review finding zhanjiang-amr-2023 targets --title 目标设置不合理"
    " --statement 目标用上限表述 --indicator system-execution",
    "finding",
)
acting(
    review,
    "recommendation",
    "make-recommendation",
    "agency-reviewer review recommendation zhanjiang-amr-2023 set-targets --title 改进目标"
    " --statement 目标写明下限",
    "recommendation",
)
acting(
    review,
    "draft",
    "send-draft",
    "agency-lead review draft zhanjiang-amr-2023 --respond-by 2024-12-15",
)
acting(
    review,
    "deliver",
    "deliver-report",
    "agency-lead review deliver zhanjiang-amr-2023 --printed-total 93.89 --printed-grade 优",
)
acting(
    review,
    "issue",
    "issue-result",
    "bureau-officer review issue zhanjiang-amr-2023 --printed-total 93.89 --printed-grade 优",
)
acting(
    review,
    "receive",
    "record-receipt",
    "unit-filer review receive zhanjiang-amr-2023 --on 2025-01-06",
)
acting(
    review,
    "correct",
    "correct-result",
    "bureau-officer review correct zhanjiang-amr-2023 e-contracts 0.38 --number 更正1号"
    " --justification 舍入更正",
    "indicator award",
)
acting(
    review,
    "publish",
    "publish-result",
    "unit-filer review publish zhanjiang-amr-2023 --place 单位门户网站",
)
