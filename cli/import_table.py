"""`scoretrail import-table`: the awards of a score table as an agency delivers it."""

from pathlib import Path

import click

from application.score_table import import_table as import_
from application.score_table_view import (
    TABLE_ROWS,
    TABLE_TOTALS,
    score_table_view,
    table_rows,
    table_totals,
)
from cli.apply import code_of
from cli.failure import say
from cli.language import t
from cli.listing import print_rows
from cli.options import as_data, example, print_json
from cli.output import lasts
from cli.screen import echo
from cli.session import Session, clock


@click.command(
    "import-table",
    help=t(
        "读入机构交来的评分表（.xlsx）：按表头找列，合并的层级补齐，小计合计只作对照。"
        "行与指标的对应写在旁边的 .mapping.toml 里，可改，连同原表作为佐证保存。",
        "Read an agency's score table (.xlsx): columns by heading, merged levels filled down,"
        " printed totals kept beside the computed ones. Which row is which indicator is written to"
        " a .mapping.toml beside it, may be corrected, and is filed as evidence with the table.",
    ),
    epilog=example(
        "scoretrail --as agency-reviewer import-table zhanjiang-amr-2023 score-table.xlsx --check"
    ),
)
@click.argument("case_id", metavar="CASE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help=t("对应文件（默认在表旁）", "the mapping file (default: beside the table)"),
)
@click.option("--check", is_flag=True, help=t("只检查，不写入记录库", "check only, record nothing"))
@as_data
@click.pass_obj
def import_table(  # noqa: PLR0913 - an argument an option
    session: Session, case_id: str, file: Path, mapping: Path | None, *, check: bool, json_: bool
) -> int:
    """Read a table and record its awards."""
    table = import_(
        session.store,
        clock,
        session.place,
        session.who(),
        case_id,
        file,
        mapping=mapping,
        dated=session.dated,
        dry_run=check,
        confirmed=session.confirmed,
    )
    if table.recorded and not check:
        lasts()
    if json_:
        print_json(score_table_view(table, dry_run=check))
    else:
        print_rows(TABLE_ROWS, table_rows(table))
        print_rows(TABLE_TOTALS, table_totals(table))
        echo(t(*table.summary(dry_run=check)))
    for result in table.results:
        for reason in (*result.not_again, *([result.refused] if result.refused else [])):
            say(reason)
    return code_of(table.results)
