"""`scoretrail appeal`: appeals against an issued result, and their decisions."""

from typing import get_args

import click
from msgspec.structs import asdict

from cli.command_parameters import CASE, Fields, acting, argument, evidence_option, option
from cli.group import CommandGroup
from cli.language import t
from cli.options import as_json, example, print_json
from cli.progress import watching
from cli.session import Session
from cli.table import TableColumn, print_table
from ledger import terms
from ledger.events import AppealOutcome
from ledger.values import Invalid


@click.group(cls=CommandGroup, help=t("申诉与决定。", "Appeals and decisions."))
def appeal() -> None:
    """Group the commands of the appeal."""


def _fold_awards(fields: Fields) -> Fields:
    """`output-goals=17.00` as an indicator and its award.

    Raises:
        Invalid: not of that form.
    """
    awards = []
    for text in fields.pop("awards", ()):
        indicator, sign, award = text.partition("=")
        if not sign:
            raise Invalid(
                f"“{text}”应写成 指标=得分，如 output-goals=17.00",
                f"“{text}” must be INDICATOR=AWARD, such as output-goals=17.00",
            )
        awards.append({"indicator": indicator, "award": award})
    return {**fields, "awards": awards}


acting(
    appeal,
    "lodge",
    "lodge-appeal",
    zh="单位对已印发的得分提出申诉；申诉固定在所争议的那一版。",
    en="Contest issued awards; the appeal stays bound to the exact versions it names.",
    line="unit-filer appeal lodge zhanjiang-amr-2023 outputs --indicator output-goals"
    " --statement 未完成项系拨款原因 --number 申诉1号",
    parameters=[
        CASE,
        argument("appeal"),
        option(
            "--indicator",
            "争议的指标，可多次",
            "repeatable",
            name="indicators",
            multiple=True,
            required=True,
        ),
        option("--statement", "理由", "what is contested, and why", required=True),
        option("--number", "文号", "document number"),
        evidence_option(),
    ],
)
acting(
    appeal,
    "withdraw",
    "withdraw-appeal",
    zh="决定前撤回申诉。",
    en="Take an appeal back before it is decided.",
    line="unit-filer appeal withdraw zhanjiang-amr-2023 outputs --reason 已沟通",
    parameters=[CASE, argument("appeal"), option("--reason", "原因", "why", required=True)],
)
acting(
    appeal,
    "decide",
    "decide-appeal",
    zh="财政部门作出决定；支持的同时给出新的得分。",
    en="Decide an appeal; one that is upheld brings the new awards with it.",
    line="bureau-officer appeal decide zhanjiang-amr-2023 outputs --outcome partly"
    " --award output-goals=17.00 --justification 一项理由成立",
    parameters=[
        CASE,
        argument("appeal"),
        option(
            "--outcome",
            "结论",
            "the conclusion",
            required=True,
            kind=click.Choice(get_args(AppealOutcome)),
        ),
        option("--justification", "理由", "why", required=True),
        option("--award", "指标=得分，可多次", "INDICATOR=AWARD", name="awards", multiple=True),
        option("--number", "文号", "document number"),
        option("--clause", "依据条款", "clause of the standard"),
        evidence_option(),
    ],
    fold=_fold_awards,
)


@appeal.command(
    "list",
    help=t("各评价事项的申诉：未决与已决。", "The appeals of all cases, open and decided."),
    epilog=example("scoretrail appeal list --json"),
)
@click.option("--open", "only_open", is_flag=True, help=t("只看未决的", "open ones only"))
@as_json
@click.pass_obj
def list_(session: Session, *, only_open: bool, json_: bool) -> None:
    """List the appeals."""
    from application.lists import list_appeals  # noqa: PLC0415 - slow to import, and no other command needs it

    with session.place.open() as store, watching() as watch:
        shown = list_appeals(store, only_open=only_open, watch=watch)
    day = session.day
    if json_:
        print_json(
            {
                "appeals": [
                    {
                        **asdict(one),
                        "waiting": (day - one.lodged).days if one.open else None,
                    }
                    for one in shown
                ]
            }
        )
        return
    print_table(
        [
            TableColumn(t(*terms.CASE)),
            TableColumn(t(*terms.APPEAL)),
            TableColumn(t(*terms.LODGED)),
            TableColumn(t(*terms.STATE)),
            TableColumn(t(*terms.DAYS_WAITED), number=True),
            TableColumn(t(*terms.CONTESTED)),
        ],
        [
            (
                one.case,
                one.appeal,
                one.lodged.isoformat(),
                t("未决", "open") if one.open else t("已结", "ended"),
                str((day - one.lodged).days) if one.open else "",
                " ".join(f"{row.indicator}@v{row.version}={row.award}" for row in one.contests),
            )
            for one in shown
        ],
    )
