"""`scoretrail submit`: the unit's figures, evidence, claims and its submission."""

from cli.command_parameters import kept_file, recording_command, recording_commands
from cli.group import CommandGroup
from cli.language import t

submit = CommandGroup("submit", help=t("单位自评填报。", "The unit's self-evaluation."))

recording_commands(
    submit,
    """
    figure submit-figure figure_id | unit-filer | training --indicator output-goals \
        --name 特种设备培训 --value 1 --unit 次 --target-sense at-least --target 1
    withdraw withdraw-figure figure | unit-filer | training --reason 重复填报
    """,
)
recording_command(
    submit,
    "evidence",
    "file-evidence",
    "unit-filer submit evidence zhanjiang-amr-2023 README.md --title 说明 --number 附件1",
    "file",
    fold=kept_file,
)
recording_commands(
    submit,
    """
    score claim-score indicator score | unit-filer | e-contracts 0.00 --justification 未用电子章
    bonus claim-bonus item | unit-filer | fire-safety --title 热心消防公益事业表彰 --points 1 \
        --number 湛府函〔2023〕1号
    self-evaluation submit-self-evaluation | unit-filer | --printed-total 100 --printed-grade 优
    """,
)
