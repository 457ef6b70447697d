"""`scoretrail object`: objections to a draft, and the reviewer's answers."""

from typing import get_args

import click

from cli.command_parameters import CASE, acting, argument, evidence_option, option
from cli.group import CommandGroup
from cli.language import t
from ledger.events import ObjectionOutcome


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
    zh="单位对一项提出意见，无论该项有没有调整。",
    en="Contest a row of the draft, whether or not it was changed.",
    line="unit-filer object raise zhanjiang-amr-2023 outputs --indicator output-goals"
    " --statement 三项未完成是因为没有拨款 --requested 20",
    parameters=[
        CASE,
        argument("objection"),
        option("--indicator", "对哪一项", "which row", required=True),
        option("--statement", "意见", "what is contested, and why", required=True),
        option("--requested", "请求的得分", "the score that is asked for"),
        evidence_option(),
    ],
)
acting(
    object_,
    "answer",
    "answer-objection",
    zh="核查机构答复：采纳、部分采纳或不采纳；采纳的同时给出新的得分。",
    en="Answer an objection; one that is accepted brings the new award with it.",
    line="agency-reviewer object answer zhanjiang-amr-2023 outputs --outcome partly"
    " --award 17 --justification 采纳一项 --ground 拨款文件属实",
    parameters=[
        CASE,
        argument("objection"),
        option(
            "--outcome",
            "结论",
            "the conclusion",
            required=True,
            kind=click.Choice(get_args(ObjectionOutcome)),
        ),
        option("--justification", "理由", "why", required=True),
        option("--award", "新的核查得分", "the new award"),
        option("--clause", "依据条款", "clause of the standard"),
        option("--ground", "与按标准得分不同的原因（酌情）", "why the rule's result is not taken"),
        evidence_option(),
    ],
)
