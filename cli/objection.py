"""`scoretrail object`: objections to a draft, and the reviewer's answers."""

import click

from cli.command_parameters import acting
from cli.group import CommandGroup
from cli.language import t


@click.group(
    "object",
    cls=CommandGroup,
    help=t("对征求意见稿的反馈与答复。", "Objections to a draft, and answers."),
)
def object_() -> None:
    """Group the commands of the consultation."""


acting(
    object_,
    "raise",
    "raise-objection",
    "unit-filer object raise zhanjiang-amr-2023 outputs --indicator output-goals"
    " --statement 三项未完成是因为没有拨款 --requested 20",
    "objection",
)
acting(
    object_,
    "answer",
    "answer-objection",
    "agency-reviewer object answer zhanjiang-amr-2023 outputs --outcome partly"
    " --award 17 --justification 采纳一项 --ground 拨款文件属实",
    "objection",
)
