"""`scoretrail import-table`: what a score table or a self-evaluation table says, recorded."""

from pathlib import Path

import click

from application.score_table import import_table as import_
from application.score_table_lists import parts_of
from application.score_table_view import score_table_view
from cli.apply import code_of
from cli.failure import say
from cli.option import command, flag
from cli.options import as_data, mapped, print_json
from cli.output import lasts
from cli.parameter_types import FILE
from cli.screen import tell
from cli.session import Session
from cli.table import print_rows


@command(
    "读入评分表或自评表（.xlsx、.xls、.ods、.docx、.csv）：按表头识别列，合计只作对照。读法写入同"
    "目录的 .mapping.toml，不能确定的列为问题，答复后方写入记录库；连同原表作为佐证材料保存。",
    "Read a score table or a self-evaluation table (.xlsx, .xls, .ods, .docx, .csv): columns by"
    " heading, totals only compared. How it is read is written to a .mapping.toml next to it,"
    " which asks what is uncertain before anything is recorded, and is filed as evidence with"
    " the table.",
    "scoretrail --as agency-reviewer import-table zhanjiang-amr-2023 score-table.xlsx --check",
)
@click.argument("case_id", metavar="CASE")
@click.argument("file", type=FILE)
@mapped
@flag(
    "--as-self",
    "读作单位的自评表：基础数据、自评得分、合计",
    "read the unit's own columns: figures, claimed scores and printed total",
)
@flag("--check", "只检查，不写入记录库", "check only, record nothing")
@as_data
def import_table(  # noqa: PLR0913 - one argument per option
    session: Session,
    case_id: str,
    file: Path,
    mapping: Path | None,
    *,
    as_self: bool,
    check: bool,
    json_: bool,
) -> int:
    table = import_(
        *(session.store, session.clock, session.place, session.who(), case_id, file),
        mapping=mapping,
        side="self-evaluation" if as_self else "review",
        dated=session.dated,
        dry_run=check,
        confirmed=session.confirmed,
    )
    if table.recorded and not check:
        lasts()
    if json_:
        print_json(score_table_view(table, dry_run=check))
    elif not table.table.refused:
        for columns, rows in parts_of(table):
            print_rows(columns, rows)
        tell(*table.summary(dry_run=check))
    if table.table.refused:
        raise table.table.refused
    for result in table.results:
        for reason in (*result.not_again, *([result.refused] if result.refused else [])):
            say(reason)
    return code_of(table.results)
