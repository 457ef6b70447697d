"""`scoretrail rectify`: rectification requests, responses and their last days."""

import json

import click
from msgspec.structs import asdict

from cli.command_parameters import recording_commands
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, option
from cli.options import as_data, at_point, print_json
from cli.progress import watching
from cli.screen import echo
from cli.session import Session
from cli.table import print_rows
from documents.read_lists import REQUESTS, request_rows
from ledger.visible import in_json
from projections.rectification_status import late_responses, rectification

rectify = CommandGroup(
    "rectify", help=t("整改：要求、反馈与时限。", "Rectification and its time limits.")
)

recording_commands(
    rectify,
    """
    request request-rectification request | bureau-officer --dated 2025-01-06 | stock-taking \
        --finding stock-taking-practice --demand 明确资产管理人 --due 2025-01-26
    respond respond-rectification request | unit-filer | stock-taking --statement 已逐项落实管理人
    return return-rectification request | bureau-officer | stock-taking --reason 缺少清单
    accept accept-rectification request | bureau-officer | stock-taking
    extend extend-deadline request | bureau-officer --dated 2025-01-26 | stock-taking \
        --due 2025-02-15 --reason 系统升级
    """,
)


@command(
    "整改一览：未反馈、已反馈、已到位、逾期天数。不写评价事项的，列出全部。",
    "List requests: open, answered, accepted, overdue; of all cases unless one is named.",
    "scoretrail rectify status --json",
    of=rectify,
)
@click.argument("case_id", metavar="[CASE]", required=False)
@at_point
@as_data
def status(session: Session, case_id: str | None, label: str, *, json_: bool) -> None:
    day = session.day
    if case_id:
        point = session.look(case_id, label)
        listed = [(case_id, request) for request in rectification(point, day)]
    else:
        from application.lists import list_requests  # noqa: PLC0415 - slow to import, and no other command needs it

        with watching() as watch:
            listed = list_requests(session.store, day, label, watch)
    requests = [{"case": name, **asdict(request)} for name, request in listed]
    view = {"today": day.isoformat(), "requests": requests}
    print_json(view) if json_ else print_rows(REQUESTS, request_rows(listed))


@command(
    "将整改结果写为下一年度可用的基础数据（JSON Lines 操作，供 apply 使用）。逾期天数计算至"
    " --dated；数值固定为当前记录，注明出处，以后不再重算。",
    "Write the outcome as figures for the next year's case, as JSON Lines for apply. Days"
    " overdue run to --dated; values are fixed at this version, with their source.",
    "scoretrail rectify figures zhanjiang-amr-2023 --into demo-2024"
    " --indicator system-execution --figure rectification-feedback-late",
    of=rectify,
)
@click.argument("case_id", metavar="CASE")
@option("--into", "下一年度的评价事项", "the next year's case", required=True)
@option("--indicator", "所用指标", "indicator that uses the figure", required=True)
@option("--figure", "基础数据编号", "id of the figure", required=True)
@at_point
def figures(  # noqa: PLR0913 - one argument per option
    session: Session, case_id: str, into: str, indicator: str, figure: str, *, label: str
) -> None:
    late = late_responses(session.look(case_id, label), session.day)
    reported = {"id": figure, "indicator": indicator, **late}
    command = {"case": into, "do": "submit-figure", "figure": reported}
    echo(in_json(json.dumps(command, ensure_ascii=False)))
