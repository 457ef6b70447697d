"""`scoretrail form`: workbooks made from a rubric, to be filled in and read back by `apply`."""

import os
from pathlib import Path

import click

from cli.group import CASE
from cli.language import language, t
from cli.option import command, option
from cli.options import into_named_file, mapped, write_file
from cli.parameter_types import FILE, YEAR
from cli.screen import tell
from cli.session import Session, clock
from intake.listed_commands import LISTS
from ledger.values import Invalid

form = click.Group(
    "form",
    help=t(
        "生成填报表和核查评分表（.xlsx），填写后用 apply 读入。",
        "Make workbooks to fill in (.xlsx); apply reads them back.",
    ),
)


@command(
    "生成自评填报表：每项指标一行，含基础数据、得分、加分、佐证材料。--rubric 生成空表，--case"
    " 带出已填报的内容。",
    "Make the unit's form. It has one row per indicator, with figures, scores, bonus claims and"
    " evidence. --rubric makes an empty form, --case one with what was submitted so far.",
    "scoretrail form self-evaluation --rubric zhanjiang-departments-2023 -o self.xlsx",
    of=form,
)
@option(
    "--rubric name",
    "指标体系编号（可加版本）或文件",
    "id of a rubric, with or without edition, or a file",
    metavar="R[@EDITION]|FILE.toml",
)
@option("--case case_id", "评价事项", "a case")
@into_named_file
def self_evaluation(session: Session, name: str | None, case_id: str | None, output: Path) -> None:
    from application.forms import write_unit_form  # noqa: PLC0415 - not needed for help
    from application.rubric_source import rubric_source  # noqa: PLC0415 - the same

    case_id = case_id or (os.environ.get(CASE) if name is None else None)
    if (name is None) == (case_id is None):
        raise Invalid("--rubric 和 --case 须写明其中一个", "give either --rubric or --case")
    made_from = (
        session.look(case_id) if case_id else rubric_source(lambda: session.store, name or "")
    )
    store = session.store if case_id else None
    write_unit_form(
        store, made_from, output, language=language(), today=session.day, look=session.look
    )
    tell(f"已写入 {output}", f"{output} written")


@command(
    "生成核查评分表：每项指标一行，含自评得分、按标准得分和现有核查得分；另有基础数据、加分、"
    "减分、问题、建议。",
    "Make the reviewer's form. It has one row per indicator, with claimed score, rule result"
    " and awarded score so far; also figures, bonus, penalties, findings and recommendations.",
    "scoretrail form review --case zhanjiang-amr-2023 -o review.xlsx",
    of=form,
)
@option("--case case_id", "评价事项", "the case", required=True, envvar=CASE)
@into_named_file
def review(session: Session, case_id: str, output: Path) -> None:
    write_review_form(session, case_id, output)
    tell(f"已写入 {output}", f"{output} written")


@command(
    "按原表的版式填写：在交来的工作簿（.xlsx）中写入已记录的得分、理由、基础数据和合计，其余不动。",
    "Fill in a delivered workbook (.xlsx). Recorded scores, reasons, figures and totals are"
    " entered; everything else in it is kept.",
    "scoretrail form table zhanjiang-amr-2023 score-table.xlsx -o filled.xlsx",
    of=form,
)
@click.argument("case_id", metavar="CASE")
@click.argument("file", type=FILE)
@mapped
@into_named_file
def table(session: Session, case_id: str, file: Path, mapping: Path | None, output: Path) -> None:
    from application.filled_table import filled_file  # noqa: PLC0415 - not needed for help

    done = filled_file(session.look(case_id), file, mapping)
    write_file(output, done.content)
    for sentence in done.summary(output):
        tell(*sentence)


@command(
    "生成清单空表（.xlsx、.csv），填写后用 --from 办理；--year 列出该年度可办的评价事项。",
    "Make an empty list of cases (.xlsx, .csv), to be done with --from; --year lists those of a"
    " year that it can be done with.",
    "scoretrail form list issue-result --year 2023 -o list.xlsx",
    of=form,
)
@click.argument("do", metavar="COMMAND", type=click.Choice(list(LISTS)))
@option("--year", "年度", "year", YEAR)
@into_named_file
def list_(session: Session, do: str, year: int | None, output: Path) -> None:
    from application.empty_list import list_for  # noqa: PLC0415 - not needed for help

    store, day = (lambda: session.store), session.day if year else clock().date()
    write_file(output, list_for(store, do, year, output.suffix, language=language(), today=day))
    tell(f"已写入 {output}", f"{output} written")


def write_review_form(session: Session, case_id: str, output: Path) -> None:
    from application.forms import write_review_form as write  # noqa: PLC0415 - not needed for help

    write(session.store, case_id, output, language=language(), today=session.day, look=session.look)
