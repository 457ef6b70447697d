"""`scoretrail object`: objections to a draft, and the reviewer's answers."""

import click

from cli.command_parameters import acts
from cli.group import CommandGroup
from cli.language import t


@click.group(
    "object",
    cls=CommandGroup,
    help=t("对征求意见稿的反馈与答复。", "Objections to a draft, and answers."),
)
def object_() -> None:
    """Group the commands of the consultation."""


acts(
    object_,
    (
        "raise raise-objection objection",
        "unit-filer",
        "outputs --indicator output-goals --statement 三项未完成是因为没有拨款 --requested 20",
    ),
    (
        "answer answer-objection objection",
        "agency-reviewer",
        "outputs --outcome partly --award 17 --justification 采纳一项 --ground 拨款文件属实",
    ),
)
