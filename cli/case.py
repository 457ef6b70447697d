"""`scoretrail case`: open cases and see what there is."""

from typing import Any

import click
from msgspec.structs import asdict

from cli.command_parameters import recording_command, recording_commands, told_apart
from cli.group import CommandGroup
from cli.language import t
from cli.option import command, flag, option
from cli.options import as_data, as_facts, at_point, print_json
from cli.parameter_types import YEAR
from cli.progress import watching
from cli.screen import echo, tell
from cli.session import Session
from cli.table import print_rows, print_sentences
from documents.read_lists import CASES, RESCORED, RUBRIC_CHANGES, case_rows, rescored_rows
from projections.case_summary import case_lines, case_summary
from projections.signed_commands import signed_in_words

case = CommandGroup("case", help=t("评价事项：启动、列出、查看。", "Cases: open, list, show."))

recording_command(
    case,
    "open",
    "open-case",
    "bureau-officer case open demo-2024 --title 2024年度整体绩效 --year 2024"
    " --unit zhanjiang-amr --unit-name 湛江市市场监督管理局"
    " --bureau zhanjiang-finance --bureau-name 湛江市财政局"
    " --rubric zhanjiang-departments-2023 --edition 2024-1"
    " --agency guangzhou-xianghe --agency-name 广州向合管理咨询有限公司",
    then=("pin-rubric", "commission-review"),
)
recording_command(
    case,
    "pin",
    "pin-rubric",
    "bureau-officer case pin demo-2024 --rubric zhanjiang-departments-2023 --edition 2024-1",
)
recording_command(
    case,
    "commission",
    "commission-review",
    "bureau-officer case commission demo-2024 --agency guangzhou-xianghe"
    " --agency-name 广州向合管理咨询有限公司",
)

recording_commands(
    case,
    """
    assign assign-work account | agency-lead | agency-reviewer --reason 熟悉该单位
    recuse recuse-account account | agency-lead | agency-reviewer --reason 曾在该单位任职
    close close-case | bureau-officer
    request-reopening request-reopening | bureau-officer | --reason 发现新的证据
    reopen reopen-case | second-officer
    """,
)


@command(
    "改用指标体系的另一版本重新计分；--dry-run 只列出有变动的指标。",
    "Score the case by another edition. --dry-run only lists the rows that would change.",
    "scoretrail --as bureau-officer case repin zhanjiang-amr-2023 --edition 2024-1 --dry-run",
    of=case,
)
@click.argument("case_id", metavar="CASE")
@option("--edition", "改用的版本", "edition to change to", required=True)
@option("--reason", "原因", "reason")
@option("--number", "文号", "document number")
@flag("--dry-run", "只列出变动", "only show the changes")
@told_apart
@as_data
def repin(  # noqa: PLR0913 - one argument per option
    session: Session, case_id: str, *, dry_run: bool, json_: bool, key: str | None,
    seen: int | None, **fields: str | None,
) -> None:  # fmt: skip
    from projections.rescoring import rescoring  # noqa: PLC0415 - slow to import, and for this alone

    found = rescoring(session.look(case_id), str(fields["edition"]))
    if json_:
        print_json({"case": case_id, **asdict(found)})
    else:
        print_rows(RESCORED, rescored_rows(found), found.title)
        tell(*found.summary)
    if not dry_run:
        session.act([{"do": "repin-rubric", **fields}], case_id, key, seen, err=json_)


@command(
    "按上年的评价事项启动下一年度的：单位、指标体系的新版本、核查机构沿用，列出两版的差别；"
    "--dry-run 只列出。",
    "Open the next year's case from last year's: unit, newest edition, agency, with what differs"
    " between the editions. --dry-run only shows it.",
    "scoretrail --as bureau-officer case next zhanjiang-amr-2023 zhanjiang-amr-2024 --dry-run",
    of=case,
)
@click.argument("like", metavar="CASE")
@click.argument("case_id", metavar="NEW")
@option("--year", "年度；默认下一年", "year; the next one by default", YEAR)
@option("--title", "名称", "title")
@option("--edition", "指标体系的版本", "edition of the rubric")
@option("--notice", "通知文号", "document number of the notice")
@option("--before", "上年事项所在的记录库（已冻结）", "frozen ledger that CASE is in")
@flag("--dry-run", "只列出", "only show it")
@told_apart
@as_data
def next_(  # noqa: PLR0913 - one argument per option
    session: Session, like: str, case_id: str, *, dry_run: bool, json_: bool, key: str | None,
    seen: int | None, **given: Any,  # noqa: ANN401 - as click hands them on
) -> None:  # fmt: skip
    from application.cited_outcome import next_from  # noqa: PLC0415 - slow to import, and for this alone

    found = next_from(session.store, session.look, like, **given)
    if json_:
        print_json({"case": case_id, **asdict(found)})
    else:
        print_rows(RUBRIC_CHANGES, map(asdict, found.changes), t(*found.heading))
        tell(*found.summary)
    if not dry_run:
        session.act(found.commands, case_id, key, seen, err=json_)


@command(
    "列出全部评价事项：阶段、待办方、剩余或逾期天数。",
    "List all cases: stage, responsible party, days left or overdue.",
    "scoretrail case list --json",
    of=case,
)
@as_data
def list_(session: Session, *, json_: bool) -> None:
    from application.lists import list_cases  # noqa: PLC0415 - slow to import, and no other command needs it

    day = session.day
    with watching() as watch:
        listed = list_cases(session.store, day, watch)
    rows = case_rows((summary, summary.waiting) for summary in listed)
    view = {"today": day.isoformat(), "cases": listed}
    print_json(view) if json_ else print_rows(CASES, rows)


@command("查看一个评价事项。", "Show one case.", "scoretrail case show zhanjiang-amr-2023", of=case)
@click.argument("case_id", metavar="CASE")
@at_point
@as_facts
def show(session: Session, case_id: str, label: str, *, json_: bool) -> None:
    point = session.look(case_id, label)
    if json_:
        print_json(case_summary(point.case))
    else:
        for title, value in case_lines(case_summary(point.case)):
            echo(f"{t(*title)}{t('：', ': ')}{t(*value)}")
        print_sentences(signed_in_words(point))


case.also("repin", "repin-rubric")
