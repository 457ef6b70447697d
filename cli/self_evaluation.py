"""`scoretrail submit`: the unit's figures, evidence, claims and its submission."""

import click

from cli.command_parameters import acting, kept_file
from cli.group import CommandGroup
from cli.language import t


@click.group(cls=CommandGroup, help=t("单位自评填报。", "The unit's self-evaluation."))
def submit() -> None:
    """Group the commands of the self-evaluation."""


acting(
    submit,
    "figure",
    "submit-figure",
    "unit-filer submit figure zhanjiang-amr-2023 training --indicator output-goals"
    " --name 特种设备培训 --value 1 --unit 次 --target-sense at-least --target 1",
    "figure_id",
)
acting(
    submit,
    "withdraw",
    "withdraw-figure",
    "unit-filer submit withdraw zhanjiang-amr-2023 training --reason 重复填报",
    "figure",
)
acting(
    submit,
    "evidence",
    "file-evidence",
    "unit-filer submit evidence zhanjiang-amr-2023 README.md --title 说明 --number 附件1",
    "file",
    fold=kept_file,
)
acting(
    submit,
    "score",
    "claim-score",
    "unit-filer submit score zhanjiang-amr-2023 e-contracts 0.00 --justification 未用电子章",
    "indicator score",
)
acting(
    submit,
    "bonus",
    "claim-bonus",
    "unit-filer submit bonus zhanjiang-amr-2023 fire-safety --title 热心消防公益事业表彰"
    " --points 1 --number 湛府函〔2023〕1号",
    "item",
)
acting(
    submit,
    "self-evaluation",
    "submit-self-evaluation",
    "unit-filer submit self-evaluation zhanjiang-amr-2023 --printed-total 100 --printed-grade 优",
)
