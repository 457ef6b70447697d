"""`scoretrail submit`: the unit's figures, evidence, claims and its submission."""

from pathlib import Path

import click

from cli.command_parameters import (
    CASE,
    acting,
    argument,
    evidence_option,
    figure_parameters,
    fold_evidence,
    fold_figure,
    option,
)
from cli.group import CommandGroup
from cli.language import t


@click.group(cls=CommandGroup, help=t("单位自评填报。", "The unit's self-evaluation."))
def submit() -> None:
    """Group the commands of the self-evaluation."""


acting(
    submit,
    "figure",
    "submit-figure",
    zh="填报一个指标值。",
    en="Report one datum.",
    line="unit-filer submit figure zhanjiang-amr-2023 training --indicator output-goals"
    " --name 特种设备培训 --value 1 --unit 次 --target-sense at-least --target 1",
    parameters=figure_parameters(),
    fold=fold_figure,
)
acting(
    submit,
    "withdraw",
    "withdraw-figure",
    zh="提交前撤回一个指标值。",
    en="Take a figure back before submission.",
    line="unit-filer submit withdraw zhanjiang-amr-2023 training --reason 重复填报",
    parameters=[
        CASE,
        argument("figure"),
        option("--reason", "原因", "why", required=True),
    ],
)
acting(
    submit,
    "evidence",
    "file-evidence",
    zh="提交佐证材料：按 SHA-256 登记，之后可引用。",
    en="File evidence: a file becomes citable by its SHA-256.",
    line="unit-filer submit evidence zhanjiang-amr-2023 README.md --title 说明 --number 附件1",
    parameters=[
        CASE,
        click.Argument(["file"], type=click.Path(path_type=Path)),
        option("--title", "材料名称", "as the document calls itself", required=True),
        option("--number", "文号", "document number"),
    ],
    fold=fold_evidence,
)
acting(
    submit,
    "score",
    "claim-score",
    zh="自评一项得分。",
    en="Claim a score for an indicator.",
    line="unit-filer submit score zhanjiang-amr-2023 e-contracts 0.00 --justification 未用电子章",
    parameters=[
        CASE,
        argument("indicator"),
        argument("score"),
        option("--justification", "说明", "what speaks for it"),
        evidence_option(),
    ],
)
acting(
    submit,
    "bonus",
    "claim-bonus",
    zh="申报一项加分。",
    en="Claim a bonus item.",
    line="unit-filer submit bonus zhanjiang-amr-2023 fire-safety --title 热心消防公益事业表彰"
    " --points 1 --number 湛府函〔2023〕1号",
    parameters=[
        CASE,
        argument("item"),
        option("--title", "事项", "what was achieved", required=True),
        option("--points", "分值", "points", required=True),
        option("--issuer", "发文单位", "who commended it"),
        option("--number", "文号", "document number"),
        evidence_option(),
    ],
)
acting(
    submit,
    "self-evaluation",
    "submit-self-evaluation",
    zh="提交自评，并记下报告所列合计。",
    en="Submit the self-evaluation, with the totals as the report prints them.",
    line="unit-filer submit self-evaluation zhanjiang-amr-2023 --printed-total 100"
    " --printed-grade 优",
    parameters=[
        CASE,
        option("--number", "文号", "document number"),
        option("--printed-base", "所列基础分", "sum of the rows as printed"),
        option("--printed-bonus", "所列加分", "bonus as printed"),
        option("--printed-total", "所列总分", "total as printed"),
        option("--printed-grade", "所列等级", "grade as printed"),
    ],
)
