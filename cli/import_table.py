"""`scoretrail import-table`: the awards of a score table as an agency delivers it."""

from decimal import Decimal
from pathlib import Path

import click

from application.score_table import ImportedTable
from application.score_table import import_table as import_
from application.score_table_view import score_table_view
from cli.apply import code_of
from cli.failure import say
from cli.language import t
from cli.options import as_data, example, print_json
from cli.output import lasts
from cli.screen import echo
from cli.session import Session, clock
from cli.table import TableColumn, print_table
from ledger import terms
from ledger.language import counted


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
        _print(table)
        echo(
            t(f"对应文件 {table.mapping}；", f"mapping in {table.mapping}; ")
            + (
                t(
                    f"可以写入 {table.recorded} 条（仅检查）",
                    f"{counted(table.recorded, 'event')} would be recorded",
                )
                if check
                else t(f"写入 {table.recorded} 条", f"{counted(table.recorded, 'event')} recorded")
            )
        )
    for result in table.results:
        for reason in (*result.not_again, *([result.refused] if result.refused else [])):
            say(reason)
    return code_of(table.results)


def _text(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:f}"


def _print(table: ImportedTable) -> None:
    rubric = table.rubric
    print_table(
        [
            TableColumn(t(*terms.ROW), number=True),
            TableColumn(t(*terms.INDICATOR)),
            TableColumn(t(*terms.NAME)),
            TableColumn(t(*terms.CLAIMED), number=True),
            TableColumn(t(*terms.AWARDED), number=True),
        ],
        [
            (
                str(row.number),
                means or t("不读", "left out"),
                rubric.by_id[means].path[-1] if means in rubric.by_id else row.name,
                _text(row.claim) or "-",
                _text(row.award) or "-",
            )
            for row, means in table.rows
        ],
    )
    print_table(
        [
            TableColumn(t(*terms.PLACE)),
            TableColumn(t(*terms.TOTALS)),
            TableColumn(t("文件所列自评", "Claimed, printed"), number=True),
            TableColumn(t("自评计算值", "Claimed, computed"), number=True),
            TableColumn(t(*terms.PRINTED), number=True),
            TableColumn(t(*terms.COMPUTED), number=True),
            TableColumn(t("是否一致", "Agrees")),
        ],
        [
            (
                total.place,
                total.label,
                _text(total.claim) or "-",
                _text(total.computed_claim) or "-",
                _text(total.award) or "-",
                str(total.computed_award),
                t("不一致", "no") if total.differs else t("一致", "yes"),
            )
            for total in table.totals
        ],
    )
